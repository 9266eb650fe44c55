//! Conditions that nothing can change.

use super::Known;
use crate::{
    graph::codes,
    plan::ast::{Step, StepKind, Text, Turns},
    source::{Diagnostic, Diagnostics},
    template::Condition,
};

pub(super) fn check(known: &Known<'_>, found: &mut Diagnostics) {
    for step in known.plan.steps() {
        for condition in conditions(step) {
            let parsed = Condition::parse(&condition.value).ok();
            // It reads nothing, or is none of those that are looked for.
            let resolved = parsed.and_then(|parsed| parsed.resolve(|_| None));
            if let Some(holds) = resolved.and_then(|condition| condition.constant()) {
                found.push_once(always(condition, holds));
            }
        }
    }
}

fn conditions(step: &Step) -> impl Iterator<Item = &Text> {
    let own = match &step.kind {
        StepKind::Repeat(repeat) => match &repeat.turns {
            Turns::While { condition, .. } => Some(condition),
            Turns::Count(_) => None,
        },
        StepKind::If(branch) => Some(&branch.condition),
        StepKind::Request(_)
        | StepKind::Task(_)
        | StepKind::Wait(_)
        | StepKind::Set(_)
        | StepKind::Unset(_)
        | StepKind::Record(_)
        | StepKind::Log(_)
        | StepKind::For(_)
        | StepKind::Choose(_)
        | StepKind::Group(_)
        | StepKind::Parallel(_)
        | StepKind::Meet(_)
        | StepKind::Stop(_) => None,
    };
    step.when.iter().chain(own)
}

fn always(condition: &Text, holds: bool) -> Diagnostic {
    let always = if holds { "always" } else { "never" };
    Diagnostic::warning(
        codes::CONSTANT_CONDITION,
        format!("this condition {always} holds"),
    )
    .at(condition.span, "nothing in it can change")
    .help("take it out, or let it read a variable")
}
