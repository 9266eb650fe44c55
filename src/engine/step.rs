//! Drives a user from one wait to the next.

use std::time::Duration;

use super::{
    act, ask::ask, beside::side_by_side, flow, groups, meetings, rounds, shared::Shared,
    user::User, witness::Deed,
};
use crate::{
    base::ids::StepId,
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
    /// It waits for the next arrival, or leaves by there.
    Free { leave: StepId },
    /// It is gone, and its seat stays empty for as long as the load does not rise anew.
    Gone,
    /// It is gone, and a new user takes its seat then.
    Replaced { at: Duration },
}

/// Lets a user go on until it waits or is gone. What few plans have and takes much
/// room while it goes on is on the heap.
pub(super) async fn drive(user: &mut User, shared: &Shared) -> Turn {
    user.now = shared.clock.elapsed();
    user.goes_on();
    let graph = &*shared.graph;
    loop {
        match graph.node(user.cursor) {
            Node::Request {
                request,
                next,
                on_fail,
            } => {
                let passed = ask(user, shared, *request).await;
                user.cursor = way(user, passed, *next, *on_fail);
            }
            Node::Act { act, next, on_fail } => {
                let done = act::perform(user, shared, *act);
                user.cursor = way(user, done, *next, *on_fail);
            }
            node @ (Node::Record { .. } | Node::Fork { .. } | Node::Meet { .. }) => {
                Box::pin(seldom(user, shared, node)).await;
            }
            node @ (Node::When { .. }
            | Node::If { .. }
            | Node::Loop { .. }
            | Node::Repeat { .. }
            | Node::Each { .. }
            | Node::Leave { .. }
            | Node::StopRun { .. }) => {
                if let Some(until) = flow::go(user, shared, node) {
                    user.waits();
                    return Turn::Nap { until };
                }
            }
            Node::Round { leave, .. } if user.arrival.is_none() && shared.is_open(user) => {
                rounds::end_pass(user, shared);
                return Turn::Free { leave: *leave };
            }
            node @ (Node::Wait { .. }
            | Node::Pause { .. }
            | Node::Round { .. }
            | Node::Enter { .. }
            | Node::Again { .. }) => {
                if let Some(until) = rounds::go(user, shared, node) {
                    user.waits();
                    return Turn::Sleep { until };
                }
            }
            Node::Join { next } => user.cursor = *next,
            node @ (Node::Open { .. } | Node::Close { .. }) => groups::go(user, shared, node),
            Node::Settled(settlement) => {
                user.cursor = graph.settled(*settlement, user.seat);
            }
            Node::Draw(choice) => user.cursor = choice.draw(&mut user.draws),
            Node::Started { next } => rounds::started(user, *next),
            Node::StartFailed => return start_failed(user, shared),
            Node::End => return gone(user, shared),
        }
    }
}

/// What few plans have and takes much room while it goes on.
async fn seldom(user: &mut User, shared: &Shared, node: &Node) {
    match node {
        Node::Record {
            record,
            next,
            on_fail,
        } => {
            let recorded = act::record(user, shared, *record).await;
            user.cursor = way(user, recorded, *next, *on_fail);
        }
        Node::Fork { next } => user.cursor = side_by_side(user, shared, *next).await,
        Node::Meet { meeting, next } => {
            meetings::meet(user, shared, *meeting).await;
            user.cursor = *next;
        }
        _ => unreachable!("asked for these only"),
    }
    user.now = shared.clock.elapsed();
}

/// Where a user goes on; what failed is counted.
fn way(user: &mut User, is_well: bool, next: StepId, on_fail: StepId) -> StepId {
    if is_well {
        return next;
    }
    user.failures += 1;
    on_fail
}

/// The user has done all that it does.
fn gone(user: &User, shared: &Shared) -> Turn {
    shared.witnessed(user, || Deed::Ended);
    let mut recorder = shared.recorder.borrow_mut();
    recorder.user(user.class, UserEvent::Ended);
    Turn::Gone
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
                at: user.now + wait,
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
    user.now = shared.clock.elapsed();
    let now = user.now;
    let Err(error) = shared.scope(user, now).set_vars() else {
        return true;
    };
    shared.record_broken(user, "(vars)", error);
    false
}
