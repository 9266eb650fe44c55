//! What runs, and probably not as it was meant: warnings about a sound plan.
//!
//! Nothing is said here of a plan with mistakes: half of what it does may be
//! missing, and each warning would have to be read twice.

mod constant;
mod credentials;
mod fragments;
mod meetings;
mod names;
mod registering;
mod rounds;
mod unread;

use super::{origins::Sources, reader::Seen, requests::Requests, vars::Names};
use crate::{plan::ast, source::Diagnostics};

/// What there is to know about a plan.
pub(super) struct Known<'a> {
    pub(super) plan: &'a ast::Plan,
    /// How many users each class has.
    pub(super) numbers: &'a [u32],
    pub(super) names: &'a Names,
    pub(super) requests: &'a Requests<'a>,
    pub(super) seen: &'a Seen,
}

/// Gives all advice there is.
pub(super) fn give(known: &Known<'_>, found: &mut Diagnostics) {
    let sources = Sources::of(known.plan);
    constant::check(known, found);
    // What read it may be what was left out.
    if known.plan.left_out.is_empty() {
        unread::check(known, found);
    }
    credentials::check(known, found);
    fragments::check(known, found);
    meetings::check(known, found);
    names::check(known, &sources, found);
    registering::check(known, &sources, found);
}
