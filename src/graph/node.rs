//! What a graph is made of.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use url::Url;

use super::{
    Choice, Class, Drawing, Find, Load, Meeting, Occasion, Request, Scene, Settlement, Variable,
};
use crate::{
    base::{
        connecting::Connecting,
        ids::{
            ActId, ClassId, ConditionId, Depth, FeedId, GroupDepth, GroupId, LoadId, MeetingId,
            NamerId, RecordId, RequestId, RowId, SettlementId, SkipId, StepId, VarId,
        },
        threshold::Judged,
        value::Value,
        wait::Wait,
    },
    feed::Feed,
    profile::DEFAULT_GRACEFUL_STOP,
    source::Span,
    template::{Condition, RenderError, Scope, Template},
    tls::TlsSettings,
};

/// A compiled plan.
#[derive(Debug)]
pub struct Graph {
    pub name: Arc<str>,
    /// Where relative URLs lead. A plan may leave it to the command line.
    pub target: Option<Url>,
    /// That of the classes without one of their own first.
    pub loads: Box<[Load]>,
    pub classes: Box<[Class]>,
    /// What one user does before or after all others; numbered as classes that follow
    /// the others, but no seat belongs to one.
    pub scenes: Box<[Scene]>,
    /// The class of each seat: the interleaved exact split.
    pub seats: Box<[ClassId]>,
    /// The place of each seat's user among those of its class, from 0.
    pub ranks: Box<[u32]>,
    pub nodes: Box<[Node]>,
    pub requests: Box<[Request]>,
    pub acts: Box<[Act]>,
    pub conditions: Box<[Condition]>,
    pub records: Box<[Record]>,
    pub settlements: Box<[Settlement]>,
    /// What the steps are called that a condition can skip.
    pub skips: Box<[Arc<str>]>,
    /// What the steps are called that can make names while a run goes on, with
    /// their places: the requests, then the records.
    pub namers: Box<[Arc<str>]>,
    /// How many sets a user can be in at the same time, the class's own rounds included.
    pub depths: u32,
    /// How many groups a user can be in at the same time.
    pub group_depths: u32,
    /// What groups are called.
    pub groups: Box<[Arc<str>]>,
    pub meetings: Box<[Meeting]>,
    /// Names of variables, by slot.
    pub vars: Box<[Arc<str>]>,
    /// Request names that are known before the run, by row.
    pub rows: Box<[Arc<str>]>,
    /// Those of them that users have, and not scenes alone.
    pub user_rows: Box<[Arc<str>]>,
    pub feeds: Box<[Feed]>,
    pub feed_names: Box<[Arc<str>]>,
    /// Where the plan names them.
    pub feed_places: Box<[Span]>,
    /// Who draws from the feeds, and where.
    pub drawing: Drawing,
    /// Names of what whoever runs the plan has to supply.
    pub secrets: Box<[Arc<str>]>,
    pub thresholds: Box<[Judged]>,
    /// What its load is a try of, if it is one.
    pub find: Option<Find>,
}

/// How a value is made.
#[derive(Debug)]
pub enum Setter {
    Constant(Value),
    Template(Template),
    List(Box<[Setter]>),
    Map(Box<[(Arc<str>, Setter)]>),
}

impl Setter {
    /// Makes the value.
    ///
    /// # Errors
    ///
    /// [`RenderError`] of the first template that cannot be rendered.
    pub fn make(&self, scope: &mut dyn Scope) -> Result<Value, RenderError> {
        match self {
            Setter::Constant(value) => Ok(value.clone()),
            Setter::Template(template) => template.value(scope),
            Setter::List(items) => {
                let items: Result<Vec<_>, _> = items.iter().map(|item| item.make(scope)).collect();
                Ok(Value::List(items?.into()))
            }
            Setter::Map(items) => {
                let items: Result<Vec<_>, _> = items
                    .iter()
                    .map(|(name, item)| Ok((name.clone(), item.make(scope)?)))
                    .collect();
                Ok(Value::Map(items?.into()))
            }
        }
    }

