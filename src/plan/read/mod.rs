use super::ast::Plan;
use crate::source::{Diagnostics, Loader, Sources};

/// Reads the root of `sources`, and everything that it includes, into one plan.
///
/// `None` if there is no plan to speak of: the text is not a mapping at all.
pub fn parse(
    sources: &mut Sources,
    loader: &mut dyn Loader,
    found: &mut Diagnostics,
) -> Option<Plan> {
    let _ = (sources, loader, found);
    todo!()
}
