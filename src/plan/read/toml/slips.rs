//! TOML's syntax errors in our words, at the place where the slip is.

use std::ops::Range;

use super::value::{Piece, piece_at, quoted, quoted_names};
use crate::{
    plan::{
        keys::{self, Shape},
        read::{
            codes,
            node::MAX_DEPTH,
            slip::{Slip, without_escapes},
            yaml::line_of,
        },
    },
    source::in_ticks,
};

/// What stands for another sign behind a backslash.
const KNOWN: &str = "btnfreuUx";

/// Explains an error that the parser met at `range`, with its own `message`.
pub(super) fn explain(message: &str, text: &str, range: Range<usize>) -> Slip {
    let at = text.floor_char_boundary(range.start);
    let written = text.get(range.clone()).unwrap_or("");
    let line = line_of(text, at);
    if let Some(slip) = odd_sign(text, at).or_else(|| header(text, &line)) {
        return slip;
    }
    let begins = |words: &str| message.starts_with(words);
    if begins("key with no value") || begins("invalid unquoted key") {
        return no_equals(text, at);
    }
    if let Some(slip) = piece_at(text, at).and_then(|piece| of_value(message, text, at, &piece)) {
        return slip;
    }
    if begins("string values must be quoted") && written.is_empty() {
        no_value(text, at)
    } else if begins("unclosed array table") || begins("unclosed table") {
        Slip::new(range, "`[` is opened and not closed", "`]` is missing here")
    } else if begins("unclosed array") {
        Slip::new(
            range,
            "an array is opened and not closed",
            "`]` is missing here",
        )
    } else if begins("unclosed inline table") {
        Slip::new(
            range,
            "a table is opened and not closed",
            "`}` is missing here",
        )
    } else if begins("missing comma") || begins("extra assignment") {
        Slip::new(range, "`,` is missing here", "between two values")
    } else if begins("invalid multi-line") {
        let quotes = if begins("invalid multi-line basic") {
            "\"\"\""
        } else {
            "'''"
        };
        let start = text[..at].rfind(quotes).unwrap_or(at);
        Slip::new(
            start..start + quotes.len().min(text.len() - start),
            "a quote is opened and not closed",
            "opened here",
        )
        .with_help(format!("close it with `{quotes}`"))
    } else if begins("cannot recurse") {
        let mut slip = Slip::new(
            range,
            format!("lists and mappings lie more than {MAX_DEPTH} deep within each other"),
            "here",
        );
        slip.code = codes::LIMIT;
        slip
    } else if begins("cannot extend value") {
        Slip::new(
            range.clone(),
            format!("`{written}` has its value already, and nothing can be added to it"),
            "added to here",
        )
    } else {
        Slip::new(range, format!("not valid TOML: {message}"), "here")
    }
}

/// A control character or a byte order mark, which nobody sees.
fn odd_sign(text: &str, at: usize) -> Option<Slip> {
    let line = line_of(text, at);
    let odd = |sign: char| sign.is_control() && !"\t\r\n".contains(sign) || sign == '\u{feff}';
    let offset = text[line.clone()].find(odd)?;
    let start = line.start + offset;
    let sign = text[start..].chars().next()?;
    let code = u32::from(sign);
    let place = start..start + sign.len_utf8();
    let (message, help) = match sign {
        '\u{feff}' => (
            format!("an invisible byte order mark (U+{code:04X}) stands within the file"),
            "leave it out".to_owned(),
        ),
        _ => (
            format!("a control character (U+{code:04X}) cannot stand in a file"),
            format!("leave it out; where a text needs it, write `\\u{code:04X}` in double quotes"),
        ),
    };
    Some(
        Slip::new(place.clone(), message, "it stands here")
            .mended(place, "")
            .with_help(help),
    )
}

