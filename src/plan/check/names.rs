//! Names: meaning one thing, existing, and used. That each is there once, the
//! reader has seen to.

use std::collections::{BTreeMap, BTreeSet};

use super::{codes, params};
use crate::{
    plan::{
        ast::{Body, Plan, Step, Text, Weighted},
        rules::structure::unused_task,
    },
    source::{Diagnostic, Diagnostics, Span, nearest},
};

/// The most tasks that are listed where one is named that does not exist.
const FEW_TASKS: usize = 8;

pub(super) fn check(plan: &mut Plan, found: &mut Diagnostics) {
    meaning_two_things(plan, found);
    let meant = unknown_tasks(plan, found);
    params::check(plan, found);
    unused_task::check(plan, &meant, found);
}

/// A variable and a data source of one name could not be told apart by `{{ … }}`.
fn meaning_two_things(plan: &mut Plan, found: &mut Diagnostics) {
    let mut variables: BTreeMap<String, Span> = BTreeMap::new();
    let mut note = |name: &Text| {
        variables.entry(name.value.clone()).or_insert(name.span);
    };
    plan.vars.iter().for_each(|variable| note(&variable.name));
    for class in &plan.users {
        class.vars.iter().for_each(|variable| note(&variable.name));
    }
    for step in plan.steps() {
        step.sets().into_iter().for_each(&mut note);
    }
    plan.data.retain(|source| {
        let Some(variable) = variables.get(&*source.name) else {
            return true;
        };
        found.push(
            Diagnostic::error(
                codes::NAME_MEANS_TWO_THINGS,
                format!("`{}` is a data source and a variable", *source.name),
            )
            .at(source.name.span, "the data source")
            .at(*variable, "the variable")
            .help("give one of them another name"),
        );
        false
    });
}

/// Cuts out the uses of tasks that do not exist; returns those probably meant.
fn unknown_tasks(plan: &mut Plan, found: &mut Diagnostics) -> BTreeSet<String> {
    let known: BTreeMap<String, Span> = plan
        .tasks
        .iter()
        .map(|task| (task.name.value.clone(), task.name.span))
        .collect();
    let mut meant = BTreeSet::new();
    let mut exists = |name: &Text| {
        let exists = known.contains_key(&**name);
        if !exists {
            let (diagnostic, near) = unknown_task(name, &known);
            found.push(diagnostic);
            meant.extend(near.map(str::to_owned));
        }
        exists
    };
    plan.retain_steps(&mut |step: &Step| step.call().is_none_or(&mut exists));
    plan.each_choice(&mut |drawn| keep_known(drawn, &mut exists));
    for (_, body) in plan.bodies_mut() {
        let Some(drawn) = body.drawn_mut() else {
            continue;
        };
        keep_known(drawn, &mut exists);
        if drawn.is_empty() {
            *body = Body::Sequence(Vec::new());
        }
    }
    meant
}

/// What is left can still be drawn.
fn keep_known(drawn: &mut Vec<Weighted>, exists: &mut dyn FnMut(&Text) -> bool) {
    drawn.retain(|weighted| exists(&weighted.task));
    if drawn.iter().all(|weighted| *weighted.weight == 0)
        && let Some(first) = drawn.first_mut()
    {
        first.weight.value = 1;
    }
}

fn unknown_task<'a>(
    name: &Text,
    known: &'a BTreeMap<String, Span>,
) -> (Diagnostic, Option<&'a str>) {
    let diagnostic = Diagnostic::error(
        codes::UNKNOWN_TASK,
        format!("there is no task `{}`", **name),
    )
    .at(name.span, "named here");
    let near = nearest(name, known.keys().map(String::as_str));
    let diagnostic = match near {
        Some(near) => diagnostic
            .at(known[near], format!("`{near}` is defined here"))
            .did_you_mean(Some(near)),
        None if known.is_empty() => {
            diagnostic.help("the plan defines no tasks: add some under `tasks`")
        }
        None if known.len() <= FEW_TASKS => {
            let names = listed(known.keys().map(String::as_str));
            diagnostic.help(format!("the tasks are {names}"))
        }
        None => diagnostic.help("define it under `tasks`, or include the file that does"),
    };
    (diagnostic, near)
}

pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
