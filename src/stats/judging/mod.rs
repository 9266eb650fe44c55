//! Judges a run by its thresholds: each second, and when it is over.
//!
//! Every window of every worker is added to what the thresholds are about. Where they
//! speak of the whole run or of a stage, that is one sum; with `over` it is a window
//! that slides from second to second (`sliding`), of which the worst is kept.
//!
//! # What holds here
//!
//! - A second is judged when all workers have told of it, or when the next one is over.
//!   What comes later than that counts in the first second that is still open: nothing
//!   is lost.
//! - Memory does not depend on how long the run lasts. What thresholds are about (those
//!   about the same share it) costs 184 KiB where they ask for percentiles, and nothing
//!   worth naming else. With `over` it is the buckets in use of at most [`MAX_STEPS`]
//!   steps of the window, 16 bytes each: no more than there were answers in a step, so
//!   16 kB for a step of a thousand, and never more than 23,552 of them.
//! - Windows of up to ten minutes move by a second; longer ones by as many whole seconds
//!   as make [`MAX_STEPS`] steps of them: an hour moves by 6 s, a day by 144 s. A window
//!   is never shorter than was asked for, and longer by less than a step.
//! - Who aborts by the run so far waits for [`ENOUGH_TIME`] of what is judged (the run,
//!   or the stage) and [`ENOUGH`] of what counts: one failed request of one is no share
//!   of errors. A number that can only get worse (`max`, a count, a size, with an upper
//!   limit) waits for nothing.
//!
//! # What is not here
//!
//! Ending a run: whoever asks is told that it is to end.

mod measure;
mod sliding;
mod watch;

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use self::{
    measure::{Span, measure},
    watch::{Sums, Watch},
};
use super::{Outcome, ThresholdResult, Window, WorstWindow};
use crate::base::threshold::{Judged, Limit, Metric, Threshold};

pub use sliding::MAX_STEPS;
pub(in crate::stats) use watch::Known;

/// How many of what counts it takes until the run so far can end a run.
pub const ENOUGH: u64 = 10;

/// How long it takes until the run so far can end a run.
pub const ENOUGH_TIME: Duration = Duration::from_secs(10);

/// All thresholds of a run.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Judging {
    thresholds: Vec<Watched>,
    watches: Vec<Watch>,
    seconds: Seconds,
    /// When no new task starts any more, if that is known.
    load_ends: Option<Duration>,
}

/// A threshold while the run goes on.
#[derive(Debug, Serialize, Deserialize)]
struct Watched {
    threshold: Threshold,
    /// What it is about.
    watch: usize,
    /// Of the windows so far.
    worst: Option<(f64, WorstWindow)>,
    /// When it ended the run, and what it was then.
    aborted: Option<(Duration, f64)>,
}

impl Judging {
    pub fn new(thresholds: &[Judged], workers: u32, known: &Known<'_>) -> Judging {
        let mut judging = Judging::default();
        judging.seconds.workers = workers;
        for judged in thresholds {
            let watch = Watch::of(judged, known);
            let same = judging
                .watches
                .iter()
                .position(|other| other.is_like(&watch));
            let at = same.unwrap_or(judging.watches.len());
            match judging.watches.get_mut(at) {
                Some(other) => other.wants(&watch),
                None => judging.watches.push(watch),
            }
            judging.thresholds.push(Watched {
                threshold: judged.threshold.clone(),
                watch: at,
                worst: None,
                aborted: None,
            });
        }
        judging
    }

    /// All windows are of all workers together from now on.
    pub fn of_one_worker(&mut self) {
        self.seconds = Seconds {
            workers: 1,
            ..Seconds::default()
        };
    }

    /// What is judged begins at a time of the run.
    pub fn begin_at(&mut self, from: Duration) {
        for watch in &mut self.watches {
            watch.begin_at(from);
        }
        self.seconds.complete = from.as_secs();
    }

    /// From when on no new task starts: a rate does not have to hold after that.
    pub fn load_ends(&mut self, at: Duration) {
        self.load_ends = Some(at);
    }

    pub fn add(&mut self, window: &Window) {
        self.seconds.delivered(window.to);
        for watch in &mut self.watches {
            watch.add(window);
        }
    }

    /// Judges all seconds that are complete. Returns whether the run is to end.
    pub fn judge(&mut self, now: Duration) -> bool {
        let complete_s = self.seconds.complete(now);
        self.slide(|sums| sums.close(complete_s, now));
        if self.load_ends.is_some_and(|at| at <= now) {
            return false;
        }
        let mut aborts = false;
        for watched in &mut self.thresholds {
            let sums = &self.watches[watched.watch];
            if !watched.threshold.abort || watched.aborted.is_some() {
                continue;
            }
            let measured = watched.measured(sums, now);
            if let Some(measured) = measured
                && !watched.threshold.holds(measured)
                && watched.may_abort(sums, now)
            {
                watched.aborted = Some((now, measured));
                aborts = true;
            }
        }
        aborts
    }

