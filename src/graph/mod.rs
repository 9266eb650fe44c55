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
mod advice;
mod answers;
mod auth;
mod beside;
mod choice;
mod compile;
mod connecting;
mod connections;
mod drawing;
mod feeds;
mod files;
mod find;
mod flow;
mod judged;
mod kept;
mod layout;
mod lives;
mod loads;
mod name;
mod node;
mod origins;
mod parts;
mod reader;
mod request;
mod requests;
mod scene;
mod setters;
mod submit;
mod text;
mod tls;
mod users;
mod vars;

pub use auth::{Auth, Credentials, Reach};
pub use choice::{Choice, Settlement};
pub use compile::compile;
pub use connections::{Connections, PerUser};
pub use drawing::{Drawing, When, goes_on_with_seat};
pub use find::Find;
pub use loads::Load;
pub use node::{Act, Graph, Node, Record, Setter, Way};
pub use parts::{Filename, NamedPart, Part, Upload};
pub use request::{Aim, Check, Field, Keeps, Payload, Request, RequestName};
pub use submit::{Filled, Submit};
pub use text::text;
pub use users::{Class, Meeting, Occasion, OnStartFail, Scene, Variable};

use crate::template::Condition;

/// Codes of what is found here.
mod codes {
    pub(super) use crate::plan::rules::{advice::*, parts::*, structure::NEVER_MEET, values::*};
}
