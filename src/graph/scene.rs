//! `setup` and `teardown`: one user of its own, as a class that no seat belongs to.

use std::collections::BTreeSet;

use super::{Occasion, vars::Names};
use crate::{
    base::{ids::VarId, wait::Wait},
    plan::{
        CheckedPlan,
        ast::{self, Body, Defaults, OnStartFail, Plan, Share, Step, Text},
    },
    source::Spanned,
};

/// The scenes that a plan has, each as a class whose start is all of it.
pub(super) fn of_plan(plan: &Plan) -> Vec<(Occasion, ast::Class)> {
    let scenes = [
        (Occasion::Setup, &plan.setup),
        (Occasion::Teardown, &plan.teardown),
    ];
    let there = scenes.into_iter().filter(|(_, steps)| !steps.is_empty());
    there
        .map(|(occasion, steps)| (occasion, as_class(occasion, steps, plan)))
        .collect()
}

fn as_class(occasion: Occasion, steps: &[Step], plan: &Plan) -> ast::Class {
    let at = steps.first().map_or(plan.top, |step| step.span);
    ast::Class {
        load: None,
        name: Spanned::new(occasion.word().to_owned(), at),
        tags: Vec::new(),
        share: Share::Count(Spanned::new(1, at)),
        wait: Spanned::new(Wait::None, at),
        vars: Vec::new(),
        defaults: Defaults::default(),
        on_start: steps.to_vec(),
        body: Body::Sequence(Vec::new()),
        on_stop: Vec::new(),
        on_start_fail: OnStartFail::StopUser,
    }
}

/// The variables that `setup` may set: those of its steps, and of the tasks it runs.
pub(super) fn set_by_setup(plan: &CheckedPlan, names: &Names) -> BTreeSet<VarId> {
    let mut seen = BTreeSet::new();
    let mut set = BTreeSet::new();
    let mut open: Vec<&Text> = Vec::new();
    let mut look = |step: &Step| {
        set.extend(step.sets().into_iter().map(|name| names.var(&name.value)));
    };
    for step in plan.plan().steps_within(&plan.plan().setup) {
        look(step);
        open.extend(step.tasks());
    }
    while let Some(name) = open.pop() {
        if seen.insert(name.value.as_str()) {
            let task = plan.task(&name.value);
            task.steps().for_each(&mut look);
            open.extend(task.tasks());
        }
    }
    set
}
