//! What a response must be.
//!
//! Synchronous and pure: a compiled [`Check`], a response, and the text that the
//! check compares with where it compares with a template's.

use crate::{
    base::status::StatusSet,
    exchange::{Failure, Response},
    extract::{Page, Selector},
};

/// One compiled expectation.
#[derive(Clone, Debug)]
pub enum Check {
    Status(StatusSet),
    /// The path of the last URL of the redirect chain equals the operand.
    FinalPath,
    /// The body holds the operand.
    Contains,
    /// No element of the page matches.
    Absent(Selector),
}

impl Check {
    /// Whether it looks at the body, which then has to be kept.
    pub fn reads_body(&self) -> bool {
        todo!()
    }

    /// Holds a response against the check. `operand` is the rendered text that
    /// `FinalPath` and `Contains` compare with, and empty for the others.
    ///
    /// # Errors
    ///
    /// A [`Failure`] of kind `status` or `expectation` that says what was
    /// expected and what came.
    pub fn hold(&self, response: &Response, page: &Page<'_>, operand: &str) -> Result<(), Failure> {
        let _ = (response, page, operand);
        todo!()
    }
}
