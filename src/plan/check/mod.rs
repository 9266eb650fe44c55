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
mod groups;
mod names;
mod params;
mod rounds;
mod shares;

use super::{
    ast::{Plan, PlanKind, Task},
    rules::{
        advice::{no_error_threshold, no_thresholds},
        structure::{self as codes, meetings_differ, never_reached},
    },
};
use crate::{
    base::{
        ids::ClassId,
        split::{MAX_PLACES, split},
    },
    source::{Diagnostic, Diagnostics, Spanned},
};

/// A plan whose references hold.
///
/// For a whole plan, also one in which errors were found and cut out:
///
/// - Every task that is named exists, and none runs itself.
/// - What users draw from is not empty, and not all of its weights are 0.
/// - Users, where there is a number of them, can be split among the classes.
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
        match &self.plan.load.users {
            Some(users) => split(&shares::claims(&self.plan), **users)
                .expect("counts were checked against the users"),
            None => Vec::new(),
        }
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
            load(&mut plan, found);
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

fn load(plan: &mut Plan, found: &mut Diagnostics) {
    let load = &mut plan.load;
    let limits = load.iterations.as_ref().or(load.per_user.as_ref());
    let ends = load.duration.is_some() || limits.is_some();
    let missing = match (&load.users, ends) {
        (Some(_), true) => None,
        (None, false) => Some(("`users` and `duration`", "`users: 10` and `duration: 5m`")),
        (None, true) => Some(("`users`", "`users: 10`")),
        (Some(_), false) => Some(("`duration`", "`duration: 5m`")),
    };
    if let Some((missing, example)) = missing {
        let diagnostic =
            Diagnostic::error(codes::LOAD_INCOMPLETE, format!("`load` needs {missing}"));
        found.push(match load.span {
            Some(span) => diagnostic
                .at(span, format!("says nothing of {missing}"))
                .help(format!("add {example}")),
            None => diagnostic
                .at(plan.top, "this plan has no `load`")
                .help(format!("add `load` with {example}")),
        });
    }
    if let (Some(ramp), None) = (&load.ramp_down, &load.duration)
        && ends
    {
        found.push(
            Diagnostic::error(
                codes::RAMP_WITHOUT_END,
                "nothing says when `ramp_down` begins",
            )
            .at(ramp.span, "it follows `duration`")
            .help("add a `duration`, or leave `ramp_down` out: users leave when they are done"),
        );
    }
    let is_wrong = |users: &mut Spanned<u32>| !(1..=MAX_PLACES).contains(&**users);
    if let Some(users) = load.users.take_if(is_wrong) {
        // The reader puts 0 where it could not read the number, and has told why.
        if *users == 0 && found.has_errors() {
            return;
        }
        let message = if *users == 0 {
            "a run needs at least one user".to_owned()
        } else {
            format!("{} users are more than one run can have", *users)
        };
        found.push(
            Diagnostic::error(codes::USERS_OUT_OF_RANGE, message)
                .at(users.span, format!("must be from 1 to {MAX_PLACES}")),
        );
    }
}

#[cfg(test)]
mod tests;
