//! Turns samples into numbers that a person can act on.
//!
//! A [`Sample`] goes in through [`Recorder::record`] and is never seen again.
//! Once a second each worker empties its recorder into a [`Window`]; windows are
//! added up into a [`Series`], and a [`Snapshot`] of that is what views read.
//! When the run is over, the series becomes the [`RunRecord`] that reports read.
//!
//! ```text
//! Sample ──▶ Recorder (one per worker) ──each second──▶ Window ──▶ Series ──▶ Snapshot, RunRecord
//! ```
//!
//! # What holds here
//!
//! - Memory does not depend on how long the run lasts or how many requests it
//!   makes, only on how many request *names* there are, and [`MAX_NAMES`] bounds
//!   those. A name costs 91 KiB in each recorder that has seen it and 184 KiB in
//!   the series, for its times; twice that once a request was sent later than it was
//!   due. Each phase that its requests have adds 13 KiB and 26 KiB: most names have two
//!   (waiting, receiving), those that connections are opened for three to five. So 20
//!   names on four workers are 14 MiB, and the bound, with all phases of all names, is
//!   0.9 GiB (twice the times: 1.4 GiB).
//! - What a target or a template can make more of is bounded, and what is beyond a
//!   bound is counted and shown:
//!
//!   | what | bound | where |
//!   |---|---|---|
//!   | names | [`MAX_NAMES`], and a few of the engine's own | `names` |
//!   | names beyond them | [`MAX_LEFT_OUT`] told apart; requests to the last, by step | `names` |
//!   | failures | the kinds of the closed set, for each name | `failures` |
//!   | examples | [`MAX_EXAMPLES`] of each name and kind | `failures` |
//!   | lines | [`MAX_LINES_OF_A_WORKER`], [`MAX_LINES_A_SECOND`] | `log` |
//!   | seconds of what is recent | 10 | `recent` |
//!
//! - [`Recorder::record`] is arithmetic on memory that is already there: it does
//!   not lock, hash or allocate (except where a row, a bucket or a kind of
//!   failure is used for the first time).
//! - Adding windows is exact and in any order gives the same result.
//! - Nothing here asks the time, prints, or waits: every function of time takes
//!   `elapsed`.
//!
//! # What is not here
//!
//! Judgement of single responses, and any layout: `report` and `view` print.

mod capacity;
mod conclusion;
mod counts;
mod examples;
mod failures;
mod groups;
mod health;
mod judging;
mod keeper;
mod latency;
mod log;
mod moving;
mod names;
mod phases;
mod point;
mod pulse;
mod recent;
mod record;
mod recorder;
mod row;
mod sample;
mod series;
mod slice;
mod snapshot;
mod threshold;
mod window;

pub use capacity::{Capacity, Measured, SearchOutcome, Try, TryOutcome};
pub use conclusion::Conclusion;
pub use examples::{MAX_EXAMPLES, MAX_RUN_EXAMPLES};
pub use groups::{GroupOutcome, GroupSample, Met};
pub use health::{
    Bottleneck, Cpu, Generator, Level, MAX_WARNINGS, MIN_USERS_WEIGHED, Machine, OnSaturation,
    Shortage, Warning,
};
pub use judging::{ENOUGH, ENOUGH_TIME, MAX_STEPS};
pub use keeper::{Beginning, Keeper, Second};
pub use latency::Latencies;
pub use log::{LogLine, MAX_LINES_A_SECOND, MAX_LINES_OF_A_WORKER};
pub use names::{MAX_LEFT_OUT, MAX_NAME_CHARS, MAX_NAMES, OTHER};
pub use point::{Brief, Point};
pub use pulse::{LATE, Strain, Timekeeping, WorstSecond};
pub use record::{
    ClassTotals, DataTotals, Ended, Extent, FailureExample, FailureTotals, GroupTotals,
    MeetingTotals, Outcome, RowTotals, RunMeta, RunRecord, SceneEnd, SceneTotals, Schedule,
    ScheduledLoad, ThresholdResult, Verdict, WorstWindow,
};
pub use recorder::Recorder;
pub use sample::{Sample, UserEvent};
pub use series::Series;
pub use slice::{Distribution, Extremes, Figures, Fineness, KeptExamples, Slice};
pub use snapshot::{ClassSnapshot, FAILING_NAMES, FailingName, Phase, Recent, Snapshot};
pub use window::Window;

/// What reports call the phases by.
pub use crate::exchange::PhaseKind;

#[cfg(test)]
mod tests;
