//! Steps, and the tasks that are lists of them.

use super::{
    codes,
    collection::{entries, full_list, nothing_in},
    context::Context,
    fields::{Fields, all_of, one_of},
    node::{Entry, Node, NodeKind},
    request, value,
};
use crate::{
    base::method::Method,
    plan::{
        ast::{Step, StepKind, Task, Text},
        keys::{self, Section, WAIT_STEP},
    },
    source::{Diagnostic, nearest},
};

/// A list of steps that may be empty.
pub(super) fn steps(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Step>> {
    super::collection::list(node, ctx, "a list of steps", step)
}

/// A list of at least one step.
pub(super) fn some_steps(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Step>> {
    full_list(node, ctx, "a list of steps", step)
}

/// `tasks` of a file. Names are kept, whatever is wrong with the steps.
pub(super) fn tasks(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Task>> {
    let Some(entries) = entries(node, ctx, "a mapping of task names to steps") else {
        ctx.lose_names();
        return None;
    };
    let tasks = entries.iter().map(|entry| {
        let name = task_name_key(entry, ctx);
        let steps = ctx.under(&entry.key, |ctx| task(&entry.value, ctx));
        Task {
            name,
            steps: steps.unwrap_or_default(),
        }
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

/// A task: its steps, or a mapping with `steps`.
fn task(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Step>> {
    match &node.kind {
        NodeKind::Map(entries) if entries.is_empty() => {
            nothing_in(node, ctx, "a list of steps");
            None
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
            None
        }
        NodeKind::Map(_) => {
            let mut fields = Fields::open(&keys::TASK, node, ctx)?;
            let steps = fields.field("steps", ctx, some_steps);
            fields.close(ctx);
            steps
        }
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => some_steps(node, ctx),
    }
}

/// Whether a mapping in place of a task is one of its steps.
fn is_step(entries: &[Entry]) -> bool {
    let has = |name: &str| entries.iter().any(|entry| entry.key.value == name);
    !has("steps") && kinds().iter().any(|kind| has(kind))
}

/// A task's name, or a mapping with exactly one of the keys that are steps.
fn step(node: &Node, ctx: &mut Context<'_>) -> Option<Step> {
    let kind = match &node.kind {
        NodeKind::Scalar(_) => named(value::full_text(node, ctx)?, ctx)?,
        NodeKind::Map(entries) => match kind_of(node, entries, ctx)? {
            Kind::Request(method, section) => {
                StepKind::Request(Box::new(request::request(method, section, node, ctx)?))
            }
            Kind::Task => {
                let mut fields = Fields::open(&keys::RUN_TASK, node, ctx)?;
                let name = fields.field("task", ctx, value::full_text);
                fields.close(ctx);
                StepKind::Task(name?)
            }
            Kind::Wait => {
                let mut fields = Fields::open(&keys::THINK, node, ctx)?;
                let wait = fields.field("wait", ctx, value::step_wait);
                fields.close(ctx);
                StepKind::Wait(wait?)
            }
        },
        NodeKind::List(_) | NodeKind::Broken => {
            let kinds = one_of(&kinds());
            ctx.wrong_type(
                node,
                &format!("a step: a task's name, or a mapping with {kinds}"),
            );
            return None;
        }
    };
    Some(Step {
        span: node.span,
        kind,
    })
}

/// A bare text: the name of a task, or `wait`.
fn named(name: Text, ctx: &mut Context<'_>) -> Option<StepKind> {
    if name.value == WAIT_STEP {
        return Some(StepKind::Wait(None));
    }
    if let Some(meant) = without_colon(&name, ctx) {
        ctx.tell(meant);
        return None;
    }
    Some(StepKind::Task(name))
}

/// `- get /` lacks a colon and `- get:/` a space; as names of tasks they would
/// only be unknown.
fn without_colon(name: &Text, ctx: &Context<'_>) -> Option<Diagnostic> {
    let (word, rest) = name.split_once([' ', ':'])?;
    let kind = *kinds()
        .iter()
        .find(|kind| word.eq_ignore_ascii_case(kind))?;
    // Where the space after `:` is missing, the next line seems to go on with it.
    let glued = name[word.len()..].starts_with(':');
    let rest = if glued {
        rest.split(' ').next().unwrap_or(rest)
    } else {
        rest.trim()
    };
    let read = &name[..=word.len()];
    let diagnostic = Diagnostic::error(
        codes::BAD_VALUE,
        format!("`{read}{rest}` is read as the name of a task"),
    );
    if glued {
        let place = name.span.within(0..word.len() + 1);
        let help = format!("write `{}`", ctx.spelled_item(kind, rest));
        return Some(diagnostic.at(place, "a space is missing after `:`").fix(
            place,
            format!("{kind}: "),
            help,
        ));
    }
    let meant = ctx.spelled_item(kind, rest);
    Some(
        diagnostic
            .at(name.span, format!("`{kind}` without a `:` after it"))
            .write(name.span, meant),
    )
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Request(Method, &'static Section),
    Task,
    Wait,
}

/// In the order of [`keys::STEPS`].
static KINDS: [Kind; 9] = [
    Kind::Request(Method::Get, &keys::GET),
    Kind::Request(Method::Post, &keys::POST),
    Kind::Request(Method::Put, &keys::PUT),
    Kind::Request(Method::Patch, &keys::PATCH),
    Kind::Request(Method::Delete, &keys::DELETE),
    Kind::Request(Method::Head, &keys::HEAD),
    Kind::Request(Method::Options, &keys::OPTIONS),
    Kind::Task,
    Kind::Wait,
];

/// The key that tells what a step does.
fn telling(section: &Section) -> &'static str {
    section.keys[0].name
}

fn kinds() -> [&'static str; 9] {
    keys::STEPS.map(telling)
}

/// Which step a mapping is, if it is exactly one.
fn kind_of(node: &Node, entries: &[Entry], ctx: &mut Context<'_>) -> Option<Kind> {
    let names = kinds();
    let told: Vec<(&Entry, Kind)> = entries
        .iter()
        .filter_map(|entry| {
            let index = names.iter().position(|name| *name == entry.key.value)?;
            Some((entry, KINDS[index]))
        })
        .collect();
    match told.as_slice() {
        [(_, kind)] => Some(*kind),
        [] if entries.iter().any(Entry::is_bare) => None,
        [] => {
            let place = entries.first().map_or(node.span, |entry| entry.key.span);
            let mut near = entries
                .iter()
                .filter_map(|entry| nearest(&entry.key, names).map(|near| (entry, near)));
            let diagnostic = match near.next() {
                Some((entry, near)) => Diagnostic::error(
                    codes::UNKNOWN_KEY,
                    format!("`{}` is not a key of a step", entry.key.value),
                )
                .at(entry.key.span, "unknown key")
                .fix(entry.key.span, near, format!("did you mean `{near}`?")),
                None => Diagnostic::error(codes::MISSING, "this step does not say what it does")
                    .at(place, "a step begins here")
                    .help(format!("a step needs one of {}", all_of(&names))),
            };
            ctx.tell(diagnostic);
            None
        }
        [(first, _), (second, _), ..] => {
            let all: Vec<&str> = told.iter().map(|(entry, _)| entry.key.as_str()).collect();
            ctx.tell(
                Diagnostic::error(
                    codes::CONFLICT,
                    format!("a step does one thing, and this one has {}", all_of(&all)),
                )
                .at(second.key.span, "a second thing")
                .at(first.key.span, "the first thing")
                .help("make two steps of it"),
            );
            None
        }
    }
}
