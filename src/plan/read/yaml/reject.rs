//! What is valid YAML and yet not what its author meant.

use std::ops::Range;

use super::{
    open::OpenMap,
    syntax::{line_of, word_at},
    value::{line_value, value_at},
};
use crate::{
    plan::{
        keys::{self, Shape},
        read::{
            codes,
            node::{Node, NodeKind, ScalarKind},
            slip::Slip,
        },
    },
    source::{Diagnostic, Severity, Span, Spanned, in_ticks, nearest},
};

/// `Accept: */*`: an alias for an anchor that is not there. `known` are those
/// that are.
pub(super) fn alias<'k>(
    text: &str,
    range: Range<usize>,
    known: impl IntoIterator<Item = &'k str>,
) -> Slip {
    let name = text[range.clone()].trim_start_matches('*');
    let label = format!(
        "YAML reads `*` as an alias, and there is no anchor {}",
        in_ticks(&format!("&{name}"))
    );
    if let Some(below) = anchor_below(text, range.end, name) {
        return Slip::new(
            range,
            format!("`*{name}` stands before its anchor"),
            "an alias comes after what it stands for",
        )
        .beside(below, "the anchor is here")
        .with_help("write the value where it is first needed, and the alias below it");
    }
    if let Some(near) = nearest(name, known) {
        let near = format!("*{near}");
        return Slip::new(
            range.clone(),
            format!("there is no anchor `&{name}`"),
            "an alias for nothing",
        )
        .mended(range, near.clone())
        .with_help(format!("did you mean `{near}`?"));
    }
    let value = value_at(text, range.start, None).unwrap_or(range);
    Slip::needs_quotes(text, value, "YAML reads `*` as an alias").labelled(label)
}

/// Where the anchor of that name stands behind `from`.
fn anchor_below(text: &str, from: usize, name: &str) -> Option<Range<usize>> {
    let anchor = format!("&{name}");
    text[from..]
        .match_indices(&anchor)
        .map(|(offset, _)| from + offset..from + offset + anchor.len())
        .find(|range| {
            text[..range.start].ends_with([' ', '[', ','])
                && text[range.end..].starts_with([' ', '\r', '\n'])
        })
}

/// `<<: 5`: `known` are the anchors that there are.
pub(super) fn merge<'k>(wrong: &Node, known: impl IntoIterator<Item = &'k str>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::WRONG_TYPE,
        "`<<` takes in a mapping, or a list of mappings",
    )
    .at(wrong.span, format!("this is {}", wrong.describe()));
    let named = match &wrong.kind {
        NodeKind::Scalar(scalar) => known.into_iter().find(|name| *name == scalar.text),
        NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken => None,
    };
    match named {
        Some(name) => diagnostic.write(wrong.span, format!("*{name}")).certain(),
        None => diagnostic.help("give the mapping an anchor, `&NAME`, and write `<<: *NAME`"),
    }
}

/// `<<` a second time: which of the two wins, nobody remembers.
pub(super) fn merge_twice(again: Span, first: Span) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE, "`<<` is there twice")
        .at(again, "again here")
        .at(first, "first here")
        .help("take in a list, `<<: [*ONE, *OTHER]`: the first that has a key wins")
}

/// `contains: !important`: plans have no tags of their own.
pub(super) fn tag(text: &str, range: Range<usize>) -> Slip {
    let written = &text[range.clone()];
    let value = value_at(text, range.start, None)
        .filter(|value| value.start == range.start)
        .unwrap_or_else(|| range.clone());
    let slip = Slip::needs_quotes(text, value.clone(), "YAML reads `!` as a tag");
    match &slip.fix {
        Some((_, mended)) if value.len() > range.len() && written.len() > 1 => {
            let help = format!(
                "write {}, or leave `{written}` out: plans have no tags",
                in_ticks(mended)
            );
            slip.with_help(help).likely()
        }
        Some(_) | None => slip,
    }
}

/// `contains: &nbsp; here`: an anchor on a text, which no alias ever uses. One
/// with a proper name may be a leftover; others are texts.
pub(super) fn anchor(text: &str, range: Range<usize>) -> Slip {
    let proper = |sign: char| sign.is_alphanumeric() || "_-".contains(sign);
    let is_leftover = text[range.clone()].chars().skip(1).all(proper);
    let value = value_at(text, range.start, None)
        .filter(|value| value.start == range.start)
        .unwrap_or_else(|| range.clone());
    let is_alone = value.len() == range.len();
    let mut slip = Slip::needs_quotes(
        text,
        value,
        "YAML reads `&` as an anchor, and no alias uses it",
    );
    if is_leftover && !is_alone {
        slip = slip.likely();
        slip.severity = Severity::Warning;
        slip.code = codes::LOST_TEXT;
    }
    slip
}

/// `get: {{ url }}` is, to YAML, a mapping whose only key is a mapping.
pub(super) fn braces(text: &str, range: &Range<usize>) -> Slip {
    let value = value_at(text, range.start, None)
        .filter(|value| value.start == range.start)
        .or_else(|| line_value(text, range.start).filter(|value| value.start == range.start))
        .unwrap_or_else(|| range.clone());
    Slip::needs_quotes(text, value, "YAML reads `{` as the beginning of a mapping")
}

