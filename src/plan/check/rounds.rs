//! Rounds that never end, and paces that are no waits.

use std::collections::{BTreeMap, BTreeSet};

use super::codes;
use crate::{
    base::wait::Wait,
    plan::{
        ast::{Body, Plan, Rounds, Step, StepKind, Task, TaskKind, Text},
        walk::Steps,
    },
    source::{Diagnostic, Diagnostics, Span},
};

/// Every task that is named exists by now, and none runs itself.
pub(super) fn check(plan: &Plan, found: &mut Diagnostics) {
    let endless = Endless::of(plan);
    for (steps, what) in [(&plan.setup, "setup"), (&plan.teardown, "teardown")] {
        endless_around(steps, what, "the plan", &endless, found);
    }
    for class in &plan.users {
        let owner = format!("class `{}`", class.name.value);
        for (steps, what) in [(&class.on_start, "on_start"), (&class.on_stop, "on_stop")] {
            endless_around(steps, what, &owner, &endless, found);
        }
        endless_beside(&class.body, &owner, &endless, found);
    }
    for task in &plan.tasks {
        let owner = format!("task `{}`", task.name.value);
        match &task.kind {
            TaskKind::Steps(steps) => endless_before(steps, &owner, &endless, found),
            TaskKind::Set(set) => {
                for (steps, what) in [(&set.on_start, "on_start"), (&set.on_stop, "on_stop")] {
                    endless_around(steps, what, &owner, &endless, found);
                }
                endless_beside(&set.body, &owner, &endless, found);
            }
        }
    }
    for class in &plan.users {
        let walk = PaceWalk {
            plan,
            seen: BTreeSet::new(),
            found,
        };
        walk.class(
            class.wait.value,
            class.wait.span,
            class.steps(),
            class.tasks(),
        );
    }
}

/// The tasks that are never left once entered.
struct Endless<'a>(BTreeMap<&'a str, Span>);

