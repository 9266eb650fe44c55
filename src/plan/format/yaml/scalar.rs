//! How a single value is spelled.

use granit_parser::ScalarStyle;

use super::Content;

/// Whether a value is one that plans write in single quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    AsWritten,
    /// A selector, a pattern, an expression: full of signs that mean something.
    Single,
}

/// A scalar in its layout. `column` is that of the collection it stands in.
pub(super) fn spell(
    written: &str,
    style: ScalarStyle,
    value: &str,
    column: usize,
    quotes: Quotes,
) -> Content {
    match style {
        ScalarStyle::Literal | ScalarStyle::Folded => block(written, column),
        ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            let written = written.trim_end();
            if written.contains('\n') {
                return Content::Scalar(lines(written));
            }
            let wants = quotes == Quotes::Single && style == ScalarStyle::Plain;
            let may = style == ScalarStyle::DoubleQuoted && needs_no_escapes(written);
            let text = if (wants && !value.is_empty()) || (may && !value.contains('\'')) {
                format!("'{}'", value.replace('\'', "''"))
            } else {
                written.to_owned()
            };
            Content::Scalar(Vec::from_iter(Some(text).filter(|text| !text.is_empty())))
        }
    }
}

/// Whether only quotes and backslashes are escaped, so that single quotes do.
fn needs_no_escapes(written: &str) -> bool {
    let mut signs = written.chars();
    while let Some(sign) = signs.next() {
        if sign == '\\' && !matches!(signs.next(), Some('\\' | '"')) {
            return false;
        }
    }
    true
}

/// A text over several lines: their indentation means nothing, an empty line does.
fn lines(written: &str) -> Vec<String> {
    let last = written.matches('\n').count();
    let line = |(at, line): (usize, &str)| {
        let line = if at == 0 { line } else { line.trim_start() };
        // An escaped blank at the end of a line is part of the text.
        if at == last || line.trim_end().ends_with('\\') {
            line.to_owned()
        } else {
            line.trim_end().to_owned()
        }
    };
    written.split('\n').enumerate().map(line).collect()
}

/// A block of text, moved as a whole.
fn block(written: &str, column: usize) -> Content {
    let (header, body) = written.split_once('\n').unwrap_or((written, ""));
    let header = header.split('#').next().unwrap_or("").trim();
    let keeps_end = header.contains('+');
    let depth = header.chars().find_map(|sign| sign.to_digit(10));
    let body: Vec<&str> = body.split('\n').collect();
    let is_full = |line: &&&str| !line.trim_matches(' ').is_empty();
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let written_in = match depth {
        Some(depth) => column + usize::try_from(depth).unwrap_or(0),
        None => body.iter().find(is_full).map_or(0, |line| indent(line)),
    };
    let mut lines: Vec<String> = body
        .iter()
        .map(|line| line.get(written_in..).unwrap_or("").to_owned())
        .collect();
    if keeps_end {
        // The end of the last line, after which there is nothing.
        if lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
    } else {
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
    }
    let style: String = header
        .chars()
        .filter(|sign| !sign.is_ascii_digit())
        .collect();
    let first = lines.iter().find(|line| !line.is_empty());
    let header = match first {
        // Its own blanks would be taken for the indentation.
        Some(first) if first.starts_with(' ') => {
            let (sign, rest) = style.split_at(1);
            format!("{sign}2{rest}")
        }
        Some(_) | None => style,
    };
    Content::Block(header, lines)
}