    /// Whether it reads nothing.
    pub(super) fn is_constant(&self) -> bool {
        match self {
            Setter::Constant(_) => true,
            Setter::Template(_) => false,
            Setter::List(items) => items.iter().all(Setter::is_constant),
            Setter::Map(items) => items.iter().all(|(_, item)| item.is_constant()),
        }
    }

    /// Whether it gives a value whatever those are that it reads.
    pub(super) fn cannot_fail(&self) -> bool {
        match self {
            Setter::Constant(_) => true,
            Setter::Template(template) => template.is_variable(),
            Setter::List(items) => items.iter().all(Setter::cannot_fail),
            Setter::Map(items) => items.iter().all(|(_, item)| item.cannot_fail()),
        }
    }
}

/// One step of the execution graph, with its successors.
#[derive(Debug)]
pub enum Node {
    /// Sends a request and judges its answer.
    Request {
        request: RequestId,
        next: StepId,
        on_fail: StepId,
    },
    /// A wait inside a task. It ends at once when the user is to leave.
    Wait { wait: Wait, next: StepId },
    /// The wait after a task of a round: here a user that is to leave does so.
    Pause {
        wait: Wait,
        /// Whose rounds they are.
        depth: Depth,
        next: StepId,
        leave: StepId,
    },
    /// One pass of the class's body begins.
    Round { next: StepId, leave: StepId },
    /// The first round of a set begins.
    Enter { depth: Depth, next: StepId },
    /// Another round of a set begins, or all of them are over.
    Again {
        depth: Depth,
        /// How many there are; without a number, as many as it takes.
        rounds: Option<u32>,
        until: Option<ConditionId>,
        next: StepId,
        done: StepId,
        leave: StepId,
    },
    /// A loop begins; so many of its turns count as begun.
    Loop {
        depth: Depth,
        turns: u32,
        next: StepId,
    },
    /// Another turn of a loop begins, or all of them are over.
    Repeat {
        depth: Depth,
        /// How many there are at most.
        turns: u32,
        /// Has to hold for another one.
        condition: Option<ConditionId>,
        next: StepId,
        done: StepId,
        on_fail: StepId,
    },
    /// The turn of the next item of a list begins, or all of them are over.
    Each {
        depth: Depth,
        item: VarId,
        list: VarId,
        next: StepId,
        done: StepId,
    },
    /// Takes one of several ways, by weight.
    Draw(Choice),
    /// Takes the way that the user has for life.
    Settled(SettlementId),
    /// Goes on only where a condition holds.
    When {
        condition: ConditionId,
        next: StepId,
        skip: StepId,
        /// Where the skip is counted.
        skipped: SkipId,
        on_fail: StepId,
    },
    /// Goes one of two ways.
    If {
        condition: ConditionId,
        then: StepId,
        otherwise: StepId,
        /// Where both ways meet again.
        after: StepId,
        on_fail: StepId,
    },
    /// A group begins.
    Open { depth: GroupDepth, next: StepId },
    /// A group is over.
    Close {
        depth: GroupDepth,
        group: GroupId,
        /// Whether its last step was done, or a failure led out of it.
        way: Way,
        next: StepId,
    },
    /// The requests from here to the next [`Node::Join`] are sent side by side.
    Fork { next: StepId },
    /// All that was sent side by side is over.
    Join { next: StepId },
    /// Waits for other users.
    Meet { meeting: MeetingId, next: StepId },
    /// Does something that takes no time.
    Act {
        act: ActId,
        next: StepId,
        on_fail: StepId,
    },
    /// Adds a sample of the plan's own.
    Record {
        record: RecordId,
        next: StepId,
        on_fail: StepId,
    },
    /// `on_start` is complete.
    Started { next: StepId },
    /// `on_start` failed.
    StartFailed,
    /// The user is to leave for good, and begins to here.
    Leave { next: StepId },
    /// The same, and asks for the end of the whole run.
    StopRun { next: StepId },
    /// The user is gone.
    End,
}

