//! What a change of a plan changes in meaning, for those who review it.
//!
//! ```text
//! (Plan, Plan) ──Document::of, twice──▶ diff ──▶ Difference ──text, json, markdown──▶ a reviewer
//! ```
//!
//! Both plans are printed in the canonical spelling of every form, and compared leaf
//! by leaf. So whatever the language can say is compared, and nothing is forgotten
//! that nobody has written a rule for; rules only say which changes are a [`Risk`].
//!
//! # What holds here
//!
//! - Order of keys, comments, layout, format and what is in which file are no
//!   difference. Nor are weights that leave all shares as they are, or a threshold
//!   that is written out where it would hold anyway.
//! - Steps are told apart by what they are: one that stands elsewhere has moved.
//! - A class or task that has a new name and is otherwise the same was renamed.
//!
//! # What is not here
//!
//! Files and revisions: `cli` brings both plans, and what is in their data files.

mod align;
mod area;
mod change;
mod compare;
mod content;
mod document;
mod json;
mod line;
mod loads;
mod markdown;
mod meaning;
mod path;
mod places;
mod reads;
mod renamed;
mod risk;
mod rules;
mod shares;
mod steps;
mod subject;
mod summary;
mod text;
mod thresholds;
mod words;

pub use change::{Area, Change, Difference, Kind, Part, Standing};
pub use compare::diff;
pub use content::Content;
pub use document::Document;
pub use json::json;
pub use markdown::markdown;
pub use risk::Risk;
pub use text::text;
