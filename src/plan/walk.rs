//! Going through a plan: every list of steps, every draw, every name of a task.
//!
//! Steps stand in tasks, in classes, and in the sets that either are. Who needs
//! all of them asks here, so that a new place for steps is added once.

use std::collections::BTreeSet;

use super::ast::{Body, Class, Plan, Set, Step, StepKind, Task, TaskKind, Text, Weighted};

impl Plan {
    /// Every step of every task and class.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        let of_tasks = self.tasks.iter().flat_map(Task::steps);
        of_tasks.chain(self.users.iter().flat_map(Class::steps))
    }

    /// The names of tasks that somebody runs, directly or not.
    pub fn tasks_in_use(&self) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        let mut open: Vec<&Text> = self.users.iter().flat_map(Class::tasks).collect();
        while let Some(name) = open.pop() {
            if used.insert(name.value.clone()) {
                let mut tasks = self.tasks.iter();
                let task = tasks.find(|task| task.name.value == name.value);
                open.extend(task.into_iter().flat_map(Task::tasks));
            }
        }
        used
    }

    /// Every list of steps, to take some out.
    pub fn step_lists_mut(&mut self) -> impl Iterator<Item = &mut Vec<Step>> {
        let of_classes = self.users.iter_mut().flat_map(Class::step_lists_mut);
        of_classes.chain(self.tasks.iter_mut().flat_map(Task::step_lists_mut))
    }

    /// Every body that rounds go through, with how its owner is called in a sentence.
    pub fn bodies_mut(&mut self) -> impl Iterator<Item = (String, &mut Body)> {
        let of_tasks = self.tasks.iter_mut().filter_map(|task| {
            let owner = format!("task `{}`", task.name.value);
            Some((owner, task.body_mut()?))
        });
        let of_classes = self
            .users
            .iter_mut()
            .map(|class| (format!("class `{}`", class.name.value), &mut class.body));
        of_classes.chain(of_tasks)
    }
}

impl Class {
    /// The steps that it holds itself: of its start, its body, its end.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        let around = self.on_start.iter().chain(&self.on_stop);
        around.chain(self.body.steps())
    }

    /// The names of tasks that its users run, directly.
    pub fn tasks(&self) -> impl Iterator<Item = &Text> {
        self.body
            .drawn_names()
            .chain(self.steps().filter_map(Step::task))
    }

    /// Every list of steps that it holds itself, to take some out.
    pub fn step_lists_mut(&mut self) -> impl Iterator<Item = &mut Vec<Step>> {
        [&mut self.on_start, &mut self.on_stop]
            .into_iter()
            .chain(self.body.sequence_mut())
    }
}

impl Task {
    /// The set that it is, if it is one.
    pub fn set(&self) -> Option<&Set> {
        match &self.kind {
            TaskKind::Steps(_) => None,
            TaskKind::Set(set) => Some(set),
        }
    }

    /// The body that its rounds go through, if it is a set.
    pub fn body_mut(&mut self) -> Option<&mut Body> {
        match &mut self.kind {
            TaskKind::Steps(_) => None,
            TaskKind::Set(set) => Some(&mut set.body),
        }
    }

    /// The steps that it holds itself.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        let (first, second, third): (&[Step], &[Step], &[Step]) = match &self.kind {
            TaskKind::Steps(steps) => (steps, &[], &[]),
            TaskKind::Set(set) => (&set.on_start, set.body.steps(), &set.on_stop),
        };
        first.iter().chain(second).chain(third)
    }

    /// The names of tasks that it runs, directly.
    pub fn tasks(&self) -> impl Iterator<Item = &Text> {
        let drawn = self
            .set()
            .into_iter()
            .flat_map(|set| set.body.drawn_names());
        drawn.chain(self.steps().filter_map(Step::task))
    }

    /// Every list of steps that it holds itself, to take some out.
    pub fn step_lists_mut(&mut self) -> impl Iterator<Item = &mut Vec<Step>> {
        let lists = match &mut self.kind {
            TaskKind::Steps(steps) => [Some(steps), None, None],
            TaskKind::Set(set) => {
                let Set {
                    on_start,
                    body,
                    on_stop,
                    ..
                } = &mut **set;
                [Some(on_start), body.sequence_mut(), Some(on_stop)]
            }
        };
        lists.into_iter().flatten()
    }
}

impl Body {
    /// What it draws from, each round or once.
    pub fn drawn(&self) -> &[Weighted] {
        match self {
            Body::Tasks(drawn) | Body::ChooseOnce(drawn) => drawn,
            Body::Sequence(_) => &[],
        }
    }

    /// As [`Body::drawn`], to take some out.
    pub fn drawn_mut(&mut self) -> Option<&mut Vec<Weighted>> {
        match self {
            Body::Tasks(drawn) | Body::ChooseOnce(drawn) => Some(drawn),
            Body::Sequence(_) => None,
        }
    }

    /// Its steps, if it is a sequence.
    pub fn steps(&self) -> &[Step] {
        match self {
            Body::Tasks(_) | Body::ChooseOnce(_) => &[],
            Body::Sequence(steps) => steps,
        }
    }

    fn sequence_mut(&mut self) -> Option<&mut Vec<Step>> {
        match self {
            Body::Tasks(_) | Body::ChooseOnce(_) => None,
            Body::Sequence(steps) => Some(steps),
        }
    }

    fn drawn_names(&self) -> impl Iterator<Item = &Text> {
        self.drawn().iter().map(|weighted| &weighted.task)
    }
}

impl Step {
    /// The task it runs, if it runs one.
    pub fn task(&self) -> Option<&Text> {
        match &self.kind {
            StepKind::Task(call) => Some(&call.name),
            StepKind::Request(_)
            | StepKind::Wait(_)
            | StepKind::Set(_)
            | StepKind::Unset(_)
            | StepKind::Record(_)
            | StepKind::Log(_) => None,
        }
    }
}
