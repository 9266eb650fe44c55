//! What an item or a step is, that comes or goes as a whole.

use serde_json::Value;

use super::{
    meaning::{DRAWS, STEP_LISTS},
    steps::label,
    words::one_line,
};
use crate::plan::STEPS_IN_STEPS;

/// What it consists of, in a few words; `None` if its name says all.
pub(super) fn summary(unit: &Value) -> Option<String> {
    let Value::Object(keys) = unit else {
        return None;
    };
    let parts: Vec<_> = keys
        .iter()
        .filter_map(|(key, value)| match value {
            Value::Array(steps) if is_list(key) => {
                let steps: Vec<_> = steps.iter().map(label).collect();
                let steps = steps.join(", ");
                Some(match key.as_str() {
                    "steps" => steps,
                    key => format!("{key}: {steps}"),
                })
            }
            Value::Object(drawn) if DRAWS.contains(&key.as_str()) => {
                let names: Vec<_> = drawn.keys().cloned().collect();
                Some(format!("{key}: {}", names.join(", ")))
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        })
        .collect();
    (!parts.is_empty()).then(|| one_line(&parts.join("; ")))
}

fn is_list(key: &str) -> bool {
    STEP_LISTS.contains(&key) || STEPS_IN_STEPS.contains(&key)
}
