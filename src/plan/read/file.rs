//! The keys of a whole file: of a plan, and of a fragment for others to include.

use super::{
    class, codes,
    collection::{entries, list, variable_name, variables},
    context::Context,
    data,
    fields::{Fields, all_of},
    load,
    node::{Entry, Node, NodeKind},
    request, step, task, value,
};
use crate::{
    base::threshold::Threshold,
    plan::{
        ast::{DataSource, Environment, Plan, PlanKind, Task, Text},
        keys,
    },
    source::{Diagnostic, Span, Spanned},
};

/// What a file brings to the plan that it belongs to, whichever it is.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) include: Vec<Text>,
    pub(super) data: Vec<DataSource>,
    pub(super) tasks: Vec<Task>,
}

/// Reads the root plan into `plan`, except for what files share.
pub(super) fn root(node: &Node, plan: &mut Plan, ctx: &mut Context<'_>) -> Shared {
    let Some(mut fields) = Fields::open(&keys::PLAN, node, ctx) else {
        ctx.lose_names();
        return Shared::default();
    };
    let users = fields.key_span("users");
    fields.field("plan", ctx, value::version);
    plan.name = fields.field("name", ctx, value::full_text);
    plan.description = fields.field("description", ctx, value::full_text);
    plan.target = fields.field("target", ctx, value::base_url);
    plan.vars = fields.field("vars", ctx, variables).unwrap_or_default();
    plan.secrets = fields.field("secrets", ctx, secrets).unwrap_or_default();
    plan.defaults = fields
        .field("defaults", ctx, request::defaults)
        .unwrap_or_default();
    plan.setup = fields.field("setup", ctx, step::steps).unwrap_or_default();
    plan.teardown = fields
        .field("teardown", ctx, step::steps)
        .unwrap_or_default();
    plan.users = fields
        .field("users", ctx, class::classes)
        .unwrap_or_default();
    let load_span = fields.key_span("load");
    plan.load = fields.field("load", ctx, load::load).unwrap_or_default();
    plan.load.span = load_span;
    plan.thresholds = fields
        .field("thresholds", ctx, thresholds)
        .unwrap_or_default();
    plan.environments = fields
        .field("environments", ctx, environments)
        .unwrap_or_default();
    let shared = shared(&mut fields, ctx);
    let head = fields.head();
    fields.close(ctx);
    if users.is_none() {
        plan.kind = PlanKind::Fragment;
        without_users(node, head, plan, ctx);
    }
    shared
}

fn environments(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Environment>> {
    let entries = entries(node, ctx, "a mapping of names to environments")?;
    let one = |entry: &Entry, ctx: &mut Context<'_>| {
        let mut fields = Fields::open(&keys::ENVIRONMENT, &entry.value, ctx)?;
        let read = Environment {
            name: entry.key.clone(),
            target: fields.field("target", ctx, value::base_url),
            vars: fields.field("vars", ctx, variables).unwrap_or_default(),
            defaults: fields
                .field("defaults", ctx, request::defaults)
                .unwrap_or_default(),
            load: fields.field("load", ctx, load::load).unwrap_or_default(),
            thresholds: fields.field("thresholds", ctx, thresholds),
        };
        fields.close(ctx);
        Some(read)
    };
    let read = entries
        .iter()
        .filter_map(|entry| ctx.under(&entry.key, |ctx| one(entry, ctx)));
    Some(read.collect())
}

fn thresholds(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Spanned<Threshold>>> {
    list(node, ctx, "a list of thresholds", value::threshold)
}

/// `secrets`: names, each once.
fn secrets(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Text>> {
    let mut known: Vec<Text> = Vec::new();
    list(node, ctx, "a list of names", |node, ctx| {
        let name = value::full_text(node, ctx)?;
        if let Some(first) = known.iter().find(|first| first.value == name.value) {
            ctx.tell(
                Diagnostic::error(
                    codes::DUPLICATE,
                    format!("the secret `{}` is there twice", name.value),
                )
                .at(name.span, "again here")
                .at(first.span, "first here"),
            );
            return None;
        }
        let name = variable_name(&name, "a secret", ctx);
        known.push(name.clone());
        Some(name)
    })
}

/// A file without `users` is for others to include, unless it says more than
/// such a file can: then `users` is missing.
fn without_users(node: &Node, head: Span, plan: &mut Plan, ctx: &mut Context<'_>) {
    let NodeKind::Map(entries) = &node.kind else {
        return;
    };
    let beyond: Vec<&str> = entries
        .iter()
        .map(|entry| entry.key.as_str())
        .filter(|name| keys::PLAN.key(name).is_some() && keys::FRAGMENT.key(name).is_none())
        .collect();
    if beyond.is_empty() {
        return;
    }
    plan.kind = PlanKind::Whole;
    // Nothing below can be checked without them: who runs a task is unknown.
    ctx.lose_names();
    let shared: Vec<&str> = keys::FRAGMENT.keys.iter().map(|key| key.name).collect();
    ctx.tell(
        Diagnostic::error(codes::MISSING, "`users` is missing: nobody does anything")
            .at(head, "a plan needs `users`")
            .help(format!(
                "a file for others to include has no users, but only {}; this one has {} too",
                all_of(&shared),
                all_of(&beyond),
            )),
    );
}

/// Reads a file that another one includes.
pub(super) fn fragment(node: &Node, ctx: &mut Context<'_>) -> Shared {
    let Some(mut fields) = Fields::open(&keys::FRAGMENT, node, ctx) else {
        ctx.lose_names();
        return Shared::default();
    };
    fields.field("plan", ctx, value::version);
    let shared = shared(&mut fields, ctx);
    fields.close(ctx);
    shared
}

/// The place of `users` in a file that should have none.
pub(super) fn users_key(node: &Node) -> Option<Span> {
    match &node.kind {
        NodeKind::Map(entries) => entries
            .iter()
            .find(|entry| entry.key.value == "users")
            .map(|entry| entry.key.span),
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => None,
    }
}

fn shared(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Shared {
    let include = fields.field("include", ctx, |node, ctx| {
        let files = list(node, ctx, "a list of files", value::full_text);
        if files.is_none() {
            ctx.lose_names();
        }
        files
    });
    Shared {
        include: include.unwrap_or_default(),
        data: fields.field("data", ctx, data::sources).unwrap_or_default(),
        tasks: fields.field("tasks", ctx, task::tasks).unwrap_or_default(),
    }
}
