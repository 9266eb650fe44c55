//! What a single field of a plan cannot know.
//!
//! Each check reports what does not hold and takes it out of the plan, so that
//! the next ones, and the compiler after them, find more mistakes and not the
//! same one again.
//!
//! # What is not here
//!
//! Whatever stands inside a text: templates, selectors and regexes are compiled
//! by `graph`, which then also knows which variable is read before it is set.

mod cycles;
mod find;
mod groups;
mod load;
mod names;
mod params;
mod rounds;
mod seating;
mod shares;

pub use seating::SeatsOfLoad;

use super::{
    ast::{Plan, PlanKind, Task},
    rules::{
        advice::{no_error_threshold, no_thresholds},
        structure::{self as codes, meetings_differ, never_reached},
    },
};
use crate::{base::ids::ClassId, source::Diagnostics};

/// A plan whose references hold.
///
/// For a whole plan, also one in which errors were found and cut out:
///
/// - Every task that is named exists, and none runs itself.
/// - What users draw from is not empty, and not all of its weights are 0.
/// - Users, where a load has a number of them, can be split among the classes.
///   If no error was found, that number is there, and something that ends the run.
///
/// Of a fragment nothing is known: it is checked through the plans that
/// include it.
#[derive(Clone, Debug)]
pub struct CheckedPlan {
    /// Invariant: as told above.
    plan: Plan,
}

impl CheckedPlan {
    /// What holds.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The task of a name that the plan uses.
    ///
    /// # Panics
    ///
    /// If the plan does not use it, or is a fragment.
    pub fn task(&self, name: &str) -> &Task {
        let mut tasks = self.plan.tasks.iter();
        tasks
            .find(|task| *task.name == name)
            .expect("checked plans name no task that does not exist")
    }

    /// The class of each user at full load; the ids are places in `users`.
    ///
    /// Empty if the plan has no valid number of users.
    pub fn split(&self) -> Vec<ClassId> {
        let loads = self.seating();
        loads.into_iter().flat_map(|load| load.seats).collect()
    }

    /// Who has which seats; empty if the plan has no valid load.
    pub fn seating(&self) -> Vec<SeatsOfLoad<'_>> {
        seating::of(&self.plan)
    }
}

/// Checks a plan, and cuts out what does not hold.
pub fn check(mut plan: Plan, found: &mut Diagnostics) -> CheckedPlan {
    match plan.kind {
        PlanKind::Fragment => {}
        PlanKind::Whole => {
            shares::of_tasks(&mut plan, found);
            names::check(&mut plan, found);
            cycles::check(&mut plan, found);
            rounds::check(&plan, found);
            never_reached::check(&plan, found);
            meetings_differ::check(&plan, found);
            groups::check(&plan, found);
            let searches = plan.load.find.is_some();
            find::check(&mut plan, found);
            load::check(&mut plan, found);
            if searches && plan.load.find.is_none() {
                // They are about a stage that nobody knows any more.
                plan.thresholds.clear();
            }
            shares::of_classes(&mut plan, found);
            // Where thresholds are wrong, those that are left say nothing of what was meant.
            if !found.has_errors() {
                no_thresholds::check(&plan, found);
                no_error_threshold::check(&plan, found);
            }
        }
    }
    CheckedPlan { plan }
}

#[cfg(test)]
mod tests;
