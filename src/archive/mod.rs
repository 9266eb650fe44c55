//! A run on disk: appended to as it goes, readable after a crash.
//!
//! [`Archive`] is written while a run goes on, [`read`] reads it at any time: while it
//! goes on, when it has ended, when it was killed. Every report is a view of what is
//! read.
//!
//! ```text
//!                     ┌─▶ seconds ──10 minutes──▶ gone
//! Second ──▶ Writer ──┼─▶ tens ──────2 hours────▶ gone          read ──▶ Run ──▶ RunRecord
//!                     ├─▶ minutes                                          │
//!                     ├─▶ state, every 5 minutes                           └──▶ Slices, Events
//!                     └─▶ events, examples
//! ```
//!
//! # What holds here
//!
//! - Each second is handed to the system when it is over. A program that is killed loses
//!   the second that goes on and at most the one before it.
//! - A record is written once, with its length and a checksum; one
//!   that is torn is passed over, and nothing else is lost with it.
//! - The record of a run that has not ended is made of the last state and the seconds
//!   after it, as the run itself makes it: no number differs, no percentile.
//! - It is bounded. Of 72 hours with 50 names, where each name has answers in all of some
//!   300 buckets of each minute:
//!
//!   | what | how many | each | in all |
//!   |---|---|---|---|
//!   | minutes | 4,320 | 50 names × (300 buckets + 150 B) | 97 MB, less what deflating saves |
//!   | tens of seconds | 780 | 50 names × 600 B | 23 MB, less what deflating saves |
//!   | seconds | 660 | 50 names × 600 B | 20 MB |
//!   | states | 2 | 50 names × 15 kB | 2 MB |
//!
//!   A name with few answers has few buckets, and it takes the more answers the more
//!   alike they are.
//! - Nothing here is waited for by a run: where the disk is slow, seconds become longer;
//!   where it is full, they are lost, and the report says so.
//!
//! # What is not here
//!
//! How any of it is shown (`report`), and where runs lie (`cli`).

mod event;
mod folder;
mod frame;
mod read;
mod segments;
mod tiers;
mod timeline;
mod write;

pub use event::{Event, What};
pub use folder::{FORMAT, Identity};
pub use read::{Glance, ReadError, Run, State, annotate, began, glance, read, started};
pub use write::{Archive, Pace, PlanFile};
