//! Items of `for` steps: seen in their steps only, under names of their own.

use std::collections::BTreeMap;

use super::hides;
use crate::{
    plan::ast::{Plan, Step, StepKind, Text},
    source::{Diagnostics, Span},
};

/// What is seen from outside of all tasks: where it is, and what.
type Outside<'a> = BTreeMap<String, (Span, &'a str)>;

/// What an item would hide.
struct Known<'a> {
    outside: &'a Outside<'a>,
    /// Parameters of the task, and items around it.
    inside: Vec<(&'a Text, &'static str)>,
}

impl Known<'_> {
    fn get(&self, name: &str) -> Option<(Span, &str)> {
        let inside = self.inside.iter().rev();
        let inside = inside
            .filter(|(known, _)| *known.value == *name)
            .map(|(known, what)| (known.span, *what));
        inside.chain(self.outside.get(name).copied()).next()
    }
}

pub(super) fn check(plan: &Plan, outside: &Outside<'_>, found: &mut Diagnostics) {
    for class in &plan.users {
        for steps in class.step_lists() {
            let inside = Vec::new();
            within(steps, &mut Known { outside, inside }, found);
        }
    }
    for task in &plan.tasks {
        let params = task
            .params
            .iter()
            .map(|param| (&param.name, "the parameter"));
        let inside = params.collect();
        let mut known = Known { outside, inside };
        for steps in task.step_lists() {
            within(steps, &mut known, found);
        }
    }
}

/// Calls itself once per level of steps, of which a file has few.
fn within<'a>(steps: &'a [Step], known: &mut Known<'a>, found: &mut Diagnostics) {
    for step in steps {
        let around = known.inside.len();
        if let StepKind::For(each) = &step.kind {
            let name = &each.item;
            if let Some((place, what)) = known.get(&name.value) {
                found.push(hides(name, "item", place, what));
            }
            known.inside.push((name, "the item around it"));
        }
        for steps in step.lists() {
            within(steps, known, found);
        }
        known.inside.truncate(around);
    }
}
