//! Which requests users make again and again.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    plan::ast::{Body, Class, Plan, Request, Step, StepKind, Task, TaskKind},
    source::Span,
};

/// The requests that users of a class make in every round, or in any.
///
/// Not those with a condition on the way: it may be there so that they are made
/// only once. And not those at the start of a set, which may be entered once.
#[derive(Debug, Default)]
pub(super) struct Repeated(Vec<Span>);

impl Repeated {
    pub(super) fn has(&self, request: &Request) -> bool {
        self.0.contains(&request.place())
    }

    /// Of each class, in the plan's order.
    pub(super) fn of_classes(plan: &Plan) -> Vec<Repeated> {
        let tasks: BTreeMap<&str, &Task> = plan
            .tasks
            .iter()
            .map(|task| (task.name.value.as_str(), task))
            .collect();
        let limit = plan.load.per_user.as_ref();
        let once = limit.is_some_and(|limit| limit.value == 1);
        let classes = plan.users.iter();
        classes
            .map(|class| match once {
                true => Repeated::default(),
                false => Repeated::of(class, &tasks),
            })
            .collect()
    }

    fn of(class: &Class, tasks: &BTreeMap<&str, &Task>) -> Repeated {
        let mut repeated = Repeated::default();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = Vec::new();
        repeated.body(&class.body, &mut open);
        while let Some(name) = open.pop() {
            let Some(task) = tasks.get(name).filter(|_| seen.insert(name)) else {
                continue;
            };
            match &task.kind {
                TaskKind::Steps(steps) => repeated.steps(steps, &mut open),
                TaskKind::Set(set) => repeated.body(&set.body, &mut open),
            }
        }
        repeated
    }

    fn body<'a>(&mut self, body: &'a Body, open: &mut Vec<&'a str>) {
        let drawn = body.drawn().iter();
        open.extend(drawn.map(|weighted| weighted.task.value.as_str()));
        self.steps(body.steps(), open);
    }

    fn steps<'a>(&mut self, steps: &'a [Step], open: &mut Vec<&'a str>) {
        for step in steps.iter().filter(|step| step.when.is_none()) {
            match &step.kind {
                StepKind::Request(request) => self.0.push(request.place()),
                StepKind::Task(call) => open.push(&call.name.value),
                StepKind::Wait(_)
                | StepKind::Set(_)
                | StepKind::Unset(_)
                | StepKind::Record(_)
                | StepKind::Log(_)
                // Its conditions are on the way of what it holds.
                | StepKind::If(_)
                | StepKind::Meet(_)
                | StepKind::Stop(_) => {}
                StepKind::Choose(ways) => {
                    open.extend(ways.iter().map(|way| way.task.value.as_str()));
                }
                StepKind::Repeat(_)
                | StepKind::For(_)
                | StepKind::Group(_)
                | StepKind::Parallel(_) => {
                    if step.is_done_once_at_least() {
                        step.lists()
                            .into_iter()
                            .for_each(|within| self.steps(within, open));
                    }
                }
            }
        }
    }
}
