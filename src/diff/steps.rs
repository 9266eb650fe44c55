//! What a step is called.

use serde_json::Value;

use super::words::short;
use crate::plan::{STEPS_IN_STEPS, keys};

/// The kind of all that sends something.
const REQUEST: &str = "request";

/// Keys that send something, and may change data of the target.
pub(super) const WRITING: [&str; 5] = ["post", "put", "patch", "delete", "submit"];

/// Keys that send something, and only read.
const READING: [&str; 3] = ["get", "head", "options"];

/// What a step is: its key, and what that says.
pub(super) fn head(step: &Value) -> (&str, &Value) {
    let Value::Object(of) = step else {
        return ("", step);
    };
    let is_head = |(key, _): &(&String, &Value)| {
        // The first key of a kind of step is the one that tells it.
        let mut kinds = keys::STEPS.iter();
        kinds.any(|kind| kind.keys[0].name == key.as_str())
    };
    let head = of.iter().find(is_head).or_else(|| of.iter().next());
    head.map_or(("", step), |(key, value)| (key, value))
}

/// What steps are that can become one another.
pub(super) fn kind(key: &str) -> &str {
    if WRITING.contains(&key) || READING.contains(&key) {
        REQUEST
    } else {
        key
    }
}

/// A step in a few words: `POST /create`, `wait 5s`, `task login`.
pub(super) fn label(step: &Value) -> String {
    let (key, value) = head(step);
    let word = match kind(key) {
        REQUEST if key != "submit" => key.to_ascii_uppercase(),
        _ => key.to_owned(),
    };
    let value = match value {
        // What is sent side by side is told where it is.
        Value::Array(steps) if STEPS_IN_STEPS.contains(&key) => match steps.len() {
            1 => "of 1 request".to_owned(),
            number => format!("of {number} requests"),
        },
        Value::Object(of) if key == "meet" => of.get("name").map_or(String::new(), short),
        Value::Object(of) => of.keys().cloned().collect::<Vec<_>>().join(", "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            short(value)
        }
    };
    format!("{word} {value}")
}
