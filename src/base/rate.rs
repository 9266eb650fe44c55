//! Arrivals per time as plans write them: `50/s`, `0.29/s`, `30/m`, `1000/h`.
//!
//! A rate is a whole number of millionths of an arrival per hour: each of the valid
//! forms is exact, so that `0.29/s` for 100 s is 29 arrivals and not 28.999….

use std::fmt;

use serde::{Deserialize, Serialize};

/// How many of something come in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u64);

/// How arrivals lie in their time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spread {
    /// At even distances.
    #[default]
    Even,
    /// At random, as visitors who know nothing of each other come; as many in all.
    Poisson,
}

/// Units of time, and how often an hour has each.
const UNITS: [(&str, u64); 3] = [("s", 3600), ("m", 60), ("h", 1)];

/// Of one arrival.
const MILLIONTHS: u64 = 1_000_000;

/// Digits behind the point that are still exact.
const DECIMALS: usize = 6;

/// What no machine sends: `1000000/s`.
const HIGHEST: Rate = Rate(1_000_000 * 3600 * MILLIONTHS);

/// Valid forms, for help texts.
pub const EXAMPLES: &str = "50/s, 0.5/s, 30/m, 1000/h";

impl Rate {
    /// None at all.
    pub const ZERO: Rate = Rate(0);

    /// Reads a rate.
    ///
    /// # Errors
    ///
    /// [`NotARate`] says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Rate, NotARate> {
        let (number, unit) = text.split_once('/').ok_or(NotARate::NoUnit)?;
        let (number, unit) = (number.trim(), unit.trim());
        let per_hour = UNITS.iter().find(|(name, _)| *name == unit);
        let (_, per_hour) = per_hour.ok_or(NotARate::UnknownUnit)?;
        let rate = millionths(number)?
            .checked_mul(*per_hour)
            .map(Rate)
            .ok_or(NotARate::TooHigh)?;
        if rate > HIGHEST {
            return Err(NotARate::TooHigh);
        }
        Ok(rate)
    }

    /// One that was [taken apart](Rate::millionths_per_hour).
    pub fn of_millionths_per_hour(millionths: u64) -> Rate {
        Rate(millionths)
    }

    /// Exact.
    pub fn millionths_per_hour(self) -> u64 {
        self.0
    }

    /// As a number for arithmetic that need not be exact.
    pub fn per_second(self) -> f64 {
        self.0 as f64 / (MILLIONTHS * 3600) as f64
    }
}

/// A decimal number in millionths.
fn millionths(text: &str) -> Result<u64, NotARate> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    if !is_number(whole) || !is_number(decimals) {
        return Err(NotARate::NoNumber);
    }
    if decimals.len() > DECIMALS {
        return Err(NotARate::TooFine);
    }
    let whole: u64 = whole.parse().map_err(|_| NotARate::TooHigh)?;
    let decimals: u64 = format!("{decimals:0<DECIMALS$}")
        .parse()
        .expect("six digits are a number");
    whole
        .checked_mul(MILLIONTHS)
        .and_then(|whole| whole.checked_add(decimals))
        .ok_or(NotARate::TooHigh)
}

/// In the largest unit in which it is exact: seconds, if they can be.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exact = UNITS
            .iter()
            .find(|(_, per_hour)| self.0.is_multiple_of(*per_hour));
        let (unit, per_hour) = exact.expect("an hour is exact");
        let millionths = self.0 / per_hour;
        let (whole, decimals) = (millionths / MILLIONTHS, millionths % MILLIONTHS);
        write!(f, "{whole}")?;
        if decimals > 0 {
            let decimals = format!("{decimals:0>DECIMALS$}");
            write!(f, ".{}", decimals.trim_end_matches('0'))?;
        }
        write!(f, "/{unit}")
    }
}

/// Why a text is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotARate {
    /// Something other than a number before the `/`.
    NoNumber,
    NoUnit,
    UnknownUnit,
    /// More digits behind the point than are exact.
    TooFine,
    TooHigh,
}

impl fmt::Display for NotARate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotARate::NoNumber => "a rate is a number, `/` and a unit",
            NotARate::NoUnit => "a rate needs a unit: /s, /m or /h",
            NotARate::UnknownUnit => "the units of a rate are /s, /m and /h",
            NotARate::TooFine => "a rate has at most six digits behind its point",
            NotARate::TooHigh => "a rate can be at most 1000000/s",
        })
    }
}

impl std::error::Error for NotARate {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_exact_and_print_back() {
        let rows = [
            ("50/s", 50 * 3600 * MILLIONTHS, "50/s"),
            ("0.29/s", 1_044 * MILLIONTHS, "0.29/s"),
            ("30/m", 30 * 60 * MILLIONTHS, "0.5/s"),
            ("50/m", 50 * 60 * MILLIONTHS, "50/m"),
            ("1000/h", 1_000 * MILLIONTHS, "1000/h"),
            ("0.000001/h", 1, "0.000001/h"),
            ("0/s", 0, "0/s"),
            ("1000000/s", HIGHEST.0, "1000000/s"),
        ];
        for (text, millionths, printed) in rows {
            let rate = Rate::parse(text).unwrap();
            assert_eq!(rate.millionths_per_hour(), millionths, "{text}");
            assert_eq!(rate.to_string(), printed, "{text}");
            assert_eq!(Rate::parse(printed), Ok(rate), "{text}");
        }
    }

    #[test]
    fn what_is_no_rate_says_why() {
        let rows = [
            ("50", NotARate::NoUnit),
            ("", NotARate::NoUnit),
            ("50/d", NotARate::UnknownUnit),
            ("50/", NotARate::UnknownUnit),
            ("/s", NotARate::NoNumber),
            ("-1/s", NotARate::NoNumber),
            ("1e3/s", NotARate::NoNumber),
            (".5/s", NotARate::NoNumber),
            ("0.1234567/s", NotARate::TooFine),
            ("1000001/s", NotARate::TooHigh),
            ("99999999999999999999/s", NotARate::TooHigh),
        ];
        for (text, why) in rows {
            assert_eq!(Rate::parse(text), Err(why), "{text}");
        }
    }
}
