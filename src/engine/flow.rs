//! Conditions, and steps that hold steps or end something.

use super::{act, rounds, shared::Shared, user::User};
use crate::graph::Node;

/// Goes through a node that decides which way a user takes.
pub(super) fn go(user: &mut User, shared: &Shared, node: &Node) {
    match node {
        Node::When {
            condition,
            next,
            skip,
            skipped,
            on_fail,
        } => {
            user.cursor = match act::guards(user, shared, *condition, *skipped) {
                Some(true) => *next,
                Some(false) => *skip,
                None => *on_fail,
            };
        }
        Node::If {
            condition,
            then,
            otherwise,
            on_fail,
            ..
        } => {
            user.cursor = match act::holds(user, shared, *condition, "(if)") {
                Some(true) => *then,
                Some(false) => *otherwise,
                None => *on_fail,
            };
        }
        Node::Leave { next } => rounds::leave_by(user, *next),
        Node::StopRun { next } => {
            shared.stop_run();
            rounds::leave_by(user, *next);
        }
        Node::Request { .. }
        | Node::Act { .. }
        | Node::Record { .. }
        | Node::Wait { .. }
        | Node::Pause { .. }
        | Node::Round { .. }
        | Node::Enter { .. }
        | Node::Again { .. }
        | Node::Draw(_)
        | Node::Settled(_)
        | Node::Started { .. }
        | Node::StartFailed
        | Node::End => unreachable!("asked for decisions only"),
    }
}
