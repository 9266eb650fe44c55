//! JSON as it is sent and received.

use std::sync::Arc;

use serde_json::{Map, Number, Value as Json};

use crate::base::value::Value;

/// The content type of JSON.
pub const CONTENT_TYPE: &str = "application/json";

/// Encodes a value without white space; mappings keep their order. Numbers that
/// JSON has no sign for, infinite ones, are null.
pub fn encode(value: &Value) -> Vec<u8> {
    json(value).to_string().into_bytes()
}

/// Decodes a body; `None` if it is not JSON.
pub fn decode(bytes: &[u8]) -> Option<Value> {
    let json: Json = serde_json::from_slice(bytes).ok()?;
    Some(value_of(&json))
}

/// JSON as a value, its types kept. Whole numbers of 2^63 and more keep their
/// digits as text.
pub fn value_of(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(whole), _, _) => Value::Int(whole),
            (None, None, Some(float)) => Value::Float(float),
            (None, Some(_), _) | (None, None, None) => Value::text(number.to_string()),
        },
        Json::String(text) => Value::text(text.as_str()),
        Json::Array(items) => Value::List(items.iter().map(value_of).collect()),
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (Arc::from(key.as_str()), value_of(value)));
            Value::Map(entries.collect())
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
            let entry = |(key, value): &(Arc<str>, Value)| (key.to_string(), json(value));
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
        assert_eq!(entries[1].1, Value::text("18446744073709551615"));
        assert_eq!(decode(b"<html>"), None);
    }
}
