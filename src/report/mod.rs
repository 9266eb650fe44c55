//! What there is of a run, for whoever wants to see it: as text, JSON, JUnit's XML,
//! Markdown, and Locust's CSV.
//!
//! All are pure functions of the [`RunRecord`] and of what was kept of the run over time
//! ([`Contents`]), and show the same numbers: those for people round them ([`figures`]),
//! the others do not.
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
mod csv;
mod events;
mod failures;
mod generator;
mod json;
mod junit;
mod markdown;
mod phases;
mod runs;
mod scenes;
mod schedule;
mod summary;
mod table;
mod text;
mod together;

pub use chart::Chart;
pub use csv::{CSV_FILES, csv};
pub use events::events;
pub use json::{SCHEMA, json, json_text};
pub use junit::junit;
pub use markdown::{MAX_MARKDOWN_CHARS, markdown};
pub use runs::{RunLine, list};
pub use summary::{SUMMARY_FORMAT, summary};
pub use text::{Layout, PAGE_WIDTH, calendar, render};

use crate::{
    archive::{Event, PlanFile},
    stats::{Machine, Point, RunRecord},
};

/// All that a report can show of a run.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    pub record: &'a RunRecord,
    /// The run in parts; none where it was not kept.
    pub points: &'a [Point],
    pub events: &'a [Event],
    /// The plan's files, the plan itself first.
    pub plan: &'a [PlanFile],
    pub machine: Option<&'a Machine>,
}
