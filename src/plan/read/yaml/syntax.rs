//! YAML's syntax errors in our words, at the place where the slip is.

use std::ops::Range;

use granit_parser::ErrorKind;

use super::{
    lines, signs,
    value::{line_value, value_at},
};
use crate::plan::read::{codes, node::MAX_DEPTH, slip::Slip};

/// The brackets that are open where an error was met.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Brackets {
    pub(super) outermost: Option<usize>,
    pub(super) innermost: Option<usize>,
}

/// Explains an error that the parser met at byte `at`.
pub(super) fn explain(kind: &ErrorKind, text: &str, at: usize, open: Brackets) -> Slip {
    let at = text.floor_char_boundary(at);
    if let ErrorKind::UnexpectedCharacter { character } = kind
        && character.is_control()
        && let Some(slip) = signs::control(text, at)
    {
        return slip;
    }
    if let Some(slip) = naked_template(text, at, open.outermost) {
        return slip;
    }
    if is_about_tabs(kind)
        && let Some(slip) = lines::tab(text, at)
    {
        return slip;
    }
    if let Some(bracket) = open.innermost {
        if let Some(slip) = signs::comment_in_brackets(text, bracket) {
            return slip;
        }
        let ended = at >= text.trim_end().len();
        let elsewhere = line_of(text, bracket) != line_of(text, at) && !is_about_signs(kind);
        if (ended || elsewhere) && !lines::is_closed(text, bracket) {
            return lines::open_bracket(text, bracket);
        }
    }
    by_kind(kind, text, at, open.outermost)
}

fn by_kind(kind: &ErrorKind, text: &str, at: usize, bracket: Option<usize>) -> Slip {
    let here = word_at(text, at);
    match kind {
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            signs::open_quote(text, at, bracket)
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate => signs::unknown_escape(text, at, bracket),
        ErrorKind::InvalidTrailingSingleQuotedScalar => {
            signs::behind_quote(text, at, '\'', bracket)
        }
        ErrorKind::InvalidTrailingDoubleQuotedScalar => signs::behind_quote(text, at, '"', bracket),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            lines::colon(text, at, bracket)
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => lines::no_colon(text, at),
        ErrorKind::ExpectedBlockSequenceEntry => lines::no_item(text, at),
        ErrorKind::ExpectedFlowSequenceSeparator => lines::separator(text, at, ']', bracket),
        ErrorKind::ExpectedFlowMappingSeparator => lines::separator(text, at, '}', bracket),
        ErrorKind::UnclosedFlowCollection { .. } => lines::open_bracket(text, at),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            lines::mismatch(text, at, *open, *close)
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            Slip::new(here, "this bracket closes nothing", "unexpected")
                .mended(at..at + 1, "")
                .with_help("leave it out")
                .leaving_out(line_value(text, at))
        }
        ErrorKind::UnexpectedCharacter { character } => {
            let sign = match character {
                '`' => "the backtick".to_owned(),
                sign => format!("`{sign}`"),
            };
            let value = value_at(text, at, bracket).unwrap_or(here);
            Slip::needs_quotes(text, value, &format!("YAML keeps {sign} for itself"))
        }
        ErrorKind::RecursionLimitExceeded => {
            let mut slip = Slip::new(
                here,
                format!("lists and mappings lie more than {MAX_DEPTH} deep within each other"),
                "here",
            );
            slip.code = codes::LIMIT;
            slip
        }
        ErrorKind::BomInsideDocument => signs::order_mark(text, at),
        other => rarer(other, text, at, bracket),
    }
}

