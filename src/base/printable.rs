//! Text from strangers, made fit for a terminal.

use std::borrow::Cow;

/// The text with every character that would steer a terminal made visible.
///
/// Plans come in pull requests and pages from targets: neither may colour,
/// overwrite or reorder what the person at the terminal reads. Line breaks and
/// tabs stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| picture(c) == c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(picture).collect())
}

fn picture(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        // Unicode has a picture of each control character, in their order.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).expect("a block of pictures"),
        '\u{7f}' => '\u{2421}',
        _ if is_unseen(c) => '\u{fffd}',
        _ => c,
    }
}

/// The second set of controls, what ends lines or turns the direction of writing,
/// and the byte order mark: what has no picture and steers all the same.
pub fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{80}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
    )
}

/// The first `chars` characters; an ellipsis in place of what follows.
pub fn cut(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn only_what_steers_a_terminal_is_replaced() {
        let rows = [
            (
                "plain ŁuczniczQA \u{1F3F9}\n\t",
                "plain ŁuczniczQA \u{1F3F9}\n\t",
            ),
            ("\u{1b}[31m\r", "␛[31m␍"),
            ("\0\u{7f}\u{9b}2J", "␀␡\u{fffd}2J"),
            ("a\u{202e}b", "a\u{fffd}b"),
            ("\u{feff}a\u{2028}b\u{200f}", "\u{fffd}a\u{fffd}b\u{fffd}"),
        ];
        for (text, shown) in rows {
            assert_eq!(printable(text), shown);
        }
    }
}
