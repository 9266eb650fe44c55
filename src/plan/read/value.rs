//! Single values: texts, numbers, durations, waits, statuses, thresholds, URLs.
//!
//! Each function takes a node and gives its value, or tells what was expected,
//! what is there, and what would be valid.

use std::time::Duration;

use url::Url;

pub(super) use super::number::{version, whole};
use super::{
    codes,
    context::Context,
    fields::{Fields, one_of},
    meant::{range_meant, time_meant},
    node::{Node, NodeKind, ScalarKind, shortened},
};
use crate::{
    base::{duration, status::StatusSet, threshold::Threshold, wait::Wait},
    plan::{
        ast::{Absent, Rounds, Text},
        keys,
    },
    source::{Certainty, Diagnostic, Span, Spanned, nearest},
};

/// Valid waits, for help texts.
const WAITS: &str = "none, 5s, 5s..10s";

/// A scalar as it is written, and not empty.
pub(super) fn full_text(node: &Node, ctx: &mut Context<'_>) -> Option<Text> {
    full_text_of(node, ctx, "a text")
}

/// The same, with words for what is expected.
pub(super) fn full_text_of(node: &Node, ctx: &mut Context<'_>, expected: &str) -> Option<Text> {
    let text = text_of(node, ctx, expected)?;
    if text.trim().is_empty() {
        let path = ctx.path();
        ctx.tell(
            Diagnostic::error(codes::BAD_VALUE, format!("`{path}` should not be empty"))
                .at(node.span, "nothing between the quotes"),
        );
        return None;
    }
    Some(text)
}

/// A form field or a header: `''` sends an empty one, a null is a slip.
pub(super) fn field(node: &Node, ctx: &mut Context<'_>) -> Option<Text> {
    const EXPECTED: &str = "a text (`''` for an empty one)";
    if let NodeKind::Scalar(scalar) = &node.kind
        && scalar.kind == ScalarKind::Null
    {
        let word = ctx.quoted_text(&scalar.text);
        ctx.wrong_type_help(
            node,
            EXPECTED,
            Some(format!(
                "write `''` for an empty text, `{word}` for the word"
            )),
        );
        return None;
    }
    text_of(node, ctx, EXPECTED)
}

/// A text; brackets around nothing else may be one.
fn text_of(node: &Node, ctx: &mut Context<'_>, expected: &str) -> Option<Text> {
    if let NodeKind::List(_) | NodeKind::Map(_) = &node.kind
        && let Some(written) = ctx.in_brackets(node)
        && written.len() > 2
    {
        let meant = ctx.quoted_text(written);
        ctx.wrong_type_fix(node, expected, &meant, Certainty::Likely, |meant| {
            format!("if it is the text, write {meant}")
        });
        return None;
    }
    let text = scalar(node, ctx, expected)?;
    ctx.cut_by_comment(node);
    Some(text)
}

pub(super) fn scalar(node: &Node, ctx: &mut Context<'_>, expected: &str) -> Option<Text> {
    match &node.kind {
        NodeKind::Scalar(scalar)
            if !matches!(scalar.kind, ScalarKind::Empty | ScalarKind::Null) =>
        {
            let span = ctx.content_span(node, &scalar.text);
            Some(Spanned::new(scalar.text.clone(), span))
        }
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken => {
            ctx.wrong_type(node, expected);
            None
        }
    }
}

