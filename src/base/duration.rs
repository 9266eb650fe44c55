//! Durations as plans and reports write them: `500ms 7s 1m 1h20m 72h 3d 1d12h`.

use std::{fmt, time::Duration};

/// The longest duration that a plan may name: a year.
///
/// It keeps sums of durations far away from overflow, and turns `7200h` that
/// was meant as `720h` into a question instead of a run nobody sees the end of.
pub const MAX_DURATION: Duration = Duration::from_secs(366 * 24 * 3600);

/// Reads a duration.
///
/// # Errors
///
/// [`NotADuration`] says which rule the text breaks. A bare number is refused:
/// nobody can tell whether `30` means seconds or milliseconds.
pub fn parse(text: &str) -> Result<Duration, NotADuration> {
    let mut rest = text;
    if rest.is_empty() {
        return Err(NotADuration::Empty);
    }
    let mut last_unit = usize::MAX;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let letters = rest[digits..].len()
            - rest[digits..]
                .trim_start_matches(|c: char| c.is_ascii_alphabetic())
                .len();
        if digits == 0 {
            return Err(NotADuration::NoNumber);
        }
        if letters == 0 {
            return Err(NotADuration::NoUnit);
        }
        let unit = &rest[digits..digits + letters];
        let rank = UNITS
            .iter()
            .position(|known| *known == unit)
            .ok_or(NotADuration::UnknownUnit)?;
        if rank >= last_unit {
            return Err(NotADuration::Order);
        }
        last_unit = rank;
        rest = &rest[digits + letters..];
    }
    let time = humantime::parse_duration(text).map_err(|_| NotADuration::TooLong)?;
    if time > MAX_DURATION {
        return Err(NotADuration::TooLong);
    }
    Ok(time)
}

/// Units a plan may use, small to large. humantime knows more, and its `M` is a month.
const UNITS: [&str; 7] = ["ns", "us", "ms", "s", "m", "h", "d"];

/// Writes a duration the way [`parse`] reads it: `1h20m`, `0s`.
pub fn text(time: Duration) -> String {
    const DAY_S: u64 = 24 * 3600;
    let mut text = String::new();
    let seconds = time.as_secs();
    let nanos = time.subsec_nanos();
    let parts = [
        (seconds / DAY_S, "d"),
        (seconds % DAY_S / 3600, "h"),
        (seconds % 3600 / 60, "m"),
        (seconds % 60, "s"),
        (u64::from(nanos / 1_000_000), "ms"),
        (u64::from(nanos / 1_000 % 1_000), "us"),
        (u64::from(nanos % 1_000), "ns"),
    ];
    for (number, unit) in parts {
        if number > 0 {
            text.push_str(&format!("{number}{unit}"));
        }
    }
    if text.is_empty() {
        "0s".to_owned()
    } else {
        text
    }
}

/// Why a text is not a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotADuration {
    Empty,
    /// Something other than digits where a number should be.
    NoNumber,
    /// A number without a unit.
    NoUnit,
    /// A unit that does not exist.
    UnknownUnit,
    /// Units that do not go from large to small, or twice the same.
    Order,
    /// More than [`MAX_DURATION`].
    TooLong,
}

impl fmt::Display for NotADuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotADuration::Empty => "a duration cannot be empty",
            NotADuration::NoNumber => "a duration is a whole number and a unit",
            NotADuration::NoUnit => "every number of a duration needs a unit: ms, s, m, h or d",
            NotADuration::UnknownUnit => "the units of a duration are ms, s, m, h and d",
            NotADuration::Order => "the units of a duration go from large to small, each once",
            NotADuration::TooLong => "a duration can be at most 366d",
        })
    }
}

impl std::error::Error for NotADuration {}

/// Valid forms, for help texts.
pub const EXAMPLES: &str = "500ms, 7s, 1m, 1h20m, 72h, 3d";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn valid_forms_mean_what_they_say_and_print_back() {
        //  written    milliseconds      printed
        let rows = [
            ("500ms",              500, "500ms"),
            ("7s",               7_000, "7s"),
            ("1m",              60_000, "1m"),
            ("1h20m",        4_800_000, "1h20m"),
            ("72h",        259_200_000, "3d"),
            ("3d",         259_200_000, "3d"),
            ("1d12h",      129_600_000, "1d12h"),
            ("90s",             90_000, "1m30s"),
            ("0s",                   0, "0s"),
        ];
        for (text_in, ms, text_out) in rows {
            assert_eq!(parse(text_in), Ok(Duration::from_millis(ms)), "{text_in}");
            assert_eq!(text(Duration::from_millis(ms)), text_out, "{text_in}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn everything_else_is_refused_with_its_reason() {
        let rows = [
            ("",        NotADuration::Empty),
            ("30",      NotADuration::NoUnit),
            ("1h30",    NotADuration::NoUnit),
            ("2 m",     NotADuration::NoUnit),
            ("1M",      NotADuration::UnknownUnit),
            ("5sec",    NotADuration::UnknownUnit),
            ("h",       NotADuration::NoNumber),
            ("-5s",     NotADuration::NoNumber),
            ("1.5h",    NotADuration::NoUnit),
            ("20m1h",   NotADuration::Order),
            ("1m1m",    NotADuration::Order),
            ("9999d",   NotADuration::TooLong),
            ("99999999999999999999h", NotADuration::TooLong),
        ];
        for (text, reason) in rows {
            assert_eq!(parse(text), Err(reason), "{text}");
        }
    }
}
