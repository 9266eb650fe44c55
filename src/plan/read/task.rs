//! Tasks: lists of steps, and sets.

use super::{
    body::body,
    codes,
    collection::{entries, list, literal, nothing_in, variable_name},
    context::Context,
    fields::Fields,
    node::{Entry, Node, NodeKind},
    step::{kinds, some_steps, steps},
    tags::tags,
    value,
};
use crate::{
    plan::{
        ast::{Parameter, Set, Step, Task, TaskKind, Text},
        keys::{self, WAIT_STEP},
    },
    source::Diagnostic,
};

/// `tasks` of a file. Names are kept, whatever is wrong with the steps.
pub(super) fn tasks(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Task>> {
    let Some(entries) = entries(node, ctx, "a mapping of task names to steps") else {
        ctx.lose_names();
        return None;
    };
    let tasks = entries.iter().map(|entry| {
        let name = task_name_key(entry, ctx);
        ctx.under(&entry.key, |ctx| task(name, &entry.value, ctx))
    });
    Some(tasks.collect())
}

fn task_name_key(entry: &Entry, ctx: &mut Context<'_>) -> Text {
    let name = &entry.key;
    if name.value == WAIT_STEP {
        ctx.tell(
            Diagnostic::error(codes::BAD_VALUE, "a task cannot be called `wait`")
                .at(name.span, "as a step, `wait` is the class's own wait")
                .help("give it another name"),
        );
    } else if name.trim().is_empty() {
        ctx.tell(Diagnostic::error(codes::BAD_VALUE, "a task needs a name").at(name.span, "empty"));
    }
    name.clone()
}

/// A task: its steps, or a mapping. It is kept, whatever is wrong with it.
fn task(name: Text, node: &Node, ctx: &mut Context<'_>) -> Task {
    let of_steps = |steps: Option<Vec<Step>>| TaskKind::Steps(steps.unwrap_or_default());
    let (tags, params, kind) = match &node.kind {
        NodeKind::Map(entries) if entries.is_empty() => {
            nothing_in(node, ctx, "a list of steps");
            (Vec::new(), Vec::new(), of_steps(None))
        }
        NodeKind::Map(entries) if is_step(entries) => {
            let path = ctx.path();
            let diagnostic = Diagnostic::error(
                codes::WRONG_TYPE,
                format!("`{path}` should be a list of steps, not a single step"),
            )
            .at(entries[0].key.span, "expected a list of steps")
            .help(ctx.as_item());
            ctx.tell(diagnostic);
            (Vec::new(), Vec::new(), of_steps(None))
        }
        NodeKind::Map(_) => mapping(node, ctx),
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => {
            (Vec::new(), Vec::new(), of_steps(some_steps(node, ctx)))
        }
    };
    Task {
        name,
        tags,
        params,
        kind,
    }
}

/// Whether a mapping in place of a task is one of its steps.
fn is_step(entries: &[Entry]) -> bool {
    let has = |name: &str| entries.iter().any(|entry| entry.key.value == name);
    let is_task = keys::TASK.groups.iter().flat_map(|group| group.keys);
    !is_task.copied().any(has) && kinds().iter().any(|kind| has(kind))
}

/// Keys that only sets have.
const OF_SETS: [&str; 5] = ["on_start", "wait", "rounds", "until", "on_stop"];

fn mapping(node: &Node, ctx: &mut Context<'_>) -> (Vec<Text>, Vec<Parameter>, TaskKind) {
    let Some(mut fields) = Fields::open(&keys::TASK, node, ctx) else {
        return (Vec::new(), Vec::new(), TaskKind::Steps(Vec::new()));
    };
    let tags = fields.field("tags", ctx, tags).unwrap_or_default();
    let params = fields.field("params", ctx, params).unwrap_or_default();
    let steps_at = fields.key_span("steps");
    let own_steps = fields.field("steps", ctx, some_steps);
    let set = Set {
        on_start: fields.field("on_start", ctx, steps).unwrap_or_default(),
        body: body(&mut fields, ctx),
        wait: fields.field("wait", ctx, value::wait),
        rounds: fields.field("rounds", ctx, value::rounds),
        until: fields.field("until", ctx, value::expression),
        on_stop: fields.field("on_stop", ctx, steps).unwrap_or_default(),
    };
    if let Some(steps_at) = steps_at {
        for key in OF_SETS {
            let Some(place) = fields.key_span(key) else {
                continue;
            };
            ctx.tell(
                Diagnostic::error(
                    codes::CONFLICT,
                    format!("`{key}` belongs to a set, and `steps` make none"),
                )
                .at(place, "what is not gone round has none")
                .at(steps_at, "run once, without waits between")
                .help("call it `sequence` in place of `steps`: a round of these in order, a wait after each"),
            );
        }
    }
    fields.close(ctx);
    let kind = match own_steps {
        Some(steps) => TaskKind::Steps(steps),
        None if steps_at.is_some() => TaskKind::Steps(Vec::new()),
        None => TaskKind::Set(Box::new(set)),
    };
    (tags, params, kind)
}

/// A list of names, or a mapping of names to what they are if not given.
fn params(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Parameter>> {
    const EXPECTED: &str = "a list of names, or a mapping of names to what they are if not given";
    match &node.kind {
        NodeKind::Map(entries) => {
            let with_default = entries.iter().map(|entry| Parameter {
                name: variable_name(&entry.key, "a parameter", ctx),
                default: ctx.under(&entry.key, |ctx| literal(&entry.value, ctx)),
            });
            Some(with_default.collect())
        }
        NodeKind::List(_) | NodeKind::Scalar(_) | NodeKind::Broken => {
            let mut known: Vec<Text> = Vec::new();
            list(node, ctx, EXPECTED, |item, ctx| {
                let name = value::full_text(item, ctx)?;
                let name = variable_name(&name, "a parameter", ctx);
                if let Some(first) = known.iter().find(|known| known.value == name.value) {
                    ctx.tell(
                        Diagnostic::error(
                            codes::DUPLICATE,
                            format!("the parameter `{}` is there twice", name.value),
                        )
                        .at(name.span, "again here")
                        .at(first.span, "first here"),
                    );
                    return None;
                }
                known.push(name.clone());
                Some(Parameter {
                    name,
                    default: None,
                })
            })
        }
    }
}
