//! A user that breaks the program: its panic ends its own life and nothing else.
//!
//! Nothing of it outlives the turn that broke: its session and variables are dropped
//! with the user, and what it had borrowed of its worker is given back while the
//! panic unwinds.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind},
    pin::Pin,
    sync::Once,
    task::Poll,
};

use super::{shared::Shared, user::User};
use crate::graph::{Act, Graph, Node, RequestName};

thread_local! {
    /// Whether this thread plays a user right now.
    static PLAYS: Cell<bool> = const { Cell::new(false) };
    /// Where in our source the last panic of a user was.
    static BROKE_AT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Makes panics of users known by the report alone, which then also says where in
/// the source they were. Without this, each is printed to stderr as well, in the
/// middle of whatever stands there. Other panics are printed as before.
///
/// Holds for the whole process, so it is for programs; calling it again does nothing.
pub fn note_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let printed = panic::take_hook();
        panic::set_hook(Box::new(move |panic: &PanicHookInfo<'_>| {
            if PLAYS.get() {
                BROKE_AT.set(panic.location().map(ToString::to_string));
            } else {
                printed(panic);
            }
        }));
    });
}

/// A turn that ended in a panic, in words: what it said, and where if that was noted.
#[derive(Debug)]
pub(super) struct Broken(pub(super) String);

/// Drives a turn and catches its panic: it must not end hour 71 for the others.
pub(super) async fn caught<T>(mut turn: Pin<&mut impl Future<Output = T>>) -> Result<T, Broken> {
    poll_fn(|context| {
        PLAYS.set(true);
        let polled = catch_unwind(AssertUnwindSafe(|| turn.as_mut().poll(context)));
        PLAYS.set(false);
        match polled {
            Ok(poll) => poll.map(Ok),
            Err(payload) => Poll::Ready(Err(Broken::of(&*payload))),
        }
    })
    .await
}

impl Broken {
    /// What a panic said.
    pub(super) fn of(payload: &(dyn Any + Send)) -> Broken {
        let text = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        Broken(match BROKE_AT.take() {
            Some(place) => format!("{text} ({place})"),
            None => text.to_owned(),
        })
    }
}

/// Who a user is, for reports.
pub(super) fn who(user: &User, shared: &Shared) -> String {
    let class = &shared.graph.class(user.class).name;
    format!("user {} of class {class}", user.number)
}

/// What a user is doing, as far as the place where it stands tells.
pub(super) fn doing(user: &User, graph: &Graph) -> String {
    match graph.node(user.cursor) {
        Node::Request { request, .. } => {
            let request = graph.request(*request);
            match &request.name {
                RequestName::Known(row) => graph.row(*row).to_string(),
                RequestName::Templated(_) => {
                    format!("a {} with a name of its own", request.aim.label())
                }
            }
        }
        Node::Act { act, .. } => match &graph.acts[act.index()] {
            Act::Set(_) => "a `set`".to_owned(),
            Act::Unset(_) => "an `unset`".to_owned(),
            Act::Items(_) => "a `for`".to_owned(),
            Act::Log(_) => "a `log`".to_owned(),
        },
        Node::Record { record, .. } => {
            format!("a `record` of type {}", graph.records[record.index()].kind)
        }
        Node::When { condition, .. } | Node::If { condition, .. } => {
            format!("`{}`", graph.conditions[condition.index()].text())
        }
        Node::Fork { .. } => "a `parallel`".to_owned(),
        Node::Meet { meeting, .. } => {
            format!("the meeting `{}`", graph.meetings[meeting.index()].name)
        }
        Node::Wait { .. }
        | Node::Open { .. }
        | Node::Close { .. }
        | Node::Join { .. }
        | Node::Pause { .. }
        | Node::Round { .. }
        | Node::Enter { .. }
        | Node::Loop { .. }
        | Node::Repeat { .. }
        | Node::Each { .. }
        | Node::Again { .. }
        | Node::Draw(_)
        | Node::Settled(_)
        | Node::Started { .. }
        | Node::StartFailed
        | Node::Leave { .. }
        | Node::StopRun { .. }
        | Node::End => "its way from one step to the next".to_owned(),
    }
}
