//! Which part of a plan is run: what `--only` and `--skip` leave of it.
//!
//! Applied between reading and checking, as other options are: what is left is a
//! plan like any other. A task is taken out wherever it is named; the steps around
//! it stay.
//!
//! # What holds here
//!
//! - What is chosen is whole: a task with a tag of `--only` keeps all that it runs,
//!   and so does a class. What leads to a chosen task is cut down to that.
//! - `on_start`, `on_stop`, `setup` and `teardown` are not chosen from: they belong to
//!   what is left.
//! - What both options mean is left out.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{
    ast::{Body, Class, Plan, PlanKind, Set, Step, Task, TaskKind, Text},
    walk::{Steps, choices, each_list},
};
use crate::source::nearest;

/// Tags that choose what is run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Nothing but tasks and classes with one of these; all if empty.
    pub only: Vec<String>,
    /// No task and no class with one of these.
    pub skip: Vec<String>,
}

impl Selection {
    /// Takes out of the plan what is not to run. A fragment stays as it is.
    ///
    /// # Errors
    ///
    /// [`NoSelection`] if there is no such tag, or too little would be left.
    pub fn apply(&self, plan: &mut Plan) -> Result<(), NoSelection> {
        if (self.only.is_empty() && self.skip.is_empty()) || plan.kind == PlanKind::Fragment {
            return Ok(());
        }
        self.know_tags(plan)?;
        let used = plan.tasks_in_use();
        let classes: Vec<Text> = plan.users.iter().map(|class| class.name.clone()).collect();
        if !self.skip.is_empty() {
            self.leave_out_skipped(plan);
        }
        if !self.only.is_empty() {
            self.keep_only(plan);
        }
        let still_used = plan.tasks_in_use();
        let emptied = |set: &&Task| still_used.contains(set.name.as_str()) && is_emptied(set);
        if let Some(set) = plan.tasks.iter().find(emptied) {
            return Err(NoSelection::SetEmptied {
                options: self.to_string(),
                set: set.name.value.clone(),
            });
        }
        if plan.users.is_empty() {
            return Err(NoSelection::NothingLeft {
                options: self.to_string(),
            });
        }
        let is_out = |task: &Task| {
            let name = task.name.as_str();
            has_one_of(&task.tags, &self.skip)
                || (used.contains(name) && !still_used.contains(name))
        };
        let (out, left) = std::mem::take(&mut plan.tasks)
            .into_iter()
            .partition::<Vec<_>, _>(is_out);
        plan.tasks = left;
        let is_gone = |name: &Text| !plan.users.iter().any(|class| class.name == *name);
        plan.left_out = classes.into_iter().filter(is_gone).collect();
        plan.left_out.extend(out.into_iter().map(|task| task.name));
        Ok(())
    }

    fn know_tags(&self, plan: &Plan) -> Result<(), NoSelection> {
        let of_tasks = plan.tasks.iter().flat_map(|task| &task.tags);
        let of_classes = plan.users.iter().flat_map(|class| &class.tags);
        let known: BTreeSet<&str> = of_tasks.chain(of_classes).map(|tag| tag.as_str()).collect();
        let mut named = self.only.iter().chain(&self.skip);
        match named.find(|tag| !known.contains(tag.as_str())) {
            None => Ok(()),
            Some(tag) => Err(NoSelection::UnknownTag {
                tag: tag.clone(),
                near: nearest(tag, known.iter().copied()).map(str::to_owned),
                known: known.into_iter().map(str::to_owned).collect(),
            }),
        }
    }

    /// A list of steps of which nothing is left is out too, and so is what runs
    /// nothing else.
    fn leave_out_skipped(&self, plan: &mut Plan) {
        plan.users
            .retain(|class| !has_one_of(&class.tags, &self.skip));
        let skipped = plan
            .tasks
            .iter()
            .filter(|task| has_one_of(&task.tags, &self.skip));
        let mut out: BTreeSet<String> = skipped.map(|task| task.name.value.clone()).collect();
        loop {
            let keeps = |name: &Text| !out.contains(name.as_str());
            cut_steps(vec![&mut plan.setup, &mut plan.teardown], keeps);
            plan.users.retain_mut(|class| {
                let was_empty = is_empty(&class.body);
                cut_steps(class.step_lists_mut().collect(), keeps);
                cut_draws(&mut class.body, keeps);
                was_empty || !is_empty(&class.body)
            });
            let mut more = BTreeSet::new();
            for task in &mut plan.tasks {
                let had_steps = task.steps().next().is_some();
                cut_steps(task.step_lists_mut().collect(), keeps);
                if let Some(body) = task.body_mut() {
                    cut_draws(body, keeps);
                } else if had_steps && task.steps().next().is_none() {
                    more.insert(task.name.value.clone());
                }
            }
            if more.is_empty() {
                return;
            }
            out.extend(more);
        }
    }

