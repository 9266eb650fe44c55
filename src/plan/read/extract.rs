//! What is extracted from responses.

use super::{
    codes,
    collection::{entries, literal, variable_name},
    context::Context,
    expect::{header_name, no_templates},
    fields::Fields,
    node::{Node, NodeKind, Scalar, ScalarKind},
    value,
};
use crate::{
    base::pick::Pick,
    plan::{
        ast::{Extract, ExtractFrom, IfMissing, Text},
        keys,
    },
    source::{Diagnostic, Spanned, nearest},
};

/// `extract` of a request.
pub(super) fn extractions(node: &Node, ctx: &mut Context<'_>) -> Option<Vec<Extract>> {
    let entries = entries(node, ctx, "a mapping of variables to where they come from")?;
    let extractions = entries.iter().map(|entry| {
        let name = variable_name(&entry.key, "a variable", ctx);
        ctx.under(&entry.key, |ctx| extraction(name, &entry.value, ctx))
    });
    Some(extractions.collect())
}

/// Keeps the variable, whatever is wrong with where it comes from.
fn extraction(name: Text, node: &Node, ctx: &mut Context<'_>) -> Extract {
    let whole = |from| Extract {
        name: name.clone(),
        from,
        regex: None,
        pick: None,
        if_missing: IfMissing::Fail,
    };
    if let NodeKind::Scalar(scalar) = &node.kind {
        match scalar.text.as_str() {
            "url" => return whole(ExtractFrom::Url),
            "status" => return whole(ExtractFrom::Status),
            "body" => return whole(ExtractFrom::Body),
            text => {
                if let Some(near) = nearest(text, keys::WHOLE_SOURCES) {
                    misspelt(node, near, ctx);
                    return whole(ExtractFrom::Url);
                }
            }
        }
    }
    match Fields::open(&keys::EXTRACT, node, ctx) {
        Some(fields) => extraction_fields(name, fields, ctx),
        None => whole(ExtractFrom::Url),
    }
}

fn misspelt(node: &Node, near: &str, ctx: &mut Context<'_>) {
    let path = ctx.path();
    let diagnostic = Diagnostic::error(
        codes::BAD_VALUE,
        format!("`{path}` comes from nowhere that is known"),
    )
    .at(node.span, "no source of values");
    let near = ctx.quoted_at(node.span, near);
    ctx.tell(diagnostic.fix(node.span, near.clone(), format!("did you mean `{near}`?")));
}

fn extraction_fields(name: Text, mut fields: Fields<'_>, ctx: &mut Context<'_>) -> Extract {
    let css = fields.field("css", ctx, value::full_text);
    let attr = fields.field("attr", ctx, value::full_text);
    let regex = fields.field("regex", ctx, value::full_text);
    let sources = [
        css.map(|selector| ExtractFrom::Css {
            selector,
            attr: attr.clone(),
        }),
        fields
            .field("jsonpath", ctx, value::full_text)
            .map(ExtractFrom::JsonPath),
        fields
            .field("header", ctx, |node, ctx| {
                let name = value::full_text(node, ctx)?;
                header_name(&name, ctx);
                Some(name)
            })
            .map(ExtractFrom::Header),
        fields
            .field("cookie", ctx, value::full_text)
            .map(ExtractFrom::Cookie),
        fields
            .field("url", ctx, just_true)
            .map(|()| ExtractFrom::Url),
        fields
            .field("status", ctx, just_true)
            .map(|()| ExtractFrom::Status),
        fields
            .field("body", ctx, just_true)
            .map(|()| ExtractFrom::Body),
    ];
    let pick = fields.field("pick", ctx, pick);
    let optional = fields.field("optional", ctx, truth);
    let default = fields.field("default", ctx, |node, ctx| {
        let value = literal(node, ctx)?;
        no_templates(
            &value,
            "write `optional: true` here, and `{{ name | default(…) }}` where it is read",
            ctx,
        );
        Some(value)
    });
    let if_missing = match default {
        Some(value) => IfMissing::Default(value),
        None if optional == Some(true) => IfMissing::Unset,
        None => IfMissing::Fail,
    };

    let has_other_source = keys::EXTRACT.groups[1]
        .keys
        .iter()
        .any(|key| fields.key_span(key).is_some());
    let (from, regex) = match (sources.into_iter().flatten().next(), regex) {
        (None, Some(regex)) if !has_other_source => (ExtractFrom::Regex(regex), None),
        // What is missing or wrong was told of; this one is never wrong.
        (from, regex) => (from.unwrap_or(ExtractFrom::Url), regex),
    };
    if has_other_source || fields.key_span("regex").is_some() {
        misplaced(&from, &fields, ctx);
    }
    fields.close(ctx);
    Extract {
        name,
        from,
        regex,
        pick,
        if_missing,
    }
}

/// Tells of keys that mean nothing beside the source that is there.
fn misplaced(from: &ExtractFrom, fields: &Fields<'_>, ctx: &mut Context<'_>) {
    let css = fields.key_span("css");
    if let (Some(place), None) = (fields.key_span("attr"), css) {
        let told = Diagnostic::error(codes::CONFLICT, "`attr` means nothing without `css`")
            .at(place, "an attribute of which element?");
        ctx.tell(told);
    }
    let single = match from {
        ExtractFrom::Cookie(_) => "a cookie",
        ExtractFrom::Url => "the URL",
        ExtractFrom::Status => "the status",
        ExtractFrom::Body => "the body",
        ExtractFrom::Css { .. }
        | ExtractFrom::Regex(_)
        | ExtractFrom::JsonPath(_)
        | ExtractFrom::Header(_) => return,
    };
    let source = ["cookie", "url", "status", "body"]
        .into_iter()
        .find_map(|key| fields.key_span(key));
    if let (Some(place), Some(source)) = (fields.key_span("pick"), source) {
        let told = Diagnostic::error(codes::CONFLICT, "`pick` has nothing to choose from")
            .at(place, "one of several")
            .at(source, format!("{single} is one value"));
        ctx.tell(match from {
            ExtractFrom::Body => told.help("`regex` alone looks through the body, and can pick"),
            ExtractFrom::Css { .. }
            | ExtractFrom::Regex(_)
            | ExtractFrom::JsonPath(_)
            | ExtractFrom::Header(_)
            | ExtractFrom::Cookie(_)
            | ExtractFrom::Url
            | ExtractFrom::Status => told.help("leave `pick` out"),
        });
    }
}

fn just_true(node: &Node, ctx: &mut Context<'_>) -> Option<()> {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.kind == ScalarKind::Bool(true) => Some(()),
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken => {
            ctx.wrong_type_help(
                node,
                "`true`",
                Some("a pattern for it goes beside it, as `regex`".to_owned()),
            );
            None
        }
    }
}

/// `true` or `false`.
pub(super) fn truth(node: &Node, ctx: &mut Context<'_>) -> Option<bool> {
    match &node.kind {
        NodeKind::Scalar(Scalar {
            kind: ScalarKind::Bool(truth),
            ..
        }) => Some(*truth),
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken => {
            ctx.wrong_type(node, "`true` or `false`");
            None
        }
    }
}

/// A word, or a number from 1.
fn pick(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Pick>> {
    if let NodeKind::Scalar(scalar) = &node.kind
        && let ScalarKind::Int(_) = scalar.kind
    {
        return Some(value::whole(node, ctx, 1)?.map(Pick::Number));
    }
    let word = value::choice(node, ctx, &Pick::WORDS)?;
    let pick = Pick::named(word).expect("every word is a pick");
    Some(Spanned::new(pick, node.span))
}
