//! Slips of signs: quotes, escapes, and what cannot stand in a file at all.

use std::ops::Range;

use super::{
    syntax::{line_of, word_at},
    value::{line_value, quoted, value_at},
};
use crate::{
    plan::read::slip::{Slip, without_escapes},
    source::in_ticks,
};

/// What stands for another sign behind a backslash.
const KNOWN: &str = "0abtnvfre N_LP\t";

/// A control character, which YAML does not allow and nobody sees.
pub(super) fn control(text: &str, at: usize) -> Option<Slip> {
    let line = line_of(text, at);
    let (offset, sign) = text[at..line.end]
        .char_indices()
        .find(|(_, sign)| sign.is_control() && *sign != '\t')?;
    let place = at + offset..at + offset + sign.len_utf8();
    let code = u32::from(sign);
    Some(
        Slip::new(
            place.clone(),
            format!("a control character (U+{code:04X}) cannot stand in a file"),
            "it stands here",
        )
        .mended(place, "")
        .with_help(format!(
            "leave it out; where a text needs it, write `\\x{code:02X}` in double quotes"
        ))
        .leaving_out(value_at(text, at, None)),
    )
}

/// A byte order mark that is not at the beginning of the file.
pub(super) fn order_mark(text: &str, at: usize) -> Slip {
    const MARK: char = '\u{feff}';
    let found = text[at..].find(MARK).or_else(|| text[..at].rfind(MARK));
    let start = match text[at..].find(MARK) {
        Some(offset) => at + offset,
        None => found.unwrap_or(at),
    };
    let end = start + text[start..].chars().next().map_or(0, char::len_utf8);
    Slip::new(
        start..end,
        "an invisible byte order mark (U+FEFF) stands within the file",
        "it stands before this, without a width",
    )
    .mended(start..end, "")
    .certain()
    .with_help("leave it out")
}

/// A quote that nothing closes on its line.
pub(super) fn open_quote(text: &str, at: usize, bracket: Option<usize>) -> Slip {
    let quote = &text[at..=at];
    let slip = Slip::new(
        word_at(text, at),
        "a quote is opened and not closed",
        "opened here",
    );
    match value_at(text, at, bracket) {
        Some(value) if value.start == at => {
            let written = &text[value.clone()];
            let closed = format!("{written}{quote}");
            slip.mended(value.clone(), closed).leaving_out(Some(value))
        }
        Some(_) | None => slip.with_help(format!("close it with {}", in_ticks(quote))),
    }
}

/// Something stands behind a closing quote at `at`.
pub(super) fn behind_quote(text: &str, at: usize, quote: char, bracket: Option<usize>) -> Slip {
    let line = line_of(text, at);
    if text[line.start..at].matches(quote).count() % 2 == 1 {
        return match opening_above(text, line.start, quote) {
            Some(opening) => open_quote(text, opening, None),
            None => Slip::new(
                word_at(text, at),
                "nothing may follow the closing quote",
                "this is outside of the quotes",
            )
            .with_help("one of the quotes above is not closed"),
        };
    }
    let slip = Slip::new(
        word_at(text, at),
        "nothing may follow the closing quote",
        "this is outside of the quotes",
    );
    let value = value_at(text, at, bracket).filter(|value| text[value.clone()].starts_with(quote));
    let Some(value) = value else {
        return slip
            .with_help("put the whole value into one pair of quotes")
            .leaving_out(line_value(text, at));
    };
    let written = &text[value.clone()];
    let slip = match one_pair(written, at - value.start, quote) {
        Some(mended) if mended != written => slip.mended(value.clone(), mended),
        Some(_) | None => slip.with_help("put the whole value into one pair of quotes"),
    };
    slip.leaving_out(Some(value))
}

/// One pair of quotes for a value whose own ends before `end`, if it is clear
/// what is meant.
fn one_pair(written: &str, end: usize, quote: char) -> Option<String> {
    let inner = &written[1..written[..end].rfind(quote).unwrap_or(end).max(1)];
    let rest = &written[end..];
    let is_apart = written[..end].ends_with(' ');
    match rest.strip_suffix(quote) {
        // 'it's here': the quote in the middle is an apostrophe.
        Some(_) if !is_sum(written, quote) => Some(quoted(&written[1..written.len() - 1])),
        // "a" + "b": no plan adds texts.
        Some(_) => None,
        // '{{ base }}'/x: the quote closes too early.
        None if !is_apart && !rest.contains(quote) => Some(quoted(&format!("{inner}{rest}"))),
        // 'GET /' p95 < 1s: the quotes belong to the text.
        None => Some(quoted(written)),
    }
}

