//! What a view sees of a run that is going on.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{LogLine, ThresholdResult, Warning};
use crate::exchange::FailureKind;

/// The numbers of a moment. Immutable; a slow view sees fewer of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub elapsed: Duration,
    /// When the last stage ends, from the start, if that is known.
    pub ends_at: Option<Duration>,
    /// Passes that users have begun, and how many there are to be, if that is known.
    pub iterations: (u64, Option<u64>),
    pub phase: Phase,
    /// The stage of the load, where it has a name of its own and there is one load.
    pub stage: Option<Arc<str>>,
    pub classes: Vec<ClassSnapshot>,
    /// Since the start.
    pub requests: u64,
    pub failed: u64,
    pub recent: Recent,
    /// How each threshold stands.
    pub thresholds: Vec<ThresholdResult>,
    /// Those with most failures first, at most [`FAILING_NAMES`].
    pub failing: Vec<FailingName>,
    /// The last lines of the plan's `log` steps.
    pub log: Arc<[LogLine]>,
    /// How many lines there were before those.
    pub log_before: u64,
    /// Lines so far that are shown nowhere, since there were too many at a time.
    pub log_left_out: u64,
    /// The step with most requests that had to be counted as `(other)`, and how many.
    pub left_out_by: Option<(Arc<str>, u64)>,
    /// What the generator is short of now, the most urgent first.
    pub warnings: Arc<[Warning]>,
    /// Why the run cannot be kept, once that is so.
    pub unkept: Option<Arc<str>>,
}

/// How many failing names a snapshot carries.
pub const FAILING_NAMES: usize = 3;

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// One user prepares what the others need; the time of the run has not begun.
    Setup,
    RampUp,
    Hold,
    RampDown,
    /// No new tasks; running ones are finished.
    Draining,
    /// One user cleans up after the others.
    Teardown,
    Ended,
}

impl Phase {
    /// What views and reports call it.
    pub fn words(self) -> &'static str {
        match self {
            Phase::Setup => "setup",
            Phase::RampUp => "ramp up",
            Phase::Hold => "full load",
            Phase::RampDown => "ramp down",
            Phase::Draining => "finishing running tasks",
            Phase::Teardown => "teardown",
            Phase::Ended => "ended",
        }
    }
}

/// A class at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassSnapshot {
    pub name: Arc<str>,
    /// Users there now.
    pub users: u64,
    /// Users at full load; where they come with arrivals, as many as there can be.
    pub planned: u64,
    /// Arrivals for which no user was free, since the start; `None` where users do not
    /// come with arrivals.
    pub dropped: Option<u64>,
    /// Users whose `on_start` failed, since the start.
    pub failed_starts: u64,
}

/// The last ten seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Recent {
    /// Requests per second.
    pub rate: f64,
    /// Failed ÷ (ok + failed); `None` without a request.
    pub errors: Option<f64>,
    /// Response times, over every exchange that got its whole answer.
    pub p50: Option<Duration>,
    pub p95: Option<Duration>,
    pub p99: Option<Duration>,
}

/// A request name that fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailingName {
    pub name: Arc<str>,
    /// Its most frequent kind.
    pub kind: FailureKind,
    /// Failures of every kind.
    pub count: u64,
}
