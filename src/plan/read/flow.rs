//! Steps that hold steps, or end something.

use super::{
    codes,
    collection::{list, literal, variable_name},
    context::Context,
    fields::Fields,
    node::{Node, NodeKind},
    step::some_steps,
    value,
};
use crate::{
    plan::{
        ast::{Aim, Branch, For, Group, Items, Meet, Repeat, Step, StepKind, Stop, Text, Turns},
        keys,
    },
    source::{Diagnostic, Spanned},
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

/// `group: NAME` with `do`.
pub(super) fn group(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Option<StepKind> {
    let place = fields.key_span("group").unwrap_or_else(|| fields.head());
    let name = fields.field("group", ctx, fixed_name);
    Some(StepKind::Group(Box::new(Group {
        name: name.unwrap_or_else(|| Text::new(String::new(), place)),
        steps: within("do", fields, ctx),
    })))
}

/// `parallel: [REQUEST, …]`.
pub(super) fn parallel(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Option<StepKind> {
    let mut steps = within("parallel", fields, ctx);
    steps.retain(|step| {
        let (fits, why) = match &step.kind {
            StepKind::Request(request) => match request.aim {
                Aim::Url { .. } => (true, ""),
                Aim::Form(_) => (false, "a form is sent by itself"),
            },
            _ => (false, "this is no request"),
        };
        if !fits {
            ctx.tell(
                Diagnostic::error(codes::BAD_VALUE, "only requests with a URL go side by side")
                    .at(step.span, why)
                    .help("put it before or behind the `parallel`"),
            );
        }
        fits
    });
    Some(StepKind::Parallel(steps))
}

/// `meet: { name, users, timeout }`.
pub(super) fn meet(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Option<StepKind> {
    let meet = fields.field("meet", ctx, |node, ctx| {
        let mut fields = Fields::open(&keys::MEETING, node, ctx)?;
        let name = fields.field("name", ctx, fixed_name);
        let users = fields.field("users", ctx, |node, ctx| value::whole(node, ctx, 2));
        let timeout = fields.field("timeout", ctx, value::some_time);
        fields.close(ctx);
        Some(Meet {
            name: name?,
            users: users?,
            timeout: timeout?,
        })
    })?;
    Some(StepKind::Meet(Box::new(meet)))
}

/// A name that is known before the run: there is one row for it.
fn fixed_name(node: &Node, ctx: &mut Context<'_>) -> Option<Text> {
    let name = value::full_text(node, ctx)?;
    if name.contains("{{") {
        ctx.tell(
            Diagnostic::error(codes::BAD_VALUE, "this name is no template")
                .at(name.span, "it is the same for all users"),
        );
        return None;
    }
    Some(name)
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
