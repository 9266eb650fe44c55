//! Parameters: what a task is handed, and that nothing else has their names.

use std::collections::BTreeMap;

mod items;

use super::codes;
use crate::{
    plan::ast::{Body, Call, Parameter, Plan, Step, StepKind, Task, Text},
    source::{Diagnostic, Diagnostics, Span, nearest},
};

/// Checks the calls of every task that exists.
pub(super) fn check(plan: &Plan, found: &mut Diagnostics) {
    shadowing(plan, found);
    let tasks: BTreeMap<&str, &Task> = plan
        .tasks
        .iter()
        .map(|task| (task.name.as_str(), task))
        .collect();
    for step in plan.steps() {
        if let StepKind::Task(call) = &step.kind
            && let Some(task) = tasks.get(call.name.as_str())
        {
            arguments(call, task, found);
        }
    }
    let drawn = plan
        .users
        .iter()
        .map(|class| &class.body)
        .chain(plan.tasks.iter().filter_map(Task::set).map(|set| &set.body))
        .flat_map(Body::drawn)
        .chain(plan.steps().filter_map(Step::choices).flatten());
    for weighted in drawn {
        if let Some(task) = tasks.get(weighted.task.as_str())
            && let Some(param) = required(task).next()
        {
            found.push(
                Diagnostic::error(
                    codes::ARGUMENTS,
                    format!("`{}` is drawn, and its `{}` is not given", *task.name, *param.name),
                )
                .at(weighted.task.span, "nothing can be handed over here")
                .at(param.name.span, "the parameter")
                .help(format!(
                    "give `{0}` a default (`params: {{ {0}: … }}`), or draw a task that runs `{1}` with it",
                    *param.name, *task.name
                )),
            );
        }
    }
}

/// A name that means one thing inside a task and another one outside misleads.
fn shadowing(plan: &Plan, found: &mut Diagnostics) {
    let mut outside: BTreeMap<String, (Span, &str)> = BTreeMap::new();
    let mut note = |name: &Text, what| {
        outside
            .entry(name.value.clone())
            .or_insert((name.span, what));
    };
    let of_classes = plan.users.iter().flat_map(|class| &class.vars);
    let variables = plan.vars.iter().chain(of_classes);
    variables.for_each(|variable| note(&variable.name, "the variable"));
    plan.data
        .iter()
        .for_each(|source| note(&source.name, "the data source"));
    for name in plan.steps().flat_map(Step::sets) {
        note(name, "the variable");
    }
    for param in plan.tasks.iter().flat_map(|task| &task.params) {
        if let Some((place, what)) = outside.get(&param.name.value) {
            found.push(hides(&param.name, "parameter", *place, what));
        }
    }
    items::check(plan, &outside, found);
}

/// Something that is seen in one place only, and another thing of its name.
fn hides(name: &Text, inner: &str, place: Span, outer: &str) -> Diagnostic {
    Diagnostic::error(
        codes::SHADOWING,
        format!("the {inner} `{}` hides something of the same name", **name),
    )
    .at(name.span, format!("the {inner}"))
    .at(place, outer)
    .help("give one of them another name")
}

fn required(task: &Task) -> impl Iterator<Item = &Parameter> {
    task.params.iter().filter(|param| param.default.is_none())
}

fn arguments(call: &Call, task: &Task, found: &mut Diagnostics) {
    let known = |name: &str| task.params.iter().any(|param| *param.name == *name);
    let mut slips = Vec::new();
    for argument in call.with.iter().filter(|argument| !known(&argument.name)) {
        let near = nearest(
            &argument.name,
            task.params.iter().map(|param| param.name.as_str()),
        );
        slips.extend(near);
        let unknown = Diagnostic::error(
            codes::ARGUMENTS,
            format!("`{}` has no parameter `{}`", *task.name, *argument.name),
        )
        .at(argument.name.span, "handed over here");
        let unknown = if task.params.is_empty() {
            unknown.help(format!("`{}` has no `params` at all", *task.name))
        } else {
            unknown.did_you_mean(near)
        };
        found.push(unknown);
    }
    let given = |param: &Parameter| {
        call.with
            .iter()
            .any(|argument| *argument.name == *param.name)
            || slips.contains(&param.name.as_str())
    };
    for param in required(task).filter(|param| !given(param)) {
        found.push(
            Diagnostic::error(
                codes::ARGUMENTS,
                format!("`{}` is not told its `{}`", *task.name, *param.name),
            )
            .at(call.name.span, "run here")
            .at(param.name.span, "the parameter")
            .help(format!("add `with: {{ {}: … }}`", *param.name)),
        );
    }
}
