//! What a variable can hold.

use std::{fmt, sync::Arc};

/// A value of a plan: written in it, read from data, or taken out of a response.
///
/// Cheap to clone: text, lists and maps are shared.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Arc<str>),
    List(Arc<[Value]>),
    /// In the order in which the keys were written.
    Map(Arc<[(Arc<str>, Value)]>),
}

/// The most that the value of a variable may weigh, in bytes.
///
/// Every user keeps its variables for as long as it lives; a thousand users with a
/// page each would end the run, and so would one that adds to a list for three days.
/// A token or a list of ids is a thousandth of this.
pub const MAX_VALUE_BYTES: usize = 1 << 20;

impl Value {
    /// About what it holds in memory, in bytes.
    pub fn weight_bytes(&self) -> usize {
        let own = match self {
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => 0,
            Value::Text(text) => text.len(),
            Value::List(items) => items.iter().map(Value::weight_bytes).sum(),
            Value::Map(entries) => entries
                .iter()
                .map(|(key, value)| key.len() + size_of::<Arc<str>>() + value.weight_bytes())
                .sum(),
        };
        own + size_of::<Value>()
    }

    /// A text value.
    pub fn text(text: impl Into<Arc<str>>) -> Value {
        Value::Text(text.into())
    }

    /// Writes the value as templates print it into text: `true`, `7`, `0.5`.
    ///
    /// # Errors
    ///
    /// [`NotText`] for null, lists and maps: they have no one obvious text, and
    /// `None` in a form field is a mistake that nobody would notice.
    pub fn print_into(&self, out: &mut String) -> Result<(), NotText> {
        use fmt::Write as _;
        let written = match self {
            Value::Bool(value) => write!(out, "{value}"),
            Value::Int(value) => write!(out, "{value}"),
            Value::Float(value) => write!(out, "{value}"),
            Value::Text(value) => {
                out.push_str(value);
                Ok(())
            }
            Value::Null => return Err(NotText("null")),
            Value::List(_) => return Err(NotText("a list")),
            Value::Map(_) => return Err(NotText("a mapping")),
        };
        written.expect("writing to a String cannot fail");
        Ok(())
    }
}

/// A value that cannot stand in text; holds what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotText(pub &'static str);

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value is {} and has no text", self.0)
    }
}

impl std::error::Error for NotText {}
