//! Steps that hold steps, or end something.

use super::{context::Context, fields::Fields, node::Node, step::some_steps, value};
use crate::plan::ast::{Branch, Step, StepKind, Stop, Text};

/// `if: EXPR` with `then` and `else`.
pub(super) fn branch(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Option<StepKind> {
    Some(StepKind::If(Box::new(Branch {
        condition: condition("if", fields, ctx),
        then: within("then", fields, ctx),
        otherwise: within("else", fields, ctx),
    })))
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
