//! Classes of users.

use super::{
    body::body,
    codes,
    collection::{entries, nothing_in, variables},
    context::Context,
    fields::Fields,
    load,
    node::{Entry, Node},
    request, step,
    tags::tags,
    value,
};
use crate::{
    base::wait::Wait,
    plan::{
        ast::{Body, Class, Defaults, OnStartFail, Share},
        keys::{self, Shape},
    },
    source::{Diagnostic, Spanned},
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
        tags: Vec::new(),
        share: Share::Weight(Spanned::new(1, place)),
        // Stands in for a wait that is missing or wrong, and was told of.
        wait: Spanned::new(Wait::None, place),
        vars: Vec::new(),
        defaults: Defaults::default(),
        on_start: Vec::new(),
        body: Body::Tasks(Vec::new()),
        on_stop: Vec::new(),
        on_start_fail: OnStartFail::default(),
        load: None,
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
    class.tags = fields.field("tags", ctx, tags).unwrap_or_default();
    class.vars = fields.field("vars", ctx, variables).unwrap_or_default();
    class.defaults = fields
        .field("defaults", ctx, request::defaults)
        .unwrap_or_default();
    class.on_start = fields
        .field("on_start", ctx, step::steps)
        .unwrap_or_default();
    class.body = body(&mut fields, ctx);
    class.on_stop = fields
        .field("on_stop", ctx, step::steps)
        .unwrap_or_default();
    class.on_start_fail = fields
        .field("on_start_fail", ctx, on_start_fail)
        .unwrap_or_default();
    class.load = fields.field("load", ctx, load::class_load);
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
