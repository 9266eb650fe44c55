//! Items of `for` steps: seen in their steps only, under names of their own.

use std::collections::BTreeMap;

use super::hides;
use crate::{
    plan::ast::{Parameter, Plan, Step, StepKind},
    source::{Diagnostics, Span},
};

/// Something that an item would hide: where it is, and what.
type Known<'a> = BTreeMap<String, (Span, &'a str)>;

pub(super) fn check(plan: &Plan, outside: &Known<'_>, found: &mut Diagnostics) {
    for class in &plan.users {
        for steps in class.step_lists() {
            within(steps, outside, found);
        }
    }
    for task in &plan.tasks {
        let mut known = outside.clone();
        for Parameter { name, .. } in &task.params {
            known.insert(name.value.clone(), (name.span, "the parameter"));
        }
        for steps in task.step_lists() {
            within(steps, &known, found);
        }
    }
}

/// Calls itself once per level of steps, of which a file has few.
fn within(steps: &[Step], known: &Known<'_>, found: &mut Diagnostics) {
    for step in steps {
        let mut inner = None;
        if let StepKind::For(each) = &step.kind {
            let name = &each.item;
            if let Some((place, what)) = known.get(&name.value) {
                found.push(hides(name, "item", *place, what));
            }
            let mut more = known.clone();
            more.insert(name.value.clone(), (name.span, "the item around it"));
            inner = Some(more);
        }
        for steps in step.lists() {
            within(steps, inner.as_ref().unwrap_or(known), found);
        }
    }
}