/// `500ms`, `1h20m`.
pub(super) fn duration(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Duration>> {
    let text = scalar(
        node,
        ctx,
        &format!("a duration such as {}", duration::EXAMPLES),
    )?;
    match duration::parse(&text) {
        Ok(time) => Some(Spanned::new(time, text.span)),
        Err(why) => {
            let path = ctx.path();
            let diagnostic = Diagnostic::error(
                codes::BAD_VALUE,
                format!("`{path}`: `{}` is not a duration", shortened(&text)),
            )
            .at(text.span, why.to_string());
            ctx.tell(match time_meant(&text) {
                Some((meant, Certainty::Certain)) => diagnostic
                    .write(text.span, ctx.quoted_at(text.span, &meant))
                    .certain(),
                Some((meant, Certainty::Likely)) => {
                    let seconds = ctx.quoted_at(text.span, &meant);
                    let help = format!(
                        "write `{seconds}` for seconds, or with another unit: {}",
                        duration::EXAMPLES
                    );
                    diagnostic.fix(text.span, seconds, help)
                }
                None => diagnostic.help(format!("valid are {}", duration::EXAMPLES)),
            });
            None
        }
    }
}

/// A duration in which something has to be done: no time at all would be none.
pub(super) fn some_time(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Duration>> {
    let time = duration(node, ctx)?;
    if time.is_zero() {
        let path = ctx.path();
        let diagnostic = Diagnostic::error(
            codes::BAD_VALUE,
            format!("`{path}` should be longer than no time at all"),
        )
        .at(time.span, "nothing could be done within it");
        ctx.tell(diagnostic);
        return None;
    }
    Some(time)
}

/// `none`, `5s`, `5s..10s`, `{ exponential: 7s }`, `{ normal: … }`.
pub(super) fn wait(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Wait>> {
    if let Some(form) = wait_form(node, ctx) {
        return form.map(|wait| Spanned::new(wait, node.span));
    }
    let text = scalar(node, ctx, &format!("a wait such as {WAITS}"))?;
    wait_of(&text, WAITS, ctx).map(|wait| Spanned::new(wait, text.span))
}

/// A wait of a step; `None` within is `think`, the class's own.
pub(super) fn step_wait(node: &Node, ctx: &mut Context<'_>) -> Option<Option<Spanned<Wait>>> {
    if let Some(form) = wait_form(node, ctx) {
        return not_a_pacing(Spanned::new(form?, node.span), ctx).map(Some);
    }
    let text = scalar(node, ctx, "`think` or a wait such as 5s")?;
    if text.value == "think" {
        return Some(None);
    }
    wait_of(&text, "think, none, 5s, 5s..10s", ctx).map(|wait| Some(Spanned::new(wait, text.span)))
}

/// `{ exponential: 7s }`; `None` if it is not a mapping with something in it.
fn wait_form(node: &Node, ctx: &mut Context<'_>) -> Option<Option<Wait>> {
    match &node.kind {
        NodeKind::Map(entries) if !entries.is_empty() => {}
        NodeKind::Map(_) | NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => {
            return None;
        }
    }
    let mut fields = Fields::open(&keys::WAIT_FORM, node, ctx)?;
    let exponential = fields.field("exponential", ctx, duration);
    let normal = fields.field("normal", ctx, normal);
    let pacing = fields.field("pacing", ctx, duration);
    fields.close(ctx);
    let exponential = exponential.map(|mean| Wait::Exponential { mean: mean.value });
    let pacing = pacing.map(|period| Wait::Pacing(period.value));
    Some(exponential.or(normal).or(pacing))
}

/// A wait that is not a pacing: that one needs rounds to pace.
pub(super) fn plain_wait(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Wait>> {
    not_a_pacing(wait(node, ctx)?, ctx)
}

fn not_a_pacing(wait: Spanned<Wait>, ctx: &mut Context<'_>) -> Option<Spanned<Wait>> {
    if !matches!(wait.value, Wait::Pacing(_)) {
        return Some(wait);
    }
    let path = ctx.path();
    let diagnostic = Diagnostic::error(
        codes::BAD_VALUE,
        format!("`{path}` cannot be a pacing: nothing here goes round"),
    )
    .at(
        wait.span,
        "a pacing is the time between the starts of rounds",
    )
    .help("give it to a class or a set, as its `wait`");
    ctx.tell(diagnostic);
    None
}

/// An expression, without braces.
pub(super) fn expression(node: &Node, ctx: &mut Context<'_>) -> Option<Text> {
    let text = full_text(node, ctx)?;
    let trimmed = text.trim();
    if let Some(inner) = trimmed
        .strip_prefix("{{")
        .and_then(|rest| rest.strip_suffix("}}"))
        && !inner.contains("{{")
    {
        let path = ctx.path();
        let key = path.rsplit('.').next().unwrap_or(&path).to_owned();
        let diagnostic = Diagnostic::error(
            codes::BAD_VALUE,
            format!("`{path}` is an expression already, and needs no braces"),
        )
        .at(text.span, "braces around it")
        .help(format!("write `{}`", ctx.spelled_text(&key, inner.trim())));
        ctx.tell(diagnostic);
        return None;
    }
    Some(text)
}

/// `forever`, or a number of rounds.
pub(super) fn rounds(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Rounds>> {
    if let NodeKind::Scalar(scalar) = &node.kind
        && scalar.kind == ScalarKind::Text
    {
        let word = choice(node, ctx, &[keys::FOREVER])?;
        debug_assert_eq!(word, keys::FOREVER);
        return Some(Spanned::new(Rounds::Forever, node.span));
    }
    Some(whole(node, ctx, 1)?.map(Rounds::Count))
}

fn normal(node: &Node, ctx: &mut Context<'_>) -> Option<Wait> {
    let mut fields = Fields::open(&keys::NORMAL, node, ctx)?;
    let mean = fields.field("mean", ctx, duration);
    let deviation = fields.field("deviation", ctx, duration);
    fields.close(ctx);
    Some(Wait::Normal {
        mean: mean?.value,
        deviation: deviation?.value,
    })
}

fn wait_of(text: &Text, valid: &str, ctx: &mut Context<'_>) -> Option<Wait> {
    if text.value == "none" {
        return Some(Wait::None);
    }
    let path = ctx.path();
    let range = range_meant(text);
    let mut half = |place: std::ops::Range<usize>| match duration::parse(&text.value[place.clone()])
    {
        Ok(time) => Some(time),
        Err(why) => {
            let diagnostic = Diagnostic::error(
                codes::BAD_VALUE,
                format!("`{path}`: `{}` is not a wait", shortened(text)),
            )
            .at(part(text, place), why.to_string());
            let proposed = |meant: &str| {
                diagnostic
                    .clone()
                    .write(text.span, ctx.quoted_at(text.span, meant))
            };
            let told = match (&range, time_meant(text)) {
                (Some(meant), _) => proposed(meant).certain(),
                (None, Some((meant, Certainty::Certain))) => proposed(&meant).certain(),
                (None, Some((meant, Certainty::Likely))) => proposed(&meant),
                (None, None) => diagnostic.help(format!("valid are {valid}")),
            };
            ctx.tell(told);
            None
        }
    };
    let Some(dots) = text.find("..") else {
        return half(0..text.len()).map(Wait::Fixed);
    };
    let from = half(0..dots);
    // What is proposed for one half mends both.
    if from.is_none() && range.is_some() {
        return None;
    }
    let (from, to) = (from, half(dots + 2..text.len()));
    let (from, to) = (from?, to?);
    if from > to {
        let turned = format!("{}..{}", duration::text(to), duration::text(from));
        ctx.tell(
            Diagnostic::error(
                codes::BAD_VALUE,
                format!("`{path}`: `{}` begins with the longer time", text.value),
            )
            .at(text.span, "from the shorter to the longer")
            .write(text.span, ctx.quoted_at(text.span, &turned)),
        );
        return None;
    }
    Some(Wait::Uniform { from, to })
}

/// `200`, `2xx`, `ok`, or a list of these.
pub(super) fn status(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<StatusSet>> {
    match &node.kind {
        NodeKind::List(items) if !items.is_empty() => {
            let sets: Vec<StatusSet> = items
                .iter()
                .enumerate()
                .filter_map(|(index, item)| ctx.item(index, |ctx| one_status(item, ctx)))
                .collect();
            (sets.len() == items.len()).then(|| Spanned::new(StatusSet::any_of(sets), node.span))
        }
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken => {
            one_status(node, ctx).map(|set| Spanned::new(set, node.span))
        }
    }
}

fn one_status(node: &Node, ctx: &mut Context<'_>) -> Option<StatusSet> {
    let text = scalar(node, ctx, "a status such as 200, 2xx, ok or [200, 302]")?;
    match text.parse() {
        Ok(set) => Some(set),
        Err(why) => {
            let path = ctx.path();
            ctx.tell(
                Diagnostic::error(
                    codes::BAD_VALUE,
                    format!("`{path}`: `{}` is not a status", shortened(&text)),
                )
                .at(text.span, "no status")
                .help(format!("{why}")),
            );
            None
        }
    }
}

/// `p95 < 300ms`.
pub(super) fn threshold(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Threshold>> {
    let text = scalar(node, ctx, "a text such as `p95 < 300ms`")?;
    match text.parse::<Threshold>() {
        Ok(threshold) => Some(Spanned::new(threshold, text.span)),
        Err(why) => {
            let path = ctx.path();
            ctx.tell(
                Diagnostic::error(codes::BAD_VALUE, format!("`{path}`: {}", why.message))
                    .at(part(&text, why.range), "here")
                    .did_you_mean(why.proposal.as_deref()),
            );
            None
        }
    }
}

/// The absolute URL that paths are appended to.
pub(super) fn base_url(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Url>> {
    let text = scalar(node, ctx, "a URL such as http://127.0.0.1:5000")?;
    let wrong = match Url::parse(&text) {
        Ok(url) if !matches!(url.scheme(), "http" | "https") || !url.has_host() => {
            "it should begin with `http://` or `https://`".to_owned()
        }
        Ok(url) if url.query().is_some() || url.fragment().is_some() => {
            "a base URL has neither `?` nor `#`: paths are appended to it".to_owned()
        }
        Ok(url) => return Some(Spanned::new(url, text.span)),
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            "it should begin with `http://` or `https://`".to_owned()
        }
        Err(why) => why.to_string(),
    };
    let path = ctx.path();
    let diagnostic = Diagnostic::error(
        codes::BAD_VALUE,
        format!("`{path}`: `{}` is not a base URL", shortened(&text)),
    )
    .at(text.span, wrong)
    .help("valid are http://127.0.0.1:5000 and https://example.org/app");
    ctx.tell(diagnostic);
    None
}

/// `none`, or a CSS selector.
pub(super) fn absent(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Absent>> {
    let text = full_text(node, ctx)?;
    Some(text.map(|text| match text.as_str() {
        "none" => Absent::Nothing,
        _ => Absent::Css(text),
    }))
}

/// One of a few words.
pub(super) fn choice(
    node: &Node,
    ctx: &mut Context<'_>,
    words: &'static [&'static str],
) -> Option<&'static str> {
    let text = scalar(node, ctx, &one_of(words))?;
    let known = words.iter().copied();
    if let Some(word) = known.clone().find(|word| *word == text.value) {
        return Some(word);
    }
    let path = ctx.path();
    let diagnostic = Diagnostic::error(
        codes::BAD_VALUE,
        format!(
            "`{path}` should be {}, not `{}`",
            one_of(words),
            shortened(&text)
        ),
    )
    .at(text.span, "no such choice");
    ctx.tell(match nearest(&text, known) {
        Some(near) => diagnostic.fix(
            text.span,
            ctx.quoted_at(text.span, near),
            format!("did you mean `{near}`?"),
        ),
        None => diagnostic,
    });
    None
}

/// A part of a text, where its source is the text itself; else the whole.
fn part(text: &Text, range: std::ops::Range<usize>) -> Span {
    if text.span.range().len() == text.len() {
        text.span.within(range)
    } else {
        text.span
    }
}
