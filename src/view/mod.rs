//! What a person sees while a run goes on.
//!
//! [`Live::start`] gives the run a face: bars that move on a terminal, a line
//! every ten seconds in a log, or nothing. It reads [`Snapshot`]s from a watch
//! channel and writes to stderr; stdout belongs to the report.
//!
//! ```text
//! conductor ──replaces──▶ watch ──looked at, 10 Hz at most──▶ frame (pure) ──▶ terminal
//! ```
//!
//! # What holds here
//!
//! - A view never slows the load. It runs on a thread of its own, and the
//!   conductor only replaces a value: on a terminal that was stopped with
//!   Ctrl-S, or behind a dead connection, the view waits alone.
//! - Text is cut to the width of the terminal and never wraps. A number is
//!   shown whole or not at all, since `p99 3…` would be read as a number.
//! - Names come from outside, so nothing in them can move the cursor.
//! - What is shown follows from the snapshot, the time and the size of the
//!   terminal alone; `layout` and `log` are pure functions of these.
//!
//! # What is not here
//!
//! The choice between the kinds, which belongs to whoever knows the command
//! line and the terminal; any number that the final report does not have; and
//! keys to press.
//!
//! [`Snapshot`]: crate::stats::Snapshot

mod bars;
mod judged;
mod layout;
mod live;
mod log;
mod numbers;
#[cfg(test)]
mod tests;
mod text;
mod warned;

pub use live::{Kind, Live, Title, stderr};