/// Whether a key in braces has no `:` after it.
pub(super) fn is_bare(text: &str, key: &Spanned<String>) -> bool {
    let place = key.span.range();
    let is_template = text[..place.start].trim_end().ends_with("{{");
    text[place.end..].trim_start().starts_with([',', '}']) && !is_template
}

/// `{ css: a, b }`, `{get:/}`: what a bare key in braces is.
pub(super) fn bare_key(text: &str, key: &Spanned<String>, map: &OpenMap) -> Slip {
    glued_key(text, key)
        .or_else(|| rest_of_value(text, key, map))
        .unwrap_or_else(|| {
            let meant = format!("{}: VALUE", key.value);
            Slip::new(
                key.span.range(),
                format!("the key {} has no value", in_ticks(&key.value)),
                "no `:` after it",
            )
            .with_help(format!("write {}", in_ticks(&meant)))
        })
}

/// `get:/` without its space, `get /` without its colon.
fn glued_key(text: &str, key: &Spanned<String>) -> Option<Slip> {
    let place = key.span.range();
    if text[place.clone()] != key.value {
        return None;
    }
    let (name, value, missing) = match (key.value.split_once(':'), key.value.split_once(' ')) {
        (Some((name, value)), _) if is_key(name) || !value.starts_with("//") => {
            (name, value, format!("a space is missing after `{name}:`"))
        }
        (_, Some((name, value))) if is_key(name) => {
            (name, value, format!("`:` is missing after `{name}`"))
        }
        _ => return None,
    };
    let meant = format!("{name}: {value}");
    let slip = Slip::new(place.clone(), missing, "read as a key without a value");
    Some(slip.mended(place, meant).certain())
}

/// `css: a, b`: the comma ends the value before it.
fn rest_of_value(text: &str, key: &Spanned<String>, map: &OpenMap) -> Option<Slip> {
    const WHY: &str = "YAML reads `,` in brackets as the end of a value";
    let entry = map.entries.last()?;
    let place = key.span.range();
    let before = entry.value.span.range();
    let is_text = match &entry.value.kind {
        NodeKind::Scalar(scalar) => scalar.kind != ScalarKind::Empty,
        NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken => false,
    };
    if !is_text
        || is_key(&key.value)
        || text[before.clone()].starts_with(['\'', '"'])
        || text[before.end..place.start].trim() != ","
        || line_of(text, before.start) != line_of(text, place.start)
    {
        return None;
    }
    // `a, b, c`: up to the last one without a `:`.
    let mut end = place.end;
    for part in text[place.end..line_of(text, place.end).end]
        .split_inclusive(',')
        .skip(1)
    {
        let bare = part.split(['}', ',']).next().unwrap_or(part).trim_end();
        if bare.contains([':', '{', '[', ']', '"', '\'']) || bare.trim().is_empty() {
            break;
        }
        end += text[end..].find(bare.trim())? + bare.trim().len();
    }
    let whole = before.start..end;
    let of = entry.key.as_str();
    let mut known = keys::SECTIONS.iter().filter_map(|section| section.key(of));
    if !known.any(|key| is_list(key.shape)) {
        return Some(Slip::needs_quotes(text, whole, WHY).likely());
    }
    let list = format!("[{}]", &text[whole.clone()]);
    let message = format!("the list of `{of}` needs brackets");
    Some(Slip::new(whole.clone(), message, WHY).mended(whole, list))
}

fn is_key(name: &str) -> bool {
    keys::SECTIONS
        .iter()
        .any(|section| section.key(name).is_some())
}

fn is_list(shape: Shape) -> bool {
    matches!(shape, Shape::List(_) | Shape::FullList(_) | Shape::Drawn)
}

/// A key that begins or ends with a space that only looks like one.
pub(super) fn odd_space(text: &str, place: Span) -> Option<Slip> {
    let written = &text[place.range()];
    let odd = |sign: char| sign.is_whitespace() && !sign.is_ascii() || sign == '\u{200b}';
    let start = place.range().start;
    let before = written.len() - written.trim_start_matches(odd).len();
    let range = match before {
        0 => start + written.trim_end_matches(odd).len()..place.range().end,
        _ => start..start + before,
    };
    let first = text[range.clone()].chars().next()?;
    let count = text[range.clone()].chars().count();
    Some(
        Slip::new(
            range.clone(),
            format!(
                "U+{:04X} looks like a space, and is none to YAML",
                u32::from(first)
            ),
            "not a space",
        )
        .mended(range, " ".repeat(count))
        .certain()
        .with_help("type it again with the space bar"),
    )
}

/// A second document in the same file.
pub(super) fn second_document(text: &str, at: usize) -> Slip {
    Slip::new(
        word_at(text, at),
        "a file holds one plan, and this one goes on",
        "a second YAML document begins here",
    )
    .with_help("put the second one into a file of its own")
}
