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
//!   makes, only on how many request *names* there are, and that is bounded.
//! - Adding windows is exact and in any order gives the same result.
//! - Nothing here asks the time, prints, or waits: every function of time takes
//!   `elapsed`.
//!
//! # What is not here
//!
//! Judgement of single responses, and any layout: `report` and `view` print.

use std::{sync::Arc, time::Duration};

use crate::{
    base::ids::{ClassId, RowId},
    exchange::{Failure, FailureKind, Timing},
};

/// One finished exchange, as ids and instants.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub row: RowId,
    /// When the schedule wanted it sent. Without a schedule of its own (waits
    /// between tasks), the instant it was sent.
    pub due: Duration,
    pub timing: Timing,
    pub received_bytes: u64,
    pub redirects: u32,
    /// `None` if everything was as expected.
    pub failure: Option<FailureKind>,
}

/// What happened to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserEvent {
    Started,
    Ended,
    /// Its `on_start` failed; it has also ended.
    StartFailed,
}

/// Collects the samples of one worker thread. Nothing in it is shared.
#[derive(Debug)]
pub struct Recorder {}

/// What a worker saw in about a second. Windows of all workers add up.
#[derive(Clone, Debug)]
pub struct Window {}

impl Recorder {
    /// A recorder for the request names of a plan and its number of classes.
    pub fn new(names: &[Arc<str>], classes: usize) -> Recorder {
        let _ = (names, classes);
        todo!()
    }

    /// The row of a name that is only known now, from a templated `name:`.
    pub fn row(&mut self, name: &str) -> RowId {
        todo!("{name}")
    }

    /// Adds a sample.
    pub fn record(&mut self, sample: &Sample) {
        let _ = sample;
        todo!()
    }

    /// Notes why an exchange failed that [`Recorder::record`] counts; `sent`
    /// describes the request, and is only called while examples are wanted.
    pub fn note_failure(
        &mut self,
        row: RowId,
        at: Duration,
        failure: &Failure,
        sent: impl FnOnce() -> String,
    ) {
        let _ = (row, at, failure, sent);
        todo!()
    }

    /// Counts an exchange that was cut off by the end of the run.
    pub fn interrupted(&mut self, row: RowId) {
        let _ = row;
        todo!()
    }

    /// Counts what happened to a user.
    pub fn user(&mut self, class: ClassId, event: UserEvent) {
        let _ = (class, event);
        todo!()
    }

    /// Empties the recorder into a window that ends at `to`.
    pub fn take(&mut self, to: Duration) -> Window {
        let _ = to;
        todo!()
    }
}

mod record;
mod snapshot;

pub use record::{
    ClassTotals, Ended, FailureExample, FailureTotals, Outcome, RowTotals, RunMeta, RunRecord,
    Schedule, ThresholdResult, Verdict,
};
pub use snapshot::{ClassSnapshot, FailingName, Phase, Recent, Snapshot};

/// All windows of a run, added up. Belongs to the conductor.
#[derive(Debug)]
pub struct Series {}

impl Series {
    /// An empty series for the classes of a plan.
    pub fn new(classes: &[Arc<str>]) -> Series {
        let _ = classes;
        todo!()
    }

    /// Adds a window of any worker, in any order.
    pub fn add(&mut self, window: Window) {
        let _ = window;
        todo!()
    }

    /// The numbers of the moment; `schedule` and `phase` say where the run stands.
    pub fn snapshot(&self, elapsed: Duration, schedule: &Schedule, phase: Phase) -> Snapshot {
        let _ = (elapsed, schedule, phase);
        todo!()
    }

    /// Closes the books: totals, thresholds, verdict.
    pub fn finish(self, meta: RunMeta, elapsed: Duration, ended: Ended) -> RunRecord {
        let _ = (meta, elapsed, ended);
        todo!()
    }
}
