//! Steps.

use super::{
    body::drawn,
    codes,
    collection::{full_list, literal, nothing_in, variables},
    context::Context,
    fields::{Fields, all_of, one_of},
    flow,
    node::{Entry, Node, NodeKind},
    request, value,
};
use crate::{
    base::{method::Method, value::Value},
    plan::{
        ast::{Call, Literal, Record, Step, StepKind, Text, Variable},
        keys::{self, Section, WAIT_STEP},
    },
    source::{Diagnostic, Spanned, nearest},
};

/// A list of steps that may be empty.
pub(super) fn steps(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Step>> {
    super::collection::list(node, ctx, "a list of steps", step)
}

/// A list of at least one step.
pub(super) fn some_steps(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Step>> {
    full_list(node, ctx, "a list of steps", step)
}

/// A task's name, or a mapping with exactly one of the keys that are steps.
fn step(node: &Node, ctx: &mut Context<'_>) -> Option<Step> {
    let (when, kind) = match &node.kind {
        NodeKind::Scalar(_) => (None, named(value::full_text(node, ctx)?, ctx)?),
        NodeKind::Map(entries) => mapping(kind_of(node, entries, ctx)?, node, ctx)?,
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
        when,
        kind,
    })
}

/// The guard and the rest of a step that is a mapping.
fn mapping(kind: Kind, node: &Node, ctx: &mut Context<'_>) -> Option<(Option<Text>, StepKind)> {
    let section = match kind {
        Kind::Request(_, section) => section,
        Kind::Submit => &keys::SUBMIT,
        Kind::Task => &keys::RUN_TASK,
        Kind::Wait => &keys::THINK,
        Kind::Set => &keys::SET,
        Kind::Unset => &keys::UNSET,
        Kind::Record => &keys::RECORD,
        Kind::Log => &keys::LOG,
        Kind::If => &keys::IF,
        Kind::Repeat => &keys::REPEAT,
        Kind::For => &keys::FOR,
        Kind::Choose => &keys::CHOOSE,
        Kind::Group => &keys::GROUP,
        Kind::Parallel => &keys::PARALLEL,
        Kind::Meet => &keys::MEET,
        Kind::Stop => &keys::STOP,
    };
    let mut fields = Fields::open(section, node, ctx)?;
    let when = fields.field("when", ctx, value::expression);
    let fields_mut = &mut fields;
    let kind = match kind {
        Kind::Request(method, section) => Some(StepKind::Request(Box::new(request::request(
            method, section, fields_mut, ctx,
        )))),
        Kind::Submit => Some(StepKind::Request(Box::new(request::submit(
            fields_mut, ctx,
        )))),
        Kind::Task => call(fields_mut, ctx).map(StepKind::Task),
        Kind::Wait => fields_mut
            .field("wait", ctx, value::step_wait)
            .map(StepKind::Wait),
        Kind::Set => fields_mut
            .field("set", ctx, some_variables)
            .map(StepKind::Set),
        Kind::Unset => fields_mut.field("unset", ctx, names).map(StepKind::Unset),
        Kind::Record => fields_mut
            .field("record", ctx, recorded)
            .map(|record| StepKind::Record(Box::new(record))),
        Kind::Log => fields_mut
            .field("log", ctx, value::full_text)
            .map(StepKind::Log),
        Kind::If => flow::branch(fields_mut, ctx),
        Kind::Repeat => flow::repeat(fields_mut, ctx),
        Kind::For => flow::each(fields_mut, ctx),
        Kind::Choose => fields_mut.field("choose", ctx, drawn).map(StepKind::Choose),
        Kind::Group => flow::group(fields_mut, ctx),
        Kind::Parallel => flow::parallel(fields_mut, ctx),
        Kind::Meet => flow::meet(fields_mut, ctx),
        Kind::Stop => flow::stop(fields_mut, ctx),
    };
    fields.close(ctx);
    Some((when, kind?))
}

fn call(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Option<Call> {
    let name = fields.field("task", ctx, value::full_text);
    let with = fields.field("with", ctx, variables).unwrap_or_default();
    Some(Call { name: name?, with })
}

fn some_variables(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Variable>> {
    if matches!(&node.kind, NodeKind::Map(entries) if entries.is_empty()) {
        nothing_in(node, ctx, "a mapping of variables to their values");
    }
    variables(node, ctx)
}

fn names(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Text>> {
    full_list(node, ctx, "a list of variables", value::full_text)
}

fn recorded(node: &Node, ctx: &mut Context<'_>) -> Option<Record> {
    let mut fields = Fields::open(&keys::RECORDED, node, ctx)?;
    let kind = fields.field("type", ctx, value::full_text);
    let name = fields.field("name", ctx, value::full_text);
    let time = fields.field("time", ctx, value::plain_wait);
    let ok = fields.field("ok", ctx, truth);
    fields.close(ctx);
    Some(Record {
        kind: kind?,
        name: name?,
        time,
        ok,
    })
}

/// `true`, `false`, or a template that gives one.
fn truth(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Literal>> {
    let literal = literal(node, ctx)?;
    let fits = match &literal.value {
        Literal::Plain(value) => matches!(value, Value::Bool(_)),
        Literal::Text(text) => text.contains("{{"),
        Literal::List(_) | Literal::Map(_) => false,
    };
    if !fits {
        ctx.wrong_type(node, "true, false, or a template that gives one of them");
        return None;
    }
    Some(literal)
}

/// A bare text: the name of a task, or `wait`.
fn named(name: Text, ctx: &mut Context<'_>) -> Option<StepKind> {
    if name.value == WAIT_STEP {
        return Some(StepKind::Wait(None));
    }
    match without_colon(&name, ctx) {
        None => {}
        Some((Sure::Yes, meant)) => {
            ctx.tell(meant);
            return None;
        }
        Some((Sure::UnlessThereIsSuchATask, meant)) => ctx.doubt(&name, meant),
    }
    Some(StepKind::Task(Call {
        name,
        with: Vec::new(),
    }))
}

/// Whether a text is a step that lacks a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sure {
    Yes,
    /// `log in` is a good name.
    UnlessThereIsSuchATask,
}

/// `- get /` lacks a colon and `- get:/` a space; as names of tasks they would
/// only be unknown.
fn without_colon(name: &Text, ctx: &Context<'_>) -> Option<(Sure, Diagnostic)> {
    let (word, rest) = name.split_once([' ', ':'])?;
    let kind = *kinds()
        .iter()
        .find(|kind| word.eq_ignore_ascii_case(kind))?;
    // Where the space after `:` is missing, the next line seems to go on with it.
    // 'get: /' in quotes is a text.
    if let Some(value) = name[word.len()..].strip_prefix(": ") {
        let meant = ctx.spelled_item(kind, value.trim());
        let whole = ctx.with_quotes(name.span);
        let diagnostic = Diagnostic::error(
            codes::BAD_VALUE,
            format!("`{}` is read as the name of a task", name.value),
        );
        let diagnostic = diagnostic.at(whole, "quotes make one text of it");
        return Some((Sure::Yes, diagnostic.write(whole, meant).certain()));
    }
    let glued = name[word.len()..].starts_with(':');
    let rest = if glued {
        rest.split(' ').next().unwrap_or(rest)
    } else {
        rest.trim_start_matches([' ', '=']).trim()
    };
    let read = &name[..=word.len()];
    let diagnostic = Diagnostic::error(
        codes::BAD_VALUE,
        format!("`{read}{rest}` is read as the name of a task"),
    );
    let meant = ctx.spelled_item(kind, rest);
    if glued {
        let place = name.span.within(0..word.len() + 1);
        let diagnostic = diagnostic.at(place, "a space is missing after `:`");
        let diagnostic = diagnostic.fix(place, format!("{kind}: "), format!("write `{meant}`"));
        return Some((Sure::Yes, diagnostic.certain()));
    }
    let diagnostic = diagnostic.at(name.span, format!("`{kind}` without a `:` after it"));
    let diagnostic = diagnostic.write(name.span, meant).certain();
    let is_address = ["/", "http", "{{", "'", "\""]
        .iter()
        .any(|begin| rest.starts_with(begin));
    let sure = match is_address {
        true => Sure::Yes,
        false => Sure::UnlessThereIsSuchATask,
    };
    Some((sure, diagnostic))
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Request(Method, &'static Section),
    Submit,
    Task,
    Wait,
    Set,
    Unset,
    Record,
    Log,
    If,
    Repeat,
    For,
    Choose,
    Group,
    Parallel,
    Meet,
    Stop,
}

/// In the order of [`keys::STEPS`].
static KINDS: &[Kind] = &[
    Kind::Request(Method::Get, &keys::GET),
    Kind::Request(Method::Post, &keys::POST),
    Kind::Request(Method::Put, &keys::PUT),
    Kind::Request(Method::Patch, &keys::PATCH),
    Kind::Request(Method::Delete, &keys::DELETE),
    Kind::Request(Method::Head, &keys::HEAD),
    Kind::Request(Method::Options, &keys::OPTIONS),
    Kind::Submit,
    Kind::Task,
    Kind::Wait,
    Kind::Set,
    Kind::Unset,
    Kind::Record,
    Kind::Log,
    Kind::If,
    Kind::Repeat,
    Kind::For,
    Kind::Choose,
    Kind::Group,
    Kind::Parallel,
    Kind::Meet,
    Kind::Stop,
];

/// The key that tells what a step does.
fn telling(section: &Section) -> &'static str {
    section.keys[0].name
}

pub(super) fn kinds() -> Vec<&'static str> {
    keys::STEPS.iter().copied().map(telling).collect()
}

/// What other tools call it, and what it is called here.
const FOREIGN: &[(&str, &str)] = &[
    ("sleep", "write `wait`"),
    (
        "think",
        "write `wait: think` for the class's own wait, or `wait: 2s`",
    ),
    ("pause", "write `wait`"),
    ("print", "write `log`"),
    ("run", "write `task`"),
    ("while", "write `repeat: { while: …, max: 100 }` with `do`"),
    ("loop", "write `repeat: 3` with `do`"),
    ("foreach", "write `for: item` with `in` and `do`"),
    ("do", "it belongs to a step with `repeat`, `for` or `group`"),
    ("transaction", "write `group: NAME` with `do`"),
    ("batch", "write `parallel` with the requests"),
    (
        "rendezvous",
        "write `meet: { name: …, users: 10, timeout: 1m }`",
    ),
    ("then", "it belongs to a step with `if`"),
    ("else", "it belongs to a step with `if` and `then`"),
    ("request", "write the method and the URL: `get: /`"),
];

/// A word of another tool in a step that is none.
fn foreign(entries: &[Entry]) -> Option<(&Entry, &'static str)> {
    entries.iter().find_map(|entry| {
        let (_, hint) = FOREIGN.iter().find(|(word, _)| *word == entry.key.value)?;
        Some((entry, *hint))
    })
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
            let mut near = entries.iter().filter_map(|entry| {
                nearest(&entry.key, names.iter().copied()).map(|near| (entry, near))
            });
            let diagnostic = match near.next() {
                Some((entry, near)) => Diagnostic::error(
                    codes::UNKNOWN_KEY,
                    format!("`{}` is not a key of a step", entry.key.value),
                )
                .at(entry.key.span, "unknown key")
                .fix(entry.key.span, near, format!("did you mean `{near}`?")),
                None => match foreign(entries) {
                    Some((entry, hint)) => Diagnostic::error(
                        codes::UNKNOWN_KEY,
                        format!("`{}` is not a key of a step", entry.key.value),
                    )
                    .at(entry.key.span, "unknown key")
                    .help(hint),
                    None => {
                        Diagnostic::error(codes::MISSING, "this step does not say what it does")
                            .at(place, "a step begins here")
                            .help(format!("a step needs one of {}", all_of(&names)))
                    }
                },
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
