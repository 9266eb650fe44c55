//! YAML's syntax errors in our words, at the place where the slip is.

use std::ops::Range;

use granit_parser::ErrorKind;

use super::codes;

/// A syntax error as its author should hear of it.
#[derive(Debug)]
pub(super) struct Slip {
    pub(super) code: &'static str,
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
}

/// Explains an error that the parser met at byte `at`.
///
/// `bracket` is the innermost `[` or `{` that is still open there.
pub(super) fn explain(kind: &ErrorKind, text: &str, at: usize, bracket: Option<usize>) -> Slip {
    let at = floor_char_boundary(text, at);
    if let Some(slip) = naked_template(text, at) {
        return slip;
    }
    if is_about_tabs(kind)
        && let Some(tab) = text[line_of(text, at)].find('\t')
    {
        let tab = line_of(text, at).start + tab;
        return slip(tab..tab + 1, "a tab where YAML wants spaces", "a tab")
            .with_help("indent with spaces");
    }
    if let Some(bracket) = bracket
        && (at >= text.trim_end().len() || line_of(text, bracket) != line_of(text, at))
    {
        let sign = &text[bracket..=bracket];
        return slip(
            bracket..bracket + 1,
            format!("`{sign}` is opened and not closed"),
            "opened here",
        )
        .with_help(format!(
            "close it with `{}`",
            if sign == "[" { "]" } else { "}" }
        ));
    }
    by_kind(kind, text, at)
}

fn by_kind(kind: &ErrorKind, text: &str, at: usize) -> Slip {
    let here = word_at(text, at);
    match kind {
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            slip(here, "a quote is opened and not closed", "opened here")
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => unknown_escape(text, at),
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            slip(here, "nothing may follow the closing quote", "unexpected").with_help(
                "put the whole value into one pair of quotes; a single quote within single quotes is written twice",
            )
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => colon(text, at),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            slip(here, "a key without `:` after it", "read as a key").with_help("write `KEY: VALUE`")
        }
        ErrorKind::ExpectedBlockSequenceEntry => {
            slip(here, "a list goes on with `- `, and this is not an item", "not an item").with_help(
                "begin it with `- `, or indent it differently from the list if it does not belong to it",
            )
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::MappingKeyNotAllowed
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::InvalidFlowScalarIndent => {
            slip(here, "this does not fit what stands before it", "a key should stand here")
                .with_help("align it with its neighbours; a text with special signs needs quotes")
        }
        ErrorKind::ExpectedFlowSequenceSeparator => {
            slip(here, "`,` or `]` is missing before this", "unexpected")
        }
        ErrorKind::ExpectedFlowMappingSeparator => {
            slip(here, "`,` or `}` is missing before this", "unexpected")
        }
        ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => {
            slip(here, "this bracket closes nothing", "unexpected")
        }
        ErrorKind::UnexpectedCharacter { character } => slip(
            here,
            format!("a text cannot begin with `{character}`"),
            "YAML keeps this sign for itself",
        )
        .with_help("put the text in quotes"),
        ErrorKind::RecursionLimitExceeded => {
            let mut slip = slip(here, "lists and mappings lie too deep within each other", "here");
            slip.code = codes::LIMIT;
            slip
        }
        // The rest is rare: directives, tags, odd signs. Its own words will do.
        other => slip(here, format!("not valid YAML: {other}"), "here"),
    }
}

/// `get: {{ url }}/x`: the braces end the text before it began.
fn naked_template(text: &str, at: usize) -> Option<Slip> {
    let line = line_of(text, at);
    let begin = text[line.clone()].find("{{")?;
    let before = &text[line.clone()][..begin];
    let quoted = |quote| before.matches(quote).count() % 2 == 1;
    if quoted('\'') || quoted('"') || line.start + begin > at {
        return None;
    }
    let begin = line.start + begin;
    let end = text[begin..line.end]
        .find("}}")
        .map_or(line.end, |length| begin + length + 2);
    Some(
        slip(
            begin..end,
            format!("the value with `{}` needs quotes", &text[begin..end]),
            "YAML reads the braces as a mapping",
        )
        .with_help("put the whole value in single quotes"),
    )
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

/// A `:` where no key can be: in a text, or below a line that has its value.
fn colon(text: &str, at: usize) -> Slip {
    let line = line_of(text, at);
    let before = &text[line.start..at];
    if before.contains(": ") || before.trim_start().starts_with("- ") {
        return slip(at..at + 1, "a `:` within a text", "read as a key's")
            .with_help("put the text in quotes");
    }
    let begin = line.start + before.len() - before.trim_start().len();
    slip(
        begin..at,
        "this key is indented deeper than its neighbours",
        "read as a part of the line above",
    )
    .with_help("align it with its neighbours")
}

/// The first escape of a double-quoted text that YAML does not know.
fn unknown_escape(text: &str, at: usize) -> Slip {
    let mut signs = text[at..].char_indices();
    let mut range = word_at(text, at);
    while let Some((offset, sign)) = signs.next() {
        if sign != '\\' {
            continue;
        }
        match signs.next() {
            Some((_, known)) if "0abtnvfre \"/\\N_LP\t\r\n".contains(known) => {}
            Some((next, unknown)) => {
                range = at + offset..at + next + unknown.len_utf8();
                break;
            }
            None => break,
        }
    }
    let written = text[range.clone()].to_owned();
    slip(
        range,
        format!("`{written}` means nothing in double quotes"),
        "an unknown escape",
    )
    .with_help("use single quotes: a backslash in them is just a backslash")
}

fn slip(range: Range<usize>, message: impl Into<String>, label: &str) -> Slip {
    Slip {
        code: codes::SYNTAX,
        range,
        message: message.into(),
        label: label.to_owned(),
        help: None,
    }
}

impl Slip {
    fn with_help(mut self, help: impl Into<String>) -> Slip {
        self.help = Some(help.into());
        self
    }
}

/// The bytes of the line that holds `at`, without its end.
pub(super) fn line_of(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..]
        .find(['\n', '\r'])
        .map_or(text.len(), |length| at + length);
    start..end
}

/// From `at` to the end of the word, or nothing at the end of a line.
fn word_at(text: &str, at: usize) -> Range<usize> {
    let rest = &text[at..line_of(text, at).end];
    let length = rest
        .char_indices()
        .skip(1)
        .find(|(_, sign)| sign.is_whitespace() || ",:[]{}".contains(*sign))
        .map_or(rest.len(), |(offset, _)| offset);
    at..at + length
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}
