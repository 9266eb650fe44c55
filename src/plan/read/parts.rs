//! The fields of forms and queries: texts, lists of them, and files.

use super::{
    codes,
    collection::{entries, list, no_template},
    context::Context,
    fields::Fields,
    node::{Node, NodeKind, ScalarKind},
    value,
};
use crate::{
    plan::{
        ast::{Part, Text, Upload},
        keys,
    },
    source::Diagnostic,
};

/// Fields and their texts; a list is a field for each of its items.
pub(super) fn pairs(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<(Text, Text)>> {
    let fields = named(node, ctx, value::field)?;
    Some(each(fields))
}

/// Fields and their texts or files; a list is a part for each of its items.
pub(super) fn parts(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<(Text, Part)>> {
    let fields = named(node, ctx, part)?;
    Some(each(fields))
}

/// Fields of a page and their values; a null, or a list of none, leaves a field out.
pub(super) fn filled(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<(Text, Vec<Part>)>> {
    let entries = entries(node, ctx, EXPECTED)?;
    let fields = entries.iter().filter_map(|entry| {
        no_template(&entry.key, ctx);
        let values = match &entry.value.kind {
            NodeKind::Scalar(scalar) if scalar.kind == ScalarKind::Null => Some(Vec::new()),
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken => {
                ctx.under(&entry.key, |ctx| values(&entry.value, ctx, part))
            }
        };
        Some((entry.key.clone(), values?))
    });
    Some(fields.collect())
}

const EXPECTED: &str = "a mapping of fields to their values";

fn named<T>(
    node: &Node,
    ctx: &mut Context<'_>,
    read: impl Fn(&Node, &mut Context<'_>) -> Option<T> + Copy,
) -> Option<Vec<(Text, Vec<T>)>> {
    let entries = entries(node, ctx, EXPECTED)?;
    let fields = entries.iter().filter_map(|entry| {
        no_template(&entry.key, ctx);
        let values = ctx.under(&entry.key, |ctx| values(&entry.value, ctx, read))?;
        Some((entry.key.clone(), values))
    });
    Some(fields.collect())
}

/// One value, or a list of them.
fn values<T>(
    node: &Node,
    ctx: &mut Context<'_>,
    read: impl Fn(&Node, &mut Context<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    match &node.kind {
        // A text in brackets that lacks its quotation marks is told of as such.
        NodeKind::List(items) if items.iter().all(is_value) => {
            list(node, ctx, "a list of values", read)
        }
        NodeKind::List(_) | NodeKind::Scalar(_) | NodeKind::Map(_) | NodeKind::Broken => {
            read(node, ctx).map(|value| vec![value])
        }
    }
}

fn is_value(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Scalar(_) | NodeKind::Map(_) | NodeKind::Broken => true,
        NodeKind::List(_) => false,
    }
}

fn each<T>(fields: Vec<(Text, Vec<T>)>) -> Vec<(Text, T)> {
    let fields = fields.into_iter().flat_map(|(name, values)| {
        let values = values.into_iter();
        values.map(move |value| (name.clone(), value))
    });
    fields.collect()
}

/// A text, or `{ file: photo.png }`.
fn part(node: &Node, ctx: &mut Context<'_>) -> Option<Part> {
    match &node.kind {
        NodeKind::Map(entries) if !entries.is_empty() => upload(node, ctx).map(Part::File),
        NodeKind::Map(_) | NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => {
            value::field(node, ctx).map(Part::Text)
        }
    }
}

fn upload(node: &Node, ctx: &mut Context<'_>) -> Option<Upload> {
    let mut fields = Fields::open(&keys::UPLOAD, node, ctx)?;
    let file = fields.field("file", ctx, value::full_text);
    let content_type = fields.field("type", ctx, content_type);
    let filename = fields.field("filename", ctx, value::full_text);
    fields.close(ctx);
    Some(Upload {
        file: file?,
        content_type,
        filename,
    })
}

/// `image/png`, `text/csv; charset=utf-8`.
fn content_type(node: &Node, ctx: &mut Context<'_>) -> Option<Text> {
    let text = value::full_text(node, ctx)?;
    let kind = text.split(';').next().unwrap_or_default().trim();
    let is_one = kind
        .split_once('/')
        .is_some_and(|(one, two)| keys::is_header_name(one) && keys::is_header_name(two));
    let can_be_sent = text.chars().all(|sign| !sign.is_control());
    if is_one && can_be_sent {
        return Some(text);
    }
    ctx.tell(
        Diagnostic::error(
            codes::BAD_VALUE,
            format!("`{}` is not the type of a file", text.value),
        )
        .at(text.span, "here")
        .help("such as `image/png` or `text/csv; charset=utf-8`"),
    );
    None
}
