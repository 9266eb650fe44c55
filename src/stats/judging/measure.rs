//! The value of a metric, in the unit of its limit.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    base::threshold::{Limit, Metric, Threshold},
    stats::{latency::Latencies, moving::Moving},
};

/// What is counted of what a threshold is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counted {
    pub ok: u64,
    pub failed: u64,
    pub received_bytes: u64,
    pub skipped: u64,
    pub dropped: u64,
    pub due: u64,
}

impl Counted {
    pub fn requests(&self) -> u64 {
        self.ok + self.failed
    }

    pub fn add(&mut self, other: &Counted) {
        self.change(other, |ours, theirs| ours + theirs);
    }

    /// Takes away what was added.
    pub fn remove(&mut self, other: &Counted) {
        self.change(other, |ours, theirs| ours - theirs);
    }

    fn change(&mut self, other: &Counted, change: impl Fn(u64, u64) -> u64) {
        *self = Counted {
            ok: change(self.ok, other.ok),
            failed: change(self.failed, other.failed),
            received_bytes: change(self.received_bytes, other.received_bytes),
            skipped: change(self.skipped, other.skipped),
            dropped: change(self.dropped, other.dropped),
            due: change(self.due, other.due),
        };
    }
}

/// From when to when, since the start of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub from: Duration,
    pub to: Duration,
}

impl Span {
    pub fn length(self) -> Duration {
        self.to.saturating_sub(self.from)
    }
}

/// What there is to measure.
#[derive(Debug)]
pub(super) struct Measurable<'a, T> {
    pub counted: &'a Counted,
    pub times: &'a T,
    pub span: Span,
    /// Whether there was anything yet: from then on nothing is a rate of 0.
    pub has_begun: bool,
}

/// Times that were added up.
pub(super) trait Times {
    fn percentile(&self, percent: f64) -> Option<Duration>;
    fn mean(&self) -> Option<Duration>;
    fn max(&self) -> Option<Duration>;
    fn min(&self) -> Option<Duration>;
}

/// A metric in the unit of its limit; `None` without data.
///
/// A name that was never requested has no data, not even for `rate`: that it is "below
/// 100/s" is no success.
pub(super) fn measure(threshold: &Threshold, of: &Measurable<'_, impl Times>) -> Option<f64> {
    let Measurable { counted, times, .. } = of;
    let any = |value: u64| of.has_begun.then_some(value as f64);
    let per_second = |value: u64| {
        let seconds = of.span.length().as_secs_f64();
        (of.has_begun && seconds > 0.0).then(|| value as f64 / seconds)
    };
    let share = |part: u64, of: u64| (of > 0).then(|| part as f64 / of as f64);
    match (threshold.metric, threshold.limit) {
        (Metric::Errors, _) => share(counted.failed, counted.requests()),
        (Metric::Rate, _) => per_second(counted.requests()),
        (Metric::Percentile(percent), _) => times.percentile(percent).map(us),
        (Metric::Mean, _) => times.mean().map(us),
        (Metric::Max, _) => times.max().map(us),
        (Metric::Min, _) => times.min().map(us),
        (Metric::Dropped, Limit::Share(_)) => share(counted.dropped, counted.due),
        (Metric::Dropped, _) => (counted.due > 0).then_some(counted.dropped as f64),
        (Metric::Skipped, _) => any(counted.skipped),
        (Metric::Bytes, Limit::Throughput(_)) => per_second(counted.received_bytes),
        (Metric::Bytes, _) => any(counted.received_bytes),
    }
}

fn us(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1_000.0
}

impl Times for Latencies {
    fn percentile(&self, percent: f64) -> Option<Duration> {
        Latencies::percentile(self, percent)
    }

    fn mean(&self) -> Option<Duration> {
        Latencies::mean(self)
    }

    fn max(&self) -> Option<Duration> {
        Latencies::max(self)
    }

    fn min(&self) -> Option<Duration> {
        Latencies::min(self)
    }
}

impl Times for Moving {
    fn percentile(&self, percent: f64) -> Option<Duration> {
        Moving::percentile(self, percent)
    }

    fn mean(&self) -> Option<Duration> {
        Moving::mean(self)
    }

    fn max(&self) -> Option<Duration> {
        Moving::max(self)
    }

    fn min(&self) -> Option<Duration> {
        Moving::min(self)
    }
}
