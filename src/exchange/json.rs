//! JSON as it is sent and received.

use serde_json::{Map, Number, Value as Json};

use crate::base::value::Value;

/// The content type of JSON.
pub const CONTENT_TYPE: &str = "application/json";

/// Encodes a value without white space; mappings keep their order. Numbers that
/// JSON has no sign for, infinite ones, are null.
pub fn encode(value: &Value) -> Vec<u8> {
    json(value).to_string().into_bytes()
}

/// Decodes a body; `None` if it is not JSON. Numbers beyond 64 bits become floats.
pub fn decode(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok().map(value)
}

fn value(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(truth),
        Json::Number(number) => number
            .as_i64()
            .map(Value::Int)
            .or(number.as_f64().map(Value::Float))
            .unwrap_or(Value::Null),
        Json::String(text) => Value::text(text),
        Json::Array(items) => Value::List(items.into_iter().map(value).collect()),
        Json::Object(entries) => {
            let entries = entries.into_iter();
            Value::Map(
                entries
                    .map(|(key, item)| (key.into(), value(item)))
                    .collect(),
            )
        }
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Int(number) => Json::Number((*number).into()),
        Value::Float(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
        Value::Text(text) => Json::String(text.to_string()),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => {
            let entry =
                |(key, value): &(std::sync::Arc<str>, Value)| (key.to_string(), json(value));
            Json::Object(entries.iter().map(entry).collect::<Map<_, _>>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_types() {
        let list = Value::List([Value::Int(1), Value::Float(0.5), Value::Null].into());
        let map = Value::Map(
            [
                ("z".into(), list),
                ("a".into(), Value::text("é \"quoted\"\n")),
                ("t".into(), Value::Bool(true)),
                ("inf".into(), Value::Float(f64::INFINITY)),
            ]
            .into(),
        );
        assert_eq!(
            String::from_utf8(encode(&map)).unwrap(),
            r#"{"z":[1,0.5,null],"a":"é \"quoted\"\n","t":true,"inf":null}"#
        );
        let back = decode(br#"{"z":[1,0.5,null],"n":18446744073709551615}"#).unwrap();
        let Value::Map(entries) = back else {
            panic!("it is an object");
        };
        let list = Value::List([Value::Int(1), Value::Float(0.5), Value::Null].into());
        assert_eq!(entries[0], ("z".into(), list));
        assert_eq!(entries[1].1, Value::Float(18_446_744_073_709_551_615.0));
        assert_eq!(decode(b"<html>"), None);
    }
}
