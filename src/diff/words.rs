//! Values of plans, as people read them in a line.

use std::time::Duration;

use serde_json::Value;

use crate::base::{
    duration, figures,
    printable::{cut, printable},
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

/// A number, or a time in seconds.
pub(super) fn amount(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => time(text).map(|time| time.as_secs_f64()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
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
