//! Conditions, and steps that hold steps or end something.

use std::time::Duration;

use super::{
    act,
    rounds::{self, IDLE_ROUND},
    shared::Shared,
    user::{Frame, User},
};
use crate::{base::value::Value, graph::Node};

/// Goes through a node that decides which way a user takes. Says until when others
/// are to go on first, if they are.
pub(super) fn go(user: &mut User, shared: &Shared, node: &Node) -> Option<Duration> {
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
        Node::Loop { depth, turns, next } => {
            *user.frame(*depth) = Frame {
                rounds: u64::from(*turns),
                ..Frame::default()
            };
            user.cursor = *next;
        }
        Node::Repeat { .. } | Node::Each { .. } if user.idle.turn(user.deeds) => {
            return Some(user.now + IDLE_ROUND);
        }
        Node::Repeat { .. } => repeat(user, shared, node),
        Node::Each { .. } => each(user, node),
        Node::Leave { next } => rounds::leave_by(user, shared, *next),
        Node::StopRun { next } => {
            shared.stop_run();
            rounds::leave_by(user, shared, *next);
        }
        Node::Request { .. }
        | Node::Act { .. }
        | Node::Record { .. }
        | Node::Wait { .. }
        | Node::Pause { .. }
        | Node::Round { .. }
        | Node::Enter { .. }
        | Node::Again { .. }
        | Node::Open { .. }
        | Node::Close { .. }
        | Node::Fork { .. }
        | Node::Join { .. }
        | Node::Meet { .. }
        | Node::Draw(_)
        | Node::Settled(_)
        | Node::Started { .. }
        | Node::StartFailed
        | Node::End => unreachable!("asked for decisions only"),
    }
    None
}

/// Another turn of a `repeat` begins, or all of them are over.
fn repeat(user: &mut User, shared: &Shared, node: &Node) {
    let Node::Repeat {
        depth,
        turns,
        condition,
        next,
        done,
        on_fail,
    } = node
    else {
        unreachable!("called for such turns only");
    };
    let left = user.frame(*depth).rounds < u64::from(*turns);
    let holds = match condition {
        Some(condition) if left => act::holds(user, shared, *condition, "(while)"),
        Some(_) | None => Some(left),
    };
    user.cursor = match holds {
        Some(true) => *next,
        Some(false) => *done,
        None => *on_fail,
    };
    user.frame(*depth).rounds += 1;
}

/// The turn of the next item of a `for` begins, or all of them are over.
fn each(user: &mut User, node: &Node) {
    let Node::Each {
        depth,
        item,
        list,
        next,
        done,
    } = node
    else {
        unreachable!("called for such turns only");
    };
    let at = usize::try_from(user.frame(*depth).rounds).unwrap_or(usize::MAX);
    let Some(Value::List(items)) = &user.vars[list.index()] else {
        unreachable!("a loop begins with a list");
    };
    let next_item = items.get(at).cloned();
    user.cursor = if next_item.is_some() { *next } else { *done };
    user.vars[item.index()] = next_item;
    user.frame(*depth).rounds += 1;
}