/// The requests from a fork, which leads to the first step, to where they join.
pub(super) fn lanes(nodes: &[Node], first: StepId) -> Vec<StepId> {
    let mut lanes = Vec::new();
    let mut at = first;
    loop {
        at = match &nodes[at.index()] {
            Node::Request { next, .. } => {
                lanes.push(at);
                *next
            }
            Node::When { next, .. } => *next,
            _ => return lanes,
        };
    }
}

/// How something is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By its end.
    Done,
    /// By a failure.
    Failed,
}

impl Node {
    /// Where a user can go from here: what goes well before what does not. Where it
    /// goes to leave is not among them.
    pub(super) fn successors(&self, settlements: &[Settlement]) -> Vec<StepId> {
        match self {
            Node::Request { next, on_fail, .. }
            | Node::Act { next, on_fail, .. }
            | Node::Record { next, on_fail, .. } => vec![*next, *on_fail],
            Node::When {
                next,
                skip,
                on_fail,
                ..
            } => vec![*next, *skip, *on_fail],
            Node::If {
                then,
                otherwise,
                on_fail,
                ..
            } => vec![*then, *otherwise, *on_fail],
            Node::Again { next, done, .. } | Node::Each { next, done, .. } => vec![*next, *done],
            Node::Repeat {
                next,
                done,
                on_fail,
                ..
            } => vec![*next, *done, *on_fail],
            Node::Pause { next, .. }
            | Node::Round { next, .. }
            | Node::Wait { next, .. }
            | Node::Enter { next, .. }
            | Node::Loop { next, .. }
            | Node::Open { next, .. }
            | Node::Close { next, .. }
            | Node::Fork { next }
            | Node::Join { next }
            | Node::Meet { next, .. }
            | Node::Started { next }
            | Node::Leave { next }
            | Node::StopRun { next } => vec![*next],
            Node::Draw(choice) => choice.ways().map(|(_, step)| step).collect(),
            Node::Settled(id) => settlements[id.index()].ways().collect(),
            Node::StartFailed | Node::End => Vec::new(),
        }
    }

    /// Where a user goes from here that is to leave.
    pub(super) fn leave(&self) -> Option<StepId> {
        match self {
            Node::Pause { leave, .. } | Node::Round { leave, .. } | Node::Again { leave, .. } => {
                Some(*leave)
            }
            Node::Request { .. }
            | Node::Act { .. }
            | Node::Record { .. }
            | Node::When { .. }
            | Node::If { .. }
            | Node::Wait { .. }
            | Node::Enter { .. }
            | Node::Loop { .. }
            | Node::Repeat { .. }
            | Node::Each { .. }
            | Node::Open { .. }
            | Node::Close { .. }
            | Node::Fork { .. }
            | Node::Join { .. }
            | Node::Meet { .. }
            | Node::Draw(_)
            | Node::Settled(_)
            | Node::Started { .. }
            | Node::StartFailed
            | Node::Leave { .. }
            | Node::StopRun { .. }
            | Node::End => None,
        }
    }
}

/// Something that takes no time.
#[derive(Debug)]
pub enum Act {
    /// Gives variables values, in this order.
    Set(Box<[Variable]>),
    /// Takes variables away.
    Unset(Box<[VarId]>),
    /// Gives a variable what a loop goes through, which has to be a list.
    Items(Variable),
    /// Writes a line to the log.
    Log(Template),
}

/// A sample of the plan's own.
#[derive(Debug)]
pub struct Record {
    /// Where requests have their method.
    pub kind: Arc<str>,
    /// Of its name.
    pub place: Span,
    pub name: Template,
    /// Slept, and recorded.
    pub time: Wait,
    /// Gives true or false.
    pub ok: Setter,
}

impl Record {
    /// The name of its row, as that of a request is made of method and path; `None`
    /// where it is made when it is recorded.
    pub fn known_name(&self) -> Option<Arc<str>> {
        let name = self.name.literal()?;
        Some(format!("{} {name}", self.kind).into())
    }
}

