//! Drives a user from one wait to the next.

use std::time::Duration;

use super::{act, ask::ask, flow, rounds, shared::Shared, user::User, witness::Deed};
use crate::{
    graph::{Node, OnStartFail},
    stats::UserEvent,
};

/// The least time between a failed start and the next user's on the same seat. In a
/// plan without waits a target that lets nobody in, or is gone, would else be asked
/// as fast as this machine can, and the report would be of nothing but that.
const NEXT_START: Duration = Duration::from_millis(100);

/// Why a user was handed back to its worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It waits until then, unless it has to leave earlier.
    Sleep { until: Duration },
    /// It lets others have their turn until then, whatever it is to do next.
    Nap { until: Duration },
    /// It is gone, and its seat stays empty.
    Gone,
    /// It is gone, and a new user takes its seat then.
    Replaced { at: Duration },
}

/// Lets a user go on until it waits or is gone.
pub(super) async fn drive(user: &mut User, shared: &Shared) -> Turn {
    let graph = &*shared.graph;
    loop {
        match graph.node(user.cursor) {
            Node::Request {
                request,
                next,
                on_fail,
            } => {
                let passed = ask(user, shared, *request).await;
                user.cursor = if passed { *next } else { *on_fail };
            }
            Node::Act { act, next, on_fail } => {
                let done = act::perform(user, shared, *act);
                user.cursor = if done { *next } else { *on_fail };
            }
            Node::Record {
                record,
                next,
                on_fail,
            } => {
                let recorded = act::record(user, shared, *record).await;
                user.cursor = if recorded { *next } else { *on_fail };
            }
            node @ (Node::When { .. }
            | Node::If { .. }
            | Node::Loop { .. }
            | Node::Repeat { .. }
            | Node::Each { .. }
            | Node::Leave { .. }
            | Node::StopRun { .. }) => {
                if let Some(until) = flow::go(user, shared, node) {
                    return Turn::Nap { until };
                }
            }
            node @ (Node::Wait { .. }
            | Node::Pause { .. }
            | Node::Round { .. }
            | Node::Enter { .. }
            | Node::Again { .. }) => {
                if let Some(until) = rounds::go(user, shared, node) {
                    return Turn::Sleep { until };
                }
            }
            Node::Settled(settlement) => {
                user.cursor = graph.settled(*settlement, user.seat);
            }
            Node::Draw(choice) => user.cursor = choice.draw(&mut user.draws),
            Node::Started { next } => rounds::started(user, shared, *next),
            Node::StartFailed => return start_failed(user, shared),
            Node::End => {
                shared.witnessed(user, || Deed::Ended);
                shared
                    .recorder
                    .borrow_mut()
                    .user(user.class, UserEvent::Ended);
                return Turn::Gone;
            }
        }
    }
}

/// `on_start` or `vars` failed: the user is gone, and the plan says what follows.
pub(super) fn start_failed(user: &mut User, shared: &Shared) -> Turn {
    let class = shared.graph.class(user.class);
    shared.witnessed(user, || Deed::StartFailed);
    shared
        .recorder
        .borrow_mut()
        .user(user.class, UserEvent::StartFailed);
    match class.on_start_fail {
        OnStartFail::NewUser if !rounds::starts_again(user, shared) => Turn::Gone,
        OnStartFail::NewUser => {
            let wait = shared
                .scaled(class.wait.draw(&mut user.waits))
                .max(NEXT_START);
            Turn::Replaced {
                at: shared.clock.elapsed() + wait,
            }
        }
        OnStartFail::StopUser => Turn::Gone,
        OnStartFail::StopRun => {
            shared.stop_run();
            Turn::Gone
        }
    }
}

/// Works out the variables of a user that starts. Returns whether that succeeded.
pub(super) fn begin(user: &mut User, shared: &Shared) -> bool {
    let now = shared.clock.elapsed();
    let Err(error) = shared.scope(user, now).set_vars() else {
        return true;
    };
    shared.record_broken(user, "(vars)", error);
    false
}
