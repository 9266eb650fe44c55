//! The plan as its author wrote it.
//!
//! ```text
//! Source ──parse──▶ Plan ──check──▶ CheckedPlan
//! ```
//!
//! [`parse`] turns text into an [`ast::Plan`] and recovers from every mistake:
//! a wrong field is a diagnostic, its neighbours are still read. [`check`] holds
//! what a single field cannot know: that names exist, once, and mean something.
//!
//! # What is not here
//!
//! Files (a [`Loader`] brings them), templates' inner life (`graph` compiles
//! them), and numbers of a run.
//!
//! [`Loader`]: crate::source::Loader

pub mod ast;
mod check;
mod edits;
mod fingerprint;
pub mod format;
pub mod keys;
mod overrides;
mod print;
mod read;
pub mod rules;
mod schema;
mod selection;
#[cfg(test)]
mod testing;
mod trial;
mod walk;

pub use check::{CheckedPlan, SeatsOfLoad, check};
pub use edits::{Assignment, Edits};
pub use fingerprint::{ORDERED_FIELDS, STEPS_IN_STEPS, fingerprint};
pub use overrides::Overrides;
pub use print::print;
pub use read::{parse, parse_with};
pub use schema::schema;
pub use selection::{NoSelection, Selection};
pub use trial::{NotTried, Trial, trial};
