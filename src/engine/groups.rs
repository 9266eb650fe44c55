//! Groups: steps that are timed together.

use super::{
    shared::Shared,
    user::{Opened, User},
};
use crate::{
    base::ids::{GroupDepth, GroupId},
    graph::{Node, Way},
    stats::{GroupOutcome, GroupSample},
};

/// Goes through the beginning or the end of a group.
pub(super) fn go(user: &mut User, shared: &Shared, node: &Node) {
    match node {
        Node::Open { depth, next } => {
            open(user, *depth);
            user.cursor = *next;
        }
        Node::Close {
            depth,
            group,
            way,
            next,
        } => {
            close(user, shared, (*depth, *group), *way);
            user.cursor = *next;
        }
        _ => unreachable!("asked for groups only"),
    }
}

fn open(user: &mut User, depth: GroupDepth) {
    *user.opened(depth) = Opened {
        at: user.now,
        waited: user.waited,
        failures: user.failures,
    };
}

/// It is over, and is counted.
fn close(user: &mut User, shared: &Shared, (depth, group): (GroupDepth, GroupId), way: Way) {
    let opened = *user.opened(depth);
    let outcome = match way {
        Way::Failed => GroupOutcome::BrokenOff,
        Way::Done if user.failures > opened.failures => GroupOutcome::Failed,
        Way::Done => GroupOutcome::Ok,
    };
    let done = user.now;
    let sample = GroupSample {
        whole: done.saturating_sub(opened.at),
        waited: user.waited.saturating_sub(opened.waited),
        done,
        outcome,
    };
    shared.recorder.borrow_mut().group(group, &sample);
}
