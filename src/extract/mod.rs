//! Values taken out of responses.
//!
//! Synchronous and without state: a [`Page`] is what one response's body looks
//! like to selectors, an [`Extractor`] is compiled once per plan.
//!
//! A page is parsed at most once, and only when something asks for it. It is not
//! `Send` and must not be held across an `.await`.
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
//! Other encodings than UTF-8: their bytes become U+FFFD.

mod extractor;
mod page;
mod selector;

pub use extractor::Extractor;
pub use page::{Page, excerpt};
pub use selector::{PatternError, Selector};

#[cfg(test)]
mod tests;
