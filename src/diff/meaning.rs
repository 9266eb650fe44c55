//! A printed plan without what means nothing: documents of plans that mean the same
//! are equal.

use serde_json::{Map, Value, json};

use crate::{
    base::threshold::Threshold,
    plan::{ORDERED_FIELDS, STEPS_IN_STEPS},
};

/// Lists of steps in a class or a task.
pub(super) const STEP_LISTS: [&str; 4] = ["steps", "on_start", "sequence", "on_stop"];

/// Lists of steps of the plan itself.
pub(super) const SCENES: [&str; 2] = ["setup", "teardown"];

/// Weights of tasks in a class or a set.
pub(super) const DRAWS: [&str; 2] = ["tasks", "choose_once"];

/// What a selector, a header or a path is held to that only has to be there.
pub(super) const THERE: Value = Value::Null;

/// Takes out of a printed plan what means nothing, and gives every form that has
/// several lengths its longest.
pub(super) fn meaning(mut document: Value) -> Value {
    each(&mut document, "users", |class| {
        body(class);
        if let Some(defaults) = class.get_mut("defaults") {
            self::defaults(defaults);
        }
    });
    if let Some(Value::Object(users)) = document.get_mut("users") {
        let weights = users
            .values_mut()
            .filter_map(|class| class.get_mut("weight"));
        reduce(weights.collect());
    }
    each(&mut document, "tasks", task);
    steps_of(&mut document, &SCENES);
    each(&mut document, "environments", |environment| {
        if let Some(defaults) = environment.get_mut("defaults") {
            self::defaults(defaults);
        }
        sort(environment, "thresholds");
    });
    if let Some(defaults) = document.get_mut("defaults") {
        self::defaults(defaults);
    }
    sort(&mut document, "secrets");
    let is_whole = document.get("users").is_some();
    if is_whole && document.get("thresholds").is_none() {
        document["thresholds"] = json!([Threshold::default_of_a_plan().to_string()]);
    }
    sort(&mut document, "thresholds");
    document
}

/// Does something to each item of a mapping, if it is there.
fn each(document: &mut Value, key: &str, change: impl Fn(&mut Value)) {
    if let Some(Value::Object(items)) = document.get_mut(key) {
        items.values_mut().for_each(change);
    }
}

fn sort(owner: &mut Value, key: &str) {
    if let Some(Value::Array(items)) = owner.get_mut(key) {
        items.sort_by_key(ToString::to_string);
        items.dedup();
    }
}

fn task(task: &mut Value) {
    if task.is_array() {
        *task = json!({ "steps": task.take() });
    }
    body(task);
    if let Some(Value::Array(names)) = task.get("params") {
        let names = names.iter().filter_map(Value::as_str);
        let params: Map<_, _> = names.map(|name| (name.to_owned(), Value::Null)).collect();
        task["params"] = Value::Object(params);
    }
}

/// What a class and a set have in common.
fn body(owner: &mut Value) {
    sort(owner, "tags");
    steps_of(owner, &STEP_LISTS);
    for key in DRAWS {
        if let Some(Value::Object(weights)) = owner.get_mut(key) {
            reduce(weights.values_mut().collect());
        }
    }
}

fn steps_of(owner: &mut Value, lists: &[&str]) {
    for key in lists {
        if let Some(Value::Array(steps)) = owner.get_mut(key) {
            steps.iter_mut().for_each(step);
        }
    }
}

fn step(step: &mut Value) {
    if let Value::String(name) = step {
        *step = match name.as_str() {
            "wait" => json!({ "wait": "think" }),
            task => json!({ "task": task }),
        };
    }
    defaults(step);
    let Value::Object(keys) = step else {
        return;
    };
    for (key, value) in keys {
        match value {
            Value::Object(weights) if key == "choose" => reduce(weights.values_mut().collect()),
            Value::Object(extracts) if key == "extract" => extracts.values_mut().for_each(extract),
            Value::Array(steps) if STEPS_IN_STEPS.contains(&key.as_str()) => {
                steps.iter_mut().for_each(self::step);
            }
            Value::Object(fields) if ORDERED_FIELDS.contains(&key.as_str()) => {
                let pair = |(name, value)| json!([name, value]);
                *value = std::mem::take(fields).into_iter().map(pair).collect();
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => {}
        }
    }
}

/// `url` says `{ url: true }`.
fn extract(value: &mut Value) {
    if let Value::String(whole) = value {
        let key = std::mem::take(whole);
        *value = json!({ key: true });
    }
}

/// What defaults and requests have in common.
fn defaults(owner: &mut Value) {
    if let Some(timeout @ Value::String(_)) = owner.get_mut("timeout") {
        *timeout = json!({ "total": timeout.take() });
    }
    let Some(expect) = owner.get_mut("expect") else {
        return;
    };
    if let Some(status) = expect.get_mut("status") {
        if !status.is_array() {
            *status = json!([status.take()]);
        }
        sort(expect, "status");
    }
    for key in ["header", "css", "jsonpath"] {
        if let Some(wanted) = expect.get_mut(key) {
            *wanted = self::wanted(wanted.take());
        }
    }
}

/// A name, a list or a mapping, as a mapping.
fn wanted(value: Value) -> Value {
    let mut out = Map::new();
    let items = match value {
        Value::Array(items) => items,
        one => vec![one],
    };
    for item in items {
        match item {
            Value::String(name) => {
                out.insert(name, THERE);
            }
            Value::Object(equal) => {
                let is = |(name, value)| (name, json!({ "is": value }));
                out.extend(equal.into_iter().map(is));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {}
        }
    }
    Value::Object(out)
}

/// Makes weights as small as they can be with the same shares.
fn reduce(mut weights: Vec<&mut Value>) {
    let numbers = weights.iter().filter_map(|weight| weight.as_u64());
    let divisor = numbers.fold(0, greatest_common_divisor);
    if divisor == 0 {
        return;
    }
    for weight in &mut weights {
        if let Some(number) = weight.as_u64() {
            **weight = (number / divisor).into();
        }
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}