    fn keep_only(&self, plan: &mut Plan) {
        let tasks = plan.tasks.iter();
        let tasks: BTreeMap<&str, &Task> = tasks.map(|task| (task.name.as_str(), task)).collect();
        let chosen = tasks
            .values()
            .filter(|task| has_one_of(&task.tags, &self.only))
            .map(|task| task.name.as_str());
        let wanted = with_callers(chosen.clone().collect(), &tasks);
        let is_chosen = |class: &Class| has_one_of(&class.tags, &self.only);

        // Whole is what is chosen, and what is not chosen from: starts and ends.
        let mut whole: Vec<&str> = chosen.collect();
        whole.extend(plan.tasks_of_scenes().map(|name| name.as_str()));
        for class in &plan.users {
            let around = Steps::of([&class.on_start[..], &class.on_stop[..]]);
            whole.extend(around.flat_map(Step::tasks).map(|name| name.as_str()));
            if is_chosen(class) {
                whole.extend(class.tasks().map(|name| name.as_str()));
            }
        }
        for set in plan.tasks.iter().filter_map(Task::set) {
            let around = Steps::of([&set.on_start[..], &set.on_stop[..]]);
            whole.extend(around.flat_map(Step::tasks).map(|name| name.as_str()));
        }
        let whole = owned(with_callees(whole, &tasks));
        let wanted = owned(wanted.iter().copied());

        let keeps = |name: &Text| wanted.contains(name.as_str());
        plan.users.retain_mut(|class| {
            if has_one_of(&class.tags, &self.only) {
                return true;
            }
            let runs_one = runs(&class.body).any(keeps);
            cut_body(&mut class.body, keeps);
            runs_one
        });
        let cut = plan.tasks.iter_mut();
        for task in cut.filter(|task| !whole.contains(task.name.as_str())) {
            match &mut task.kind {
                TaskKind::Steps(steps) => cut_steps(vec![steps], keeps),
                TaskKind::Set(set) => cut_body(&mut set.body, keeps),
            }
        }
    }

    /// As it is typed, an option each.
    pub fn told(&self) -> Vec<String> {
        [("--only", &self.only), ("--skip", &self.skip)]
            .into_iter()
            .filter(|(_, tags)| !tags.is_empty())
            .map(|(option, tags)| format!("{option} {}", tags.join(",")))
            .collect()
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told().join(" "))
    }
}

fn has_one_of(tags: &[Text], named: &[String]) -> bool {
    tags.iter().any(|tag| named.contains(&tag.value))
}

fn is_empty(body: &Body) -> bool {
    body.drawn().is_empty() && body.steps().is_empty()
}

fn is_emptied(task: &Task) -> bool {
    task.set().is_some_and(|set: &Set| is_empty(&set.body))
}

fn runs(body: &Body) -> impl Iterator<Item = &Text> {
    let drawn = body.drawn().iter().map(|weighted| &weighted.task);
    drawn.chain(Steps::of([body.steps()]).flat_map(Step::tasks))
}

fn cut_steps(lists: Vec<&mut Vec<Step>>, keeps: impl Fn(&Text) -> bool) {
    each_list(lists, &mut |steps| {
        choices(steps).for_each(|drawn| drawn.retain(|weighted| keeps(&weighted.task)));
        steps.retain(|step| {
            let chooses_nothing = step.choices().is_some_and(<[_]>::is_empty);
            step.call().is_none_or(&keeps) && !chooses_nothing
        });
    });
}

fn cut_draws(body: &mut Body, keeps: impl Fn(&Text) -> bool) {
    if let Some(drawn) = body.drawn_mut() {
        drawn.retain(|weighted| keeps(&weighted.task));
    }
}

fn cut_body(body: &mut Body, keeps: impl Fn(&Text) -> bool) {
    match body {
        Body::Tasks(drawn) | Body::ChooseOnce(drawn) => {
            drawn.retain(|weighted| keeps(&weighted.task));
        }
        Body::Sequence(steps) => cut_steps(vec![steps], keeps),
    }
}

fn owned<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

/// These and all that they run.
fn with_callees<'a>(
    mut open: Vec<&'a str>,
    tasks: &BTreeMap<&'a str, &'a Task>,
) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if seen.insert(name) {
            let run = tasks.get(name).into_iter().flat_map(|task| task.tasks());
            open.extend(run.map(|name| name.as_str()));
        }
    }
    seen
}

/// These and all that run one of them.
fn with_callers<'a>(
    mut wanted: BTreeSet<&'a str>,
    tasks: &BTreeMap<&'a str, &'a Task>,
) -> BTreeSet<&'a str> {
    loop {
        let runs_one = |task: &Task| task.tasks().any(|name| wanted.contains(name.as_str()));
        let more = tasks.iter().filter(|(name, _)| !wanted.contains(*name));
        let more: Vec<&str> = more
            .filter(|(_, task)| runs_one(task))
            .map(|(name, _)| *name)
            .collect();
        if more.is_empty() {
            return wanted;
        }
        wanted.extend(more);
    }
}

/// Why a part of a plan cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoSelection {
    /// Nothing has this tag.
    UnknownTag {
        tag: String,
        near: Option<String>,
        /// All that there are.
        known: Vec<String>,
    },
    /// No class has anything to do.
    NothingLeft { options: String },
    /// A set that is entered has nothing to do.
    SetEmptied { options: String, set: String },
}

impl fmt::Display for NoSelection {
    // Lowercase, no full stop: the text stands after "error: ".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoSelection::UnknownTag { tag, near, known } => {
                write!(f, "no task and no class has the tag `{tag}`")?;
                match (near, known.as_slice()) {
                    (Some(near), _) => write!(f, "; did you mean `{near}`?"),
                    (None, []) => f.write_str("; there are no tags: add `tags: [smoke]` to a task"),
                    (None, known) => write!(f, "; the tags are {}", known.join(", ")),
                }
            }
            NoSelection::NothingLeft { options } => {
                write!(f, "`{options}` leaves no class anything to do")
            }
            NoSelection::SetEmptied { options, set } => write!(
                f,
                "`{options}` leaves nothing to do in the set `{set}`; give the set itself a tag to skip"
            ),
        }
    }
}

impl std::error::Error for NoSelection {}
