//! The JSON Schema of plan files, for editors: made of the tables in [`keys`].
//!
//! What it accepts is a little more than what the reader accepts, never less:
//! a schema cannot know that `1m1h` has its units the wrong way round.
//!
//! # What is not here
//!
//! Any key: they are all in the tables.

use serde_json::{Map, Value, json};

use super::keys::{self, Group, Key, Names, Need, Section, Shape};

/// The JSON Schema of plan files, draft 2020-12.
pub fn schema() -> Value {
    let mut schema = Map::new();
    schema.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    schema.extend(section(&keys::PLAN));
    // Without users a file is for others to include, and says less.
    schema.insert("if".to_owned(), json!({ "not": { "required": ["users"] } }));
    let shared: Vec<&str> = names(&keys::FRAGMENT).collect();
    schema.insert(
        "then".to_owned(),
        json!({ "propertyNames": { "enum": shared } }),
    );
    schema.insert("$defs".to_owned(), Value::Object(definitions()));
    Value::Object(schema)
}

/// What HTTP allows.
const HEADER_NAME: &str = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$";

fn definitions() -> Map<String, Value> {
    let mut definitions = Map::new();
    for other in keys::SECTIONS {
        // Both are the file itself, and nothing refers to them.
        if other.name != keys::PLAN.name && other.name != keys::FRAGMENT.name {
            definitions.insert(other.name.to_owned(), Value::Object(section(other)));
        }
    }
    let duration = r"([0-9]+(d|h|m|s|ms|us|ns))+";
    let size = r"[0-9]+([kMG]?B|[KMG]iB)?";
    let text = json!(["string", "number", "boolean"]);
    let rows = [
        ("text", json!({ "type": text, "pattern": r"\S" })),
        ("field", json!({ "type": text })),
        (
            "duration",
            json!({ "type": "string", "pattern": format!("^{duration}$"), "examples": ["500ms", "7s", "1h20m"] }),
        ),
        (
            "wait",
            json!({ "anyOf": [{ "type": "string", "pattern": format!(r"^(none|{duration}(\.\.{duration})?)$"), "examples": ["none", "5s", "5s..10s"] }, reference("wait_form")] }),
        ),
        (
            "step_wait",
            json!({ "anyOf": [{ "type": "string", "pattern": format!(r"^(think|none|{duration}(\.\.{duration})?)$"), "examples": ["think", "5s"] }, reference("wait_form")] }),
        ),
        (
            "threshold",
            json!({
                "type": "string",
                "pattern": THRESHOLD,
                "examples": ["errors < 0.1%", "p95 < 300ms", r#"p99 of "GET /" < 1s"#, "p95 of group checkout in stage hold < 1s over 5m abort"],
            }),
        ),
        (
            "size",
            json!({ "anyOf": [
                { "type": "integer", "minimum": 0 },
                { "type": "string", "pattern": format!(r"^({size}|{size}\.\.({size})?|\.\.{size})$"), "examples": ["2kB", "1kB..2MB", "..1MiB"] },
            ] }),
        ),
        ("status", status()),
        ("drawn", drawn()),
        ("task", task()),
        ("step", step()),
    ];
    for (name, definition) in rows {
        definitions.insert(name.to_owned(), definition);
    }
    definitions
}

/// A sign of ASCII other than a quotation mark, or a tab itself.
const DELIMITER: &str = r"^(\t|[ !#-~])$";

fn section(section: &Section) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("title".to_owned(), json!(sentence_start(section.title)));
    schema.insert("description".to_owned(), json!(section.summary));
    schema.insert("type".to_owned(), json!("object"));
    let properties = section
        .keys
        .iter()
        .map(|key| (key.name.to_owned(), property(key)));
    schema.insert("properties".to_owned(), Value::Object(properties.collect()));
    let required: Vec<&str> = section
        .keys
        .iter()
        .filter(|key| key.need == Need::Required)
        .map(|key| key.name)
        .collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    if !section.groups.is_empty() {
        let groups: Vec<Value> = section.groups.iter().map(group).collect();
        schema.insert("allOf".to_owned(), json!(groups));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema
}

fn property(key: &Key) -> Value {
    let mut schema = Map::new();
    schema.insert(
        "description".to_owned(),
        json!(format!("{}.", sentence_start(key.summary))),
    );
    schema.extend(shape(&key.shape));
    Value::Object(schema)
}

/// Exactly one of the keys, or at most one.
fn group(group: &Group) -> Value {
    let each: Vec<Value> = group
        .keys
        .iter()
        .map(|name| json!({ "required": [name] }))
        .collect();
    match group.need {
        Need::Required => json!({ "oneOf": each }),
        Need::AtLeastOne => json!({ "anyOf": each }),
        Need::Optional => {
            let pairs = group.keys.iter().enumerate().flat_map(|(at, one)| {
                let others = group.keys[at + 1..].iter();
                others.map(move |other| json!({ "required": [one, other] }))
            });
            match pairs.collect::<Vec<_>>().as_slice() {
                [only] => json!({ "not": only }),
                pairs => json!({ "not": { "anyOf": pairs } }),
            }
        }
    }
}

fn shape(shape: &Shape) -> Map<String, Value> {
    object(match shape {
        Shape::Version => json!({ "const": keys::FORMAT_VERSION }),
        Shape::Text
        | Shape::Template
        | Shape::Path
        | Shape::Selector
        | Shape::Absent
        | Shape::Regex
        | Shape::JsonPath
        | Shape::TaskName
        | Shape::Expression => reference("text"),
        Shape::VariableName => json!({ "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" }),
        Shape::Rounds => json!({
            "anyOf": [self::shape(&Shape::Whole(1)), { "const": keys::FOREVER }]
        }),
        Shape::Turns => turns(),
        Shape::Items => json!({ "anyOf": [reference("text"), { "type": "array" }] }),
        Shape::Delimiter => delimiter(),
        Shape::Params => params(),
        Shape::Field => reference("field"),
        Shape::Auth => {
            json!({ "anyOf": [{ "const": keys::NO_AUTH }, reference(keys::AUTH.name)] })
        }
        Shape::Fields => fields(),
        Shape::Parts => parts(),
        Shape::Filled => json!({ "anyOf": [parts(), { "type": "null" }] }),
        Shape::BaseUrl => json!({ "type": "string", "pattern": "^https?://[^?#]+$" }),
        Shape::HttpVersion => json!({ "enum": [1.1, 2, "1.1", "2"] }),
        Shape::Like(pattern) => json!({ "type": "string", "pattern": pattern }),
        Shape::HeaderName => header_name(),
        Shape::Size => reference("size"),
        Shape::True => json!({ "const": true }),
        Shape::Truth => json!({ "type": "boolean" }),
        Shape::Pick(words) => {
            json!({ "anyOf": [{ "enum": words }, self::shape(&Shape::Whole(1))] })
        }
        Shape::Shown => shown(),
        Shape::Extraction => json!({
            "anyOf": [{ "enum": keys::WHOLE_SOURCES }, reference(keys::EXTRACT.name)]
        }),
        Shape::Wanted(names, value) => wanted(*names, value),
        Shape::Duration => reference("duration"),
        Shape::Timeout => {
            json!({ "anyOf": [reference("duration"), reference("timeouts")] })
        }
        Shape::Wait => reference("wait"),
        Shape::StepWait => reference("step_wait"),
        Shape::Status => reference("status"),
        Shape::Threshold => reference("threshold"),
        Shape::Whole(least) => json!({ "type": "integer", "minimum": least, "maximum": u32::MAX }),
        Shape::Choice(words) => json!({ "enum": words }),
        Shape::Literal => json!({}),
        Shape::Drawn => reference("drawn"),
        Shape::Task => reference("task"),
        Shape::Step => reference("step"),
        Shape::List(item) => json!({ "type": "array", "items": self::shape(item) }),
        Shape::FullList(item) => {
            json!({ "type": "array", "items": self::shape(item), "minItems": 1 })
        }
        Shape::Map(names, value) => Value::Object(map(*names, value)),
        Shape::FullMap(names, value) => {
            let mut schema = map(*names, value);
            schema.insert("minProperties".to_owned(), json!(1));
            Value::Object(schema)
        }
        Shape::Section(section) => reference(section.name),
    })
}

/// As loose as an editor may be: what is wrong in it, `plan validate` says.
const THRESHOLD: &str = r#"^\s*(service\s+)?(errors|rate|mean|max|min|dropped|skipped|bytes|p[0-9.]+)(\s+of\s*("[^"]+"|(group|class)\s*("[^"]+"|[^\s"<>]+)))?(\s+in\s+stage\s*("[^"]+"|[^\s"<>]+))?\s*(<=?|>=?)\s*\S+(\s+over\s+\S+)?(\s+abort)?\s*$"#;

fn object(schema: Value) -> Map<String, Value> {
    match schema {
        Value::Object(schema) => schema,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            unreachable!("the schema of a shape is an object")
        }
    }
}

