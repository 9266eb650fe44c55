//! Whether the machine that makes the load keeps up with it.
//!
//! A slow generator looks like a slow target: both make latencies long. So the
//! generator watches itself, says so while it is short of something, and says of the
//! whole run whether its numbers can be the target's.
//!
//! ```text
//! System::read ──each second──▶ Reading ─┐
//!                                        ├─▶ Watch ─▶ warnings while it runs; a Generator at the end
//! workers ──with each window──▶ Strain ──┘
//! ```
//!
//! # What holds here
//!
//! - What the system does not tell is unknown and never zero.
//! - The system is asked once a second, by the conductor. Workers only read the clock
//!   of their own thread, once a second too.
//! - [`Watch`] is pure: the same readings give the same warnings. The numbers of its
//!   judgement are constants with their reasons, and stand in the README.
//!
//! # What is not here
//!
//! How late timers and users are, which workers record (`stats`), and how all of it
//! is shown (`view`, `report`).

mod files;
mod machine;
mod system;
mod watch;

pub use files::{FileLimit, raise_file_limit};
pub use machine::machine;
pub use system::{Reading, System, thread_cpu};
pub use watch::{
    BEGINS_AFTER, BUSY, ENDS_AFTER, LATE_SHARE, MIN_SATURATED, MIN_SATURATED_SHARE, NEARLY_ALL,
    Watch,
};
