//! Whether as many users come to a meeting as are to meet there.

use std::collections::{BTreeMap, BTreeSet};

use super::Known;
use crate::{
    graph::codes,
    plan::ast::{Meet, Plan, Step, StepKind, Text},
    source::{Diagnostic, Diagnostics},
};

pub(super) fn check(known: &Known<'_>, found: &mut Diagnostics) {
    let plan = known.plan;
    let mut coming: BTreeMap<&str, (&Meet, u64)> = BTreeMap::new();
    for (class, number) in plan.users.iter().zip(known.numbers) {
        for (name, meet) in met(plan, class.steps(), class.tasks()) {
            coming.entry(name).or_insert((meet, 0)).1 += u64::from(*number);
        }
    }
    // Who is there before or after all others is alone.
    for steps in plan.scenes() {
        let own = || plan.steps_within(steps);
        for meet in met(plan, own(), own().flat_map(Step::tasks)).into_values() {
            found.push_once(too_few(meet, 1));
        }
    }
    for (meet, users) in coming.into_values() {
        if users < u64::from(*meet.users) {
            found.push_once(too_few(meet, users));
        }
    }
}

/// The meetings of steps, and of the tasks that are run.
fn met<'a>(
    plan: &'a Plan,
    steps: impl Iterator<Item = &'a Step>,
    tasks: impl Iterator<Item = &'a Text>,
) -> BTreeMap<&'a str, &'a Meet> {
    let mut met = BTreeMap::new();
    let mut note = |step: &'a Step| {
        if let StepKind::Meet(meet) = &step.kind {
            met.entry(meet.name.value.as_str()).or_insert(&**meet);
        }
    };
    steps.for_each(&mut note);
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = tasks.map(|name| name.value.as_str()).collect();
    while let Some(name) = open.pop() {
        let task = plan.tasks.iter().find(|task| task.name.value == name);
        if let Some(task) = task.filter(|_| seen.insert(name)) {
            task.steps().for_each(&mut note);
            open.extend(task.tasks().map(|name| name.value.as_str()));
        }
    }
    met
}

fn too_few(meet: &Meet, coming: u64) -> Diagnostic {
    let come = match coming {
        1 => "1 user comes".to_owned(),
        users => format!("{users} users come"),
    };
    Diagnostic::warning(
        codes::NEVER_MEET,
        format!(
            "{} users are to meet at `{}`, and {come}",
            *meet.users, *meet.name
        ),
    )
    .at(
        meet.users.span,
        "never so many: each waits its `timeout` in vain",
    )
    .help("plan more users, or let fewer of them meet")
}
