//! Steps become nodes, from the end backwards.
//!
//! A task is laid out anew at each place that runs it, so that each of its nodes
//! knows where it goes on, where it goes on failure, and where a user goes from
//! there that is to leave: there is no call stack.

use super::{
    Choice, Node, Occasion, Settlement, acts::Acts, reader::LeafReader, requests::Requests,
};
use crate::{
    base::{
        ids::{ClassId, Depth, SettlementId, StepId},
        wait::Wait,
    },
    plan::{
        CheckedPlan,
        ast::{Body, Class, Rounds, Set, Step, Task, TaskKind, Variable, Weighted},
    },
    source::Span,
};

mod flow;
mod loops;
mod steps;
mod together;

/// The most nodes of a graph.
///
/// A node is 56 bytes, and a plan written by hand has hundreds. Ten tasks that
/// each run the next one ten times would have ten thousand million.
pub(super) const MAX_NODES: usize = 1_000_000;

/// Nodes in the making.
pub(super) struct Layout<'a> {
    plan: &'a CheckedPlan,
    nodes: Vec<Node>,
    settlements: Vec<Settlement>,
    deepest: u32,
    /// How many groups are in each other at most.
    group_depths: u32,
}

/// What [`Layout`] ends as.
pub(super) struct LaidOut {
    pub(super) nodes: Box<[Node]>,
    pub(super) settlements: Box<[Settlement]>,
    pub(super) depths: u32,
    pub(super) group_depths: u32,
}

/// Where a class's users begin, and where they go to leave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways {
    pub(super) entry: StepId,
    pub(super) stop: StepId,
}

/// Compiles what the steps of a class hold.
pub(super) struct Leaves<'a, 'r, 'n> {
    pub(super) id: ClassId,
    pub(super) class: &'a Class,
    /// How many users the class has.
    pub(super) users: u32,
    pub(super) requests: &'r mut Requests<'a>,
    pub(super) acts: &'r mut Acts,
    pub(super) reader: &'r mut LeafReader<'n>,
}

/// Where a list of steps goes on.
#[derive(Clone, Copy)]
struct Exits {
    next: StepId,
    on_fail: StepId,
    /// Where a user goes that is to leave for good.
    leave: StepId,
}

/// What holds in the innermost set.
#[derive(Clone, Copy)]
struct Around {
    think: Wait,
    /// Whose rounds they are.
    depth: Depth,
    /// The innermost set or loop.
    innermost: Depth,
    /// How many groups there are around.
    groups: u32,
    /// The last split for life on the way here, and the way taken in it.
    settled: Option<(SettlementId, u32)>,
    /// How many users there are on that way.
    users: u32,
}

