//! Requests, and what holds for all of them.

use super::{
    auth, codes,
    collection::{entries, literal},
    connecting::connecting,
    context::Context,
    expect::expect,
    extract::extractions,
    fields::Fields,
    node::{Node, NodeKind},
    parts::{filled, pairs, parts},
    tls::tls,
    value,
};
use crate::{
    base::{method::Method, redirects::Redirects, value::Value},
    plan::{
        ast::{Aim, Defaults, Literal, OnFail, Payload, Request, Submit, Text, Timeout},
        keys::{self, Section, Shape},
    },
    source::{Diagnostic, Span, Spanned},
};

/// A step that sends a request; its section is that of the method.
pub(super) fn request(
    method: Method,
    section: &'static Section,
    fields: &mut Fields<'_>,
    ctx: &mut Context<'_>,
) -> Request {
    let url = fields.field(section.keys[0].name, ctx, value::full_text);
    // A wrong URL was told of; any right one keeps later checks silent.
    let url = url.unwrap_or_else(|| Spanned::new("/".to_owned(), fields.head()));
    let query = fields.field("query", ctx, pairs).unwrap_or_default();
    let payload = match method {
        Method::Post | Method::Put | Method::Patch | Method::Delete => payload(fields, ctx),
        Method::Get | Method::Head | Method::Options => None,
    };
    let request = common(Aim::Url { method, url }, fields, ctx);
    Request {
        query,
        payload,
        ..request
    }
}

