//! Values taken out of responses.
//!
//! Synchronous and without state: a [`Page`] is what one response looks
//! like to selectors and paths, an [`Extractor`] is compiled once per plan.
//!
//! A body is parsed at most once as a page and at most once as JSON, only when
//! something asks for it, and as a page only as far as the first match where that is
//! what is asked for. A page is not `Send` and must not be held across an
//! `.await`.
//!
//! # What holds here
//!
//! - What was promised and is not there becomes a sentence that tells what was
//!   there instead, and is never longer than a few lines.
//! - A selector with a bracket or a quotation mark left open is refused, though
//!   CSS would close it at its end: in a plan that is a slip.
//!
//! # What is not here
//!
//! Compression and charsets: a [`Response`](crate::exchange::Response) knows its text.

mod document;
mod extractor;
mod form;
mod json;
mod needle;
mod page;
mod pattern;
mod selector;

pub use extractor::{Extractor, IfMissing, Source};
pub use form::{Filling, Submission, submission};
pub use json::JsonPath;
pub use page::{Page, excerpt};
pub use pattern::{Pattern, PatternError};
pub use selector::Selector;

#[cfg(test)]
mod tests;