impl<'a> Layout<'a> {
    pub(super) fn new(plan: &'a CheckedPlan) -> Layout<'a> {
        Layout {
            plan,
            nodes: Vec::new(),
            settlements: Vec::new(),
            deepest: 0,
            group_depths: 0,
        }
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(super) fn settlements(&self) -> &[Settlement] {
        &self.settlements
    }

    pub(super) fn into_parts(self) -> LaidOut {
        LaidOut {
            nodes: self.nodes.into(),
            settlements: self.settlements.into(),
            depths: self.deepest + 1,
            group_depths: self.group_depths,
        }
    }

    /// Lays out a class: its start, its rounds, its end.
    ///
    /// `None` beyond [`MAX_NODES`].
    pub(super) fn class(&mut self, leaves: &mut Leaves<'a, '_, '_>) -> Option<Ways> {
        let class = leaves.class;
        let around = Around {
            think: class.wait.value,
            depth: Depth(0),
            innermost: Depth(0),
            groups: 0,
            settled: None,
            users: leaves.users,
        };
        let end = self.push(Node::End)?;
        let stop = self.stop(&class.on_stop, end, end, around, leaves)?;
        let round = self.push(Node::Round {
            next: end,
            leave: stop,
        })?;
        let first = self.body(&class.body, round, stop, around, leaves)?;
        self.nodes[round.index()] = Node::Round {
            next: first,
            leave: stop,
        };
        let started = self.push(Node::Started { next: round })?;
        let on_fail = self.push(Node::StartFailed)?;
        let exits = Exits {
            next: started,
            on_fail,
            // Without a completed `on_start` there is no `on_stop`.
            leave: end,
        };
        let entry = self.steps(&class.on_start, exits, around, leaves)?;
        Some(Ways { entry, stop })
    }

    /// Lays out a scene: its steps, and the node where it is complete, as its stop.
    ///
    /// `None` beyond [`MAX_NODES`].
    pub(super) fn scene(
        &mut self,
        occasion: Occasion,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<Ways> {
        let around = Around {
            think: Wait::None,
            depth: Depth(0),
            innermost: Depth(0),
            groups: 0,
            settled: None,
            users: 1,
        };
        let end = self.push(Node::End)?;
        let complete = self.push(Node::Started { next: end })?;
        let on_fail = self.push(Node::StartFailed)?;
        let steps = &leaves.class.on_start;
        let entry = match occasion {
            Occasion::Setup => {
                let exits = Exits {
                    next: complete,
                    on_fail,
                    leave: end,
                };
                self.steps(steps, exits, around, leaves)?
            }
            Occasion::Teardown => self.stop(steps, complete, end, around, leaves)?,
        };
        Some(Ways {
            entry,
            stop: complete,
        })
    }

    /// On the way out a failed step is no reason to leave the rest undone: each
    /// step of `on_stop` is followed by the next, whatever came of it.
    fn stop(
        &mut self,
        steps: &'a [Step],
        next: StepId,
        leave: StepId,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let mut next = next;
        for step in steps.iter().rev() {
            let exits = Exits {
                next,
                on_fail: next,
                leave,
            };
            next = self.step(step, exits, around, leaves)?;
        }
        Some(next)
    }

    /// One round, which ends where the next one begins.
    fn body(
        &mut self,
        body: &'a Body,
        round: StepId,
        leave: StepId,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        match body {
            Body::Sequence(steps) => {
                let mut next = round;
                for step in steps.iter().rev() {
                    let exits = self.pause(next, leave, around)?;
                    next = self.step(step, exits, around, leaves)?;
                }
                Some(next)
            }
            Body::Tasks(tasks) => {
                let exits = self.pause(round, leave, around)?;
                self.choice(tasks, exits, around, leaves)
            }
            Body::ChooseOnce(tasks) => {
                let exits = self.pause(round, leave, around)?;
                self.settled(tasks, exits, around, leaves)
            }
        }
    }

    /// The wait after a task of a round, as that task's exits.
    fn pause(&mut self, next: StepId, leave: StepId, around: Around) -> Option<Exits> {
        let pause = self.push(Node::Pause {
            wait: around.think,
            depth: around.depth,
            next,
            leave,
        })?;
        Some(Exits {
            next: pause,
            on_fail: pause,
            leave,
        })
    }

    /// One of some tasks, drawn each time.
    fn choice(
        &mut self,
        tasks: &'a [Weighted],
        exits: Exits,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let mut ways = Vec::with_capacity(tasks.len());
        for weighted in by_name(tasks) {
            let entry = self.drawn(weighted, exits, around, leaves)?;
            ways.push((weighted.weight.value, entry));
        }
        if ways.iter().all(|(weight, _)| *weight == 0) {
            // The check has reported it; there will be no graph.
            return Some(exits.next);
        }
        self.push(Node::Draw(Choice::new(ways)))
    }

    fn settled(
        &mut self,
        tasks: &'a [Weighted],
        exits: Exits,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let tasks = by_name(tasks);
        let ways: Vec<_> = tasks
            .iter()
            .map(|weighted| (weighted.task.value.as_str(), weighted.weight.value))
            .collect();
        let Some(settlement) = Settlement::new(&ways, around.users, around.settled) else {
            return Some(exits.next);
        };
        let id = SettlementId::at(self.settlements.len());
        self.settlements.push(settlement);
        let mut steps = Vec::with_capacity(tasks.len());
        for (way, weighted) in (0..).zip(tasks) {
            let around = Around {
                settled: Some((id, way)),
                users: self.settlements[id.index()].users_of(way),
                ..around
            };
            steps.push(self.drawn(weighted, exits, around, leaves)?);
        }
        self.settlements[id.index()].lead(steps);
        self.push(Node::Settled(id))
    }

    fn drawn(
        &mut self,
        weighted: &'a Weighted,
        exits: Exits,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let task = self.plan.task(&weighted.task.value);
        self.task(task, &[], weighted.task.span, exits, around, leaves)
    }

    /// A task, at a place that runs it.
    fn task(
        &mut self,
        task: &'a Task,
        with: &[Variable],
        place: Span,
        exits: Exits,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let own = Some(task.name.value.as_str().into());
        let caller = std::mem::replace(&mut leaves.reader.task, own);
        // Loops of the caller are not seen in here.
        let items = std::mem::take(&mut leaves.reader.items);
        let first = match &task.kind {
            TaskKind::Steps(steps) => self.steps(steps, exits, around, leaves),
            TaskKind::Set(set) => self.nested(set, exits, around, leaves),
        };
        leaves.reader.task = caller;
        leaves.reader.items = items;
        let first = first?;
        if task.params.is_empty() {
            return Some(first);
        }
        let act = leaves.acts.arguments(place, task, with, leaves.reader);
        self.push(Node::Act {
            act,
            next: first,
            on_fail: exits.on_fail,
        })
    }

    /// A set: entered, gone round, left. Whoever is to leave for good while in it
    /// goes through its `on_stop` too, and then through those around it.
    fn nested(
        &mut self,
        set: &'a Set,
        exits: Exits,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let depth = self.within(around);
        let around = Around {
            think: set.wait.as_ref().map_or(around.think, |wait| wait.value),
            depth,
            innermost: depth,
            ..around
        };
        let leave = self.stop(&set.on_stop, exits.leave, exits.leave, around, leaves)?;
        let done = self.stop(&set.on_stop, exits.next, exits.leave, around, leaves)?;
        let rounds = match (set.rounds.as_deref(), &set.until) {
            (Some(Rounds::Count(rounds)), _) => Some(*rounds),
            (None, None) => Some(1),
            (Some(Rounds::Forever), _) | (None, Some(_)) => None,
        };
        let until = set.until.as_ref();
        let until = until.map(|until| leaves.acts.condition(until, leaves.reader));
        let again = |next| Node::Again {
            depth,
            rounds,
            until,
            next,
            done,
            leave,
        };
        let round = self.push(again(done))?;
        let first = self.body(&set.body, round, leave, around, leaves)?;
        self.nodes[round.index()] = again(first);
        let next = self.push(Node::Enter { depth, next: first })?;
        self.steps(&set.on_start, Exits { next, ..exits }, around, leaves)
    }

    /// The place of another set or loop within those around it.
    fn within(&mut self, around: Around) -> Depth {
        let depth = Depth(around.innermost.0 + 1);
        self.deepest = self.deepest.max(depth.0);
        depth
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

/// By name, so that the order in which the plan lists them means nothing.
fn by_name(tasks: &[Weighted]) -> Vec<&Weighted> {
    let mut tasks: Vec<_> = tasks.iter().collect();
    tasks.sort_by(|a, b| a.task.value.cmp(&b.task.value));
    tasks
}