/// A value of a form, or several.
fn fields() -> Value {
    json!({ "anyOf": [reference("field"), { "type": "array", "items": reference("field") }] })
}

/// A value of a form that can have files, or several.
fn parts() -> Value {
    let part = json!({ "anyOf": [reference("field"), reference(keys::UPLOAD.name)] });
    json!({ "anyOf": [part, { "type": "array", "items": part }] })
}

/// A number of elements, or a text.
fn shown() -> Value {
    json!({ "anyOf": [
        shape(&Shape::Whole(0)),
        { "type": ["string", "boolean"], "pattern": r"\S" },
        { "type": "number", "not": { "type": "integer" } },
    ] })
}

fn map(names: Names, value: &Shape) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    let names = match names {
        Names::Variable => Some(json!({
            "pattern": "^[A-Za-z_][A-Za-z0-9_]*$",
            "not": { "enum": keys::RESERVED_NAMES },
        })),
        Names::Column => Some(json!({ "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" })),
        Names::Task => Some(json!({ "pattern": r"\S", "not": { "const": keys::WAIT_STEP } })),
        Names::Class => Some(json!({ "pattern": r"\S" })),
        Names::Field => None,
        Names::Header => Some(json!({ "pattern": HEADER_NAME })),
        Names::Place => Some(json!({ "pattern": keys::PLACE })),
    };
    if let Some(names) = names {
        schema.insert("propertyNames".to_owned(), names);
    }
    schema.insert(
        "additionalProperties".to_owned(),
        Value::Object(shape(value)),
    );
    schema
}