/// A step that sends a form of the page last received.
pub(super) fn submit(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Request {
    let form = fields.field("submit", ctx, value::full_text);
    let submit = Submit {
        form: form.unwrap_or_else(|| Spanned::new("form".to_owned(), fields.head())),
        button: fields.field("button", ctx, value::full_text),
        fields: fields.field("fields", ctx, filled).unwrap_or_default(),
    };
    common(Aim::Form(submit), fields, ctx)
}

/// One of them; that there are not two is told when the step is closed.
fn payload(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Option<Payload> {
    let form = fields.field("form", ctx, pairs).map(Payload::Form);
    let json = fields.field("json", ctx, json).map(Payload::Json);
    let text = fields.field("body", ctx, value::field).map(Payload::Text);
    let multipart = fields.field("multipart", ctx, parts);
    let file = fields.field("body_file", ctx, value::full_text);
    let multipart = multipart.map(Payload::Multipart);
    let file = file.map(Payload::File);
    form.or(json).or(text).or(multipart).or(file)
}

/// Any value that JSON has a sign for.
fn json(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Literal>> {
    let value = literal(node, ctx)?;
    infinite(&value, ctx);
    Some(value)
}

fn infinite(value: &Spanned<Literal>, ctx: &mut Context<'_>) {
    match &value.value {
        Literal::Plain(Value::Float(number)) if !number.is_finite() => {
            ctx.tell(
                Diagnostic::error(
                    codes::BAD_VALUE,
                    "JSON has no number that is infinite or none",
                )
                .at(value.span, "it would be sent as null")
                .help("write `null` if you mean it, or a text in quotes"),
            );
        }
        Literal::Plain(_) | Literal::Text(_) => {}
        Literal::List(items) => items.iter().for_each(|item| infinite(item, ctx)),
        Literal::Map(entries) => entries.iter().for_each(|(_, item)| infinite(item, ctx)),
    }
}

fn redirects(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Redirects>> {
    let Some(Shape::Choice(words)) = keys::GET.key("redirects").map(|key| key.shape) else {
        unreachable!("the table says that it is a choice");
    };
    let word = value::choice(node, ctx, words)?;
    let choices = [Redirects::Follow, Redirects::Each, Redirects::None];
    let chosen = choices.into_iter().find(|choice| choice.word() == word);
    chosen.map(|choice| Spanned::new(choice, node.span))
}

/// What holds for all of them.
fn common(aim: Aim, fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Request {
    let headers = fields.field("headers", ctx, headers).unwrap_or_default();
    let auth = fields.field("auth", ctx, auth::auth);
    auth::beside_headers(auth.as_ref(), &headers, ctx);
    Request {
        aim,
        name: fields.field("name", ctx, value::full_text),
        query: Vec::new(),
        headers,
        auth,
        payload: None,
        redirects: fields.field("redirects", ctx, redirects),
        timeout: fields.field("timeout", ctx, timeout).unwrap_or_default(),
        expect: fields.field("expect", ctx, expect).unwrap_or_default(),
        extract: fields
            .field("extract", ctx, extractions)
            .unwrap_or_default(),
        on_fail: fields.field("on_fail", ctx, on_fail).unwrap_or_default(),
    }
}

/// `10s`, or `{ total: 10s, connect: 2s, response: 5s }`.
fn timeout(node: &Node, ctx: &mut Context<'_>) -> Option<Timeout> {
    if !matches!(node.kind, NodeKind::Map(_)) {
        return Some(Timeout {
            total: value::some_time(node, ctx),
            ..Timeout::default()
        });
    }
    let mut fields = Fields::open(&keys::TIMEOUTS, node, ctx)?;
    let timeout = Timeout {
        total: fields.field("total", ctx, value::some_time),
        connect: fields.field("connect", ctx, value::some_time),
        response: fields.field("response", ctx, value::some_time),
    };
    fields.close(ctx);
    Some(timeout)
}

fn on_fail(node: &Node, ctx: &mut Context<'_>) -> Option<OnFail> {
    let Some(Shape::Choice(words)) = keys::GET.key("on_fail").map(|key| key.shape) else {
        unreachable!("the table says that it is a choice");
    };
    match value::choice(node, ctx, words)? {
        "leave_task" => Some(OnFail::LeaveTask),
        "continue" => Some(OnFail::Continue),
        "stop_user" => Some(OnFail::StopUser),
        "stop_run" => Some(OnFail::StopRun),
        word => unreachable!("`{word}` is in the table and not here"),
    }
}

/// Header by header; their names know no upper and lower case.
pub(super) fn headers(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<(Text, Text)>> {
    let entries = entries(node, ctx, "a mapping of headers to their values")?;
    let mut headers: Vec<(Text, Text)> = Vec::new();
    let mut names: std::collections::HashMap<String, Span> = std::collections::HashMap::new();
    for entry in entries {
        let name = &entry.key;
        if !keys::is_header_name(name) {
            ctx.tell(
                Diagnostic::error(
                    codes::BAD_VALUE,
                    format!("`{}` cannot be the name of a header", name.value),
                )
                .at(name.span, "only letters, digits and `-`"),
            );
        }
        if let Some(first) = names.insert(name.to_ascii_lowercase(), name.span) {
            ctx.tell(
                Diagnostic::error(
                    codes::DUPLICATE,
                    format!("the header `{}` is there twice", name.value),
                )
                .at(name.span, "again here")
                .at(first, "first here"),
            );
        }
        if let Some(value) = ctx.under(name, |ctx| value::field(&entry.value, ctx)) {
            headers.push((name.clone(), value));
        }
    }
    Some(headers)
}

/// `defaults` of a plan or a class.
pub(super) fn defaults(node: &Node, ctx: &mut Context<'_>) -> Option<Defaults> {
    let mut fields = Fields::open(&keys::DEFAULTS, node, ctx)?;
    let headers = fields.field("headers", ctx, headers).unwrap_or_default();
    let auth = fields.field("auth", ctx, auth::auth);
    auth::beside_headers(auth.as_ref(), &headers, ctx);
    let defaults = Defaults {
        timeout: fields.field("timeout", ctx, timeout).unwrap_or_default(),
        redirects: fields.field("redirects", ctx, redirects),
        headers,
        auth,
        expect: fields.field("expect", ctx, expect).unwrap_or_default(),
        tls: fields.field("tls", ctx, tls).unwrap_or_default(),
        connecting: connecting(&mut fields, ctx),
    };
    fields.close(ctx);
    Some(defaults)
}
