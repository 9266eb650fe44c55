//! Where a value begins and ends on its line, by its looks.
//!
//! When the parser gives up it names a sign, and what has to be mended is the
//! value around it: `/a/{{ id }}/x`, not the second brace. So this reads a line
//! as its author did: `{{ … }}` belongs to the text, and so do brackets and `: `
//! within one.
//!
//! # What holds here
//!
//! A value never leaves its line: what goes on below is not for one pair of
//! quotes.

use std::ops::Range;

use super::syntax::line_of;
use crate::plan::read::slip::Slip;

impl Slip {
    /// A value that would be a text if it were quoted; `why` it is none now.
    pub(super) fn needs_quotes(text: &str, value: Range<usize>, why: &str) -> Slip {
        let quoted = quoted(&text[value.clone()]);
        Slip::unquoted(text, value, why, quoted)
    }
}

/// The value or key around byte `at`. `bracket` is where the outermost `[` or
/// `{` that the parser still has open begins.
pub(super) fn value_at(text: &str, at: usize, bracket: Option<usize>) -> Option<Range<usize>> {
    let line = line_of(text, at);
    let found = match bracket {
        Some(bracket) if bracket < line.start => flow_value(text, bracket, at, line.end),
        Some(_) | None => {
            let start = block_value(text, &line)?;
            if opens_flow(&text[start..line.end]) {
                flow_value(text, start, at, line.end)
            } else {
                Some(start..end_of_block(text, start, line.end))
            }
        }
    }?;
    let inside = found.start <= at && at <= found.end && !found.is_empty();
    (inside && line.start <= found.start).then_some(found)
}

/// The whole value of the line that holds `at`, with all brackets in it.
pub(super) fn line_value(text: &str, at: usize) -> Option<Range<usize>> {
    let line = line_of(text, at);
    let start = block_value(text, &line)?;
    let end = start + text[start..line.end].trim_end().len();
    (start <= at && start < end).then_some(start..end)
}

