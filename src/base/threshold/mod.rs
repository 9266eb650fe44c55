//! Thresholds: `p99 of "POST /{post_id}/delete" in stage hold < 1s over 5m abort`.
//!
//! ```text
//! [service] METRIC [of "NAME" | of group NAME | of class NAME | of iteration CLASS] [in stage NAME] OP VALUE [over TIME] [abort]
//! ```
//!
//! `reading` takes such a text apart and says what is wrong with it, `saying` writes
//! it in its one spelling, `limits` knows which unit goes with which metric.
//!
//! # What is not here
//!
//! Whether a name, a group, a class or a stage is there: the graph knows. And what was
//! measured: `stats` measures, and decides.

mod limits;
mod reading;
mod saying;
#[cfg(test)]
mod tests;

use std::{ops::Range, time::Duration};

use serde::{Deserialize, Serialize};

pub use limits::Limit;
pub use reading::NotAThreshold;

/// A promise about a run that its numbers keep or break.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// Of a metric that is none of times it is [`Basis::Response`].
    pub basis: Basis,
    pub metric: Metric,
    pub of: Of,
    /// The stage of the load that alone counts; `None` for the whole run.
    pub stage: Option<String>,
    pub comparison: Comparison,
    pub limit: Limit,
    /// The length of the windows that have to keep it, each for itself; whole seconds.
    pub over: Option<Duration>,
    /// Whether the run ends when it is broken.
    pub abort: bool,
}

/// From when on a time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Basis {
    /// From when it was due.
    Response,
    /// From when it was sent; of a group: without the waits in it.
    Service,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Metric {
    /// Failed ÷ (ok + failed).
    Errors,
    /// Requests per second; of a group: how often users came to its end.
    Rate,
    /// A percentile of times, in percent.
    Percentile(f64),
    /// The arithmetic mean of times.
    Mean,
    /// The longest time.
    Max,
    /// The shortest time.
    Min,
    /// Arrivals for which no user was free.
    Dropped,
    /// Steps that a condition skipped.
    Skipped,
    /// Received bytes of bodies.
    Bytes,
}

/// What it is measured of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Of {
    /// All of them together.
    All,
    /// Requests of one name.
    Name(String),
    /// What is timed together.
    Group(String),
    /// All that users of a class do.
    Class(String),
    /// The iterations of a class.
    Iteration(String),
}

/// How the measured value stands to the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    Less,
    AtMost,
    More,
    AtLeast,
}

/// A threshold of a compiled plan: the times of its stage are known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    pub threshold: Threshold,
    /// From the start of the run; `None` without a stage.
    pub within: Option<Range<Duration>>,
}

impl Threshold {
    /// What a plan without thresholds is judged by.
    pub fn default_of_a_plan() -> Threshold {
        "errors < 1%".parse().expect("the default is valid")
    }

    /// Whether a value, in the unit of the limit (see [`Limit::number`]), keeps the
    /// promise.
    pub fn holds(&self, measured: f64) -> bool {
        let limit = self.limit.number();
        match self.comparison {
            Comparison::Less => measured < limit,
            Comparison::AtMost => measured <= limit,
            Comparison::More => measured > limit,
            Comparison::AtLeast => measured >= limit,
        }
    }

    /// Whether its number, over a run, can only move away from what is promised: once
    /// it is broken it stays so.
    pub fn only_gets_worse(&self) -> bool {
        match (self.metric, self.limit) {
            (Metric::Max, _) | (_, Limit::Count(_) | Limit::Size(_)) => self.comparison.is_upper(),
            (Metric::Min, _) => !self.comparison.is_upper(),
            (
                Metric::Errors
                | Metric::Rate
                | Metric::Percentile(_)
                | Metric::Mean
                | Metric::Dropped
                | Metric::Skipped
                | Metric::Bytes,
                Limit::Share(_) | Limit::Rate(_) | Limit::Time(_) | Limit::Throughput(_),
            ) => false,
        }
    }

    /// Whether its number, over a run, begins on the wrong side and can only move
    /// towards what is promised.
    fn begins_broken(&self) -> bool {
        let grows = matches!(self.limit, Limit::Count(_) | Limit::Size(_));
        grows && !self.comparison.is_upper()
    }
}

impl Metric {
    /// Whether it is one of times.
    pub fn is_of_times(self) -> bool {
        match self {
            Metric::Percentile(_) | Metric::Mean | Metric::Max | Metric::Min => true,
            Metric::Errors | Metric::Rate | Metric::Dropped | Metric::Skipped | Metric::Bytes => {
                false
            }
        }
    }
}

impl Comparison {
    /// Whether what is measured is to stay below the limit.
    pub fn is_upper(self) -> bool {
        match self {
            Comparison::Less | Comparison::AtMost => true,
            Comparison::More | Comparison::AtLeast => false,
        }
    }
}
