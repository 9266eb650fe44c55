//! Going through a plan: every list of steps, every draw, every name of a task.
//!
//! Steps stand in tasks, in classes, in the sets that either are, and in other
//! steps. Who needs all of them asks here, so that a new place for steps is added
//! once.

use std::{collections::BTreeSet, slice};

use super::ast::{
    Body, Class, Items, Plan, Request, Set, Step, StepKind, Task, TaskKind, Text, Turns, Weighted,
};

/// The steps of some lists, each followed by those that it holds.
///
/// A list of its own and no recursion: who goes through a plan is often deep in
/// it already.
#[derive(Clone, Debug)]
pub(super) struct Steps<'a> {
    /// The innermost list last.
    open: Vec<slice::Iter<'a, Step>>,
}

impl<'a> Steps<'a> {
    /// The lists come one after the other.
    pub(super) fn of(lists: impl IntoIterator<Item = &'a [Step]>) -> Steps<'a> {
        let mut open: Vec<_> = lists.into_iter().map(<[Step]>::iter).collect();
        open.reverse();
        Steps { open }
    }
}

impl<'a> Iterator for Steps<'a> {
    type Item = &'a Step;

    fn next(&mut self) -> Option<&'a Step> {
        loop {
            let Some(step) = self.open.last_mut()?.next() else {
                self.open.pop();
                continue;
            };
            let within = step.lists();
            self.open
                .extend(within.into_iter().rev().map(<[Step]>::iter));
            return Some(step);
        }
    }
}

