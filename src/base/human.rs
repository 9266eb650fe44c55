//! Measured numbers as people read them: `12.3ms`, `1,234,567`, `0.12%`, `412.0/s`.
//!
//! What is measured is rounded here to what can be taken in at a glance; what
//! is planned (`1h20m`) is written exactly, by [`duration::text`]. The view and
//! the report share these, so the same number looks the same in both.
//!
//! [`duration::text`]: super::duration::text

use std::time::Duration;

/// What stands where there is no number to show.
pub const NOTHING: &str = "–";

/// A measured time with three significant digits: `340µs`, `12.3ms`, `1.24s`, `1.5min`.
pub fn short(time: Duration) -> String {
    //  nanoseconds in the unit, numbers below which it is used, name
    const UNITS: [(u128, u128, &str); 3] = [
        (1_000, 1_000, "µs"),
        (1_000_000, 1_000, "ms"),
        (1_000_000_000, 60, "s"),
    ];
    const MINUTE: (u128, &str) = (60_000_000_000, "min");
    let nanos = time.as_nanos();
    for (unit, end, name) in UNITS {
        let (digits, decimals) = three_digits(nanos, unit);
        // Compared after rounding: 999.6µs is 1ms and not 1000µs.
        if digits < end * 10u128.pow(decimals) {
            return format!("{}{name}", decimal(digits, decimals));
        }
    }
    let (digits, decimals) = three_digits(nanos, MINUTE.0);
    format!("{}{}", decimal(digits, decimals), MINUTE.1)
}

/// A count with thousands separators: `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share (0 to 1) in percent with two decimals: `0.12%`, `0%`, `100%`.
///
/// Never rounds to nothing or to everything: one failure in a million is
/// `<0.01%`, and one success in a million `>99.99%`.
pub fn percent(share: f64) -> String {
    if share <= 0.0 {
        return "0%".to_owned();
    }
    if share >= 1.0 {
        return "100%".to_owned();
    }
    if share < 0.000_05 {
        return "<0.01%".to_owned();
    }
    if share >= 0.999_95 {
        return ">99.99%".to_owned();
    }
    format!("{:.2}%", share * 100.0)
}

/// A rate per second: `412.0/s`, `12,345.6/s`, and below ten `0.25/s`.
pub fn rate(per_second: f64) -> String {
    // 9.999 is 10.0 and not 10.00: compared as it would be rounded.
    if per_second < 9.995 {
        return format!("{per_second:.2}/s");
    }
    let text = format!("{per_second:.1}");
    match text.split_once('.') {
        Some((whole, tenth)) => match whole.parse() {
            Ok(whole) => format!("{}.{tenth}/s", count(whole)),
            // More than 64 bits hold: no rate that anything reaches.
            Err(_) => format!("{text}/s"),
        },
        // Infinite.
        None => format!("{text}/s"),
    }
}

/// `nanos` in `unit`, rounded to three digits: the digits, and how many of them
/// stand behind the point.
fn three_digits(nanos: u128, unit: u128) -> (u128, u32) {
    let rounded = |decimals: u32| (nanos * 10u128.pow(decimals) + unit / 2) / unit;
    let decimals = [2, 1]
        .into_iter()
        .find(|&decimals| rounded(decimals) < 1_000)
        .unwrap_or(0);
    (rounded(decimals), decimals)
}

/// `123` with two decimals is `1.23`; zeros at the end are left out.
fn decimal(digits: u128, decimals: u32) -> String {
    let scale = 10u128.pow(decimals);
    let whole = digits / scale;
    let part = digits % scale;
    if part == 0 {
        return whole.to_string();
    }
    let text = format!("{whole}.{part:0width$}", width = decimals as usize);
    text.trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn times_have_three_digits_and_the_unit_that_fits() {
        //  nanoseconds            text
        let rows = [
            (0,                    "0µs"),
            (4,                    "0µs"),
            (400,                  "0.4µs"),
            (1_000,                "1µs"),
            (12_340,               "12.3µs"),
            (340_000,              "340µs"),
            (999_499,              "999µs"),
            (999_600,              "1ms"),
            (4_000_000,            "4ms"),
            (4_050_000,            "4.05ms"),
            (12_300_000,           "12.3ms"),
            (99_960_000,           "100ms"),
            (999_999_999,          "1s"),
            (1_240_000_000,        "1.24s"),
            (1_200_000_000,        "1.2s"),
            (59_940_000_000,       "59.9s"),
            (59_960_000_000,       "1min"),
            (90_000_000_000,       "1.5min"),
            (3_600_000_000_000,    "60min"),
            (259_200_000_000_000,  "4320min"),
        ];
        for (nanos, text) in rows {
            assert_eq!(short(Duration::from_nanos(nanos)), text, "{nanos} ns");
        }
        assert_eq!(short(Duration::MAX), "307445734561825860min");
    }

    #[test]
    #[rustfmt::skip]
    fn counts_are_grouped_by_thousands() {
        let rows = [
            (0,        "0"),
            (999,      "999"),
            (1_000,    "1,000"),
            (123_456,  "123,456"),
            (1_000_000, "1,000,000"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ];
        for (number, text) in rows {
            assert_eq!(count(number), text);
        }
    }

    #[test]
    #[rustfmt::skip]
    fn shares_never_round_to_none_or_all() {
        let rows = [
            (0.0,         "0%"),
            (0.000_001,   "<0.01%"),
            (0.000_1,     "0.01%"),
            (0.001_2,     "0.12%"),
            (0.5,         "50.00%"),
            (0.999_9,     "99.99%"),
            (0.999_999,   ">99.99%"),
            (1.0,         "100%"),
        ];
        for (share, text) in rows {
            assert_eq!(percent(share), text, "{share}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn rates_have_two_decimals_only_below_ten() {
        let rows = [
            (0.0,       "0.00/s"),
            (0.25,      "0.25/s"),
            (9.994,     "9.99/s"),
            (9.999,     "10.0/s"),
            (412.0,     "412.0/s"),
            (12_345.64, "12,345.6/s"),
            (1e21,      "1000000000000000000000.0/s"),
            (f64::INFINITY, "inf/s"),
        ];
        for (per_second, text) in rows {
            assert_eq!(rate(per_second), text, "{per_second}");
        }
    }
}
