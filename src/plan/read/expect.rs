//! What is expected of responses.

use super::{
    codes,
    collection::{literal, nothing_in},
    context::Context,
    fields::Fields,
    node::{Node, NodeKind, ScalarKind, shortened},
    value,
};
use crate::{
    base::size,
    plan::{
        ast::{Expect, Literal, Shown, Text, Wanted},
        keys,
    },
    source::{Certainty, Diagnostic, Spanned},
};

/// `expect` of a request, or of `defaults`.
pub(super) fn expect(node: &Node, ctx: &mut Context<'_>) -> Option<Expect> {
    let mut fields = Fields::open(&keys::EXPECT, node, ctx)?;
    let expect = Expect {
        status: fields.field("status", ctx, value::status),
        final_path: fields.field("final_path", ctx, path),
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
        within: fields.field("within", ctx, value::some_time),
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
        ctx.wrong_type_fix(
            node,
            "a selector in quotes",
            &meant,
            Certainty::Likely,
            |meant| format!("if it is the selector, write {meant}; if not, leave the brackets out"),
        );
        return None;
    }
    let same = |a: &str, b: &str| a == b;
    wanted(node, ctx, "a selector", same, |_, _| (), shown)
}

/// A path, or a template that may make one.
fn path(node: &Node, ctx: &mut Context<'_>) -> Option<Text> {
    let text = value::full_text(node, ctx)?;
    if text.starts_with('/') || text.starts_with("{{") {
        return Some(text);
    }
    let name = ctx.path();
    ctx.tell(
        Diagnostic::error(
            codes::BAD_VALUE,
            format!("`{name}` is no path: it never holds"),
        )
        .at(text.span, "a path begins with `/`")
        .help("it is compared with the path of the last URL alone, such as `/auth/login`"),
    );
    None
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

/// Tells of what cannot be the name of a header.
pub(super) fn header_name(name: &Text, ctx: &mut Context<'_>) {
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
    no_template(
        &text,
        "only `contains`, `final_path` and `header` compare with templates",
        ctx,
    );
    Some(text.map(Shown::Text))
}

/// Any value, and no template.
fn plain(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Literal>> {
    let value = literal(node, ctx)?;
    no_templates(
        &value,
        "only `contains`, `final_path` and `header` compare with templates",
        ctx,
    );
    Some(value)
}

/// Tells of templates in a value that is compared as it stands.
pub(super) fn no_templates(value: &Spanned<Literal>, instead: &str, ctx: &mut Context<'_>) {
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
