//! Steps that are timed together, requests that are sent side by side, and meetings.

use super::{Around, Exits, Layout, Leaves};
use crate::{
    base::ids::{GroupDepth, StepId},
    graph::{Node, Way},
    plan::ast::{Group, Meet, Step},
};

impl<'a> Layout<'a> {
    /// However its steps are left, but for those who leave for good, the group is over.
    pub(super) fn group(
        &mut self,
        group: &'a Group,
        exits: Exits,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let depth = GroupDepth(around.groups);
        let within = Around {
            groups: around.groups + 1,
            ..around
        };
        self.group_depths = self.group_depths.max(within.groups);
        let id = leaves.acts.group(&group.name);
        let mut close = |way, next| {
            self.push(Node::Close {
                depth,
                group: id,
                way,
                next,
            })
        };
        let exits = Exits {
            next: close(Way::Done, exits.next)?,
            on_fail: close(Way::Failed, exits.on_fail)?,
            leave: exits.leave,
        };
        let next = self.steps(&group.steps, exits, within, leaves)?;
        self.push(Node::Open { depth, next })
    }

    /// The requests stand one after the other, from the fork to where they join; and
    /// each says where a user goes on if it fails, once all are over.
    pub(super) fn parallel(
        &mut self,
        requests: &'a [Step],
        exits: Exits,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let join = self.push(Node::Join { next: exits.next })?;
        let within = Exits {
            next: join,
            ..exits
        };
        let next = self.steps(requests, within, around, leaves)?;
        self.push(Node::Fork { next })
    }

    pub(super) fn meet(
        &mut self,
        meet: &Meet,
        exits: Exits,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let meeting = leaves.acts.meeting(meet);
        self.push(Node::Meet {
            meeting,
            next: exits.next,
        })
    }
}
