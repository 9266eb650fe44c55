//! Classes of users.

use std::collections::HashMap;

use super::{
    codes,
    collection::{entries, list, nothing_in, variables},
    context::Context,
    fields::Fields,
    node::{Entry, Node, NodeKind},
    request, step, value,
};
use crate::{
    base::wait::Wait,
    plan::{
        ast::{Body, Class, Defaults, OnStartFail, Share, Weighted},
        keys::{self, Shape},
    },
    source::{Diagnostic, Span, Spanned},
};

/// `users` of a plan. Names are kept, whatever is wrong with the classes.
pub(super) fn classes(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Class>> {
    let Some(entries) = entries(node, ctx, "a mapping of class names to classes") else {
        ctx.lose_names();
        return None;
    };
    if entries.is_empty() {
        nothing_in(node, ctx, "at least one class of users");
        ctx.lose_names();
    }
    let classes = entries.iter().map(|entry| {
        if entry.key.trim().is_empty() {
            ctx.tell(
                Diagnostic::error(codes::BAD_VALUE, "a class of users needs a name")
                    .at(entry.key.span, "empty"),
            );
        }
        ctx.under(&entry.key, |ctx| class(entry, ctx))
    });
    Some(classes.collect())
}

fn class(entry: &Entry, ctx: &mut Context<'_>) -> Class {
    let place = entry.key.span;
    let mut class = Class {
        name: entry.key.clone(),
        share: Share::Weight(Spanned::new(1, place)),
        // Stands in for a wait that is missing or wrong, and was told of.
        wait: Spanned::new(Wait::None, place),
        vars: Vec::new(),
        defaults: Defaults::default(),
        on_start: Vec::new(),
        body: Body::Tasks(Vec::new()),
        on_stop: Vec::new(),
        on_start_fail: OnStartFail::default(),
    };
    let Some(mut fields) = Fields::open(&keys::CLASS, &entry.value, ctx) else {
        return class;
    };
    if let Some(weight) = fields.field("weight", ctx, |node, ctx| value::whole(node, ctx, 0)) {
        class.share = Share::Weight(weight);
    }
    if let Some(count) = fields.field("count", ctx, |node, ctx| value::whole(node, ctx, 1)) {
        class.share = Share::Count(count);
    }
    if let Some(wait) = fields.field("wait", ctx, value::wait) {
        class.wait = wait;
    }
    class.vars = fields.field("vars", ctx, variables).unwrap_or_default();
    class.defaults = fields
        .field("defaults", ctx, request::defaults)
        .unwrap_or_default();
    class.on_start = fields
        .field("on_start", ctx, step::steps)
        .unwrap_or_default();
    if let Some(steps) = fields.field("sequence", ctx, step::some_steps) {
        class.body = Body::Sequence(steps);
    }
    if let Some(drawn) = fields.field("tasks", ctx, drawn) {
        class.body = Body::Tasks(drawn);
    }
    class.on_stop = fields
        .field("on_stop", ctx, step::steps)
        .unwrap_or_default();
    class.on_start_fail = fields
        .field("on_start_fail", ctx, on_start_fail)
        .unwrap_or_default();
    fields.close(ctx);
    class
}

fn on_start_fail(node: &Node, ctx: &mut Context<'_>) -> Option<OnStartFail> {
    let Some(Shape::Choice(words)) = keys::CLASS.key("on_start_fail").map(|key| key.shape) else {
        unreachable!("the table says that it is a choice");
    };
    match value::choice(node, ctx, words)? {
        "new_user" => Some(OnStartFail::NewUser),
        "stop_user" => Some(OnStartFail::StopUser),
        "stop_run" => Some(OnStartFail::StopRun),
        word => unreachable!("`{word}` is in the table and not here"),
    }
}

/// Task name to weight, or a list of names with equal weights.
fn drawn(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Weighted>> {
    const EXPECTED: &str = "a mapping of task names to weights, or a list of task names";
    let drawn = match &node.kind {
        NodeKind::List(_) => drawn_equally(node, ctx, EXPECTED)?,
        NodeKind::Map(_) | NodeKind::Scalar(_) | NodeKind::Broken => {
            entries(node, ctx, EXPECTED)?
                .iter()
                .map(|entry| {
                    let weight = ctx.under(&entry.key, |ctx| value::whole(&entry.value, ctx, 0));
                    Weighted {
                        task: entry.key.clone(),
                        // A wrong weight was told of; the task is drawn all the same.
                        weight: weight.unwrap_or_else(|| Spanned::new(1, entry.value.span)),
                    }
                })
                .collect()
        }
    };
    let empty = match &node.kind {
        NodeKind::List(items) => items.is_empty(),
        NodeKind::Map(entries) => entries.is_empty(),
        NodeKind::Scalar(_) | NodeKind::Broken => false,
    };
    if empty {
        nothing_in(node, ctx, "at least one task");
    }
    Some(drawn)
}

fn drawn_equally(node: &Node, ctx: &mut Context<'_>, expected: &str) -> Option<Vec<Weighted>> {
    let mut places: HashMap<String, Span> = HashMap::new();
    list(node, ctx, expected, |item, ctx| {
        let task = value::full_text(item, ctx)?;
        if let Some(first) = places.get(&task.value) {
            ctx.tell(
                Diagnostic::error(
                    codes::DUPLICATE,
                    format!("the task `{}` is there twice", task.value),
                )
                .at(task.span, "again here")
                .at(*first, "first here")
                .help(format!("give weights instead: `{}: 2`", task.value)),
            );
            return None;
        }
        places.insert(task.value.clone(), task.span);
        let weight = Spanned::new(1, task.span);
        Some(Weighted { task, weight })
    })
}
