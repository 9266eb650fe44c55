//! How many groups there are: each has times of its own for as long as a run goes on.

use std::collections::BTreeSet;

use crate::{
    plan::{
        ast::{Plan, StepKind},
        rules::reading::LIMIT,
    },
    source::{Diagnostic, Diagnostics},
};

/// The most names of groups of a plan. With two workers each takes 750 KiB.
const MAX_GROUPS: usize = 100;

pub(super) fn check(plan: &Plan, found: &mut Diagnostics) {
    let mut names = BTreeSet::new();
    for step in plan.steps() {
        if let StepKind::Group(group) = &step.kind
            && names.insert(group.name.value.as_str())
            && names.len() > MAX_GROUPS
        {
            found.push(
                Diagnostic::error(
                    LIMIT,
                    format!("a plan has at most {MAX_GROUPS} names of groups"),
                )
                .at(group.name.span, "one name too many")
                .help("groups of one name are one in the report"),
            );
            return;
        }
    }
}
