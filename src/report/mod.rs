//! When a run has ended: its [`RunRecord`] as text for people and as JSON.
//!
//! Both are pure functions of the record, and show the same numbers: the text
//! rounds them ([`figures`]), the JSON does not.
//!
//! # What holds here
//!
//! - The last line of the text says in words why the program exits with the
//!   number it does; it is the [`Conclusion`] of the record.
//! - Nothing relies on colour, and nothing that the target sent can move the
//!   cursor: control characters are shown escaped.
//! - A narrow terminal gets fewer columns, never wrapped ones, and the text
//!   says which are missing.
//!
//! # What is not here
//!
//! Any measuring or judging (`stats`), and any writing to files or streams (`cli`).
//!
//! [`RunRecord`]: crate::stats::RunRecord
//! [`Conclusion`]: crate::stats::Conclusion
//! [`figures`]: crate::base::figures

mod capacity;
mod chart;
mod failures;
mod generator;
mod phases;
mod scenes;
mod schedule;
mod summary;
mod table;
mod text;
mod together;

pub use chart::Chart;
pub use summary::{SUMMARY_FORMAT, summary};
pub use text::{Layout, render};