impl<'a> Endless<'a> {
    fn of(plan: &'a Plan) -> Endless<'a> {
        let mut endless = Endless(BTreeMap::new());
        // A task is known after those that it runs; chains are short, and each
        // round makes at least one more known or is the last.
        loop {
            let before = endless.0.len();
            for task in &plan.tasks {
                if let Some(place) = endless.place_in(task) {
                    endless.0.insert(task.name.value.as_str(), place);
                }
            }
            if endless.0.len() == before {
                return endless;
            }
        }
    }

    /// What keeps a task from ending, if anything does.
    fn place_in(&self, task: &Task) -> Option<Span> {
        let first = |steps: &[Step]| {
            let mut certain = certain(steps).into_iter();
            certain.find_map(|name| self.place(name))
        };
        match &task.kind {
            TaskKind::Steps(steps) => first(steps),
            TaskKind::Set(set) => match &set.rounds {
                Some(rounds) if rounds.value == Rounds::Forever && set.until.is_none() => {
                    Some(rounds.span)
                }
                Some(_) | None => first(set.body.steps()),
            },
        }
    }

    fn place(&self, name: &Text) -> Option<Span> {
        self.0.get(name.value.as_str()).copied()
    }
}

/// The tasks that steps run whatever happens.
fn certain(steps: &[Step]) -> Vec<&Text> {
    let mut names = Vec::new();
    let mut open = vec![steps];
    while let Some(steps) = open.pop() {
        for step in steps.iter().filter(|step| step.when.is_none()) {
            names.extend(step.call());
            if step.is_done_once_at_least() {
                open.extend(step.lists());
            }
        }
    }
    names
}

/// A start that never ends lets nobody in, and an end that never ends is cut off.
fn endless_around(
    steps: &[Step],
    what: &str,
    owner: &str,
    endless: &Endless<'_>,
    found: &mut Diagnostics,
) {
    for name in Steps::of([steps]).flat_map(Step::tasks) {
        if let Some(place) = endless.place(name) {
            found.push(
                Diagnostic::error(
                    codes::NEVER_STARTS,
                    format!("`{what}` of {owner} never ends"),
                )
                .at(name.span, format!("`{}` is never left", name.value))
                .at(place, "because of this")
                .help("give the set a number of `rounds`, or an `until`"),
            );
        }
    }
}

/// Whoever enters one that is never left does nothing else any more.
fn endless_beside(body: &Body, owner: &str, endless: &Endless<'_>, found: &mut Diagnostics) {
    match body {
        Body::Tasks(drawn) => {
            let real = || drawn.iter().filter(|weighted| *weighted.weight > 0);
            if real().count() < 2 {
                return;
            }
            for weighted in real() {
                if let Some(place) = endless.place(&weighted.task) {
                    found.push(never_left(&weighted.task, place, owner));
                }
            }
        }
        Body::Sequence(steps) => {
            let name = Steps::of([steps.as_slice()]).flat_map(Step::tasks);
            for name in name.filter(|_| steps.len() > 1) {
                if let Some(place) = endless.place(name) {
                    found.push(never_left(name, place, owner));
                }
            }
        }
        // One for life is what they are for.
        Body::ChooseOnce(_) => {}
    }
}

fn endless_before(steps: &[Step], owner: &str, endless: &Endless<'_>, found: &mut Diagnostics) {
    let Some((last, before)) = steps.split_last() else {
        return;
    };
    for name in Steps::of([before]).flat_map(Step::tasks) {
        if let Some(place) = endless.place(name) {
            found.push(never_left(name, place, owner));
        }
    }
    for within in last.lists() {
        endless_before(within, owner, endless, found);
    }
}

fn never_left(name: &Text, place: Span, owner: &str) -> Diagnostic {
    Diagnostic::warning(
        codes::NEVER_LEFT,
        format!(
            "`{}` is never left: users of it do nothing else of {owner}",
            name.value
        ),
    )
    .at(name.span, "entered here, beside others")
    .at(place, "and stayed in for good")
    .help("give it a number of `rounds` or an `until`; or say `choose_once` if users are to stay")
}

/// Follows where a class's users come, with the wait that holds there.
struct PaceWalk<'a, 'f> {
    plan: &'a Plan,
    seen: BTreeSet<(&'a str, bool)>,
    found: &'f mut Diagnostics,
}

impl<'a> PaceWalk<'a, '_> {
    fn class(
        mut self,
        wait: Wait,
        place: Span,
        steps: impl Iterator<Item = &'a Step>,
        tasks: impl Iterator<Item = &'a Text>,
    ) {
        let pace = is_pace(wait).then_some(place);
        self.steps(steps, pace);
        let mut open: Vec<(&'a str, Option<Span>)> =
            tasks.map(|name| (name.value.as_str(), pace)).collect();
        while let Some((name, pace)) = open.pop() {
            if !self.seen.insert((name, pace.is_some())) {
                continue;
            }
            let Some(task) = self.plan.tasks.iter().find(|task| *task.name == name) else {
                continue;
            };
            let own = task.set().and_then(|set| set.wait.as_ref());
            let pace = match own {
                Some(own) => is_pace(own.value).then_some(own.span),
                None => pace,
            };
            self.steps(task.steps(), pace);
            open.extend(task.tasks().map(|name| (name.value.as_str(), pace)));
        }
    }

    fn steps(&mut self, steps: impl Iterator<Item = &'a Step>, pace: Option<Span>) {
        let Some(pace) = pace else { return };
        for step in steps {
            if let StepKind::Wait(None) = step.kind {
                self.found.push_once(
                    Diagnostic::error(
                        codes::THINK_OF_A_PACE,
                        "`think` has no length where rounds are paced",
                    )
                    .at(step.span, "how long?")
                    .at(pace, "a time between starts, which is no wait")
                    .help("give this step a time of its own: `wait: 5s`"),
                );
            }
        }
    }
}

fn is_pace(wait: Wait) -> bool {
    matches!(wait, Wait::Pacing(_))
}