impl Plan {
    /// Every step of every task and class, of `setup` and of `teardown`.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        let of_tasks = self.tasks.iter().flat_map(Task::steps);
        let of_scenes = Steps::of(self.scenes());
        of_tasks
            .chain(self.users.iter().flat_map(Class::steps))
            .chain(of_scenes)
    }

    /// The steps of a list, each followed by those that it holds.
    pub fn steps_within<'a>(&self, steps: &'a [Step]) -> impl Iterator<Item = &'a Step> + use<'a> {
        Steps::of([steps])
    }

    /// The steps of one user before and after all others.
    pub fn scenes(&self) -> [&[Step]; 2] {
        [&self.setup, &self.teardown]
    }

    /// The names of tasks that one user runs before or after all others, directly.
    pub fn tasks_of_scenes(&self) -> impl Iterator<Item = &Text> {
        Steps::of(self.scenes()).flat_map(Step::tasks)
    }

    /// The names of tasks that somebody runs, directly or not.
    pub fn tasks_in_use(&self) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        let mut open: Vec<&Text> = self.users.iter().flat_map(Class::tasks).collect();
        open.extend(self.tasks_of_scenes());
        while let Some(name) = open.pop() {
            if used.insert(name.value.clone()) {
                let mut tasks = self.tasks.iter();
                let task = tasks.find(|task| task.name.value == name.value);
                open.extend(task.into_iter().flat_map(Task::tasks));
            }
        }
        used
    }

    /// Every list of steps, those within others included.
    pub fn step_lists(&self) -> impl Iterator<Item = &[Step]> {
        let of_classes = self.users.iter().flat_map(Class::step_lists);
        let of_tasks = self.tasks.iter().flat_map(Task::step_lists);
        let within = self.steps().flat_map(Step::lists);
        of_classes
            .chain(of_tasks)
            .chain(self.scenes())
            .chain(within)
    }

    /// Shows every list of steps, those within others after what is left of these.
    pub fn each_list(&mut self, see: &mut dyn FnMut(&mut Vec<Step>)) {
        each_list(vec![&mut self.setup, &mut self.teardown], see);
        for class in &mut self.users {
            each_list(class.step_lists_mut().collect(), see);
        }
        for task in &mut self.tasks {
            task.each_list(see);
        }
    }

    /// Takes out every step that is not to be kept, wherever it stands.
    pub fn retain_steps(&mut self, keep: &mut dyn FnMut(&Step) -> bool) {
        self.each_list(&mut |steps| steps.retain(&mut *keep));
    }

    /// Shows what each `choose` draws from.
    pub fn each_choice(&mut self, see: &mut dyn FnMut(&mut Vec<Weighted>)) {
        self.each_list(&mut |steps| choices(steps).for_each(&mut *see));
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
        Steps::of(self.step_lists())
    }

    /// The lists of steps that it holds itself.
    pub fn step_lists(&self) -> [&[Step]; 3] {
        [&self.on_start, &self.on_stop, self.body.steps()]
    }

    /// The names of tasks that its users run, directly.
    pub fn tasks(&self) -> impl Iterator<Item = &Text> {
        self.body
            .drawn_names()
            .chain(self.steps().flat_map(Step::tasks))
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
        Steps::of(self.step_lists())
    }

    /// The lists of steps that it holds itself.
    pub fn step_lists(&self) -> [&[Step]; 3] {
        match &self.kind {
            TaskKind::Steps(steps) => [steps, &[], &[]],
            TaskKind::Set(set) => [&set.on_start, set.body.steps(), &set.on_stop],
        }
    }

    /// The names of tasks that it runs, directly.
    pub fn tasks(&self) -> impl Iterator<Item = &Text> {
        let drawn = self
            .set()
            .into_iter()
            .flat_map(|set| set.body.drawn_names());
        drawn.chain(self.steps().flat_map(Step::tasks))
    }

    /// Takes out every step of its own that is not to be kept, and of what a
    /// `choose` draws from every task that is not.
    pub fn retain(
        &mut self,
        keep: &mut dyn FnMut(&Step) -> bool,
        keep_drawn: &mut dyn FnMut(&Weighted) -> bool,
    ) {
        self.each_list(&mut |steps| {
            steps.retain(&mut *keep);
            choices(steps).for_each(|drawn| drawn.retain(&mut *keep_drawn));
        });
    }

    fn each_list(&mut self, see: &mut dyn FnMut(&mut Vec<Step>)) {
        each_list(self.step_lists_mut().collect(), see);
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
    /// The tasks that it runs, or one of which it runs; not those of steps in it.
    pub fn tasks(&self) -> Vec<&Text> {
        match &self.kind {
            StepKind::Task(call) => vec![&call.name],
            StepKind::Choose(ways) => ways.iter().map(|way| &way.task).collect(),
            StepKind::Request(_)
            | StepKind::Wait(_)
            | StepKind::Set(_)
            | StepKind::Unset(_)
            | StepKind::Record(_)
            | StepKind::Log(_)
            | StepKind::If(_)
            | StepKind::Repeat(_)
            | StepKind::For(_)
            | StepKind::Group(_)
            | StepKind::Parallel(_)
            | StepKind::Meet(_)
            | StepKind::Stop(_) => Vec::new(),
        }
    }

    /// What it draws from, if it draws.
    pub fn choices(&self) -> Option<&[Weighted]> {
        match &self.kind {
            StepKind::Choose(ways) => Some(ways),
            StepKind::Request(_)
            | StepKind::Task(_)
            | StepKind::Wait(_)
            | StepKind::Set(_)
            | StepKind::Unset(_)
            | StepKind::Record(_)
            | StepKind::Log(_)
            | StepKind::If(_)
            | StepKind::Repeat(_)
            | StepKind::For(_)
            | StepKind::Group(_)
            | StepKind::Parallel(_)
            | StepKind::Meet(_)
            | StepKind::Stop(_) => None,
        }
    }

    /// The task that it runs, if it runs just one.
    pub fn call(&self) -> Option<&Text> {
        match &self.kind {
            StepKind::Task(call) => Some(&call.name),
            StepKind::Request(_)
            | StepKind::Wait(_)
            | StepKind::Set(_)
            | StepKind::Unset(_)
            | StepKind::Record(_)
            | StepKind::Log(_)
            | StepKind::If(_)
            | StepKind::Repeat(_)
            | StepKind::For(_)
            | StepKind::Choose(_)
            | StepKind::Group(_)
            | StepKind::Parallel(_)
            | StepKind::Meet(_)
            | StepKind::Stop(_) => None,
        }
    }

    /// The request that it is, if it is one.
    pub fn request(&self) -> Option<&Request> {
        match &self.kind {
            StepKind::Request(request) => Some(request),
            StepKind::Set(_)
            | StepKind::Task(_)
            | StepKind::Wait(_)
            | StepKind::Unset(_)
            | StepKind::Record(_)
            | StepKind::Log(_)
            | StepKind::If(_)
            | StepKind::Repeat(_)
            | StepKind::For(_)
            | StepKind::Choose(_)
            | StepKind::Group(_)
            | StepKind::Parallel(_)
            | StepKind::Meet(_)
            | StepKind::Stop(_) => None,
        }
    }

    /// The variables that it gives values; not those of steps in it.
    pub fn sets(&self) -> Vec<&Text> {
        match &self.kind {
            StepKind::Request(request) => request.extract.iter().map(|each| &each.name).collect(),
            StepKind::Set(variables) => variables.iter().map(|each| &each.name).collect(),
            StepKind::Task(_)
            | StepKind::Wait(_)
            | StepKind::Unset(_)
            | StepKind::Record(_)
            | StepKind::Log(_)
            | StepKind::If(_)
            | StepKind::Repeat(_)
            | StepKind::For(_)
            | StepKind::Choose(_)
            | StepKind::Group(_)
            | StepKind::Parallel(_)
            | StepKind::Meet(_)
            | StepKind::Stop(_) => Vec::new(),
        }
    }

    /// The lists of steps that it holds, in the order in which they are written.
    pub fn lists(&self) -> Vec<&[Step]> {
        match &self.kind {
            StepKind::If(branch) => vec![&branch.then, &branch.otherwise],
            StepKind::Repeat(repeat) => vec![&repeat.steps],
            StepKind::For(each) => vec![&each.steps],
            StepKind::Group(group) => vec![&group.steps],
            StepKind::Parallel(requests) => vec![requests],
            StepKind::Request(_)
            | StepKind::Task(_)
            | StepKind::Wait(_)
            | StepKind::Set(_)
            | StepKind::Unset(_)
            | StepKind::Record(_)
            | StepKind::Log(_)
            | StepKind::Choose(_)
            | StepKind::Meet(_)
            | StepKind::Stop(_) => Vec::new(),
        }
    }

    /// Whether all that it holds is done whenever it is, once or more often.
    pub fn is_done_once_at_least(&self) -> bool {
        match &self.kind {
            StepKind::Repeat(repeat) => match &repeat.turns {
                Turns::Count(count) => **count > 0,
                Turns::While { .. } => false,
            },
            StepKind::For(each) => match &each.items {
                Items::List(items) => !items.is_empty(),
                Items::Expression(_) => false,
            },
            StepKind::Group(_) | StepKind::Parallel(_) => true,
            StepKind::Request(_)
            | StepKind::Task(_)
            | StepKind::Wait(_)
            | StepKind::Set(_)
            | StepKind::Unset(_)
            | StepKind::Record(_)
            | StepKind::Log(_)
            | StepKind::If(_)
            | StepKind::Choose(_)
            | StepKind::Meet(_)
            | StepKind::Stop(_) => false,
        }
    }

    /// As [`Step::lists`], to take some out.
    fn lists_mut(&mut self) -> Vec<&mut Vec<Step>> {
        match &mut self.kind {
            StepKind::If(branch) => vec![&mut branch.then, &mut branch.otherwise],
            StepKind::Repeat(repeat) => vec![&mut repeat.steps],
            StepKind::For(each) => vec![&mut each.steps],
            StepKind::Group(group) => vec![&mut group.steps],
            StepKind::Parallel(requests) => vec![requests],
            StepKind::Request(_)
            | StepKind::Task(_)
            | StepKind::Wait(_)
            | StepKind::Set(_)
            | StepKind::Unset(_)
            | StepKind::Record(_)
            | StepKind::Log(_)
            | StepKind::Choose(_)
            | StepKind::Meet(_)
            | StepKind::Stop(_) => Vec::new(),
        }
    }
}

/// Shows lists of steps, and those that are in what is left of them.
pub(super) fn each_list(lists: Vec<&mut Vec<Step>>, see: &mut dyn FnMut(&mut Vec<Step>)) {
    let mut open = lists;
    // The next one last.
    open.reverse();
    while let Some(steps) = open.pop() {
        see(steps);
        let within: Vec<_> = steps.iter_mut().flat_map(Step::lists_mut).collect();
        open.extend(within.into_iter().rev());
    }
}

/// What the `choose` steps of a list draw from.
pub(super) fn choices(steps: &mut [Step]) -> impl Iterator<Item = &mut Vec<Weighted>> {
    steps.iter_mut().filter_map(|step| match &mut step.kind {
        StepKind::Choose(ways) => Some(ways),
        StepKind::Request(_)
        | StepKind::Task(_)
        | StepKind::Wait(_)
        | StepKind::Set(_)
        | StepKind::Unset(_)
        | StepKind::Record(_)
        | StepKind::Log(_)
        | StepKind::If(_)
        | StepKind::Repeat(_)
        | StepKind::For(_)
        | StepKind::Group(_)
        | StepKind::Parallel(_)
        | StepKind::Meet(_)
        | StepKind::Stop(_) => None,
    })
}
