//! The way from a path to a graph, which most commands go at least in part.

use std::{path::Path, time::Duration};

use super::{CliError, ExitCode, allowed};
use crate::{
    base::printable::printable,
    forecast,
    graph::{self, Graph},
    plan::{
        self, CheckedPlan, Overrides,
        ast::{Level, PlanKind},
    },
    source::{self, Diagnostics, FolderLoader, Sources},
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
    loader: FolderLoader,
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
/// a mistake of the plan. And if the plan has not what the overrides name.
pub fn prepare(path: &Path, overrides: &Overrides) -> Result<Prepared, CliError> {
    let mut sources = Sources::new(source::read(path)?);
    let mut found = Diagnostics::new();
    let mut loader = FolderLoader::beside(path);
    // The fingerprint is of what the author wrote.
    let as_written = match overrides.edits.is_empty() {
        true => None,
        false => fingerprint_as_written(&sources, &mut loader),
    };
    let edits = &overrides.edits;
    let parsed = plan::parse_with(&mut sources, &mut loader, &mut found, edits);
    let plan = match parsed {
        None => None,
        Some(mut plan) => {
            let fingerprint = as_written.unwrap_or_else(|| plan::fingerprint(&plan, &sources));
            overrides
                .apply(&mut plan)
                .map_err(|why| CliError::Wrong(format!("{}: {why}", shown(path))))?;
            overrides
                .selection
                .apply(&mut plan)
                .map_err(|why| CliError::Wrong(format!("{}: {why}", shown(path))))?;
            allowed::check(&plan, &overrides.allowed, &mut found);
            let checked = plan::check(plan, &mut found);
            Some(PreparedPlan {
                checked,
                fingerprint,
            })
        }
    };
    Ok(Prepared {
        sources,
        found,
        plan,
        loader,
    })
}

/// The fingerprint of a plan without any edits; `None` if it is no plan without them.
fn fingerprint_as_written(sources: &Sources, loader: &mut FolderLoader) -> Option<String> {
    let mut sources = Sources::new(sources.root().clone());
    let parsed = plan::parse(&mut sources, loader, &mut Diagnostics::new());
    parsed.map(|plan| plan::fingerprint(&plan, &sources))
}

impl Prepared {
    /// The last and strictest check: making the graph.
    ///
    /// `None` if there are mistakes, which are then all in `found`; and for a
    /// fragment, which nobody can run.
    pub fn compile(&mut self) -> Option<Graph> {
        let checked = &self.plan.as_ref()?.checked;
        match checked.plan().kind {
            PlanKind::Fragment => None,
            PlanKind::Whole => {
                let graph =
                    graph::compile(checked, &self.sources, &mut self.loader, &mut self.found)?;
                if let Some(find) = &checked.plan().load.find {
                    let lowest = *find.from;
                    self.examine_try(lowest)?;
                }
                let forecast = forecast::forecast(&graph, Duration::ZERO);
                forecast::examine(&forecast, &mut self.found);
                Some(graph)
            }
        }
    }

    /// Whether the plan can also be run at the lowest level of a search: with fewer
    /// users than for which it was checked.
    fn examine_try(&mut self, level: Level) -> Option<()> {
        let mut found = Diagnostics::new();
        let graph = self.try_at(level, &mut found);
        if found.has_errors() {
            self.found.append(found);
        }
        graph.map(|_| ())
    }

    /// The graph of a try of a search at a level, of which all has been said.
    pub fn compile_try(&mut self, level: Level) -> Option<Graph> {
        self.try_at(level, &mut Diagnostics::new())
    }

    fn try_at(&mut self, level: Level, found: &mut Diagnostics) -> Option<Graph> {
        let mut plan = self.plan.as_ref()?.checked.plan().clone();
        plan.load.try_at(level);
        let checked = plan::check(plan, found);
        graph::compile(&checked, &self.sources, &mut self.loader, found)
    }

    /// The graph of a trial of this plan: all that is wrong with the plan itself has
    /// been said, and goes into `found` only where it is a matter of the trial.
    pub fn compile_trial(&mut self, trial: &CheckedPlan, found: &mut Diagnostics) -> Option<Graph> {
        graph::compile(trial, &self.sources, &mut self.loader, found)
    }

    /// Whether the file is a part of plans and no plan of its own.
    pub fn is_fragment(&self) -> bool {
        let kind = self.plan.as_ref().map(|plan| plan.checked.plan().kind);
        kind == Some(PlanKind::Fragment)
    }

    /// What a command that needs a graph ends with where there is none.
    ///
    /// # Errors
    ///
    /// For a fragment, of which nothing has been said yet.
    pub fn no_graph(&self, path: &Path) -> Result<ExitCode, CliError> {
        if self.is_fragment() {
            let path = shown(path);
            return Err(CliError::Wrong(format!(
                "`{path}` has no `users`: it is a fragment, for plans that include it"
            )));
        }
        Ok(ExitCode::WrongInput)
    }
}

/// A path as it can stand in a message.
fn shown(path: &Path) -> String {
    printable(&path.display().to_string()).into_owned()
}
