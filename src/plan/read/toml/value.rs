//! Where a value begins and ends on its line, by its looks.

use std::ops::Range;

use crate::plan::read::yaml::line_of;

/// The key or value around byte `at`, and the key that it belongs to.
#[derive(Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) range: Range<usize>,
    /// The key before the `=` before it; `None` for a key, or an item of a list.
    pub(super) key: Option<Range<usize>>,
}

/// The key or value around `at`, on its line.
pub(super) fn piece_at(text: &str, at: usize) -> Option<Piece> {
    let line = line_of(text, at);
    let mut next = line.start;
    let mut key = None;
    while next < line.end {
        let rest = &text[next..line.end];
        let sign = rest.as_bytes()[0];
        let opens = (sign == b'{' && !rest.starts_with("{{")) || sign == b'[';
        if sign == b'=' || sign.is_ascii_whitespace() {
            next += 1;
            continue;
        }
        if sign == b',' || opens || sign == b'}' || sign == b']' {
            key = None;
            next += 1;
            continue;
        }
        if sign == b'#' && key.is_none() {
            return None;
        }
        let end = next + length(rest, key.is_some());
        if at <= end {
            // Between a key and its value the value is meant.
            let begins = key.as_ref().map_or(next, |key: &Range<usize>| key.end);
            let range = next..end;
            return (begins <= at && !range.is_empty()).then_some(Piece { range, key });
        }
        key = text[end..line.end]
            .trim_start()
            .starts_with('=')
            .then_some(next..end);
        next = end.max(next + first_length(rest));
    }
    None
}

fn first_length(text: &str) -> usize {
    text.chars().next().map_or(1, char::len_utf8)
}

/// The length of what begins `rest`: up to a comma, a bracket or a comment, and
/// for a key up to its `=`.
fn length(rest: &str, is_value: bool) -> usize {
    let mut next = quoted_length(rest).unwrap_or(0);
    while next < rest.len() {
        let here = &rest[next..];
        if here.starts_with("{{") {
            next += here.find("}}").map_or(2, |length| length + 2);
            continue;
        }
        match here.as_bytes()[0] {
            b',' | b']' | b'}' => break,
            b'=' if !is_value => break,
            b'#' if next > 0 && rest[..next].ends_with(' ') => break,
            _ => next += first_length(here),
        }
    }
    rest[..next.min(rest.len())].trim_end().len()
}

/// The length of the quoted text that `rest` begins with, quotes included.
pub(super) fn quoted_length(rest: &str) -> Option<usize> {
    let quote = rest.chars().next().filter(|sign| "'\"".contains(*sign))?;
    let mut signs = rest.char_indices().skip(1);
    while let Some((offset, sign)) = signs.next() {
        if sign == '\\' && quote == '"' {
            signs.next();
        } else if sign == quote {
            return Some(offset + 1);
        }
    }
    None
}

/// A text in the quotes that change it least: single ones, if it has none.
pub(super) fn quoted(text: &str) -> String {
    if text.contains('\'') || text.chars().any(|sign| sign.is_control() && sign != '\t') {
        let mut quoted = String::from("\"");
        for sign in text.chars() {
            match sign {
                '"' | '\\' => quoted.extend(['\\', sign]),
                '\n' => quoted.push_str("\\n"),
                sign if sign.is_control() => {
                    quoted.push_str(&format!("\\u{:04X}", u32::from(sign)));
                }
                sign => quoted.push(sign),
            }
        }
        quoted.push('"');
        quoted
    } else {
        format!("'{text}'")
    }
}

/// The names of a dotted key, each in quotes where it needs them; `None` if none
/// does, or a quote among them is open.
pub(super) fn quoted_names(key: &str) -> Option<String> {
    let mut names = Vec::new();
    let mut rest = key.trim();
    let mut changed = false;
    loop {
        let end = match rest.starts_with(['\'', '"']) {
            true => quoted_length(rest)?,
            false => rest.find('.').unwrap_or(rest.len()),
        };
        let name = rest[..end].trim();
        let bare = |sign: char| sign.is_ascii_alphanumeric() || "_-".contains(sign);
        if name.starts_with(['\'', '"']) || !name.is_empty() && name.chars().all(bare) {
            names.push(name.to_owned());
        } else {
            changed = true;
            names.push(quoted(name));
        }
        match rest[end..].trim_start().strip_prefix('.') {
            Some(more) => rest = more.trim_start(),
            None => break,
        }
    }
    changed.then(|| names.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn a_piece_is_what_its_author_sees_as_one() {
        //  the line, with ^ before the place      the piece          its key
        let rows = [
            ("wait = 5s^..6s # note",              "5s..6s",          "wait"),
            ("get = ^{{ url }}/x",                 "{{ url }}/x",     "get"),
            ("f = { a = \"x\", b = ^007, c = 1 }", "007",             "b"),
            ("f = [ \"a\", ^b ]",                  "b",               ""),
            ("my ^key = 1",                        "my key",          ""),
            ("a = 'it'^s here'",                   "'it's here'",     "a"),
            ("a = ^#top",                          "#top",            "a"),
            ("f = { a =^ #top, b = 1 }",            "#top",            "a"),
            ("a = 1 # ^note",                      "",                ""),
        ];
        for (row, expected, key) in rows {
            let at = row.find('^').expect("a place");
            let text = row.replacen('^', "", 1);
            let piece = piece_at(&text, at);
            let found = piece.as_ref().map_or("", |piece| &text[piece.range.clone()]);
            assert_eq!(found, expected, "{row}");
            let of = piece.and_then(|piece| piece.key).map_or("", |range| &text[range]);
            assert_eq!(of, key, "{row}");
        }
    }

    #[test]
    fn names_get_quotes_where_they_need_them() {
        let rows = [
            ("tasks.my read", Some("tasks.'my read'")),
            ("tasks.läsen", Some("tasks.'läsen'")),
            ("tasks.'my read'", None),
            ("tasks.\"a.b\".c d", Some("tasks.\"a.b\".'c d'")),
            ("plain", None),
        ];
        for (key, expected) in rows {
            assert_eq!(quoted_names(key).as_deref(), expected, "{key}");
        }
    }
}
