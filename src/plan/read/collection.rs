//! Lists, and mappings whose keys the author chooses.

use super::{
    codes,
    context::Context,
    node::{Entry, Node, NodeKind},
};
use crate::{
    plan::{
        ast::{Literal, Text, Variable},
        keys,
    },
    source::{Diagnostic, Spanned},
};

use super::node::{ScalarKind, shortened};
use crate::base::value::Value;

/// The items of a list that could be read, in order.
pub(super) fn list<T>(
    node: &Node,
    ctx: &mut Context<'_>,
    expected: &str,
    mut read: impl FnMut(&Node, &mut Context<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    let NodeKind::List(items) = &node.kind else {
        ctx.not_a_list(node, expected);
        return None;
    };
    let read = items
        .iter()
        .enumerate()
        .filter_map(|(index, item)| ctx.item(index, |ctx| read(item, ctx)))
        .collect();
    Some(read)
}

/// As [`list`], and tells of an empty one.
pub(super) fn full_list<T>(
    node: &Node,
    ctx: &mut Context<'_>,
    expected: &str,
    read: impl FnMut(&Node, &mut Context<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    if matches!(&node.kind, NodeKind::List(items) if items.is_empty()) {
        nothing_in(node, ctx, expected);
    }
    list(node, ctx, expected, read)
}

/// The entries of a mapping with names of the author's choice.
pub(super) fn entries<'n>(
    node: &'n Node,
    ctx: &mut Context<'_>,
    expected: &str,
) -> Option<&'n [Entry]> {
    match &node.kind {
        NodeKind::Map(entries) => Some(entries),
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => {
            ctx.wrong_type(node, expected);
            None
        }
    }
}

/// Tells of a list or mapping that has to hold something and does not.
pub(super) fn nothing_in(node: &Node, ctx: &mut Context<'_>, expected: &str) {
    let path = ctx.path();
    ctx.tell(
        Diagnostic::error(codes::MISSING, format!("`{path}` is empty"))
            .at(node.span, format!("expected {expected}")),
    );
}

/// A text as the name of a variable, parameter or data source. A bad one is told
/// of and kept, so that what reads it is not told of too.
pub(super) fn variable_name(text: &Text, what: &str, ctx: &mut Context<'_>) -> Text {
    let name = &text.value;
    if keys::RESERVED_NAMES.contains(&name.as_str()) {
        ctx.tell(
            Diagnostic::error(
                codes::BAD_VALUE,
                format!("`{name}` cannot be the name of {what}"),
            )
            .at(text.span, "templates have something else by this name")
            .help(format!("call it `the_{name}`")),
        );
    } else if !keys::is_variable_name(name) {
        let diagnostic = Diagnostic::error(
            codes::BAD_VALUE,
            format!("`{name}` cannot be the name of {what}"),
        )
        .at(
            text.span,
            "only letters, digits and `_`, and no digit first",
        );
        let tidy: String = name
            .chars()
            .map(|sign| {
                if sign.is_ascii_alphanumeric() {
                    sign
                } else {
                    '_'
                }
            })
            .collect();
        ctx.tell(if keys::is_variable_name(&tidy) {
            diagnostic.help(format!("call it `{tidy}`"))
        } else {
            diagnostic
        });
    }
    text.clone()
}

/// `vars`: names and values. All names are kept, also those with bad values.
pub(super) fn variables(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Variable>> {
    let Some(entries) = entries(node, ctx, "a mapping of variables to their values") else {
        ctx.lose_names();
        return None;
    };
    let variables = entries
        .iter()
        .map(|entry| {
            let name = variable_name(&entry.key, "a variable", ctx);
            let value = ctx
                .under(&entry.key, |ctx| literal(&entry.value, ctx))
                .unwrap_or_else(|| Spanned::new(Literal::Plain(Value::Null), entry.value.span));
            Variable { name, value }
        })
        .collect();
    Some(variables)
}

/// Tells of a key that looks like a template: keys are sent as they are written.
pub(super) fn no_template(key: &Text, ctx: &mut Context<'_>) {
    if key.contains("{{") {
        ctx.tell(
            Diagnostic::error(
                codes::BAD_VALUE,
                format!("the key `{}` is no template", key.value),
            )
            .at(key.span, "it would be sent with its braces")
            .help("write the key out; only values are templates"),
        );
    }
}

/// Digits, with a sign or without, that 64 bits cannot hold.
fn is_too_large(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse::<i64>().is_err()
}

/// Unquoted, it looks like a number, and would be sent as a text.
fn beyond_64_bits(node: &Node, text: &str) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_VALUE,
        format!("`{}` is no number of 64 bits", shortened(text)),
    )
    .at(node.span, "it would not stay the number that it is")
    .fix(
        node.span,
        format!("'{text}'"),
        "write it in quotes to send its digits as a text",
    )
}

/// Any value, as written.
pub(super) fn literal(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Literal>> {
    let plain = |value| Some(Spanned::new(Literal::Plain(value), node.span));
    match &node.kind {
        NodeKind::Scalar(scalar) => match scalar.kind {
            ScalarKind::Empty => {
                ctx.empty(node, "a value; `null` if you mean it");
                None
            }
            ScalarKind::Null => plain(Value::Null),
            ScalarKind::Bool(truth) => plain(Value::Bool(truth)),
            ScalarKind::Int(number) => plain(Value::Int(number)),
            ScalarKind::Float(number) => plain(Value::Float(number)),
            ScalarKind::Text => {
                let span = ctx.content_span(node, &scalar.text);
                if span == node.span && is_too_large(&scalar.text) {
                    ctx.tell(beyond_64_bits(node, &scalar.text));
                }
                Some(Spanned::new(Literal::Text(scalar.text.clone()), span))
            }
        },
        NodeKind::List(_) => {
            let items = list(node, ctx, "a list", literal)?;
            Some(Spanned::new(Literal::List(items), node.span))
        }
        NodeKind::Map(entries) => {
            let entries = entries
                .iter()
                .filter_map(|entry| {
                    let value = ctx.under(&entry.key, |ctx| literal(&entry.value, ctx))?;
                    Some((entry.key.clone(), value))
                })
                .collect();
            Some(Spanned::new(Literal::Map(entries), node.span))
        }
        NodeKind::Broken => None,
    }
}