/// Errors whose kind says less than the line does.
fn rarer(kind: &ErrorKind, text: &str, at: usize, bracket: Option<usize>) -> Slip {
    let here = word_at(text, at);
    if text[line_of(text, at).start..].starts_with('%')
        || matches!(kind, ErrorKind::ExpectedDocumentStart) && text.starts_with('%')
    {
        let line = match text[line_of(text, at).start..].starts_with('%') {
            true => line_of(text, at),
            false => line_of(text, 0),
        };
        return Slip::new(line, "plans have no YAML directives", "read as a directive")
            .with_help("leave the line out, or put the text in quotes");
    }
    if let Some(slip) = lines::two_commas(text, at) {
        return slip;
    }
    let value = value_at(text, at, bracket)
        .filter(|value| special(text, value.start).is_some())
        .or_else(|| line_value(text, at).filter(|value| special(text, value.start).is_some()));
    if let Some(value) = value
        && let Some(why) = special(text, value.start)
    {
        return Slip::needs_quotes(text, value, why);
    }
    let line = line_of(text, at);
    if text[line.start..at].trim().is_empty() && text[at..].starts_with("- ")
        || text[line.start..at].trim() == "-"
    {
        return Slip::new(
            here,
            "an item of a list stands among the keys of a mapping",
            "an item of a list",
        )
        .with_help("leave the `- ` out, or indent it as the list that it belongs to");
    }
    match kind {
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::MappingKeyNotAllowed
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::InvalidFlowScalarIndent => lines::aligned(
            text,
            at,
            Slip::new(
                here,
                "this does not fit what stands before it",
                "a key should stand here",
            ),
        ),
        // The rest is rarer than anybody's slip. Its own words will do.
        other => Slip::new(here, format!("not valid YAML: {other}"), "here"),
    }
}

/// What YAML takes the first sign of a value for, if not for a text.
pub(super) fn special(text: &str, start: usize) -> Option<&'static str> {
    match text[start..].chars().next()? {
        '*' => Some("YAML reads `*` as an alias"),
        '&' => Some("YAML reads `&` as an anchor"),
        '!' => Some("YAML reads `!` as a tag"),
        '|' => Some("YAML reads `|` as the beginning of a block of text"),
        '>' => Some("YAML reads `>` as the beginning of a block of text"),
        '-' => Some("YAML reads `-` as an item of a list"),
        '?' => Some("YAML reads `?` as the beginning of a key"),
        '[' => Some("YAML reads `[` as the beginning of a list"),
        '{' => Some("YAML reads `{` as the beginning of a mapping"),
        ',' => Some("YAML reads `,` as the end of a value"),
        _ => None,
    }
}

/// `get: {{ url }}/x`: the braces end the text before it began.
fn naked_template(text: &str, at: usize, bracket: Option<usize>) -> Option<Slip> {
    let line = line_of(text, at);
    let opens = |part: &str| part.find("{{").or_else(|| part.find("{%"));
    let value = value_at(text, at, bracket).filter(|value| opens(&text[value.clone()]).is_some());
    let value = value.or_else(|| {
        // The parser may only notice at the next value, or at the bracket behind it.
        let begin = line.start + opens(&text[line.start..at.min(line.end)])?;
        value_at(text, begin, bracket)
    })?;
    if text[value.clone()].starts_with(['\'', '"']) {
        return None;
    }
    Some(Slip::needs_quotes(
        text,
        value,
        "YAML reads `{` as the beginning of a mapping",
    ))
}

fn is_about_tabs(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabNotAllowed
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar
            | ErrorKind::InvalidBlockEntryWhitespace
            | ErrorKind::InvalidMappingValueWhitespace
    )
}

/// Whether the error is about the sign it stands at, whatever is open there.
fn is_about_signs(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnexpectedCharacter { .. }
            | ErrorKind::UnknownQuotedScalarEscape
            | ErrorKind::InvalidQuotedScalarHexEscape
            | ErrorKind::MismatchedFlowCollectionEnd { .. }
    )
}

/// The bytes of the line that holds `at`, without its end.
pub(in crate::plan::read) fn line_of(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..]
        .find(['\n', '\r'])
        .map_or(text.len(), |length| at + length);
    start..end
}

/// From `at` to the end of the word, or nothing at the end of a line.
pub(super) fn word_at(text: &str, at: usize) -> Range<usize> {
    let rest = &text[at..line_of(text, at).end];
    let length = rest
        .char_indices()
        .skip(1)
        .find(|(_, sign)| sign.is_whitespace() || ",:[]{}".contains(*sign))
        .map_or(rest.len(), |(offset, _)| offset);
    at..at + length
}
