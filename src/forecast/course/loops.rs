//! Loops: as often as they say, where they say it.

use super::{Bound, Course, Walker, again};
use crate::{
    base::ids::{Depth, StepId},
    graph::{Act, Node, Setter},
};

/// All turns of a loop.
pub(super) struct AllTurns {
    pub(super) course: Course,
    pub(super) bound: Bound,
    /// Where the loop goes on.
    pub(super) done: StepId,
}

impl Walker<'_> {
    /// The turns of a loop that begins at `begin`.
    pub(super) fn turns(&mut self, begin: StepId, depth: Depth) -> AllTurns {
        let turn = self.turn_of(begin, depth);
        let (next, done, number) = if let Node::Repeat {
            turns,
            condition,
            next,
            done,
            ..
        } = self.graph.node(turn)
        {
            (*next, *done, condition.is_none().then_some(*turns))
        } else if let Node::Each { next, done, .. } = self.graph.node(turn) {
            (*next, *done, self.items(begin))
        } else {
            unreachable!("a loop has turns");
        };
        let bound = match number {
            Some(_) => Bound::Exact,
            None => {
                self.caveats.loops = true;
                Bound::Unclear
            }
        };
        if number == Some(0) {
            return AllTurns {
                course: Course::nothing(),
                bound,
                done,
            };
        }
        let course = self.course(next, Some(turn));
        let (course, _) = again(&course, Some(number.unwrap_or(1)), number.is_none());
        AllTurns {
            course,
            bound,
            done,
        }
    }

    /// How many items a loop goes through, if the plan lists them.
    fn items(&self, begin: StepId) -> Option<u32> {
        // What works them out was laid out next, and leads to here.
        let before = StepId(begin.0 + 1);
        let Node::Act { act, .. } = self.graph.node(before) else {
            unreachable!("a loop over items begins with working them out");
        };
        match &self.graph.acts[act.index()] {
            Act::Items(items) => match &items.value {
                Setter::List(items) => u32::try_from(items.len()).ok(),
                Setter::Constant(_) | Setter::Template(_) | Setter::Map(_) => None,
            },
            Act::Set(_) | Act::Unset(_) | Act::Log(_) => None,
        }
    }

    /// Where the turns of a loop begin: laid out before the steps of its body, in
    /// which there are only deeper loops.
    fn turn_of(&self, begin: StepId, of: Depth) -> StepId {
        let mut before = (0..begin.0).rev().map(StepId);
        let is_its = |step: &StepId| {
            let node = self.graph.node(*step);
            // One that cannot be the last is only a way to the first item.
            matches!(node, Node::Repeat { depth, .. } if *depth == of)
                || matches!(node, Node::Each { depth, next, done, .. } if *depth == of && next != done)
        };
        before.find(is_its).expect("every loop has its turns")
    }
}
