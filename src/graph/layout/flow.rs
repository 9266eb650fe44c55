//! Steps that hold steps, or end something.

use super::{Around, Exits, Layout, Leaves};
use crate::{
    base::ids::StepId,
    graph::Node,
    plan::ast::{Branch, Stop},
};

impl<'a> Layout<'a> {
    /// Both ways, each with what follows.
    pub(super) fn branch(
        &mut self,
        branch: &'a Branch,
        exits: Exits,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let otherwise = self.steps(&branch.otherwise, exits, around, leaves)?;
        let then = self.steps(&branch.then, exits, around, leaves)?;
        self.push(Node::If {
            condition: leaves.acts.condition(&branch.condition, leaves.reader),
            then,
            otherwise,
            after: exits.next,
            on_fail: exits.on_fail,
        })
    }

    /// The end of the user, or of the run.
    pub(super) fn ending(&mut self, what: Stop, exits: Exits) -> Option<StepId> {
        let next = exits.leave;
        self.push(match what {
            Stop::User => Node::Leave { next },
            Stop::Run => Node::StopRun { next },
        })
    }
}