/// A table's header with a name that needs quotes, or a bracket too few.
fn header(text: &str, line: &Range<usize>) -> Option<Slip> {
    let written = text[line.clone()].trim();
    let start = line.start + text[line.clone()].find('[')?;
    let double = written.starts_with("[[");
    if !written.starts_with('[') || written.contains('=') {
        return None;
    }
    let name = written.trim_start_matches('[');
    let name = name.split([']', '#']).next().unwrap_or(name).trim();
    let end = start
        + written
            .split(" #")
            .next()
            .unwrap_or(written)
            .trim_end()
            .len();
    let names = quoted_names(name);
    let whole = match double {
        true => format!("[[{}]]", names.as_deref().unwrap_or(name)),
        false => format!("[{}]", names.as_deref().unwrap_or(name)),
    };
    if name.is_empty() || whole == text[start..end] {
        return None;
    }
    let (message, label) = match names {
        Some(_) => (
            "a name in this header needs quotes",
            "not only letters, digits, `_` and `-`",
        ),
        None => ("a bracket is missing", "a header ends as it begins"),
    };
    let slip = Slip::new(start..end, message, label);
    Some(slip.mended(start..end, whole).certain())
}

/// A key without `=`, or with the `:` of YAML, or one that needs quotes.
fn no_equals(text: &str, at: usize) -> Slip {
    let line = line_of(text, at);
    let written = &text[line.clone()];
    let start = line.start + written.len() - written.trim_start().len();
    if let Some(equals) = written.find('=')
        && let key = written[..equals].trim()
        && let Some(names) = quoted_names(key)
        && !key.contains([':', '{', '['])
    {
        return Slip::new(
            start..start + key.len(),
            "a key other than letters, digits, `_` and `-` needs quotes",
            "this key",
        )
        .mended(start..start + key.len(), names)
        .certain();
    }
    const IF_YAML: &str = "if this is YAML, the file's name has to end in .yaml";
    if let Some(colon) = text[start..line.end].find(':').map(|offset| start + offset)
        && colon <= at + 1
    {
        let key = text[start..colon].trim();
        let value = text[colon + 1..line.end].trim();
        return Slip::new(
            colon..colon + 1,
            "a `:` where TOML wants `=`",
            "write `=` here",
        )
        .mended(colon..colon + 1, " =")
        .certain()
        .with_help(format!(
            "write {}; {IF_YAML}",
            in_ticks(&format!("{key} = {value}"))
        ));
    }
    Slip::new(at..at, "a key without `=` after it", "`=` is missing here")
        .with_help(format!("write `KEY = VALUE`; {IF_YAML}"))
}

/// Nothing where a value should be.
fn no_value(text: &str, at: usize) -> Slip {
    let line = line_of(text, at);
    let rest = &text[at..line.end];
    let start = at + rest.len() - rest.trim_start().len();
    let comment = rest.trim();
    let comment = comment.split(" #").next().unwrap_or(comment).trim_end();
    comment_for_value(text, start..start + comment.len()).unwrap_or_else(|| {
        Slip::new(
            at..at,
            "a value is missing after `=`",
            "nothing stands here",
        )
    })
}

/// `css = #main`: a comment without the space that those for people have.
fn comment_for_value(text: &str, place: Range<usize>) -> Option<Slip> {
    let comment = &text[place.clone()];
    let word = comment.strip_prefix('#')?;
    if word.is_empty() || word.starts_with([' ', '\t', '#']) {
        return None;
    }
    let value = quoted(comment);
    Some(
        Slip::new(
            place.clone(),
            format!(
                "{} is read as a comment, and no value is left",
                in_ticks(comment)
            ),
            "a comment, not a value",
        )
        .with_help(format!("if it is the value, write {}", in_ticks(&value)))
        .mended(place, value),
    )
}

