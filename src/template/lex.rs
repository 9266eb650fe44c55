//! A text cut into literal parts, expressions, blocks and comments.
//!
//! The engine parses what stands between the braces; this finds the braces, and
//! the words between them with their places, which the engine does not tell.

use std::ops::Range;

use super::TemplateError;

/// A part of a text. Ranges are bytes of the text.
#[derive(Debug)]
pub(super) enum Piece<'t> {
    Literal(Range<usize>),
    /// `{{ … }}`; `inner` is what stands between the braces.
    Expression {
        outer: Range<usize>,
        inner: Range<usize>,
        words: Vec<Word<'t>>,
        trim: Trim,
    },
    /// `{% … %}`
    Block {
        words: Vec<Word<'t>>,
    },
    /// `{# … #}`
    Comment,
}

/// Whether white space beside an expression goes away, as in `{{- x -}}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trim {
    Nothing,
    Something,
}

/// A word of an expression and its bytes in the text.
#[derive(Clone, Debug)]
pub(super) struct Word<'t> {
    pub(super) kind: WordKind<'t>,
    pub(super) range: Range<usize>,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordKind<'t> {
    Name(&'t str),
    Number,
    Quoted,
    /// One byte of anything else.
    Sign(u8),
}

/// Cuts a text.
pub(super) fn cut(text: &str) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some((start, opening)) = next_opening(text, at) {
        if start > at {
            pieces.push(Piece::Literal(at..start));
        }
        let (piece, end) = match opening {
            b'{' => cut_expression(text, start)?,
            b'%' => cut_block(text, start)?,
            _ => match text[start + 2..].find("#}") {
                Some(length) => (Piece::Comment, start + 2 + length + 2),
                None => return Err(unclosed(start, "{#", "#}")),
            },
        };
        pieces.push(piece);
        at = end;
    }
    if at < text.len() {
        pieces.push(Piece::Literal(at..text.len()));
    }
    Ok(pieces)
}

/// The next `{{`, `{%` or `{#`, and its second byte.
fn next_opening(text: &str, from: usize) -> Option<(usize, u8)> {
    text.as_bytes()[from..]
        .windows(2)
        .position(|pair| pair[0] == b'{' && matches!(pair[1], b'{' | b'%' | b'#'))
        .map(|found| (from + found, text.as_bytes()[from + found + 1]))
}

fn cut_expression(text: &str, start: usize) -> Result<(Piece<'_>, usize), TemplateError> {
    let (inside, trims_before) = skip_trim(text, start + 2);
    let (words, closing) = words_until(text, start, inside, "}}")?;
    let (inner_end, trims_after) = match text.as_bytes()[closing] {
        b'}' => (closing, false),
        sign => (closing, sign == b'-'),
    };
    let end = closing + 2 + usize::from(text.as_bytes()[closing] != b'}');
    let trim = if trims_before || trims_after {
        Trim::Something
    } else {
        Trim::Nothing
    };
    let piece = Piece::Expression {
        outer: start..end,
        inner: inside..inner_end,
        words,
        trim,
    };
    Ok((piece, end))
}

fn cut_block(text: &str, start: usize) -> Result<(Piece<'_>, usize), TemplateError> {
    let (inside, _) = skip_trim(text, start + 2);
    let (words, closing) = words_until(text, start, inside, "%}")?;
    let mut end = closing + 2 + usize::from(text.as_bytes()[closing] != b'%');
    if matches!(&words[..], [word] if word.kind == WordKind::Name("raw")) {
        // What stands in a raw block is literal, whatever it looks like.
        let after = text[end..].find("endraw").map(|found| end + found);
        let closed = after.and_then(|after| text[after..].find("%}").map(|found| after + found));
        end = closed.ok_or_else(|| unclosed(start, "{% raw %}", "{% endraw %}"))? + 2;
    }
    Ok((Piece::Block { words }, end))
}

/// Steps over the sign of `{{-` or `{{+`; tells whether it removes white space.
fn skip_trim(text: &str, at: usize) -> (usize, bool) {
    match text.as_bytes().get(at) {
        Some(b'-') => (at + 1, true),
        Some(b'+') => (at + 1, false),
        _ => (at, false),
    }
}

/// The words from `at` to `closing`, and where that begins (at its sign, if it
/// has one). A `closing` inside quotes or brackets does not count.
fn words_until<'t>(
    text: &'t str,
    start: usize,
    mut at: usize,
    closing: &str,
) -> Result<(Vec<Word<'t>>, usize), TemplateError> {
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut open = Vec::new();
    while let Some(&byte) = bytes.get(at) {
        let signed = usize::from(matches!(byte, b'-' | b'+'));
        if open.is_empty() && bytes[at + signed..].starts_with(closing.as_bytes()) {
            return Ok((words, at));
        }
        let end = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'\'' | b'"' => end_of_quoted(bytes, at)?,
            byte if is_in_name(byte) => {
                at + bytes[at..].iter().take_while(|b| is_in_name(**b)).count()
            }
            _ => at + 1,
        };
        match byte {
            b'(' | b'[' | b'{' => open.push(at),
            b')' | b']' | b'}' => {
                let closes = |bracket: &usize| is_pair(bytes[*bracket], byte);
                open.pop_if(|bracket| closes(bracket));
            }
            _ => {}
        }
        let kind = match byte {
            b'\'' | b'"' => WordKind::Quoted,
            b'0'..=b'9' => WordKind::Number,
            byte if is_in_name(byte) => WordKind::Name(&text[at..end]),
            sign => WordKind::Sign(sign),
        };
        words.push(Word {
            kind,
            range: at..end,
        });
        at = end;
    }
    match open.last() {
        Some(&bracket) if text[bracket..].contains(closing) => Err(TemplateError::new(
            bracket..bracket + 1,
            format!("`{}` is not closed", char::from(bytes[bracket])),
        )),
        _ => Err(unclosed(start, &text[start..start + 2], closing)),
    }
}

fn is_pair(opening: u8, closing: u8) -> bool {
    matches!(
        (opening, closing),
        (b'(', b')') | (b'[', b']') | (b'{', b'}')
    )
}

fn is_in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn end_of_quoted(bytes: &[u8], start: usize) -> Result<usize, TemplateError> {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            byte if byte == bytes[start] => return Ok(at + 1),
            _ => at += 1,
        }
    }
    Err(TemplateError::new(
        start..start + 1,
        "the quotation mark is not closed",
    ))
}

fn unclosed(start: usize, opening: &str, closing: &str) -> TemplateError {
    TemplateError::new(
        start..start + opening.len(),
        format!("`{opening}` is not closed"),
    )
    .help(format!("end it with `{closing}`"))
}
