//! Amounts of data as plans write them: `512`, `2kB`, `1MiB`, `1kB..2MB`, `..2MB`.

use std::{fmt, str::FromStr};

/// Units that a plan may use, and their bytes; the larger of two that fit first.
const UNITS: [(&str, u64); 7] = [
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("kB", 1_000),
    ("B", 1),
];

/// A range of sizes, its ends included.
///
/// Invariant: `least` is at most `most`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeRange {
    least_bytes: u64,
    /// `None` is without end.
    most_bytes: Option<u64>,
}

impl SizeRange {
    /// Whether a size is in the range.
    pub fn contains(&self, size_bytes: u64) -> bool {
        self.least_bytes <= size_bytes && self.most_bytes.is_none_or(|most| size_bytes <= most)
    }
}

/// Valid forms, for help texts.
pub const EXAMPLES: &str = "512, 2kB, 1kB..2MB, ..2MB, 1kB..";

/// Why a text is no size and no range of sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotASize {
    Empty,
    /// Something other than digits where a number should be.
    NoNumber,
    /// A unit that does not exist.
    NoUnit,
    TooLarge,
    /// The first end of a range is the larger one.
    Order,
    /// `..` alone.
    NoEnds,
}

impl FromStr for SizeRange {
    type Err = NotASize;

    fn from_str(text: &str) -> Result<SizeRange, NotASize> {
        let Some((from, to)) = text.split_once("..") else {
            let size = parse(text)?;
            return Ok(SizeRange {
                least_bytes: size,
                most_bytes: Some(size),
            });
        };
        if from.is_empty() && to.is_empty() {
            return Err(NotASize::NoEnds);
        }
        let end = |text: &str| (!text.is_empty()).then(|| parse(text)).transpose();
        let range = SizeRange {
            least_bytes: end(from)?.unwrap_or(0),
            most_bytes: end(to)?,
        };
        match range.most_bytes {
            Some(most) if most < range.least_bytes => Err(NotASize::Order),
            Some(_) | None => Ok(range),
        }
    }
}

/// Reads one amount, in bytes.
///
/// # Errors
///
/// [`NotASize`] says which rule the text breaks.
pub fn parse(text: &str) -> Result<u64, NotASize> {
    if text.is_empty() {
        return Err(NotASize::Empty);
    }
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &text[..text.len() - unit.len()];
    if digits.is_empty() {
        return Err(NotASize::NoNumber);
    }
    let unit_bytes = match unit {
        "" => 1,
        unit => UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .map(|(_, bytes)| *bytes)
            .ok_or(NotASize::NoUnit)?,
    };
    let number: Option<u64> = digits.parse().ok();
    number
        .and_then(|number| number.checked_mul(unit_bytes))
        .ok_or(NotASize::TooLarge)
}

/// The shortest of the spellings that are exact: `2kB`, `1KiB`, `1234B`.
pub fn text(size_bytes: u64) -> String {
    let (unit, bytes) = UNITS
        .iter()
        .find(|(_, bytes)| size_bytes > 0 && size_bytes.is_multiple_of(*bytes))
        .unwrap_or(&("B", 1));
    format!("{}{unit}", size_bytes / bytes)
}

impl fmt::Display for SizeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least_bytes, self.most_bytes) {
            (least, Some(most)) if least == most => f.write_str(&text(least)),
            (0, Some(most)) => write!(f, "..{}", text(most)),
            (least, Some(most)) => write!(f, "{}..{}", text(least), text(most)),
            (least, None) => write!(f, "{}..", text(least)),
        }
    }
}

impl fmt::Display for NotASize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotASize::Empty => "a size cannot be empty",
            NotASize::NoNumber => "a size is a whole number of bytes, or one with a unit",
            NotASize::NoUnit => "the units of sizes are B, kB, MB, GB, KiB, MiB and GiB",
            NotASize::TooLarge => "nothing is that large",
            NotASize::Order => "a range goes from the smaller size to the larger",
            NotASize::NoEnds => "a range needs one of its ends",
        })
    }
}

impl std::error::Error for NotASize {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn ranges_hold_what_they_say_and_print_back() {
        //  written      printed     in                       not in
        let rows: [(&str, &str, &[u64], &[u64]); 11] = [
            ("512",      "512B",     &[512],                  &[511, 513]),
            ("0",        "0B",       &[0],                    &[1]),
            ("2kB",      "2kB",      &[2_000],                &[2_048]),
            ("2KiB",     "2KiB",     &[2_048],                &[2_000]),
            ("2048",     "2KiB",     &[2_048],                &[2_000]),
            ("1kB..2MB", "1kB..2MB", &[1_000, 2_000_000],     &[999, 2_000_001]),
            ("1..1",     "1B",       &[1],                    &[0, 2]),
            ("..1MiB",   "..1MiB",   &[0, 1_048_576],         &[1_048_577]),
            ("1B..",     "1B..",     &[1, u64::MAX],          &[0]),
            ("3GB..4GiB", "3GB..4GiB", &[3_000_000_000],      &[2_999_999_999]),
            ("0..",      "0B..",     &[0, u64::MAX],          &[]),
        ];
        for (written, printed, inside, outside) in rows {
            let range: SizeRange = written.parse().expect(written);
            assert_eq!(range.to_string(), printed, "{written}");
            assert_eq!(printed.parse(), Ok(range), "{written}");
            assert!(inside.iter().all(|size| range.contains(*size)), "{written}");
            assert!(!outside.iter().any(|size| range.contains(*size)), "{written}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn everything_else_is_refused_with_its_reason() {
        let rows = [
            ("",         NotASize::Empty),
            ("..",       NotASize::NoEnds),
            ("kB",       NotASize::NoNumber),
            ("-1",       NotASize::NoNumber),
            ("1.5kB",    NotASize::NoUnit),
            ("1KB",      NotASize::NoUnit),
            ("1 kB",     NotASize::NoUnit),
            ("1mb",      NotASize::NoUnit),
            ("2kB..1kB", NotASize::Order),
            ("99999999999GB", NotASize::TooLarge),
            ("99999999999999999999", NotASize::TooLarge),
        ];
        for (text, reason) in rows {
            assert_eq!(text.parse::<SizeRange>(), Err(reason), "{text}");
        }
    }
}
