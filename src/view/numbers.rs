//! Numbers that change while somebody looks at them: `1,234,567`, `0.12%`, `412.0/s`.
//!
//! They keep their decimals, so that a line does not jump from second to second;
//! a report, which stands still, rounds to significant digits instead
//! ([`figures`]). Times are the same in both.
//!
//! [`figures`]: crate::base::figures

/// What stands where there is no number to show.
pub const NOTHING: &str = "–";

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

#[cfg(test)]
mod tests {
    use super::*;

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