/// Whether two quoted texts stand there, and something between them.
fn is_sum(written: &str, quote: char) -> bool {
    [" + ", "+", " ", ", ", ","]
        .iter()
        .any(|between| written.contains(&format!("{quote}{between}{quote}")))
}

/// Where a quote opens on the nearest line above that leaves one open.
fn opening_above(text: &str, below: usize, quote: char) -> Option<usize> {
    let mut end = below;
    while end > 0 {
        let line = line_of(text, end - 1);
        let here = &text[line.clone()];
        if here.matches(quote).count() % 2 == 1 {
            return here.rfind(quote).map(|offset| line.start + offset);
        }
        end = line.start;
    }
    None
}

/// The first escape of the double-quoted text at `at` that YAML does not know.
pub(super) fn unknown_escape(text: &str, at: usize, bracket: Option<usize>) -> Slip {
    let mut signs = text[at..].char_indices();
    let mut range = word_at(text, at);
    while let Some((offset, sign)) = signs.next() {
        if sign != '\\' {
            continue;
        }
        match signs.next() {
            Some((next, known))
                if "\"/\\\r\n".contains(known)
                    || KNOWN.contains(known)
                    || has_digits(&text[at + next..], known) => {}
            Some((next, unknown)) => {
                range = at + offset..at + next + unknown.len_utf8();
                break;
            }
            None => break,
        }
    }
    let written = &text[range.clone()];
    let slip = match digits(&written[1..]) {
        Some(digits) => Slip::new(
            range.clone(),
            format!("`{written}` needs {digits} hexadecimal digits after it in double quotes"),
            "an escape without its number",
        ),
        None => Slip::new(
            range.clone(),
            format!("`{written}` means nothing in double quotes"),
            "an unknown escape",
        ),
    };
    let value = value_at(text, at, bracket).filter(|value| text[value.clone()].starts_with('"'));
    let slip = match value
        .as_ref()
        .map(|value| without_escapes(&text[value.clone()], KNOWN))
    {
        Some(Some(plain)) => {
            let place = value.clone().expect("it was just read");
            slip.mended(place, quoted_plainly(&plain)).certain()
        }
        Some(None) | None => slip,
    };
    let help = match &slip.fix {
        Some((_, mended)) => {
            format!(
                "in single quotes a backslash is just a backslash: write {}",
                in_ticks(mended)
            )
        }
        None => format!(
            "use single quotes, in which a backslash is just a backslash; or write `\\{written}` for one"
        ),
    };
    slip.with_help(help).leaving_out(value)
}

/// How many digits an escape needs.
fn digits(sign: &str) -> Option<usize> {
    match sign {
        "x" => Some(2),
        "u" => Some(4),
        "U" => Some(8),
        _ => None,
    }
}

fn has_digits(from_sign: &str, sign: char) -> bool {
    digits(sign.encode_utf8(&mut [0; 4])).is_some_and(|count| {
        from_sign
            .get(1..=count)
            .is_some_and(|digits| digits.chars().all(|digit| digit.is_ascii_hexdigit()))
    })
}

/// In single quotes, whatever is in it.
fn quoted_plainly(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The range of a `#word` that takes the rest of a line with brackets in it.
pub(super) fn comment_in_brackets(text: &str, bracket: usize) -> Option<Slip> {
    let line = line_of(text, bracket);
    let sign = bracket + text[bracket..line.end].find(" #")? + 1;
    // A comment for people has a space after its sign.
    if word_at(text, sign).len() < 2 {
        return None;
    }
    let value: Range<usize> = value_at(text, sign, None)?;
    let comment = sign..line.end;
    let written = text[comment.clone()].trim_end();
    let message = format!(
        "{} is read as a comment, to the end of the line",
        in_ticks(written)
    );
    Some(
        Slip::new(sign..sign + written.len(), message, "a comment begins here")
            .mended(value.clone(), quoted(&text[value.clone()]))
            .with_help(format!(
                "if it is a value, write {}",
                in_ticks(&quoted(&text[value.clone()]))
            ))
            .leaving_out(Some(value)),
    )
}
