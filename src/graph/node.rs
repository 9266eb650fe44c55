//! What a graph is made of.

use std::sync::Arc;

use url::Url;

use super::{Choice, Request};
use crate::{
    base::{
        ids::{ClassId, FeedId, RequestId, RowId, StepId, VarId},
        threshold::Threshold,
        value::Value,
        wait::Wait,
    },
    feed::Feed,
    profile::Profile,
    template::Template,
};

/// A compiled plan.
#[derive(Debug)]
pub struct Graph {
    pub name: Arc<str>,
    /// Where relative URLs lead. A plan may leave it to the command line.
    pub target: Option<Url>,
    pub profile: Profile,
    pub classes: Box<[Class]>,
    /// The class of each seat: the interleaved exact split.
    pub seats: Box<[ClassId]>,
    pub nodes: Box<[Node]>,
    pub requests: Box<[Request]>,
    /// Names of variables, by slot.
    pub vars: Box<[Arc<str>]>,
    /// Request names that are known before the run, by row.
    pub rows: Box<[Arc<str>]>,
    pub feeds: Box<[Feed]>,
    pub feed_names: Box<[Arc<str>]>,
    pub thresholds: Box<[Threshold]>,
}

/// A compiled class of users.
#[derive(Debug)]
pub struct Class {
    pub name: Arc<str>,
    /// Worked out when a user starts, in this order.
    pub vars: Box<[Variable]>,
    /// Where a new user begins.
    pub entry: StepId,
    /// Where a user goes that is to leave after a completed `on_start`.
    pub stop: StepId,
    pub wait: Wait,
    pub on_start_fail: OnStartFail,
}

/// What happens to a user whose `on_start` failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnStartFail {
    /// A new one takes its place after the class's wait.
    NewUser,
    StopUser,
    StopRun,
}

/// A variable that is set when a user starts.
#[derive(Debug)]
pub struct Variable {
    pub var: VarId,
    pub value: Setter,
}

/// How a value is made.
#[derive(Debug)]
pub enum Setter {
    Constant(Value),
    Template(Template),
    List(Box<[Setter]>),
    Map(Box<[(Arc<str>, Setter)]>),
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
    /// The wait after a task: here a user that is to leave does so.
    Pause { wait: Wait, next: StepId },
    /// One pass of the class's body begins.
    Round { next: StepId },
    /// Takes one of several ways, by weight.
    Draw(Choice),
    /// `on_start` is complete.
    Started { next: StepId },
    /// `on_start` failed.
    StartFailed,
    /// Asks for the end of the whole run.
    StopRun { next: StepId },
    /// The user is gone.
    End,
}

impl Graph {
    pub fn node(&self, id: StepId) -> &Node {
        &self.nodes[id.index()]
    }

    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.index()]
    }

    pub fn request(&self, id: RequestId) -> &Request {
        &self.requests[id.index()]
    }

    pub fn feed(&self, id: FeedId) -> &Feed {
        &self.feeds[id.index()]
    }

    pub fn row(&self, id: RowId) -> &Arc<str> {
        &self.rows[id.index()]
    }

    /// How many users of each class there are at full load.
    pub fn users_of(&self, class: ClassId) -> u32 {
        let users = self.seats.iter().filter(|seat| **seat == class).count();
        u32::try_from(users).expect("seats are numbered with u32")
    }
}
