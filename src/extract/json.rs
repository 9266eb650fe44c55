//! JSONPaths, by RFC 9535, and JSON as the values of a plan.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Page, PatternError};
use crate::{base::value::Value, exchange::json::value_of};

/// A compiled JSONPath.
#[derive(Clone, Debug)]
pub struct JsonPath {
    source: Arc<str>,
    compiled: serde_json_path::JsonPath,
}

impl JsonPath {
    /// Compiles a path.
    ///
    /// # Errors
    ///
    /// [`PatternError`] if it is not one.
    pub fn new(path: &str) -> Result<JsonPath, PatternError> {
        if !path.starts_with('$') {
            return Err(PatternError::new("a JSONPath begins with `$`", None));
        }
        let compiled = serde_json_path::JsonPath::parse(path).map_err(|error| {
            let at = error.position();
            // Where nothing more follows, the whole path is what is wrong.
            let rest = path.get(at..).and_then(|rest| rest.chars().next());
            let range = rest.map(|sign| at..at + sign.len_utf8());
            let message = match range {
                Some(_) => "the JSONPath cannot be understood from here on",
                None => "the JSONPath ends where something is still missing",
            };
            PatternError::new(message, range)
        })?;
        Ok(JsonPath {
            source: path.into(),
            compiled,
        })
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// All values that it finds, in the order of the document.
    ///
    /// # Errors
    ///
    /// A sentence if the body is not JSON.
    pub fn values(&self, page: &Page<'_>) -> Result<Vec<Value>, String> {
        Ok(self.find(page)?.into_iter().map(value_of).collect())
    }

    pub(super) fn find<'p>(&self, page: &'p Page<'_>) -> Result<Vec<&'p Json>, String> {
        let json = page.json()?;
        Ok(self.compiled.query(json).all())
    }
}

/// What a document is, to follow a semicolon: "the JSON is a mapping with `error`".
pub(super) fn likeness(json: &Json) -> String {
    let what = match json {
        Json::Null => "null".to_owned(),
        Json::Bool(_) | Json::Number(_) => format!("`{json}`"),
        Json::String(text) => format!("the text `{}`", super::excerpt(text)),
        Json::Array(items) => match items.len() {
            0 => "an empty list".to_owned(),
            1 => "a list of 1 item".to_owned(),
            items => format!("a list of {items} items"),
        },
        Json::Object(entries) if entries.is_empty() => "an empty mapping".to_owned(),
        Json::Object(entries) => format!(
            "a mapping with {}",
            super::page::some_of(entries.keys().map(String::as_str))
        ),
    };
    format!("the JSON is {what}")
}
