//! What is expected of responses and extracted from them.

use super::{
    codes,
    collection::{entries, literal, nothing_in, variable_name},
    context::Context,
    fields::Fields,
    node::{Node, NodeKind, Scalar, ScalarKind, shortened},
    value,
};
use crate::{
    base::{pick::Pick, size},
    plan::{
        ast::{Expect, Extract, ExtractFrom, IfMissing, Literal, Shown, Text, Wanted},
        keys,
    },
    source::{Diagnostic, Spanned, nearest},
};

/// `expect` of a request, or of `defaults`.
pub(super) fn expect(node: &Node, ctx: &mut Context<'_>) -> Option<Expect> {
    let mut fields = Fields::open(&keys::EXPECT, node, ctx)?;
    let expect = Expect {
        status: fields.field("status", ctx, value::status),
        final_path: fields.field("final_path", ctx, value::full_text),
        header: fields.field("header", ctx, |node, ctx| {
            let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
            wanted(node, ctx, "a header", same, header_name, value::field)
        }),
        contains: fields.field("contains", ctx, value::full_text),
        matches: fields.field("matches", ctx, value::full_text),
        css: fields.field("css", ctx, css),
        absent: fields.field("absent", ctx, value::absent),
        jsonpath: fields.field("jsonpath", ctx, |node, ctx| {
            let same = |a: &str, b: &str| a == b;
            wanted(node, ctx, "a JSONPath", same, |_, _| (), plain)
        }),
        size: fields.field("size", ctx, size),
        within: fields.field("within", ctx, value::duration),
    };
    fields.close(ctx);
    Some(expect)
}

fn css(node: &Node, ctx: &mut Context<'_>) -> Option<Wanted<Spanned<Shown>>> {
    // `[href]` is a selector too, and YAML reads a list with an element `href`.
    if let NodeKind::List(items) = &node.kind
        && let [_] = items.as_slice()
        && let Some(written) = ctx.in_brackets(node)
        && !written.contains(['\'', '"'])
    {
        let meant = ctx.quoted_text(written);
        ctx.wrong_type_fix(node, "a selector, or several", &meant, |meant| {
            format!("if it is the selector, write {meant}; if not, leave the brackets out")
        });
        return None;
    }
    let same = |a: &str, b: &str| a == b;
    wanted(node, ctx, "a selector", same, |_, _| (), shown)
}

/// A name, names with what they have to be, or a list of both.
fn wanted<T>(
    node: &Node,
    ctx: &mut Context<'_>,
    what: &'static str,
    is_same: impl Fn(&str, &str) -> bool,
    mut look_at: impl FnMut(&Text, &mut Context<'_>),
    mut read: impl FnMut(&Node, &mut Context<'_>) -> Option<T>,
) -> Option<Wanted<T>> {
    let mut wanted = Wanted {
        there: Vec::new(),
        equal: Vec::new(),
    };
    let mut add = |node: &Node, ctx: &mut Context<'_>| match &node.kind {
        NodeKind::Map(entries) => {
            if entries.is_empty() {
                nothing_in(node, ctx, what);
            }
            for entry in entries {
                let name = &entry.key;
                look_at(name, ctx);
                if let Some((first, _)) = wanted
                    .equal
                    .iter()
                    .find(|(one, _): &&(Text, T)| is_same(one, name))
                {
                    ctx.tell(
                        Diagnostic::error(
                            codes::DUPLICATE,
                            format!("`{}` is there twice", name.value),
                        )
                        .at(name.span, "again here")
                        .at(first.span, "first here"),
                    );
                }
                if let Some(value) = ctx.under(name, |ctx| read(&entry.value, ctx)) {
                    wanted.equal.push((name.clone(), value));
                }
            }
        }
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => {
            let expected = value::full_text_of(node, ctx, what);
            if let Some(name) = expected {
                look_at(&name, ctx);
                wanted.there.push(name);
            }
        }
    };
    match &node.kind {
        NodeKind::List(items) => {
            for (index, item) in items.iter().enumerate() {
                ctx.item(index, |ctx| add(item, ctx));
            }
            if items.is_empty() {
                nothing_in(node, ctx, what);
            }
        }
        NodeKind::Scalar(_) | NodeKind::Map(_) | NodeKind::Broken => add(node, ctx),
    }
    Some(wanted)
}

fn header_name(name: &Text, ctx: &mut Context<'_>) {
    if !keys::is_header_name(name) {
        ctx.tell(
            Diagnostic::error(
                codes::BAD_VALUE,
                format!("`{}` cannot be the name of a header", shortened(name)),
            )
            .at(name.span, "only letters, digits and `-`"),
        );
    }
}

/// A number of elements, or a text.
fn shown(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Shown>> {
    if let NodeKind::Scalar(scalar) = &node.kind
        && let ScalarKind::Int(_) = scalar.kind
    {
        return Some(value::whole(node, ctx, 0)?.map(Shown::Count));
    }
    let text = value::full_text_of(node, ctx, "a number of elements or a text")?;
    no_template(&text, "`contains` is templated", ctx);
    Some(text.map(Shown::Text))
}

/// Any value, and no template.
fn plain(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Literal>> {
    let value = literal(node, ctx)?;
    no_templates(&value, "`contains` is templated", ctx);
    Some(value)
}

fn no_templates(value: &Spanned<Literal>, instead: &str, ctx: &mut Context<'_>) {
    match &value.value {
        Literal::Plain(_) => {}
        Literal::Text(text) => {
            no_template(&Spanned::new(text.clone(), value.span), instead, ctx);
        }
        Literal::List(items) => items
            .iter()
            .for_each(|item| no_templates(item, instead, ctx)),
        Literal::Map(entries) => {
            for (_, item) in entries {
                no_templates(item, instead, ctx);
            }
        }
    }
}

/// Tells of braces where they would be compared as they stand.
fn no_template(text: &Text, instead: &str, ctx: &mut Context<'_>) {
    if text.contains("{{") {
        let path = ctx.path();
        ctx.tell(
            Diagnostic::error(codes::BAD_VALUE, format!("`{path}` is not templated"))
                .at(text.span, "the braces would stay")
                .help(instead),
        );
    }
}

/// `512`, `1kB..2MB`.
fn size(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<size::SizeRange>> {
    let text = value::scalar(node, ctx, &format!("a size such as {}", size::EXAMPLES))?;
    match text.parse() {
        Ok(range) => Some(Spanned::new(range, text.span)),
        Err(why) => {
            let path = ctx.path();
            let why: size::NotASize = why;
            let diagnostic = Diagnostic::error(
                codes::BAD_VALUE,
                format!("`{path}`: `{}` is not a size", shortened(&text)),
            )
            .at(text.span, why.to_string())
            .help(format!("valid are {}", size::EXAMPLES));
            ctx.tell(diagnostic);
            None
        }
    }
}

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

fn truth(node: &Node, ctx: &mut Context<'_>) -> Option<bool> {
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
