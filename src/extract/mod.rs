//! Values taken out of responses.
//!
//! Synchronous and without state: a [`Page`] is what one response's body looks
//! like to selectors, an [`Extractor`] is compiled once per plan.
//!
//! A page is parsed at most once, and only when something asks for it. It is not
//! `Send` and must not be held across an `.await`.

use std::cell::OnceCell;

use crate::{base::value::Value, exchange::Response};

/// The body of one response, as selectors see it; parsed when first asked.
pub struct Page<'r> {
    response: &'r Response,
    document: OnceCell<scraper::Html>,
}

/// A compiled CSS selector.
#[derive(Clone, Debug)]
pub struct Selector {
    _todo: scraper::Selector,
}

/// Takes one value out of a response.
#[derive(Clone, Debug)]
pub struct Extractor {
    _todo: Selector,
}

/// Why a selector or a regex cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// A sentence fragment: "expected a closing bracket".
    pub message: String,
    /// The bytes of the pattern it is about, where the library tells.
    pub range: Option<std::ops::Range<usize>>,
}

impl<'r> Page<'r> {
    pub fn new(response: &'r Response) -> Page<'r> {
        Page {
            response,
            document: OnceCell::new(),
        }
    }
}

impl Selector {
    /// Compiles a selector.
    ///
    /// # Errors
    ///
    /// [`PatternError`] if it is not CSS, or empty.
    pub fn new(css: &str) -> Result<Selector, PatternError> {
        todo!("{css}")
    }

    /// How many elements of the page match.
    pub fn count(&self, page: &Page<'_>) -> usize {
        let _ = page;
        todo!()
    }
}

impl Extractor {
    /// Takes the first element that `selector` matches: its attribute `attr`, or
    /// its text; from that, group 1 of `regex` (the whole match if it has no group).
    ///
    /// # Errors
    ///
    /// [`PatternError`] if `regex` is not one.
    pub fn css(
        selector: Selector,
        attr: Option<&str>,
        regex: Option<&str>,
    ) -> Result<Extractor, PatternError> {
        let _ = (selector, attr, regex);
        todo!()
    }

    /// Takes the value out.
    ///
    /// # Errors
    ///
    /// A sentence that tells what was looked for and what was there instead:
    /// "`a.action` matched 0 elements; the page's title is `Log In`".
    pub fn extract(&self, page: &Page<'_>) -> Result<Value, String> {
        let _ = page;
        todo!()
    }
}
