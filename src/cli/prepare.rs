//! The way from a path to a checked plan, which most commands go first.

use std::path::Path;

use crate::{
    plan::{self, CheckedPlan, Overrides},
    source::{self, Diagnostics, FolderLoader, ReadError, Sources},
};

/// A plan that was read, and all that is to be said of it.
#[derive(Debug)]
pub struct Prepared {
    /// The plan's file and those that it includes.
    pub sources: Sources,
    /// What is wrong with it.
    pub found: Diagnostics,
    /// What is left of it without what is wrong; nothing if the file is no plan at all.
    pub plan: Option<PreparedPlan>,
}

/// A plan that could be made sense of.
#[derive(Debug)]
pub struct PreparedPlan {
    /// With the overrides applied.
    pub checked: CheckedPlan,
    /// Of the plan as written, without the overrides.
    pub fingerprint: String,
}

/// Reads, parses and checks the plan at `path`.
///
/// # Errors
///
/// If the file cannot be read; one that it includes and that cannot be read is
/// a mistake of the plan.
pub fn prepare(path: &Path, overrides: &Overrides) -> Result<Prepared, ReadError> {
    let mut sources = Sources::new(source::read(path)?);
    let mut found = Diagnostics::new();
    let mut loader = FolderLoader::beside(path);
    let parsed = plan::parse(&mut sources, &mut loader, &mut found);
    let plan = parsed.map(|mut plan| {
        let fingerprint = plan::fingerprint(&plan, &sources);
        overrides.apply(&mut plan);
        let checked = plan::check(plan, &mut found);
        PreparedPlan {
            checked,
            fingerprint,
        }
    });
    Ok(Prepared {
        sources,
        found,
        plan,
    })
}
