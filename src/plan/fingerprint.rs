//! Whether two plans mean the same.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{ast::Plan, print};
use crate::source::Sources;

/// 16 hexadecimal digits that are equal for plans that mean the same.
///
/// Format, comments, the order of keys and what is in which file mean nothing;
/// nor does the target, so that a run against the test machine and one against
/// the next machine can be compared.
pub fn fingerprint(plan: &Plan, sources: &Sources) -> String {
    let mut document = print(plan, sources);
    if let Value::Object(keys) = &mut document {
        keys.shift_remove("target");
    }
    let canonical = sorted(document, &mut Vec::new()).to_string();
    let digest = Sha256::digest(canonical.as_bytes());
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The same document with its keys in byte order, wherever order means nothing.
fn sorted(value: Value, path: &mut Vec<String>) -> Value {
    match value {
        Value::Object(keys) if order_matters(path) => {
            let pair = |(key, value)| Value::Array(vec![Value::String(key), value]);
            keys.into_iter().map(pair).collect()
        }
        Value::Object(keys) => {
            let mut entries: Vec<_> = keys.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            let entry = |(key, value): (String, Value)| {
                path.push(key.clone());
                let value = sorted(value, path);
                path.pop();
                (key, value)
            };
            Value::Object(entries.into_iter().map(entry).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(|item| sorted(item, path)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

/// Fields of a form are sent in the order in which they are written.
fn order_matters(path: &[String]) -> bool {
    let path: Vec<_> = path.iter().map(String::as_str).collect();
    matches!(
        path[..],
        ["tasks", _, "form"] | ["users", _, "on_start" | "sequence" | "on_stop", "form"]
    )
}
