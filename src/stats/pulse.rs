//! How the workers themselves fare: how late their timers are, how late users start,
//! how much of their time they compute.
//!
//! Recorded by each worker for itself and handed over with its window, so that it is
//! known of every second which worker fared worst in it.

use std::{cmp::Reverse, time::Duration};

use serde::{Deserialize, Serialize};

use super::latency::{Few, Latencies, Sparse};

/// From here on a timer is late: a wait of a plan that is a tenth of a second longer
/// than written is another load than the one that was asked for.
pub const LATE: Duration = Duration::from_millis(100);

/// What a share of time is of at least.
const SECOND: Duration = Duration::from_secs(1);

/// Timers tick each millisecond and are rounded up to it: so much is no delay.
const TICK: Duration = Duration::from_millis(1);

/// What a worker notes of itself between two windows.
#[derive(Debug, Default)]
pub(super) struct Noted {
    timer_delay: Few,
    start_lag: Few,
    wakes: u64,
    late: u64,
    /// When the last window ended.
    since: Duration,
}

impl Noted {
    /// A timer went off so long after it was asked to.
    pub fn timer(&mut self, after: Duration) {
        let delay = after.saturating_sub(TICK);
        self.wakes += 1;
        self.late += u64::from(delay > LATE);
        self.timer_delay.record(delay);
    }

    /// A user started so long after it was due.
    pub fn start(&mut self, lag: Duration) {
        self.begun(lag);
        self.start_lag.record(lag);
    }

    /// It was seen to so long after it was due that a user starts, or that there is none
    /// to start. Who is behind all the time waits for no timer, so that this alone tells
    /// of it.
    pub fn begun(&mut self, lag: Duration) {
        self.wakes += 1;
        self.late += u64::from(lag > LATE);
    }

    /// Empties it into what a window that ends at `to` holds of it.
    pub fn take(&mut self, to: Duration) -> Pulse {
        let timer_delay = self.timer_delay.take();
        let strain = Strain {
            from: std::mem::replace(&mut self.since, to),
            to,
            busy: None,
            late: match std::mem::take(&mut self.wakes) {
                0 => 0.0,
                wakes => self.late as f64 / wakes as f64,
            },
            delay_p99: timer_delay.percentile(99.0),
        };
        self.late = 0;
        Pulse {
            timer_delay,
            start_lag: self.start_lag.take(),
            strain: Some(strain),
        }
    }
}

/// The same in a window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Pulse {
    timer_delay: Sparse,
    start_lag: Sparse,
    /// `None` in a window that no worker made.
    pub strain: Option<Strain>,
}

impl Pulse {
    /// Changes all durations.
    pub fn each(&mut self, mut change: impl FnMut(&mut Sparse)) {
        change(&mut self.timer_delay);
        change(&mut self.start_lag);
    }

    /// Adds that of another window.
    pub fn add(&mut self, other: &Pulse) {
        self.timer_delay.add(&other.timer_delay);
        self.start_lag.add(&other.start_lag);
        self.strain = match (self.strain, other.strain) {
            (Some(ours), Some(theirs)) => Some(ours.worst(theirs)),
            (ours, theirs) => ours.or(theirs),
        };
    }
}

/// How a worker fared in a window; of windows added up, what was worst in any of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Strain {
    /// When the window began and ended, since the start of the run.
    pub from: Duration,
    pub to: Duration,
    /// The share of this time that the worker's thread computed, where that is known.
    pub busy: Option<f64>,
    /// The share of its timers and of its users' starts that were later than [`LATE`].
    pub late: f64,
    /// The 99th percentile of how late its timers were.
    pub delay_p99: Option<Duration>,
}

impl Strain {
    fn worst(self, other: Strain) -> Strain {
        Strain {
            from: self.from.min(other.from),
            to: self.to.max(other.to),
            busy: match (self.busy, other.busy) {
                (Some(ours), Some(theirs)) => Some(ours.max(theirs)),
                (ours, theirs) => ours.or(theirs),
            },
            late: self.late.max(other.late),
            delay_p99: self.delay_p99.max(other.delay_p99),
        }
    }

    /// Notes that the worker's thread computed for so long in this window.
    pub(super) fn computed(&mut self, time: Duration) {
        // The last window of a run is shorter: what is busy for a moment is not busy for
        // a second.
        let span = self.to.saturating_sub(self.from).max(SECOND);
        self.busy = Some(time.as_secs_f64() / span.as_secs_f64());
    }
}

/// The same of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timekeeping {
    /// How much later than asked timers of the workers went off, beyond the
    /// millisecond that they are rounded up to.
    pub timer_delay: Latencies,
    /// The second of a worker in which they were latest.
    pub worst_second: Option<WorstSecond>,
    /// How much later than due users started.
    pub start_lag: Latencies,
}

impl Timekeeping {
    pub(super) fn add(&mut self, pulse: &Pulse) {
        self.timer_delay.add_sparse(&pulse.timer_delay);
        self.start_lag.add_sparse(&pulse.start_lag);
        let second = pulse.strain.and_then(|strain| {
            Some(WorstSecond {
                at: strain.to,
                delay_p99: strain.delay_p99?,
            })
        });
        // Of equal ones the first, in whatever order they come.
        let badness = |second: &WorstSecond| (second.delay_p99, Reverse(second.at));
        self.worst_second = self
            .worst_second
            .into_iter()
            .chain(second)
            .max_by_key(badness);
    }
}

/// A second of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorstSecond {
    /// When it ended, since the start of the run.
    pub at: Duration,
    /// The 99th percentile of how late timers were in it.
    pub delay_p99: Duration,
}
