//! The plan as it is executed.
//!
//! ```text
//! CheckedPlan ──compile──▶ Graph
//! ```
//!
//! Everything that can be decided before the first request is decided here:
//! names are ids, variables are slots, weights are cumulative tables, templates,
//! selectors and regexes are compiled, tasks are laid out at the places that run
//! them. Each node is built knowing its successors, from the end backwards, so
//! that at run time a user is a cursor and never searches.
//!
//! Since the graph knows what each template reads and what each extraction
//! writes, a value read before it is set is found here.
//!
//! # What is not here
//!
//! The run: no clock, no user, nothing that changes. A graph is shared by all
//! workers behind an `Arc`.

mod acts;
mod choice;
mod compile;
mod feeds;
mod flow;
mod layout;
mod name;
mod node;
mod reader;
mod request;
mod requests;
mod setters;
mod text;
mod vars;

pub use choice::{Choice, Settlement};
pub use compile::compile;
pub use node::{Act, Class, Graph, Node, OnStartFail, Record, Setter, Variable};
pub use request::{Check, Field, Request, RequestName};
pub use text::text;

use crate::template::Condition;

/// Codes of the diagnostics of this room.
pub mod codes {
    /// A template that cannot be compiled.
    pub const TEMPLATE: &str = "P0201";
    /// A selector or a regex that cannot be compiled.
    pub const PATTERN: &str = "P0202";
    /// A URL that is neither a path nor absolute.
    pub const URL: &str = "P0203";
    /// A header that cannot be sent.
    pub const HEADER: &str = "P0204";
    /// A data file that cannot be read.
    pub const DATA: &str = "P0205";
    /// A threshold on a name that no request has.
    pub const THRESHOLD_NAME: &str = "P0206";
    /// More steps than a graph holds.
    pub const TOO_LARGE: &str = "P0207";
    /// A value that may be read before it is set.
    pub const READ_BEFORE_SET: &str = "P0301";
    /// A name that nothing sets.
    pub const UNKNOWN_NAME: &str = "P0302";
    /// Variables that read each other in a circle.
    pub const VARIABLE_CYCLE: &str = "P0303";
}