/// A text in the quotes that change it least: single ones, if it has none.
pub(in crate::plan::read) fn quoted(text: &str) -> String {
    if !text.contains('\'') {
        format!("'{text}'")
    } else if !text.contains(['"', '\\']) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Whether a value is a list or mapping in brackets, and not a template.
fn opens_flow(value: &str) -> bool {
    value.starts_with(['{', '[']) && !value.starts_with("{{") && !value.starts_with("{%")
}

/// Where the value of a line begins: behind its `- ` and its key.
fn block_value(text: &str, line: &Range<usize>) -> Option<usize> {
    let mut start = skip_blanks(text, line.start, line.end);
    while text[start..line.end].starts_with("- ") || text[start..line.end].starts_with("-\t") {
        start = skip_blanks(text, start + 1, line.end);
    }
    let rest = &text[start..line.end];
    if !opens_flow(rest) {
        let name = quoted_length(rest).unwrap_or(0);
        let colon = rest[name..]
            .match_indices(':')
            .map(|(offset, _)| name + offset)
            .find(|offset| rest[offset + 1..].starts_with([' ', '\t']) || offset + 1 == rest.len());
        let comment = rest.find(" #").unwrap_or(rest.len());
        if let Some(colon) = colon
            && colon < comment
            && (name == 0 || rest[name..colon].trim().is_empty())
        {
            start = skip_blanks(text, start + colon + 1, line.end);
        }
    }
    // An anchor before a bracket is not part of what is in it.
    let rest = &text[start..line.end];
    if rest.starts_with(['&', '!'])
        && let Some(blank) = rest.find(' ')
    {
        let behind = skip_blanks(text, start + blank, line.end);
        if opens_flow(&text[behind..line.end]) {
            start = behind;
        }
    }
    (start < line.end).then_some(start)
}

/// The end of a value outside of brackets: before a comment.
fn end_of_block(text: &str, start: usize, limit: usize) -> usize {
    let rest = &text[start..limit];
    let from = quoted_length(rest).unwrap_or(1).min(rest.len());
    let from = rest.ceil_char_boundary(from);
    let length = match rest[from..].find(" #") {
        Some(comment) => from + comment,
        None => rest.len(),
    };
    start + rest[..length].trim_end().len()
}

/// The key or value around `at`, in the brackets that begin at `from`.
fn flow_value(text: &str, from: usize, at: usize, limit: usize) -> Option<Range<usize>> {
    let mut open: Vec<u8> = Vec::new();
    let mut next = from;
    // Whether a `: ` would end what is read next.
    let mut key = false;
    while next < limit {
        let sign = text.as_bytes()[next];
        match sign {
            b'{' | b'[' if opens_flow(&text[next..limit]) => {
                open.push(sign);
                key = sign == b'{';
            }
            b'}' | b']' => {
                open.pop();
                if open.is_empty() {
                    return None;
                }
            }
            b',' => key = open.last() == Some(&b'{'),
            b':' => key = false,
            _ if sign.is_ascii_whitespace() => {}
            _ => {
                let end = end_of_flow(text, next, limit, key);
                if at <= end {
                    return Some(next..end);
                }
                next = end.max(next + first_length(&text[next..limit]));
                continue;
            }
        }
        next += 1;
    }
    None
}

/// The end of a key or value within brackets.
fn end_of_flow(text: &str, start: usize, limit: usize, key: bool) -> usize {
    let rest = &text[start..limit];
    let mut next = quoted_length(rest).unwrap_or(0);
    let mut inner = 0_usize;
    while next < rest.len() {
        let here = &rest[next..];
        let sign = here.as_bytes()[0];
        if here.starts_with("{{") || here.starts_with("{%") {
            let close = if here.starts_with("{{") { "}}" } else { "%}" };
            next += here.find(close).map_or(1, |length| length + 2);
            continue;
        }
        match sign {
            b'[' | b'{' => inner += 1,
            b']' | b'}' if inner > 0 => inner -= 1,
            b']' | b'}' | b'\n' | b'\r' => break,
            b',' if inner == 0 => break,
            b':' if key && (here.len() == 1 || here[1..].starts_with([' ', '\t', ','])) => break,
            // A comment for people has a space after its sign.
            b' ' if here.starts_with(" # ") => break,
            _ => {}
        }
        next += first_length(here);
    }
    start + rest[..next].trim_end().len()
}

fn first_length(text: &str) -> usize {
    text.chars().next().map_or(1, char::len_utf8)
}

/// The length of the quoted text that `rest` begins with, quotes included.
fn quoted_length(rest: &str) -> Option<usize> {
    let quote = rest.chars().next().filter(|sign| "'\"".contains(*sign))?;
    let mut signs = rest.char_indices().skip(1).peekable();
    while let Some((offset, sign)) = signs.next() {
        let doubled = || rest[offset + 1..].starts_with('\'');
        match sign {
            '\\' if quote == '"' => drop(signs.next()),
            '\'' if quote == '\'' && doubled() => drop(signs.next()),
            _ if sign == quote => return Some(offset + 1),
            _ => {}
        }
    }
    None
}

fn skip_blanks(text: &str, from: usize, limit: usize) -> usize {
    let rest = &text[from..limit];
    from + rest.len() - rest.trim_start_matches([' ', '\t']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn a_value_is_what_its_author_sees_as_one() {
        //  the line, with ^ before the place        the value around it
        let rows = [
            ("get: ^{{ url }}",                      "{{ url }}"),
            ("- get: {{ base ^}}/x/{{ id }} # note", "{{ base }}/x/{{ id }}"),
            ("  - - 'a b' : ^@x",                    "@x"),
            ("- ^`code`",                            "`code`"),
            ("a: ^Hello: world",                     "Hello: world"),
            ("{ get: /a/^{{ id }}/x, name: x }",     "/a/{{ id }}/x"),
            ("f: { get: / , name: x^ }",             "x"),
            ("f: { a: [1, Hello: ^world], b: c }",   "Hello: world"),
            ("f: { a: ^#main > li }",                "#main > li"),
            ("f: { a: li ^#main, b: c } # and so",   "li #main"),
            ("f: { css: a^[href$=\",\"], attr: x }", "a[href$=\",\"]"),
            ("a: &a { b: ^&five 5 }",                "&five 5"),
            ("f: { ^{{ a }}: b }",                   "{{ a }}"),
            ("f: { a: 'it'^s here' }",               "'it's here'"),
            ("f: { a: {% if x %}/a{% ^endif %} }",   "{% if x %}/a{% endif %}"),
            ("a: '{{ x }}' # ^it's",                 ""),
            ("^",                                    ""),
            ("a:^",                                  ""),
        ];
        for (row, value) in rows {
            let at = row.find('^').expect("a place");
            let text = row.replacen('^', "", 1);
            let found = value_at(&text, at, None).map_or("", |range| &text[range]);
            assert_eq!(found, value, "{row}");
        }
    }

    #[test]
    fn brackets_that_began_above_are_read_from_there() {
        let text = "f: {\n  a: x,\n  b: /{{ id }}/x, c: d }\n";
        let at = text.find("id").expect("it is there");
        let bracket = text.find('{');
        let value = value_at(text, at, bracket).map(|range| &text[range]);
        assert_eq!(value, Some("/{{ id }}/x"));
    }

    #[test]
    fn quotes_change_as_little_as_possible() {
        let rows = [
            ("*/*", "'*/*'"),
            ("it's", "\"it's\""),
            (r"it's \d", r"'it''s \d'"),
        ];
        for (text, expected) in rows {
            assert_eq!(quoted(text), expected);
        }
    }
}
