//! Steps that are done again and again.

use super::{Around, Exits, Layout, Leaves};
use crate::{
    base::ids::StepId,
    graph::Node,
    plan::ast::{For, Items, Repeat, Turns},
    source::Span,
};

impl<'a> Layout<'a> {
    /// So many turns, or as many as a condition has it.
    pub(super) fn repeat(
        &mut self,
        repeat: &'a Repeat,
        exits: Exits,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let depth = self.within(around);
        let within = Around {
            innermost: depth,
            ..around
        };
        let (turns, condition) = match &repeat.turns {
            Turns::Count(count) => (count.value, None),
            Turns::While { condition, max } => {
                let condition = leaves.acts.condition(condition, leaves.reader);
                (max.value, Some(condition))
            }
        };
        let again = |next| Node::Repeat {
            depth,
            turns,
            condition,
            next,
            done: exits.next,
            on_fail: exits.on_fail,
        };
        let turn = self.push(again(exits.next))?;
        let turn_exits = Exits {
            next: turn,
            ..exits
        };
        let first = self.steps(&repeat.steps, turn_exits, within, leaves)?;
        self.nodes[turn.index()] = again(first);
        // What is certain to be done once is begun without a look at the number.
        let (turns, next) = match &repeat.turns {
            Turns::Count(count) if count.value > 0 => (1, first),
            Turns::Count(_) | Turns::While { .. } => (0, turn),
        };
        self.push(Node::Loop { depth, turns, next })
    }

    /// A turn for each item. However the loop is left, its item goes.
    pub(super) fn each(
        &mut self,
        each: &'a For,
        place: Span,
        exits: Exits,
        around: Around,
        leaves: &mut Leaves<'a, '_, '_>,
    ) -> Option<StepId> {
        let depth = self.within(around);
        let within = Around {
            innermost: depth,
            ..around
        };
        let act = leaves.acts.forget(each, leaves.reader);
        let mut forgetting = |next| {
            let on_fail = next;
            self.push(Node::Act { act, next, on_fail })
        };
        let done = forgetting(exits.next)?;
        let on_fail = forgetting(exits.on_fail)?;
        let leave = forgetting(exits.leave)?;
        let vars = leaves.reader.names.loop_vars(each.item.span);
        let turn_of = |next, done| Node::Each {
            depth,
            item: vars.item,
            list: vars.list,
            next,
            done,
        };
        let turn = self.push(turn_of(done, done))?;
        let turn_exits = Exits {
            next: turn,
            on_fail,
            leave,
        };
        let item = (each.item.as_str().into(), vars.item);
        leaves.reader.items.push(item);
        let first = self.steps(&each.steps, turn_exits, within, leaves);
        leaves.reader.items.pop();
        let first = first?;
        self.nodes[turn.index()] = turn_of(first, done);
        let begin = match &each.items {
            // There is a first one: what its turn sets is set for certain.
            Items::List(items) if !items.is_empty() => self.push(turn_of(first, first))?,
            Items::List(_) | Items::Expression(_) => turn,
        };
        let next = self.push(Node::Loop {
            depth,
            turns: 0,
            next: begin,
        })?;
        self.push(Node::Act {
            act: leaves.acts.items(place, each, leaves.reader),
            next,
            on_fail: exits.on_fail,
        })
    }
}
