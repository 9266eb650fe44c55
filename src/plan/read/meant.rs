//! What was meant by a time that is none: `5 sec`, `1.5h`, `5-10s`.

use std::time::Duration;

use crate::{base::duration, source::Certainty};

/// Other words for units, in lower case.
const WORDS: [(&str, &[&str]); 5] = [
    (
        "ms",
        &[
            "ms",
            "msec",
            "msecs",
            "millis",
            "millisecond",
            "milliseconds",
        ],
    ),
    ("s", &["s", "sec", "secs", "second", "seconds"]),
    ("m", &["m", "min", "mins", "minute", "minutes"]),
    ("h", &["h", "hr", "hrs", "hour", "hours"]),
    ("d", &["d", "day", "days"]),
];

/// A time as it should be written. A bare number is likely meant in seconds.
pub(super) fn time_meant(text: &str) -> Option<(String, Certainty)> {
    let text = text.trim();
    if is_number(text) {
        return Some((format!("{text}s"), Certainty::Likely));
    }
    let mut total = Duration::ZERO;
    let mut written = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (number, behind) = split(rest, |sign| sign.is_ascii_digit() || sign == '.');
        let (word, behind) = split(behind.trim_start(), |sign| sign.is_ascii_alphabetic());
        let unit = unit(word)?;
        let one = duration::parse(&format!("1{unit}")).ok()?;
        total = total.checked_add(
            Duration::try_from_secs_f64(number.parse::<f64>().ok()? * one.as_secs_f64()).ok()?,
        )?;
        written.push_str(&format!("{number}{unit}"));
        rest = behind.trim_start();
    }
    // A fraction is written in smaller units.
    let written = match duration::parse(&written) {
        Ok(_) => written,
        Err(_) if written.contains('.') => duration::text(total),
        Err(_) => return None,
    };
    Some((written, Certainty::Certain))
}

/// `5s-10s`, `5..10s` or `5sec..10sec` as a wait between two times.
pub(super) fn range_meant(text: &str) -> Option<String> {
    let (from, to) = ["..", "-", "–", " to "]
        .iter()
        .find_map(|between| text.split_once(between))?;
    let (from, to) = (from.trim(), certain(to)?);
    let from = match is_number(from) {
        true => {
            let unit = to.trim_start_matches(|sign: char| sign.is_ascii_digit());
            format!("{from}{unit}")
        }
        false => certain(from)?,
    };
    let holds = duration::parse(&from).ok()? <= duration::parse(&to).ok()?;
    holds.then(|| format!("{from}..{to}"))
}

fn certain(text: &str) -> Option<String> {
    match time_meant(text)? {
        (meant, Certainty::Certain) => Some(meant),
        (_, Certainty::Likely) => None,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|sign| sign.is_ascii_digit())
}

/// `M` could be a month, and is nothing here.
fn unit(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    let (unit, _) = WORDS
        .iter()
        .find(|(_, words)| words.contains(&lower.as_str()))?;
    (word != "M").then_some(*unit)
}

fn split(text: &str, is_part: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|sign| !is_part(sign)).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn times_that_are_nearly_times() {
        use Certainty::{Certain, Likely};
        for (text, meant) in [
            ("5",           Some(("5s", Likely))),
            ("5sec",        Some(("5s", Certain))),
            ("10 min",      Some(("10m", Certain))),
            ("1h 30min",    Some(("1h30m", Certain))),
            ("2 Hours",     Some(("2h", Certain))),
            ("200 MS",      Some(("200ms", Certain))),
            ("1.5h",        Some(("1h30m", Certain))),
            ("0.5s",        Some(("500ms", Certain))),
            (".5s",         Some(("500ms", Certain))),
            ("5M",          None),
            ("5 fortnights", None),
            ("soon",        None),
            ("5s5s",        None),
            ("1.2.3s",      None),
            ("s",           None),
            ("99999999999999999999s", None),
        ] {
            let meant = meant.map(|(text, certainty)| (text.to_owned(), certainty));
            assert_eq!(time_meant(text), meant, "{text}");
        }
    }

    #[test]
    fn ranges_that_are_nearly_ranges() {
        for (text, meant) in [
            ("5s-10s", Some("5s..10s")),
            ("5..10s", Some("5s..10s")),
            ("5-10 sec", Some("5s..10s")),
            ("5sec..1min", Some("5s..1m")),
            ("1s to 2s", Some("1s..2s")),
            ("10s-5s", None),
            ("5-10", None),
            ("5s", None),
        ] {
            assert_eq!(range_meant(text).as_deref(), meant, "{text}");
        }
    }
}
