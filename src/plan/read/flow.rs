//! Steps that hold steps, or end something.

use super::{
    collection::{list, literal, variable_name},
    context::Context,
    fields::Fields,
    node::{Node, NodeKind},
    step::some_steps,
    value,
};
use crate::{
    plan::{
        ast::{Branch, For, Items, Repeat, Step, StepKind, Stop, Text, Turns},
        keys,
    },
    source::Spanned,
};

/// `if: EXPR` with `then` and `else`.
pub(super) fn branch(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Option<StepKind> {
    Some(StepKind::If(Box::new(Branch {
        condition: condition("if", fields, ctx),
        then: within("then", fields, ctx),
        otherwise: within("else", fields, ctx),
    })))
}

/// `repeat: 3` or `repeat: { while: EXPR, max: N }`, with `do`.
pub(super) fn repeat(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Option<StepKind> {
    let place = fields.key_span("repeat").unwrap_or_else(|| fields.head());
    let turns = fields.field("repeat", ctx, turns);
    Some(StepKind::Repeat(Box::new(Repeat {
        turns: turns.unwrap_or(Turns::Count(Spanned::new(1, place))),
        steps: within("do", fields, ctx),
    })))
}

fn turns(node: &Node, ctx: &mut Context<'_>) -> Option<Turns> {
    let NodeKind::Map(_) = &node.kind else {
        return value::whole(node, ctx, 0).map(Turns::Count);
    };
    let mut fields = Fields::open(&keys::TURNS, node, ctx)?;
    let condition = condition("while", &mut fields, ctx);
    let max = fields.field("max", ctx, |node, ctx| value::whole(node, ctx, 0));
    fields.close(ctx);
    Some(Turns::While {
        condition,
        max: max?,
    })
}

/// `for: NAME`, `in: EXPR` and `do`.
pub(super) fn each(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Option<StepKind> {
    let item = fields.field("for", ctx, |node, ctx| {
        let name = value::full_text(node, ctx)?;
        Some(variable_name(&name, "an item", ctx))
    });
    let place = fields.key_span("in").unwrap_or_else(|| fields.head());
    let items = fields.field("in", ctx, items);
    let steps = within("do", fields, ctx);
    if item.is_none() {
        // Its steps may read an item whose name was not understood.
        ctx.lose_names();
    }
    Some(StepKind::For(Box::new(For {
        item: item?,
        items: items.unwrap_or(Items::List(Spanned::new(Vec::new(), place))),
        steps,
    })))
}

fn items(node: &Node, ctx: &mut Context<'_>) -> Option<Items> {
    match &node.kind {
        NodeKind::List(_) => {
            let items = list(node, ctx, "a list", literal)?;
            Some(Items::List(Spanned::new(items, node.span)))
        }
        NodeKind::Scalar(_) | NodeKind::Map(_) | NodeKind::Broken => {
            value::expression(node, ctx).map(Items::Expression)
        }
    }
}

/// `stop: user` or `stop: run`.
pub(super) fn stop(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Option<StepKind> {
    let what = |node: &Node, ctx: &mut Context<'_>| value::choice(node, ctx, &["user", "run"]);
    let word = fields.field("stop", ctx, what)?;
    Some(StepKind::Stop(match word {
        "user" => Stop::User,
        _ => Stop::Run,
    }))
}

/// An expression. In place of one that could not be read stands one that holds, so
/// that the steps behind it are read, and what they name is known.
fn condition(key: &'static str, fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Text {
    let place = fields.key_span(key).unwrap_or_else(|| fields.head());
    let condition = fields.field(key, ctx, value::expression);
    condition.unwrap_or_else(|| Text::new("true".to_owned(), place))
}

/// The steps that a step holds: those that could be read.
fn within(key: &'static str, fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Vec<Step> {
    fields.field(key, ctx, some_steps).unwrap_or_default()
}
