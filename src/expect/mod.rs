//! What a response must be.
//!
//! Synchronous and pure: a compiled [`Check`], a response, and the text that the
//! check compares with where it compares with a template's.
//!
//! # What is not here
//!
//! The order of checks, and that the first broken one ends the request: whoever
//! holds several of them decides that.

mod hold;
mod json;

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    base::{duration, size::SizeRange, status::StatusSet, value::Value},
    extract::{JsonPath, Pattern, Selector},
};

/// One compiled expectation.
#[derive(Clone, Debug)]
pub enum Check {
    Status(StatusSet),
    /// The path of the last URL of the redirect chain equals the operand.
    FinalPath,
    /// There is a header of this name, which is in lower case.
    HasHeader(Arc<str>),
    /// A header of this name equals the operand.
    Header(Arc<str>),
    /// The body holds the operand.
    Contains,
    /// The body matches somewhere.
    Matches(Pattern),
    /// Some element of the page matches.
    Present(Selector),
    /// So many elements of the page match.
    Count(Selector, u32),
    /// The first element that matches has this text, white space aside.
    Shows(Selector, Arc<str>),
    /// No element of the page matches.
    Absent(Selector),
    /// The body is JSON in which the path finds something.
    HasJson(JsonPath),
    /// What the path finds is this: the one value, or the list of all.
    Json(JsonPath, Value),
    /// The bytes of the body as they came over the wire.
    Size(SizeRange),
    /// The longest that the exchange may have taken.
    Within(Duration),
}

impl Check {
    /// Whether it looks at the body, which then has to be kept.
    pub fn reads_body(&self) -> bool {
        match self {
            Check::Status(_)
            | Check::FinalPath
            | Check::HasHeader(_)
            | Check::Header(_)
            | Check::Size(_)
            | Check::Within(_) => false,
            Check::Contains
            | Check::Matches(_)
            | Check::Present(_)
            | Check::Count(..)
            | Check::Shows(..)
            | Check::Absent(_)
            | Check::HasJson(_)
            | Check::Json(..) => true,
        }
    }
}

impl fmt::Display for Check {
    /// What is expected, without the operand, which only a user knows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Check::Status(statuses) => write!(f, "status {statuses}"),
            Check::FinalPath => f.write_str("final_path"),
            Check::HasHeader(name) => write!(f, "header {name}"),
            Check::Header(name) => write!(f, "header {name} as given"),
            Check::Contains => f.write_str("contains"),
            Check::Matches(pattern) => write!(f, "match of {}", pattern.source()),
            Check::Present(selector) => f.write_str(selector.source()),
            Check::Count(selector, count) => write!(f, "{count} of {}", selector.source()),
            Check::Shows(selector, text) => write!(f, "{} as {text:?}", selector.source()),
            Check::Absent(selector) => write!(f, "no {}", selector.source()),
            Check::HasJson(path) => f.write_str(path.source()),
            Check::Json(path, value) => write!(f, "{} as {}", path.source(), json::text(value)),
            Check::Size(range) => write!(f, "size {range}"),
            Check::Within(longest) => write!(f, "within {}", duration::text(*longest)),
        }
    }
}

#[cfg(test)]
mod tests;
