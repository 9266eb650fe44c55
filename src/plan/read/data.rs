//! `data`: where rows come from, and how they come to users.

use super::{
    codes,
    collection::{entries, full_list, literal, nothing_in, variable_name},
    context::Context,
    fields::Fields,
    node::{Node, shortened},
    value,
};
use crate::{
    base::dealing::{AtEnd, Dealing, Order, SharedBy},
    plan::{
        ast::{DataRows, DataSource, InlineRow, Literal, Text},
        keys::{self, TAB},
    },
    source::{Diagnostic, Span, Spanned},
};

/// All sources: names are kept, whatever is wrong with the rest.
pub(super) fn sources(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<DataSource>> {
    let Some(entries) = entries(node, ctx, "a mapping of names to data sources") else {
        ctx.lose_names();
        return None;
    };
    let sources = entries.iter().map(|entry| {
        let name = variable_name(&entry.key, "a data source", ctx);
        let source = ctx.under(&entry.key, |ctx| source(&entry.value, ctx));
        let (rows, dealing) = source.unwrap_or((DataRows::Unread, Dealing::default()));
        DataSource {
            name,
            rows,
            dealing,
        }
    });
    Some(sources.collect())
}

fn source(node: &Node, ctx: &mut Context<'_>) -> Option<(DataRows, Dealing)> {
    let mut fields = Fields::open(&keys::DATA_SOURCE, node, ctx)?;
    let csv = fields.field("csv", ctx, value::full_text);
    let json = fields.field("json", ctx, value::full_text);
    let lines = fields.field("jsonl", ctx, value::full_text);
    let inline = fields.field("rows", ctx, inline);
    let delimiter = fields.field("delimiter", ctx, delimiter);
    let at_end_place = fields.key_span("at_end");
    let dealing = dealing(&mut fields, ctx);
    fields.close(ctx);
    if let Some(place) = at_end_place
        && dealing.order == Order::Random
        && dealing.at_end != AtEnd::Wrap
    {
        ctx.tell(no_end(place, dealing.at_end));
    }
    let rows = match (csv, json, lines, inline) {
        (Some(file), None, None, None) => DataRows::Csv {
            file,
            delimiter: delimiter.unwrap_or(b','),
        },
        (None, Some(file), None, None) => DataRows::Json(file),
        (None, None, Some(file), None) => DataRows::JsonLines(file),
        (None, None, None, Some(rows)) => DataRows::Inline(rows),
        _ => DataRows::Unread,
    };
    Some((rows, dealing))
}

fn dealing(fields: &mut Fields<'_>, ctx: &mut Context<'_>) -> Dealing {
    let order = fields.field("order", ctx, |node, ctx| {
        let word = value::choice(node, ctx, &Order::WORDS)?;
        Order::ALL.into_iter().find(|order| order.word() == word)
    });
    let shared_by = fields.field("share", ctx, |node, ctx| {
        let word = value::choice(node, ctx, &SharedBy::WORDS)?;
        SharedBy::ALL.into_iter().find(|by| by.word() == word)
    });
    let at_end = fields.field("at_end", ctx, |node, ctx| {
        let word = value::choice(node, ctx, &AtEnd::WORDS)?;
        AtEnd::ALL.into_iter().find(|end| end.word() == word)
    });
    Dealing {
        order: order.unwrap_or_default(),
        shared_by: shared_by.unwrap_or_default(),
        at_end: at_end.unwrap_or_default(),
    }
}

fn no_end(place: Span, at_end: AtEnd) -> Diagnostic {
    let word = at_end.word();
    Diagnostic::error(
        codes::CONFLICT,
        format!("`order: random` and `at_end: {word}` exclude each other"),
    )
    .at(place, "any row can come at any time: there is no last one")
    .help("`order: shuffled` takes each row once")
}

/// One sign, or `tab`.
fn delimiter(node: &Node, ctx: &mut Context<'_>) -> Option<u8> {
    let text = value::scalar(node, ctx, "one sign, or `tab`")?;
    match text.as_bytes() {
        _ if text.value == TAB => Some(b'\t'),
        [sign @ (b'\t' | b' '..=b'~')] if *sign != b'"' => Some(*sign),
        _ => {
            let path = ctx.path();
            ctx.tell(
                Diagnostic::error(
                    codes::BAD_VALUE,
                    format!("`{path}`: `{}` is no delimiter", shortened(&text)),
                )
                .at(text.span, "one sign of ASCII, and no quotation mark")
                .help("write `';'`, `'|'` or `tab`"),
            );
            None
        }
    }
}

/// Rows that are written in the plan.
fn inline(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<InlineRow>> {
    let rows = full_list(node, ctx, "at least one row", inline_row)?;
    (!rows.is_empty()).then_some(rows)
}

fn inline_row(node: &Node, ctx: &mut Context<'_>) -> Option<InlineRow> {
    let entries = entries(node, ctx, "a row: a mapping of columns to values")?;
    if entries.is_empty() {
        nothing_in(node, ctx, "a column and its value");
    }
    let cells = entries.iter().filter_map(|entry| {
        let name = column_name(&entry.key, ctx);
        let value = ctx.under(&entry.key, |ctx| literal(&entry.value, ctx))?;
        no_templates(&value, ctx);
        Some((name, value))
    });
    Some(cells.collect())
}

/// A bad name is told of and kept.
fn column_name(text: &Text, ctx: &mut Context<'_>) -> Text {
    if !keys::is_variable_name(text) {
        let name = &text.value;
        ctx.tell(
            Diagnostic::error(
                codes::BAD_VALUE,
                format!("`{name}` cannot be the name of a column"),
            )
            .at(
                text.span,
                "only letters, digits and `_`, and no digit first",
            ),
        );
    }
    text.clone()
}

/// Rows are the same for every user: what looks like a template would stay as it is.
fn no_templates(value: &Spanned<Literal>, ctx: &mut Context<'_>) {
    match &value.value {
        Literal::Plain(_) => {}
        Literal::Text(text) if text.contains("{{") => ctx.tell(
            Diagnostic::error(codes::BAD_VALUE, "a row is not templated")
                .at(value.span, "the braces would stay")
                .help("read the column in a template, next to what else it is made of"),
        ),
        Literal::Text(_) => {}
        Literal::List(items) => items.iter().for_each(|item| no_templates(item, ctx)),
        Literal::Map(entries) => entries.iter().for_each(|(_, item)| no_templates(item, ctx)),
    }
}
