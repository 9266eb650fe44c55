//! Slips of lines and brackets: tabs, indentation, colons, commas.

use std::ops::Range;

use super::{
    syntax::{line_of, word_at},
    value::{line_value, value_at},
};
use crate::plan::{
    keys::{self, Shape},
    read::slip::Slip,
};

/// A tab that indents, on the line at `at` or one below.
pub(super) fn tab(text: &str, at: usize) -> Option<Slip> {
    let mut start = line_of(text, at).start;
    while start < text.len() {
        let line = line_of(text, start);
        let here = &text[line.clone()];
        let blanks = &here[..here.len() - here.trim_start_matches([' ', '\t', '-']).len()];
        if let Some(tab) = blanks.find('\t').map(|offset| line.start + offset) {
            let tabs = tab..line.start + blanks.len();
            return Some(
                Slip::new(tabs, "a tab where YAML wants spaces", "a tab")
                    .with_help("indent with spaces"),
            );
        }
        start = text[line.end..]
            .find('\n')
            .map_or(text.len(), |newline| line.end + newline + 1);
    }
    None
}

/// A `:` where no key can be: in a text, or below a line that has its value.
pub(super) fn colon(text: &str, at: usize, bracket: Option<usize>) -> Slip {
    if let Some(value) = value_at(text, at, bracket)
        && value.start < at
    {
        return mapping_in_line(text, at, &value).unwrap_or_else(|| {
            Slip::needs_quotes(text, value, "YAML reads what stands before `: ` as a key")
        });
    }
    let line = line_of(text, at);
    if let Some(slip) = key_above(text, line.start) {
        return slip;
    }
    let before = &text[line.start..at];
    let begin = line.start + before.len() - before.trim_start().len();
    aligned(
        text,
        begin,
        Slip::new(
            begin..at,
            "this key is indented deeper than its neighbours",
            "read as a part of the line above",
        ),
    )
}

/// `expect: status: 200`: a mapping that begins on the line of its key.
fn mapping_in_line(text: &str, at: usize, value: &Range<usize>) -> Option<Slip> {
    let line = line_of(text, at);
    let key = text[line.start..value.start].trim_end().strip_suffix(':')?;
    let key = key.trim_start_matches([' ', '\t', '-']).trim_end();
    let inner = text[at + 1..value.end].trim();
    if !keys::SECTIONS
        .iter()
        .any(|section| section.key(key).is_some_and(|key| is_mapping(key.shape)))
        && !inner.is_empty()
        && !inner.starts_with('{')
    {
        return None;
    }
    let written = &text[value.clone()];
    let slip = Slip::new(
        value.clone(),
        format!("`{key}` is a mapping, and cannot begin on the line of its key"),
        "a key behind a key",
    );
    Some(match inner.is_empty() {
        true => slip.with_help(format!("put `{written}` on a line of its own, indented")),
        false => slip
            .mended(value.clone(), format!("{{ {written} }}"))
            .certain()
            .with_help(format!(
                "write `{{ {written} }}`, or put it on a line of its own, indented"
            ))
            .leaving_out(Some(value.clone())),
    })
}

fn is_mapping(shape: Shape) -> bool {
    matches!(
        shape,
        Shape::Section(_) | Shape::Map(..) | Shape::FullMap(..) | Shape::Drawn
    )
}

/// `- get /` above: a step whose first key has no colon swallows the line below.
fn key_above(text: &str, line_start: usize) -> Option<Slip> {
    let line = line_above(text, line_start)?;
    let above = &text[line.clone()];
    let content = above.trim_start_matches([' ', '-']);
    let start = line.start + above.len() - content.len();
    let (word, _) = content.split_once(' ')?;
    let is_key = keys::STEPS
        .iter()
        .any(|section| section.keys[0].name == word);
    let place = start..start + word.len();
    (is_key && above.trim_start().starts_with("- ")).then(|| {
        Slip::new(
            place.clone(),
            format!("`:` is missing after `{word}`"),
            "a key without its `:`",
        )
        .mended(place, format!("{word}:"))
        .certain()
    })
}

