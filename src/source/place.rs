//! Places as programs read them: lines and columns.

use super::{Sources, Span, render::clipped};

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    Characters,
    /// As many editors and formats count: a character beyond the first 65,536 is two.
    Utf16,
}

/// Where a span lies: all from 1, and the end is behind the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

impl Place {
    /// The place of a span; what lies outside the text is clipped.
    pub fn of(sources: &Sources, span: Span, columns: Columns) -> Place {
        let text = &sources.get(span.file).text;
        let range = clipped(text, span.range());
        let (line, column) = line_and_column(text, range.start, columns);
        let (end_line, end_column) = line_and_column(text, range.end, columns);
        Place {
            line,
            column,
            end_line,
            end_column,
        }
    }
}

fn line_and_column(text: &str, offset: usize, columns: Columns) -> (usize, usize) {
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let in_line = &before[line_start..];
    let column = match columns {
        Columns::Characters => in_line.chars().count(),
        Columns::Utf16 => in_line.encode_utf16().count(),
    };
    (before.matches('\n').count() + 1, column + 1)
}
