//! Values of plans, as people read them in a line.

use std::time::Duration;

use serde_json::Value;

use crate::base::{
    duration, figures,
    printable::{cut, printable},
    rate::Rate,
};

/// The most characters of a value that are shown.
const MAX_CHARS: usize = 80;

/// A value in one line, cut where it is long.
pub(super) fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(_) | Value::Object(_) => value.to_string(),
    };
    one_line(&text)
}

/// A text in one line, cut where it is long.
pub(super) fn one_line(text: &str) -> String {
    let line = printable(text).replace('\n', "⏎").replace('\t', " ");
    cut(&line, MAX_CHARS)
}

/// A number, a time in seconds, a rate in a second, or a number of users.
pub(super) fn amount(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            let time = time(text).map(|time| time.as_secs_f64());
            let rate = || Rate::parse(text).ok().map(Rate::per_second);
            time.or_else(rate).or_else(|| users(text))
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether both are of the same kind: users and arrivals cannot be compared.
pub(super) fn alike(one: &Value, other: &Value) -> bool {
    let is_rate = |value: &Value| value.as_str().is_some_and(|text| Rate::parse(text).is_ok());
    is_rate(one) == is_rate(other)
}

/// `100 users`
fn users(text: &str) -> Option<f64> {
    let number = text
        .strip_suffix(" users")
        .or_else(|| text.strip_suffix(" user"));
    let number: Option<u32> = number.and_then(|number| number.parse().ok());
    number.map(f64::from)
}

/// How often the first goes into the second: `×2`.
pub(super) fn factor(old: f64, new: f64) -> Option<String> {
    let factor = new / old;
    let is_told = factor.is_finite() && factor > 0.0 && (factor - 1.0).abs() > f64::EPSILON;
    is_told.then(|| format!("×{}", figures::number(factor, figures::DIGITS)))
}

fn time(text: &str) -> Option<Duration> {
    duration::parse(text).ok()
}

/// The mean of a wait, in seconds; `None` for one that somebody else decides.
pub(super) fn mean(wait: &Value) -> Option<f64> {
    match wait {
        Value::String(text) if text == "none" => Some(0.0),
        Value::String(text) => match text.split_once("..") {
            Some((from, to)) => {
                let (from, to) = (time(from)?, time(to)?);
                Some((from + to).as_secs_f64() / 2.0)
            }
            None => time(text).map(|time| time.as_secs_f64()),
        },
        Value::Object(of) => {
            let (_, value) = of.iter().next()?;
            amount(value.get("mean").unwrap_or(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    }
}
