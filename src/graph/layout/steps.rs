//! Lists of steps, from the last one backwards.

use super::{Around, Exits, Layout, Leaves};
use crate::{
    base::ids::StepId,
    graph::{Node, name},
    plan::ast::{OnFail, Step, StepKind},
};

impl<'a> Layout<'a> {
    /// Steps that are done one after the other.
    pub(super) fn steps(
        &mut self,
        steps: &'a [Step],
        exits: Exits,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let mut next = exits.next;
        for step in steps.iter().rev() {
            next = self.step(step, Exits { next, ..exits }, around, leaves)?;
        }
        Some(next)
    }

    pub(super) fn step(
        &mut self,
        step: &'a Step,
        exits: Exits,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let next = self.unguarded(step, exits, around, leaves)?;
        let Some(when) = &step.when else {
            return Some(next);
        };
        let target = self.plan.plan().target.as_ref();
        let label = name::of_step(step, target.map(|target| &target.value));
        self.push(Node::When {
            condition: leaves.acts.condition(when, leaves.reader),
            next,
            skip: exits.next,
            skipped: leaves.acts.skip(label),
            on_fail: exits.on_fail,
        })
    }

    fn unguarded(
        &mut self,
        step: &'a Step,
        exits: Exits,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let (next, on_fail) = (exits.next, exits.on_fail);
        let reader = &mut *leaves.reader;
        let act = match &step.kind {
            StepKind::Request(asked) => {
                let on_fail = match asked.on_fail {
                    OnFail::LeaveTask => exits.on_fail,
                    OnFail::Continue => exits.next,
                    OnFail::StopUser => self.push(Node::Leave { next: exits.leave })?,
                    OnFail::StopRun => self.push(Node::StopRun { next: exits.leave })?,
                };
                let request = leaves.requests.add(leaves.id, leaves.class, asked, reader);
                return self.push(Node::Request {
                    request,
                    next,
                    on_fail,
                });
            }
            StepKind::Task(call) => {
                let task = self.plan.task(&call.name.value);
                return self.task(task, &call.with, step.span, exits, around, leaves);
            }
            StepKind::Wait(wait) => {
                let wait = wait.as_ref().map_or(around.think, |wait| wait.value);
                return self.push(Node::Wait { wait, next });
            }
            StepKind::Record(record) => {
                let record = leaves.acts.record(record, reader);
                return self.push(Node::Record {
                    record,
                    next,
                    on_fail,
                });
            }
            StepKind::If(branch) => return self.branch(branch, exits, around, leaves),
            StepKind::Repeat(repeat) => return self.repeat(repeat, exits, around, leaves),
            StepKind::For(each) => {
                return self.each(each, step.span, exits, around, leaves);
            }
            StepKind::Choose(ways) => return self.choice(ways, exits, around, leaves),
            StepKind::Group(group) => return self.group(group, exits, around, leaves),
            StepKind::Parallel(requests) => {
                return self.parallel(requests, exits, around, leaves);
            }
            StepKind::Meet(meet) => return self.meet(meet, exits, leaves),
            StepKind::Stop(what) => return self.ending(*what, exits),
            StepKind::Set(variables) => leaves.acts.set(step.span, variables, reader),
            StepKind::Unset(names) => leaves.acts.unset(step.span, names, reader),
            StepKind::Log(line) => leaves.acts.log(line, reader),
        };
        self.push(Node::Act { act, next, on_fail })
    }
}
