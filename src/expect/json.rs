//! Values as JSON has them: how they are written, and when two are the same.

use std::fmt::Write as _;

use crate::base::value::Value;

/// Whether two values are the same in JSON: `1` is `1.0`, and the order of keys
/// means nothing.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Int(int), Value::Float(float)) | (Value::Float(float), Value::Int(int)) => {
            *int as f64 == *float
        }
        (Value::List(ones), Value::List(others)) => {
            ones.len() == others.len()
                && ones
                    .iter()
                    .zip(&**others)
                    .all(|(one, other)| is_same(one, other))
        }
        (Value::Map(ones), Value::Map(others)) => {
            let same_in_others = |(key, one): &(_, Value)| {
                let other = others.iter().find(|(known, _)| known == key);
                other.is_some_and(|(_, other)| is_same(one, other))
            };
            ones.len() == others.len() && ones.iter().all(same_in_others)
        }
        (one, other) => one == other,
    }
}

/// A value as JSON, for messages: `"on"`, `[1, 2]`, `{"a": null}`.
pub(super) fn text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    let written = match value {
        Value::Null => write!(out, "null"),
        Value::Bool(value) => write!(out, "{value}"),
        Value::Int(value) => write!(out, "{value}"),
        Value::Float(value) => write!(out, "{value}"),
        Value::Text(value) => write!(out, "{value:?}"),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write(item, out);
            }
            out.push(']');
            Ok(())
        }
        Value::Map(entries) => {
            out.push('{');
            for (index, (key, item)) in entries.iter().enumerate() {
                let gap = if index > 0 { ", " } else { "" };
                write!(out, "{gap}{key:?}: ").expect("writing to a String cannot fail");
                write(item, out);
            }
            out.push('}');
            Ok(())
        }
    };
    written.expect("writing to a String cannot fail");
}
