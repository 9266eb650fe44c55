//! Windows that slide over a run or over one of its stages, step by step.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Range,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{
    measure::{Counted, Measurable, Span},
    watch::Wanted,
};
use crate::stats::{latency::Sparse, moving::Moving};

/// The most steps that a window has; and one that is not whole, at its beginning.
pub const MAX_STEPS: u64 = 600;

/// The second that a window of a worker belongs to, by its end: workers deliver a
/// little before or after the full second. The first one is 1.
pub(super) fn second_of(to: Duration) -> u64 {
    (to + Duration::from_millis(500)).as_secs().max(1)
}

/// What a window of some length sees as it moves on.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sliding {
    over: Duration,
    /// When it began to be looked at, since the start of the run.
    from: Duration,
    /// The stage that it does not leave.
    within: Option<Range<Duration>>,
    step_s: u64,
    wanted: Wanted,
    /// Steps that are still to come, by their number from 0.
    open: BTreeMap<u64, (Counted, Sparse)>,
    /// Those of the window, oldest first; `times` has as many.
    steps: VecDeque<Counted>,
    counted: Counted,
    times: Moving,
    /// How many steps there were.
    closed: u64,
    has_begun: bool,
    was_full: bool,
}

impl Sliding {
    pub fn new(over: Duration, within: Option<Range<Duration>>) -> Sliding {
        Sliding {
            step_s: over.as_secs().div_ceil(MAX_STEPS).max(1),
            over,
            from: Duration::ZERO,
            within,
            wanted: Wanted::Nothing,
            open: BTreeMap::new(),
            steps: VecDeque::new(),
            counted: Counted::default(),
            times: Moving::default(),
            closed: 0,
            has_begun: false,
            was_full: false,
        }
    }

    /// It is looked at from a time of the run on, before which nothing has come.
    pub fn begin_at(&mut self, from: Duration) {
        self.from = from;
    }

    /// From now on at least so much of times is kept.
    pub fn wants(&mut self, wanted: Wanted) {
        self.wanted = self.wanted.max(wanted);
    }

    /// Adds something of a window of a worker that ends at `to`.
    pub fn add(&mut self, to: Duration, counted: &Counted, times: Option<&Sparse>) {
        let is_last = self.within.as_ref().is_some_and(|within| within.end == to);
        let second = match is_last {
            true => ceil(to),
            false => second_of(to).max(self.first_s() + 1),
        };
        let step = (second - 1 - self.first_s()) / self.step_s;
        // What comes too late counts in the step that is next.
        let step = self.open.entry(step.max(self.closed)).or_default();
        step.0.add(counted);
        match (times, self.wanted) {
            (None, _) | (_, Wanted::Nothing) => {}
            (Some(times), Wanted::Ends) => step.1.add_ends(times),
            (Some(times), Wanted::Shape) => step.1.add(times),
        }
    }

    /// Closes the steps that end with the second `until_s` or before.
    pub fn close(&mut self, until_s: u64, now: Duration) -> Closing<'_> {
        let end_s = self.end_s().unwrap_or(u64::MAX);
        let passed_s = until_s.min(end_s).saturating_sub(self.first_s());
        let until = match until_s >= end_s {
            true => passed_s.div_ceil(self.step_s),
            false => passed_s / self.step_s,
        };
        Closing {
            sliding: self,
            until,
            now,
        }
    }

    /// Closes all steps of a run that took `elapsed`.
    pub fn close_all(&mut self, elapsed: Duration) -> Closing<'_> {
        let end_s = self.end_s().unwrap_or(u64::MAX).min(ceil(elapsed));
        let passed_s = end_s.saturating_sub(self.first_s());
        let last_open = self.open.keys().next_back().map_or(0, |last| last + 1);
        Closing {
            until: passed_s.div_ceil(self.step_s).max(last_open),
            sliding: self,
            now: elapsed,
        }
    }

    /// Whether there was a whole window.
    pub fn was_full(&self) -> bool {
        self.was_full
    }

    /// The window as it stands.
    pub fn measured(&self, now: Duration) -> Measurable<'_, Moving> {
        Measurable {
            counted: &self.counted,
            times: &self.times,
            span: self.span(now),
            has_begun: self.has_begun,
        }
    }

    /// The next step is over.
    fn push(&mut self, (counted, times): (Counted, Sparse), now: Duration) {
        self.has_begun |= counted.requests() + counted.skipped > 0;
        self.counted.add(&counted);
        self.steps.push_back(counted);
        self.times.push(times);
        self.closed += 1;
        // A window is as long as it was asked to be, or longer by less than a step.
        while self.span_of(self.steps.len() - 1, now).length() >= self.over
            && let Some(oldest) = self.steps.pop_front()
        {
            self.counted.remove(&oldest);
            self.times.pop();
        }
        self.was_full |= self.span(now).length() >= self.over;
    }

    fn span(&self, now: Duration) -> Span {
        self.span_of(self.steps.len(), now)
    }

    /// The time of the newest steps.
    fn span_of(&self, steps: usize, now: Duration) -> Span {
        let at = |step: u64| Duration::from_secs(self.first_s() + step * self.step_s);
        let (mut from, mut to) = (at(self.closed - steps as u64), at(self.closed));
        if let Some(within) = &self.within {
            from = from.max(within.start);
            to = to.min(within.end);
        }
        to = to.min(now).max(from);
        Span { from, to }
    }

    fn first_s(&self) -> u64 {
        let start = self.within.as_ref().map(|within| within.start);
        start.unwrap_or_default().max(self.from).as_secs()
    }

    fn end_s(&self) -> Option<u64> {
        self.within.as_ref().map(|within| ceil(within.end))
    }
}

/// Steps being closed, one by one.
pub(super) struct Closing<'a> {
    sliding: &'a mut Sliding,
    until: u64,
    now: Duration,
}

impl Closing<'_> {
    /// The next window that is full.
    pub fn next_full(&mut self) -> Option<Measurable<'_, Moving>> {
        let sliding = &mut *self.sliding;
        while sliding.closed < self.until {
            let step = sliding.open.remove(&sliding.closed).unwrap_or_default();
            sliding.push(step, self.now);
            if sliding.was_full {
                return Some(self.sliding.measured(self.now));
            }
        }
        None
    }
}

/// In whole seconds.
fn ceil(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
