//! Steps become nodes, from the end backwards.
//!
//! A task is laid out anew at each place that runs it, so that each of its nodes
//! knows where it goes on and where it goes on failure: there is no call stack.

use super::{Choice, Node};
use crate::{
    base::{
        ids::{RequestId, StepId},
        wait::Wait,
    },
    plan::{
        CheckedPlan,
        ast::{Body, Class, OnFail, Request, Step, StepKind, Weighted},
    },
};

/// The most nodes of a graph.
///
/// A node is 40 bytes, and a plan written by hand has hundreds. Ten tasks that
/// each run the next one ten times would have ten thousand million.
pub(super) const MAX_NODES: usize = 1_000_000;

/// Nodes in the making.
pub(super) struct Layout<'a> {
    plan: &'a CheckedPlan,
    nodes: Vec<Node>,
}

/// Where a class's users begin, and where they go to leave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways {
    pub(super) entry: StepId,
    pub(super) stop: StepId,
}

/// Where a list of steps goes on.
#[derive(Clone, Copy)]
struct Exits {
    next: StepId,
    on_fail: StepId,
    /// Where a user goes that is to leave for good.
    leave: StepId,
}

/// Compiles a request, once for each class.
type AddRequest<'r> = dyn FnMut(&Request) -> RequestId + 'r;

impl<'a> Layout<'a> {
    pub(super) fn new(plan: &'a CheckedPlan) -> Layout<'a> {
        Layout {
            plan,
            nodes: Vec::new(),
        }
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(super) fn into_nodes(self) -> Box<[Node]> {
        self.nodes.into()
    }

    /// Lays out a class: its start, its rounds, its end.
    ///
    /// `None` beyond [`MAX_NODES`].
    pub(super) fn class(&mut self, class: &Class, request: &mut AddRequest<'_>) -> Option<Ways> {
        let end = self.push(Node::End)?;
        // On the way out a failed step is no reason to leave the rest undone:
        // each step of `on_stop` is followed by the next, whatever came of it.
        let mut stop = end;
        for step in class.on_stop.iter().rev() {
            let exits = Exits {
                next: stop,
                on_fail: stop,
                leave: end,
            };
            stop = self.step(step, exits, class.wait.value, request)?;
        }

        let round = self.push(Node::Round { next: end })?;
        let first = match &class.body {
            Body::Tasks(tasks) => self.drawn(tasks, round, stop, class.wait.value, request)?,
            Body::Sequence(steps) => {
                self.sequence(steps, round, stop, class.wait.value, request)?
            }
        };
        self.nodes[round.index()] = Node::Round { next: first };

        let started = self.push(Node::Started { next: round })?;
        let on_fail = self.push(Node::StartFailed)?;
        let exits = Exits {
            next: started,
            on_fail,
            // Without a completed `on_start` there is no `on_stop`.
            leave: end,
        };
        let entry = self.steps(&class.on_start, exits, class.wait.value, request)?;
        Some(Ways { entry, stop })
    }

    fn drawn(
        &mut self,
        tasks: &[Weighted],
        round: StepId,
        leave: StepId,
        think: Wait,
        request: &mut AddRequest<'_>,
    ) -> Option<StepId> {
        let pause = self.push(Node::Pause {
            wait: think,
            next: round,
        })?;
        let exits = Exits {
            next: pause,
            on_fail: pause,
            leave,
        };
        // By name, so that the order in which the plan lists them means nothing.
        let mut tasks: Vec<_> = tasks.iter().collect();
        tasks.sort_by(|a, b| a.task.value.cmp(&b.task.value));
        let mut ways = Vec::with_capacity(tasks.len());
        for weighted in tasks {
            let steps = &self.plan.task(&weighted.task.value).steps;
            ways.push((
                weighted.weight.value,
                self.steps(steps, exits, think, request)?,
            ));
        }
        if ways.iter().all(|(weight, _)| *weight == 0) {
            // The check has reported it; there will be no graph.
            return Some(pause);
        }
        self.push(Node::Draw(Choice::new(ways)))
    }

    fn sequence(
        &mut self,
        steps: &[Step],
        round: StepId,
        leave: StepId,
        think: Wait,
        request: &mut AddRequest<'_>,
    ) -> Option<StepId> {
        let mut next = round;
        for step in steps.iter().rev() {
            let pause = self.push(Node::Pause { wait: think, next })?;
            next = self.step(
                step,
                Exits {
                    next: pause,
                    on_fail: pause,
                    leave,
                },
                think,
                request,
            )?;
        }
        Some(next)
    }

    fn steps(
        &mut self,
        steps: &[Step],
        exits: Exits,
        think: Wait,
        request: &mut AddRequest<'_>,
    ) -> Option<StepId> {
        let mut next = exits.next;
        for step in steps.iter().rev() {
            next = self.step(step, Exits { next, ..exits }, think, request)?;
        }
        Some(next)
    }

    fn step(
        &mut self,
        step: &Step,
        exits: Exits,
        think: Wait,
        request: &mut AddRequest<'_>,
    ) -> Option<StepId> {
        match &step.kind {
            StepKind::Request(asked) => {
                let on_fail = match asked.on_fail {
                    OnFail::LeaveTask => exits.on_fail,
                    OnFail::Continue => exits.next,
                    OnFail::StopUser => exits.leave,
                    OnFail::StopRun => self.push(Node::StopRun { next: exits.leave })?,
                };
                let request = request(asked);
                self.push(Node::Request {
                    request,
                    next: exits.next,
                    on_fail,
                })
            }
            StepKind::Task(name) => {
                let plan = self.plan;
                self.steps(&plan.task(&name.value).steps, exits, think, request)
            }
            StepKind::Wait(wait) => {
                let wait = wait.as_ref().map_or(think, |wait| wait.value);
                self.push(Node::Wait {
                    wait,
                    next: exits.next,
                })
            }
        }
    }

    fn push(&mut self, node: Node) -> Option<StepId> {
        if self.nodes.len() == MAX_NODES {
            return None;
        }
        let id = StepId::at(self.nodes.len());
        self.nodes.push(node);
        Some(id)
    }
}
