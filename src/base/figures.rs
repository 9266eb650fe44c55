//! Numbers as people read them: `340µs 12.3ms 1.24s`, `2.3%`, `53.2/s`, `1.24MB`.
//!
//! For bars, reports and sentences, so that all of them round alike. What a
//! program reads gets whole microseconds and bytes instead.

use std::time::Duration;

use super::duration;

/// Significant digits of a figure unless somebody asks for more.
pub const DIGITS: usize = 3;

/// A response time, or how long something took: `340µs`, `12.3ms`, `1m30s`.
pub fn time(time: Duration) -> String {
    time_to(time, DIGITS)
}

/// A time as [`round_time`] rounds it.
pub fn time_to(time: Duration, digits: usize) -> String {
    const MS: Duration = Duration::from_millis(1);
    const SECOND: Duration = Duration::from_secs(1);
    let time = round_time(time, digits);
    if time >= MINUTE {
        duration::text(time)
    } else if time >= SECOND {
        format!("{}s", number(time.as_secs_f64(), digits))
    } else if time >= MS {
        format!("{}ms", number(time.as_secs_f64() * 1e3, digits))
    } else if time.is_zero() {
        "0s".to_owned()
    } else {
        format!("{}µs", number(time.as_secs_f64() * 1e6, digits))
    }
}

/// Rounds to significant `digits`; from a minute on to whole seconds, unless
/// more than [`DIGITS`] are asked for.
pub fn round_time(time: Duration, digits: usize) -> Duration {
    let seconds = significant(time.as_secs_f64(), digits);
    let rounded = Duration::try_from_secs_f64(seconds).unwrap_or(time);
    if rounded >= MINUTE && digits <= DIGITS {
        Duration::from_secs(time.as_secs_f64().round() as u64)
    } else {
        rounded
    }
}

const MINUTE: Duration = Duration::from_mins(1);

/// A share of 1 in percent: `2.3%`.
pub fn share(share: f64) -> String {
    share_to(share, DIGITS)
}

/// A share of 1 in percent, rounded to `digits`.
pub fn share_to(share: f64, digits: usize) -> String {
    format!("{}%", number(share * 100.0, digits))
}

/// Events per second: `53.2/s`.
pub fn rate(per_second: f64) -> String {
    rate_to(per_second, DIGITS)
}

/// Events per second, rounded to `digits`.
pub fn rate_to(per_second: f64, digits: usize) -> String {
    format!("{}/s", number(per_second, digits))
}

/// An amount of data in powers of ten: `1.24MB`.
pub fn bytes(bytes: u64) -> String {
    bytes_to(bytes as f64, DIGITS)
}

/// An amount of data, rounded to `digits`.
pub fn bytes_to(bytes: f64, digits: usize) -> String {
    const UNITS: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
    let (amount, unit) = in_thousands(bytes);
    format!("{}{}", number(amount, digits), UNITS[unit])
}

/// The amount that [`bytes_to`] shows.
pub fn round_bytes(bytes: f64, digits: usize) -> f64 {
    let (amount, unit) = in_thousands(bytes);
    round(amount, digits) * (0..unit).fold(1.0, |factor, _| factor * 1_000.0)
}

/// An amount in the largest power of a thousand that it reaches, and which that is.
fn in_thousands(bytes: f64) -> (f64, usize) {
    const LARGEST_UNIT: usize = 6;
    let mut amount = bytes;
    let mut unit = 0;
    // What is more than 64 bits count stays in the largest unit.
    while round(amount, DIGITS) >= 1_000.0 && unit < LARGEST_UNIT {
        amount /= 1_000.0;
        unit += 1;
    }
    (amount, unit)
}

/// A number with `digits` significant digits, but never fewer than its whole
/// part has, and without zeros at its end: `1234`, `12.3`, `0.0123`.
pub fn number(value: f64, digits: usize) -> String {
    /// A float holds no more.
    const MOST: f64 = 18.0;
    // 9.996 has its first digit at 10 once it is rounded to three.
    let first = significant(value, digits).abs().log10().floor();
    let decimals = (digits as f64 - 1.0 - first).clamp(0.0, MOST) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// The value that [`number`] shows.
pub fn round(value: f64, digits: usize) -> f64 {
    number(value, digits)
        .parse()
        .expect("a number that was just printed")
}

fn significant(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits.saturating_sub(1))
        .parse()
        .expect("a number that was just printed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn times_change_units_where_they_round_up_to_them() {
        //  nanoseconds       figure
        let rows = [
            (0,                "0s"),
            (340,              "0.34µs"),
            (340_000,          "340µs"),
            (999_400,          "999µs"),
            (999_600,          "1ms"),
            (1_240_000,        "1.24ms"),
            (12_000_000,       "12ms"),
            (12_345_000,       "12.3ms"),
            (412_345_678,      "412ms"),
            (999_600_000,      "1s"),
            (1_236_000_000,    "1.24s"),
            (59_940_000_000,   "59.9s"),
            (59_960_000_000,   "1m"),
            (90_400_000_000,   "1m30s"),
            (259_200_000_000_000, "3d"),
        ];
        for (ns, figure) in rows {
            assert_eq!(time(Duration::from_nanos(ns)), figure, "{ns} ns");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn numbers_keep_three_digits_and_their_whole_part() {
        let rows = [
            (0.0,        "0"),
            (0.001_234,  "0.00123"),
            (0.5,        "0.5"),
            (9.996,      "10"),
            (12.34,      "12.3"),
            (99.96,      "100"),
            (100.0,      "100"),
            (1234.4,     "1234"),
            (1_234_567.8, "1234568"),
        ];
        for (value, text) in rows {
            assert_eq!(number(value, DIGITS), text, "{value}");
        }
        assert_eq!(number(300.04, 5), "300.04");
        assert_eq!(round(1234.4, DIGITS), 1234.0);
        assert_eq!(share(0.001), "0.1%");
        assert_eq!(rate(53.21), "53.2/s");
        assert_eq!(time_to(Duration::from_nanos(300_040_000), 5), "300.04ms");
        assert_eq!(time_to(Duration::from_millis(90_040), 5), "1m30s40ms");
    }

    #[test]
    #[rustfmt::skip]
    fn bytes_go_up_in_thousands() {
        let rows = [
            (0, "0B"),
            (999, "999B"),
            (1_000, "1kB"),
            (999_600, "1MB"),
            (1_236_000, "1.24MB"),
            (u64::MAX, "18.4EB"),
        ];
        for (amount, text) in rows {
            assert_eq!(bytes(amount), text, "{amount}");
        }
    }
}