/// A value that is none, or not only one.
fn of_value(message: &str, text: &str, at: usize, piece: &Piece) -> Option<Slip> {
    let value = piece.range.clone();
    let written = &text[value.clone()];
    let begins = |words: &str| message.starts_with(words);
    if written.starts_with(['"', '\'']) {
        return of_quoted(message, text, at, value);
    }
    if written.starts_with('#') {
        return comment_for_value(text, value);
    }
    let is_known = begins("string values must be quoted")
        || begins("invalid")
        || begins("unexpected")
        || begins("missing")
        || begins("`_` may only")
        || written.starts_with("{{");
    let is_item = piece.key.is_none() && line_of(text, at).start == value.start;
    if !is_known || is_item || begins("missing comma") {
        return None;
    }
    // A good value next to something that is not.
    if matches!(written, "true" | "false") || number_meant(written).as_deref() == Some(written) {
        return None;
    }
    let number = piece
        .key
        .as_ref()
        .is_some_and(|key| is_number_key(&text[key.clone()]));
    let meant = match written.to_ascii_lowercase().as_str() {
        word @ ("true" | "false") => Some(word.to_owned()),
        "null" | "nil" | "none" if written != "none" => {
            return Some(
                Slip::new(value, format!("TOML has no `{written}`"), "not a value")
                    .with_help("leave the key out"),
            );
        }
        digits => match number {
            true => number_meant(digits),
            false => fraction_meant(digits),
        },
    };
    if let Some(meant) = meant {
        let slip = Slip::new(
            value.clone(),
            format!("TOML does not know the value `{written}`"),
            "not a value",
        );
        return Some(slip.mended(value, meant).certain());
    }
    let why = match written.as_bytes()[0] {
        b'{' => "TOML reads `{` as the beginning of a table",
        b'0'..=b'9' | b'.' | b'+' | b'-' => "not a number of TOML",
        _ => "a text without quotes",
    };
    let quotes = match written.contains(['{', '\'', '"', '\\']) {
        true => quoted(written),
        // As texts are usually written in TOML.
        false => format!("\"{written}\""),
    };
    Some(Slip::unquoted(text, value, why, quotes))
}

/// A quoted text with something wrong in it, behind it, or without its end.
fn of_quoted(message: &str, text: &str, at: usize, value: Range<usize>) -> Option<Slip> {
    let written = &text[value.clone()];
    let quote = &written[..1];
    if message.starts_with("missing escaped value")
        || message.starts_with("invalid unicode")
        || message.contains("hexadecimal")
        || message.contains("escape")
    {
        let start = text[..at]
            .rfind('\\')
            .filter(|start| value.contains(start))?;
        let sign = text[start + 1..].chars().next().map_or(0, char::len_utf8);
        let escape = &text[start..start + 1 + sign];
        let slip = Slip::new(
            start..start + 1 + sign,
            format!("`{escape}` means nothing in double quotes"),
            "an unknown escape",
        );
        return Some(match without_escapes(written, KNOWN) {
            Some(plain) => {
                let mended = quoted(&plain);
                let help = format!(
                    "in single quotes a backslash is just a backslash: write {}",
                    in_ticks(&mended)
                );
                slip.mended(value, mended).certain().with_help(help)
            }
            None => slip.with_help(format!("write `\\{escape}` for one backslash")),
        });
    }
    if message.starts_with("invalid basic string") || message.starts_with("invalid literal string")
    {
        let opened = Slip::new(
            value.clone(),
            "a quote is opened and not closed",
            "opened here",
        );
        return Some(opened.mended(value, format!("{written}{quote}")));
    }
    if message.starts_with("unexpected key or value") || message.starts_with("missing comma") {
        let slip = Slip::new(
            at..value.end.max(at),
            "nothing may follow the closing quote",
            "this is outside of the quotes",
        );
        let inner = &written[1..];
        return Some(match inner.strip_suffix(quote) {
            Some(inner) if inner.matches(quote).count() == 1 => slip.mended(value, quoted(inner)),
            Some(_) | None => slip.with_help("put the whole value into one pair of quotes"),
        });
    }
    None
}

/// Whether a plan has a key of that name that takes a whole number.
fn is_number_key(key: &str) -> bool {
    let name = key.rsplit('.').next().unwrap_or(key).trim();
    keys::SECTIONS
        .iter()
        .filter_map(|section| section.key(name))
        .any(|key| matches!(key.shape, Shape::Whole(_) | Shape::Version))
}

/// `007` and `1_` as numbers that TOML knows.
fn number_meant(written: &str) -> Option<String> {
    let digits: String = written.chars().filter(|sign| *sign != '_').collect();
    let number: u64 = digits.parse().ok()?;
    Some(number.to_string())
}

/// `.5` and `5.` with the digit that TOML wants.
fn fraction_meant(written: &str) -> Option<String> {
    let digits = written
        .strip_prefix('.')
        .or_else(|| written.strip_suffix('.'))?;
    let all = !digits.is_empty() && digits.chars().all(|sign| sign.is_ascii_digit());
    let meant = match written.starts_with('.') {
        true => format!("0{written}"),
        false => format!("{written}0"),
    };
    all.then_some(meant)
}
