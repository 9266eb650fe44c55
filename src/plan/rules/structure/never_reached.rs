//! Nobody comes to a step.

use crate::{
    plan::{
        ast::{Plan, Step, StepKind, Turns},
        rules::Rule,
    },
    source::{Diagnostic, Diagnostics, Severity, Span},
};

pub(super) const RULE: Rule = Rule {
    code: "P0117",
    severity: Severity::Warning,
    summary: "a step that nobody comes to",
    explanation: "\
A `stop` ends the user or the run, so what stands after it in the same list of steps
is never done; nor is it after an `if` that stops on both ways, or in a `repeat: 0`.

Put a condition on the `stop` (`when`, or an `if` around it), move it to the end, or
take out the steps behind it. What users do when they leave belongs to `on_stop`.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [look] }
tasks:
  look: [{ get: / }, { stop: user }, { get: /logout }]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [look], on_stop: [{ get: /logout }] }
tasks:
  look: [{ get: / }, { stop: user }]
load: { users: 5, duration: 1m }
",
};

/// Looks for steps behind an end.
pub(in crate::plan) fn check(plan: &Plan, found: &mut Diagnostics) {
    for steps in plan.step_lists() {
        let ends = steps.iter().position(|step| end_of(step).is_some());
        let Some((end, next)) = ends.and_then(|at| end_of(&steps[at]).zip(steps.get(at + 1)))
        else {
            continue;
        };
        found.push(
            Diagnostic::warning(super::NEVER_REACHED, "nobody comes to this step")
                .at(next.span, "never done")
                .at(end, "everybody stops before it")
                .help("give the `stop` a condition, or take out what stands after it"),
        );
    }
    for (first, none) in plan.steps().filter_map(no_turns) {
        found.push(
            Diagnostic::warning(super::NEVER_REACHED, "nobody comes to these steps")
                .at(first.span, "never done")
                .at(none, "repeated so often")
                .help("give it a number of at least 1, or take the step out"),
        );
    }
}

/// The steps of a loop that goes round no times.
fn no_turns(step: &Step) -> Option<(&Step, Span)> {
    let StepKind::Repeat(repeat) = &step.kind else {
        return None;
    };
    let (Turns::Count(most) | Turns::While { max: most, .. }) = &repeat.turns;
    let first = repeat.steps.first().filter(|_| **most == 0)?;
    Some((first, most.span))
}

/// What keeps everybody from coming to the step after this one, if anything does.
fn end_of(step: &Step) -> Option<Span> {
    if step.when.is_some() {
        return None;
    }
    let end_in = |steps: &[Step]| steps.iter().find_map(end_of);
    match &step.kind {
        StepKind::Stop(_) => Some(step.span),
        StepKind::If(branch) => {
            let then = end_in(&branch.then)?;
            end_in(&branch.otherwise).and(Some(then))
        }
        StepKind::Request(_)
        | StepKind::Task(_)
        | StepKind::Wait(_)
        | StepKind::Set(_)
        | StepKind::Unset(_)
        | StepKind::Record(_)
        | StepKind::Log(_)
        | StepKind::Choose(_)
        | StepKind::Meet(_) => None,
        StepKind::Repeat(_) | StepKind::For(_) | StepKind::Group(_) | StepKind::Parallel(_) => {
            let mut lists = step.lists().into_iter();
            let certain = step.is_done_once_at_least();
            lists.find_map(end_in).filter(|_| certain)
        }
    }
}
