//! What is timed together, and where users met.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::row::Times;

/// How often a group was gone through, and how long that took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Group<T> {
    pub(super) ok: u64,
    pub(super) failed: u64,
    /// Response times are those with waits, service times those without.
    pub(super) times: Times<T>,
}

/// A group that a user has gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupSample {
    /// From its beginning to its end.
    pub whole: Duration,
    /// How much of that the user waited.
    pub waited: Duration,
    /// When the user came to its end, since the start of the run.
    pub done: Duration,
    pub outcome: GroupOutcome,
}

/// How a group went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupOutcome {
    Ok,
    /// The user came to its end, and something in it failed.
    Failed,
    /// A failure led out of it: how long it takes is not known.
    BrokenOff,
}

impl<T> Group<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.ok + self.failed == 0
    }
}

impl<T: Clone> Group<T> {
    /// Counts one time through it.
    pub(super) fn record(&mut self, sample: &GroupSample, add: impl Fn(&mut T, &Duration)) {
        match sample.outcome {
            GroupOutcome::Ok => self.ok += 1,
            GroupOutcome::Failed => self.failed += 1,
            GroupOutcome::BrokenOff => {
                self.failed += 1;
                return;
            }
        }
        let without = sample.whole.saturating_sub(sample.waited);
        self.times.add(&Times::of_both(sample.whole, without), add);
    }

    /// Adds all of another, its times with `add`.
    pub(super) fn add<U: Clone>(&mut self, other: &Group<U>, add: impl Fn(&mut T, &U)) {
        self.ok += other.ok;
        self.failed += other.failed;
        self.times.add(&other.times, add);
    }

    /// Empties it into another form.
    pub(super) fn take<U>(&mut self, change: impl Fn(&mut T) -> U) -> Group<U> {
        Group {
            ok: std::mem::take(&mut self.ok),
            failed: std::mem::take(&mut self.failed),
            times: self.times.map(change),
        }
    }
}

/// What became of users who waited for others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Meetings {
    pub(super) met: u64,
    pub(super) late: u64,
    pub(super) left: u64,
}

/// What became of one user who waited for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// As many came as were to meet.
    Together,
    /// They did not come in time.
    TimedOut,
    /// The user had to leave before.
    Left,
}

impl Meetings {
    pub(super) fn count(&mut self, met: Met) {
        match met {
            Met::Together => self.met += 1,
            Met::TimedOut => self.late += 1,
            Met::Left => self.left += 1,
        }
    }

    pub(super) fn add(&mut self, other: &Meetings) {
        self.met += other.met;
        self.late += other.late;
        self.left += other.left;
    }
}

/// Adds each item to the one in its place.
pub(super) fn add_each<T: Default + Clone, U>(
    ours: &mut Vec<T>,
    theirs: &[U],
    add: impl Fn(&mut T, &U),
) {
    if ours.len() < theirs.len() {
        ours.resize(theirs.len(), T::default());
    }
    for (ours, theirs) in ours.iter_mut().zip(theirs) {
        add(ours, theirs);
    }
}