/// Something where a list goes on that is no item of it.
pub(super) fn no_item(text: &str, at: usize) -> Slip {
    let here = word_at(text, at);
    let own = text[line_of(text, at).start..at].chars().count();
    let above = line_above(text, at).map_or("", |line| &text[line]);
    if above.len() - above.trim_start().len() == own {
        return Slip::new(
            here,
            "a list goes on with `- `, and this is not an item",
            "not an item",
        )
        .with_help(
            "begin it with `- `, or indent it differently from the list if it does not belong to it",
        );
    }
    aligned(
        text,
        at,
        Slip::new(
            here,
            "this is neither in the item above nor an item of the list",
            "between two levels",
        ),
    )
}

/// The last line above that says something.
fn line_above(text: &str, at: usize) -> Option<Range<usize>> {
    let mut start = line_of(text, at).start;
    while start > 0 {
        let line = line_of(text, start - 1);
        let says = text[line.clone()].trim_start();
        if !says.is_empty() && !says.starts_with('#') {
            return Some(line);
        }
        start = line.start;
    }
    None
}

/// With the proposal to begin where the line above begins, if that is near.
pub(super) fn aligned(text: &str, begin: usize, slip: Slip) -> Slip {
    let line = line_of(text, begin);
    let own = text[line.start..begin].chars().count();
    let near = line_above(text, begin).and_then(|above| {
        let above = &text[above];
        let content = above.trim_start_matches([' ', '-']);
        let column = above.len() - content.len();
        let name = content.split(':').next().unwrap_or(content).trim();
        (column != own && column.abs_diff(own) <= 2).then_some((column, name))
    });
    let blank = text[line.start..begin].trim().is_empty();
    match near {
        Some((column, name)) if blank && !text[begin..].starts_with("- ") => slip
            .mended(line.start..begin, " ".repeat(column))
            .with_help(format!("align it with `{name}` above: {column} spaces")),
        Some(_) | None => slip.with_help("align it with its neighbours"),
    }
}

/// Something between two entries of brackets that is no comma.
pub(super) fn separator(text: &str, at: usize, close: char, bracket: Option<usize>) -> Slip {
    if let Some(value) = behind_bracket(text, at, bracket) {
        let why = "YAML reads `[` or `{` as a bracket, and the value ends with it";
        return Slip::needs_quotes(text, value, why);
    }
    if let Some(value) = value_at(text, at, bracket) {
        let before = &text[value.start..at.max(value.start)];
        let word = before.rsplit(' ').next().unwrap_or("");
        let is_key = keys::SECTIONS
            .iter()
            .any(|section| section.key(word).is_some());
        if text[at..].starts_with(':') && is_key && word.len() < before.len() {
            let start = at - word.len();
            let gap = value.start + before[..before.len() - word.len()].trim_end().len();
            return Slip::new(
                start..at,
                format!("`,` is missing before `{word}`"),
                "another key begins here",
            )
            .mended(gap..start, ", ")
            .certain()
            .with_help("put `, ` before it")
            .leaving_out(Some(value));
        }
        if text[at..].starts_with(':') && value.start < at {
            return Slip::needs_quotes(text, value, "YAML reads what stands before `: ` as a key");
        }
        if text[at..].starts_with(['[', '{']) && value.start < at {
            let sign = &text[at..=at];
            return Slip::needs_quotes(text, value, &format!("YAML reads `{sign}` as a bracket"));
        }
    }
    Slip::new(
        word_at(text, at),
        format!("`,` or `{close}` is missing before this"),
        "unexpected",
    )
    .leaving_out(line_value(text, at))
}

/// `[0-9]+`: a value that goes on behind its bracket, from its beginning.
fn behind_bracket(text: &str, at: usize, bracket: Option<usize>) -> Option<Range<usize>> {
    let rest = value_at(text, at, bracket)?;
    let line = line_of(text, at);
    if !text[line.start..rest.start].ends_with([']', '}']) {
        return None;
    }
    let mut inner = 0_usize;
    for (offset, sign) in text[line.start..rest.start].char_indices().rev() {
        match sign {
            ']' | '}' => inner += 1,
            '[' | '{' => inner -= 1,
            _ => {}
        }
        if inner == 0 {
            return Some(line.start + offset..rest.end);
        }
    }
    None
}