impl Graph {
    pub fn node(&self, id: StepId) -> &Node {
        &self.nodes[id.index()]
    }

    /// A class, or the user of a scene as one.
    pub fn class(&self, id: ClassId) -> &Class {
        match id.index().checked_sub(self.classes.len()) {
            None => &self.classes[id.index()],
            Some(scene) => &self.scenes[scene].class,
        }
    }

    /// The scene of an occasion, as a class, if there is one.
    pub fn scene(&self, occasion: Occasion) -> Option<ClassId> {
        let at = self
            .scenes
            .iter()
            .position(|scene| scene.occasion == occasion)?;
        Some(ClassId::at(self.classes.len() + at))
    }

    /// The steps that are sent beside an earlier one.
    pub fn sent_beside(&self) -> BTreeSet<StepId> {
        let forks = self.nodes.iter().filter_map(|node| match node {
            Node::Fork { next } => Some(*next),
            _ => None,
        });
        let lanes = forks.map(|first| lanes(&self.nodes, first));
        lanes.flat_map(|lanes| lanes.into_iter().skip(1)).collect()
    }

    /// How users connect, by class, those of scenes included: what a protocol is made for.
    pub fn wires(&self) -> impl Iterator<Item = (&TlsSettings, &Connecting)> {
        let of_scenes = self.scenes.iter().map(|scene| &scene.class);
        self.classes.iter().chain(of_scenes).map(Class::wires)
    }

    pub fn request(&self, id: RequestId) -> &Request {
        &self.requests[id.index()]
    }

    /// The request, as a step that can make names.
    pub fn request_as_namer(&self, id: RequestId) -> NamerId {
        NamerId::at(id.index())
    }

    /// The same of a sample of the plan's own.
    pub fn record_as_namer(&self, id: RecordId) -> NamerId {
        NamerId::at(self.requests.len() + id.index())
    }

    pub fn feed(&self, id: FeedId) -> &Feed {
        &self.feeds[id.index()]
    }

    pub fn row(&self, id: RowId) -> &Arc<str> {
        &self.rows[id.index()]
    }

    /// Where the user of a seat goes for life.
    pub fn settled(&self, id: SettlementId, seat: u32) -> StepId {
        self.settlements[id.index()].way(self.ranks[seat as usize], &self.settlements)
    }

    /// Classes whose users do not verify the certificates of servers.
    pub fn insecure(&self) -> impl Iterator<Item = Arc<str>> {
        let insecure = self.classes.iter().filter(|class| class.tls.is_insecure());
        insecure.map(|class| class.name.clone())
    }

    /// The load that users of a class are a part of; none for scenes.
    pub fn load(&self, class: ClassId) -> Option<&Load> {
        self.load_at(class).map(|at| &self.loads[at.index()])
    }

    /// The same, as its place among all.
    pub fn load_at(&self, class: ClassId) -> Option<LoadId> {
        if class.index() >= self.classes.len() {
            return None;
        }
        let own = self.loads.iter().position(|load| load.class == Some(class));
        let shared = || self.loads.iter().position(|load| load.class.is_none());
        own.or_else(shared).map(LoadId::at)
    }

    /// When no new task starts any more: with the last of its loads.
    pub fn ends_at(&self) -> Duration {
        let ends = self.loads.iter().map(|load| load.profile.ends_at());
        ends.max().unwrap_or_default()
    }

    /// How long running tasks may take to finish after that.
    pub fn graceful_stop(&self) -> Duration {
        let first = self.loads.first();
        first.map_or(DEFAULT_GRACEFUL_STOP, |load| load.profile.graceful_stop)
    }

    /// How many users of each class there are at full load.
    pub fn users_of(&self, class: ClassId) -> u32 {
        let users = self.seats.iter().filter(|seat| **seat == class).count();
        u32::try_from(users).expect("seats are numbered with u32")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_stays_small() {
        // The limit on the number of nodes counts on it.
        assert_eq!(size_of::<Node>(), 56);
    }
}
