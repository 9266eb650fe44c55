//! Pieces of text that every view needs.

use std::{borrow::Cow, time::Duration};

use super::numbers;
use crate::base::figures;

/// How many terminal columns a text takes.
pub fn columns(text: &str) -> usize {
    console::measure_text_width(text)
}

/// Cuts a text to a number of columns; what was cut ends in `…`.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    console::truncate_str(text, columns, if columns == 0 { "" } else { "…" })
}

/// A text from outside, with everything replaced that a terminal would obey
/// instead of show: control characters, line ends, and marks that are
/// invisible or turn the direction of what follows. With a question mark:
/// there are terminals that swallow U+FFFD.
pub fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if is_obeyed(c) { '?' } else { c })
        .collect()
}

fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A time of the run as `72:03:00`: it keeps its width while it counts.
pub fn hours(time: Duration) -> String {
    let seconds = time.as_secs();
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds % 3600 / 60,
        seconds % 60
    )
}

/// A number of things: `1 user`, `1,200 users`.
pub fn counted(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", numbers::count(number))
}

/// `p50 12ms`, or `p50 –` without a request.
pub fn percentile(name: &str, time: Option<Duration>) -> String {
    match time {
        Some(time) => format!("{name} {}", figures::time(time)),
        None => format!("{name} {}", numbers::NOTHING),
    }
}

/// `errors 0.12%`, or `errors –` without a request.
pub fn errors(share: Option<f64>) -> String {
    match share {
        Some(share) => format!("errors {}", numbers::percent(share)),
        None => format!("errors {}", numbers::NOTHING),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_reaches_the_terminal_as_a_command() {
        assert_eq!(clean("POST /łódź 文 🦀"), "POST /łódź 文 🦀");
        assert_eq!(
            clean("a\x1b[2Jb\rc\nd\te\u{9b}f\u{202e}g\u{200b}h\u{2028}i\0"),
            "a?[2Jb?c?d?e?f?g?h?i?"
        );
    }

    #[test]
    #[rustfmt::skip]
    fn a_cut_text_never_takes_more_columns() {
        let rows = [
            ("abcdef", 6, "abcdef"),
            ("abcdef", 5, "abcd…"),
            ("abcdef", 1, "…"),
            ("abcdef", 0, ""),
            ("łódź!",  4, "łód…"),
            ("文文文",  6, "文文文"),
            // A wide character is not split, so a column stays free.
            ("文文文",  4, "文…"),
        ];
        for (text, width, result) in rows {
            assert_eq!(cut(text, width), result, "{text} to {width}");
            assert!(columns(&cut(text, width)) <= width);
        }
    }

    #[test]
    fn hours_go_beyond_a_day() {
        let rows = [
            (0, "00:00:00"),
            (59, "00:00:59"),
            (4_800, "01:20:00"),
            (259_380, "72:03:00"),
            (31_622_400, "8784:00:00"),
        ];
        for (seconds, text) in rows {
            assert_eq!(hours(Duration::from_secs(seconds)), text);
        }
        assert_eq!(hours(Duration::from_millis(1_999)), "00:00:01");
    }
}