/// Whether a bracket is closed by one of its kind before the next key of a plan.
pub(super) fn is_closed(text: &str, bracket: usize) -> bool {
    let mut inner = Vec::new();
    let mut quote = None;
    let mut previous = ' ';
    for sign in text[bracket..].chars() {
        match (quote, sign) {
            (Some(open), _) if open == sign => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') if " ,[{:".contains(previous) => quote = Some(sign),
            (None, '[' | '{') => inner.push(sign),
            (None, ']' | '}') => {
                let opened = inner.pop();
                if opened != Some(if sign == ']' { '[' } else { '{' }) {
                    return false;
                }
                if inner.is_empty() {
                    return true;
                }
            }
            (None, _) if previous == '\n' && sign.is_alphanumeric() => return false,
            (None, _) => {}
        }
        previous = sign;
    }
    false
}

/// `[` closed with `}`.
pub(super) fn mismatch(text: &str, at: usize, open: char, close: char) -> Slip {
    let closing = if open == '[' { ']' } else { '}' };
    let line = line_of(text, at);
    let slip = Slip::new(
        at..(at + 1).min(text.len()),
        format!("`{open}` is closed with `{close}`"),
        "opened here",
    )
    .with_help(format!("close it with `{closing}`"))
    .leaving_out(line_value(text, at));
    match wrong_close(&text[at..line.end], open) {
        Some(offset) => slip.beside(at + offset..at + offset + 1, "closed here"),
        None => slip,
    }
}

fn wrong_close(from_open: &str, open: char) -> Option<usize> {
    let mut inner = Vec::new();
    for (offset, sign) in from_open.char_indices() {
        match sign {
            '[' | '{' => inner.push(sign),
            ']' | '}' => {
                let opened = inner.pop()?;
                if (opened == '[') != (sign == ']') {
                    return (opened == open).then_some(offset);
                }
            }
            _ => {}
        }
    }
    None
}

/// A bracket that is still open at the end of its line, or of the file.
pub(super) fn open_bracket(text: &str, bracket: usize) -> Slip {
    let sign = &text[bracket..=bracket];
    let close = if sign == "[" { "]" } else { "}" };
    Slip::new(
        bracket..bracket + 1,
        format!("`{sign}` is opened and not closed"),
        "opened here",
    )
    .with_help(format!("close it with `{close}`"))
}

/// Two commas with nothing between them.
pub(super) fn two_commas(text: &str, at: usize) -> Option<Slip> {
    let rest = text[at..].trim_start();
    let start = text.len() - rest.len();
    rest.starts_with(',').then(|| {
        Slip::new(
            start..start + 1,
            "a value is missing before this `,`",
            "nothing stands before it",
        )
        .mended(start..start + 1, "")
        .with_help("leave the comma out")
        .leaving_out(line_value(text, at))
    })
}

/// A key without a `:`, or with one that lacks its space.
pub(super) fn no_colon(text: &str, at: usize) -> Slip {
    let line = line_of(text, at);
    let written = text[at..line.end].trim_end();
    if let Some(colon) = glued(written) {
        let place: Range<usize> = at..at + colon + 1;
        return Slip::new(
            place.clone(),
            format!("a space is missing after `{}`", &text[place.clone()]),
            "read as a part of a text",
        )
        .mended(place.clone(), format!("{} ", &text[place]))
        .certain()
        .with_help(format!(
            "write `{} {}`",
            &written[..=colon],
            &written[colon + 1..]
        ));
    }
    Slip::new(
        word_at(text, at),
        "a key without `:` after it",
        "read as a key",
    )
    .with_help("write `KEY: VALUE`")
}

/// Where the `:` stands in `name:value`, if `name` is a key that plans have.
pub(super) fn glued(written: &str) -> Option<usize> {
    let colon = written.find(':')?;
    let follows = written[colon + 1..].chars().next()?;
    let known = keys::SECTIONS
        .iter()
        .any(|section| section.key(&written[..colon]).is_some());
    (known && !follows.is_whitespace()).then_some(colon)
}