    /// How each threshold stands.
    pub fn results(&self, now: Duration) -> Vec<ThresholdResult> {
        let results = self.thresholds.iter();
        let results = results.map(|watched| watched.result(&self.watches[watched.watch], now));
        results.collect()
    }

    /// How each threshold has ended in a run that took `elapsed`.
    pub fn finish(mut self, elapsed: Duration) -> Vec<ThresholdResult> {
        self.slide(|sums| sums.close_all(elapsed));
        for watched in &mut self.thresholds {
            let sums = &self.watches[watched.watch].sums;
            // It was shorter than a window: then the whole of it is one.
            if let (Sums::Windows(sliding), None) = (sums, &watched.worst)
                && !sliding.was_full()
            {
                let measured = measure(&watched.threshold, &sliding.measured(elapsed));
                watched.worst = measured.map(|value| (value, WorstWindow::Whole));
            }
        }
        self.results(elapsed)
    }

    /// Moves all windows on, and looks at each that is full.
    fn slide(&mut self, close: impl Fn(&mut Sums) -> Option<sliding::Closing<'_>>) {
        for (at, watch) in self.watches.iter_mut().enumerate() {
            let Some(mut closing) = close(&mut watch.sums) else {
                continue;
            };
            let of_it = |watched: &&mut Watched| watched.watch == at;
            while let Some(full) = closing.next_full() {
                for watched in self.thresholds.iter_mut().filter(of_it) {
                    let ends_with_load = match (watched.threshold.metric, watched.threshold.limit) {
                        (Metric::Rate, _) | (_, Limit::Throughput(_)) => true,
                        (_, _) => false,
                    };
                    let is_after = self.load_ends.is_some_and(|at| at < full.span.to);
                    if !(ends_with_load && is_after) {
                        watched.see(measure(&watched.threshold, &full), full.span);
                    }
                }
            }
        }
    }
}

impl Watched {
    /// Looks at a full window.
    fn see(&mut self, measured: Option<f64>, span: Span) {
        let (Some(measured), None) = (measured, self.aborted) else {
            return;
        };
        let is_worse = match (&self.worst, self.threshold.comparison.is_upper()) {
            (None, _) => true,
            (Some((worst, _)), true) => measured > *worst,
            (Some((worst, _)), false) => measured < *worst,
        };
        if is_worse {
            self.worst = Some((measured, WorstWindow::UpTo(span.to)));
        }
    }

    fn measured(&self, watch: &Watch, now: Duration) -> Option<f64> {
        match &watch.sums {
            Sums::Run(total) => measure(&self.threshold, &total.measured(watch.span(now))),
            Sums::Windows(_) => self.worst.map(|(measured, _)| measured),
        }
    }

    /// Whether it is not too early.
    fn may_abort(&self, watch: &Watch, now: Duration) -> bool {
        match &watch.sums {
            Sums::Windows(_) => true,
            Sums::Run(_) if self.threshold.only_gets_worse() => true,
            Sums::Run(total) => {
                let counts = match self.threshold.metric {
                    Metric::Dropped => total.counted.due,
                    Metric::Errors
                    | Metric::Rate
                    | Metric::Percentile(_)
                    | Metric::Mean
                    | Metric::Max
                    | Metric::Min
                    | Metric::Skipped
                    | Metric::Bytes => total.counted.requests(),
                };
                counts >= ENOUGH && watch.has_lasted(ENOUGH_TIME, now)
            }
        }
    }

    fn result(&self, watch: &Watch, now: Duration) -> ThresholdResult {
        let measured = match self.aborted {
            Some((_, measured)) => Some(measured),
            None => self.measured(watch, now),
        };
        ThresholdResult {
            threshold: self.threshold.clone(),
            measured,
            outcome: match measured {
                None => Outcome::NoData,
                Some(value) if self.threshold.holds(value) => Outcome::Pass,
                Some(_) => Outcome::Fail,
            },
            worst: self.worst.map(|(_, window)| window),
            aborted_at: self.aborted.map(|(at, _)| at),
        }
    }
}

/// Which seconds all workers have told of.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Seconds {
    workers: u32,
    /// Windows of those that are not complete.
    delivered: BTreeMap<u64, u32>,
    complete: u64,
}

impl Seconds {
    fn delivered(&mut self, to: Duration) {
        let second = sliding::second_of(to);
        if second > self.complete {
            *self.delivered.entry(second).or_default() += 1;
        }
    }

    /// Up to which second all is known.
    fn complete(&mut self, now: Duration) -> u64 {
        let mut complete = self.complete.max(now.as_secs().saturating_sub(1));
        let is_told = |second| {
            self.delivered
                .get(&second)
                .is_some_and(|of| *of >= self.workers)
        };
        while complete < now.as_secs() && is_told(complete + 1) {
            complete += 1;
        }
        self.complete = complete;
        self.delivered.retain(|second, _| *second > complete);
        complete
    }
}
