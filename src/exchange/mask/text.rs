//! Secrets in text of any kind, cut anywhere: found by what stands before them.

use super::{MASK, is_secret};

/// The text without the secrets that can be seen to be some: the credentials of
/// `scheme://user:password@`, and the values of `name=value` and `"name": value` whose
/// name looks secret.
///
/// A value that does not end, because the text was cut, is masked to the end.
pub fn text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    // Everything before `done` has been shown or masked.
    let mut done = 0;
    for (at, c) in text.char_indices() {
        if at < done || !matches!(c, '=' | ':') {
            continue;
        }
        let (before, after) = (&text[done..at], at + 1);
        let secret = match c {
            '=' => is_secret(word_at_the_end(before)).then(|| value_of_pair(text, after)),
            _ if text[after..].starts_with("//") => credentials(text, after + 2),
            _ => is_secret(quoted_at_the_end(before)).then(|| value_of_member(text, after)),
        };
        if let Some((start, end)) = secret
            && start < end
        {
            shown.push_str(&text[done..start]);
            shown.push_str(MASK);
            done = end;
        }
    }
    shown.push_str(&text[done..]);
    shown
}

/// Where something secret stands in a text: from the one byte to before the other.
type Place = (usize, usize);

/// The name right before a `=`.
fn word_at_the_end(text: &str) -> &str {
    let is_part = |c: char| c.is_alphanumeric() || "_-.[]%$".contains(c);
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, c)| is_part(*c))
        .last();
    start.map_or("", |(start, _)| &text[start..])
}

/// The name in quotes right before a `:`.
fn quoted_at_the_end(text: &str) -> &str {
    let Some(inside) = text.trim_end().strip_suffix('"') else {
        return "";
    };
    inside.rfind('"').map_or("", |quote| &inside[quote + 1..])
}

fn value_of_pair(text: &str, start: usize) -> Place {
    let value = &text[start..];
    if let Some(quote @ ('"' | '\'')) = value.chars().next() {
        let inside = &value[1..];
        return (
            start + 1,
            start + 1 + inside.find(quote).unwrap_or(inside.len()),
        );
    }
    // A pattern of the plan's, such as `token=(.+)`: forms and URLs encode these.
    if value.starts_with(['(', '[', '\\']) {
        return (start, start);
    }
    let ends = |c: char| c.is_whitespace() || "&;\"'<>`".contains(c);
    (start, start + value.find(ends).unwrap_or(value.len()))
}

fn value_of_member(text: &str, after: usize) -> Place {
    let value = text[after..].trim_start();
    let start = text.len() - value.len();
    let ends = |c: char| c.is_whitespace() || ",}]".contains(c);
    match value.chars().next() {
        Some('"') => (
            start + 1,
            start + 1 + end_of_string(&value[1..]).unwrap_or(value.len() - 1),
        ),
        Some('{' | '[') => (start, start + end_of_container(value)),
        Some(_) | None => (start, start + value.find(ends).unwrap_or(value.len())),
    }
}

/// Where the string ends whose first quote stands before `text`.
fn end_of_string(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

/// Where an object or a list ends, its bracket included.
fn end_of_container(text: &str) -> usize {
    let (mut depth, mut at) = (0_u32, 0);
    while let Some(byte) = text.as_bytes().get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => match end_of_string(&text[at..]) {
                Some(end) => at += end + 1,
                None => return text.len(),
            },
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// What stands between `://` and the last `@` of an authority.
fn credentials(text: &str, start: usize) -> Option<Place> {
    let ends = |c: char| c.is_whitespace() || "/?#\"'<>`\\".contains(c);
    let rest = &text[start..];
    let authority = &rest[..rest.find(ends).unwrap_or(rest.len())];
    Some((start, start + authority.rfind('@')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn secrets_are_found_by_what_stands_before_them() {
        let rows = [
            ("nothing to see: a=b, \"c\": 1",             "nothing to see: a=b, \"c\": 1"),
            ("",                                          ""),
            ("token=",                                    "token="),
            ("=x :y ://",                                 "=x :y ://"),
            // URLs in a sentence.
            ("to \"http://ada:p@w@host/x@y\": no",        "to \"http://***@host/x@y\": no"),
            ("https://host/a:b@c",                        "https://host/a:b@c"),
            ("http://ada:pw",                             "http://ada:pw"),
            // Forms, cookies, attributes.
            ("a=1&password=x%20y&b=2",                    "a=1&password=***&b=2"),
            ("`token=abc` was seen",                      "`token=***` was seen"),
            ("session=a.b-c; Path=/",                     "session=***; Path=/"),
            ("<a token='x y' id='z'>",                    "<a token='***' id='z'>"),
            (r"`token=(.+)`, `token=\w+`, `pin=[0-9]`",   r"`token=(.+)`, `token=\w+`, `pin=[0-9]`"),
            ("pass=zażółć",                               "pass=***"),
            // JSON, whole and cut.
            (r#"{"user":"ada","password":"x\"y,","n":1}"#, r#"{"user":"ada","password":"***","n":1}"#),
            (r#"{"pin" : 1234, "n": 1}"#,                 r#"{"pin" : ***, "n": 1}"#),
            (r#"{"token":{"a":["}",1]},"n":1}"#,          r#"{"token":***,"n":1}"#),
            (r#"{"tokens":["a","b"],"n":[1]}"#,           r#"{"tokens":***,"n":[1]}"#),
            (r#"{"n":1,"secret":"cut in the mi"#,         r#"{"n":1,"secret":"***"#),
            (r#"{"secret":["cut","in th"#,                r#"{"secret":***"#),
            (r#"{"secret":"#,                             r#"{"secret":"#),
            (r#""{\"token\":\"abc\",\"n\":1}""#,          r#""{\"token\":***,\"n\":1}""#),
            // Not a member: a sentence about one.
            ("`csrf_token`: nothing matches",             "`csrf_token`: nothing matches"),
        ];
        for (given, shown) in rows {
            assert_eq!(text(given), shown, "{given}");
        }
    }
}