/// A number of turns, or a condition with a bound.
fn turns() -> Value {
    json!({ "anyOf": [shape(&Shape::Whole(0)), reference(keys::TURNS.name)] })
}

fn header_name() -> Value {
    json!({ "type": ["string", "number", "boolean"], "pattern": HEADER_NAME })
}

fn delimiter() -> Value {
    json!({ "anyOf": [{ "const": keys::TAB }, { "type": "string", "pattern": DELIMITER }] })
}

/// A name, names that are wanted with something, or a list of both.
fn wanted(names: Names, value: &'static Shape) -> Value {
    let one = match names {
        Names::Header => Shape::HeaderName,
        Names::Variable
        | Names::Column
        | Names::Task
        | Names::Class
        | Names::Field
        | Names::Place => Shape::Text,
    };
    let some = Value::Object(shape(&Shape::FullMap(names, value)));
    let item = json!({ "anyOf": [shape(&one), some] });
    json!({ "anyOf": [shape(&one), some, { "type": "array", "items": item, "minItems": 1 }] })
}

fn status() -> Value {
    let one = json!({
        "anyOf": [
            { "type": "integer", "minimum": 100, "maximum": 599 },
            { "type": "string", "pattern": "^(ok|[1-5]xx|[1-5][0-9][0-9])$" },
        ]
    });
    json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
}

fn drawn() -> Value {
    let weights = Map::from_iter([
        ("type".to_owned(), json!("object")),
        (
            "additionalProperties".to_owned(),
            Value::Object(shape(&Shape::Whole(0))),
        ),
        ("minProperties".to_owned(), json!(1)),
    ]);
    json!({
        "anyOf": [
            weights,
            { "type": "array", "items": reference("text"), "minItems": 1, "uniqueItems": true },
        ]
    })
}

/// A list of names, or a mapping of names to what they are if not given.
fn params() -> Value {
    let name = shape(&Shape::VariableName);
    json!({
        "anyOf": [
            { "type": "array", "items": name, "uniqueItems": true },
            map(Names::Variable, &Shape::Literal),
        ]
    })
}

fn task() -> Value {
    json!({ "anyOf": [shape(&Shape::FullList(&Shape::Step)), reference(keys::TASK.name)] })
}

/// A task's name, `wait`, or one of the mappings.
fn step() -> Value {
    let mut forms = vec![reference("text")];
    forms.extend(keys::STEPS.iter().map(|step| reference(step.name)));
    json!({ "anyOf": forms })
}

fn names(section: &Section) -> impl Iterator<Item = &'static str> {
    section.keys.iter().map(|key| key.name)
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn sentence_start(text: &str) -> String {
    let mut signs = text.chars();
    match signs.next() {
        Some(first) => first.to_uppercase().chain(signs).collect(),
        None => String::new(),
    }
}
