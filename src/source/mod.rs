//! Files as text, places in them, and what is wrong there.
//!
//! A [`Source`] is one file that was read; [`Sources`] is all files of one plan.
//! A [`Span`] points at bytes of one of them, so everything that was ever read
//! from a plan can be shown to its author again. Mistakes are [`Diagnostic`]s:
//! collected, never thrown, each with its place and a proposal.
//!
//! # What is not here
//!
//! Any idea of what a plan means. And no diagnostic ends anything: who collects
//! them decides when it has seen enough.

mod data_file;
mod diagnostic;
mod file;
mod json;
mod mend;
mod place;
mod render;
mod span;
mod write;

pub use crate::base::nearest::nearest;
pub use data_file::{DataFile, MAX_KEPT_BYTES};
pub use diagnostic::{
    Certainty, Diagnostic, Diagnostics, Fix, Label, MAX_DIAGNOSTICS, Severity, in_ticks,
};
pub use file::{
    FolderLoader, Format, Loader, MAX_SOURCE_BYTES, MemoryLoader, ReadError, Replaced, Source,
    Sources, With, read, read_from, tidy,
};
pub use json::{render_json, render_json_error};
pub use mend::{Mended, mend};
pub use place::{Columns, Place};
pub use render::{Colour, render_text};
pub use span::{FileId, Span, Spanned};
pub use write::write;
