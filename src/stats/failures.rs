//! Failures of one request name, by kind.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use crate::exchange::FailureKind;

/// Counts by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Failures(BTreeMap<FailureKind, Failing>);

/// Failures of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Failing {
    pub count: u64,
    pub first: Duration,
    pub last: Duration,
}

impl Failures {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn count(&mut self, kind: FailureKind, at: Duration) {
        let failing = self.0.entry(kind).or_default();
        failing.count += 1;
        failing.first = failing.first.min(at);
        failing.last = failing.last.max(at);
    }

    pub fn add(&mut self, other: &Failures) {
        for (kind, theirs) in &other.0 {
            let ours = self.0.entry(*kind).or_default();
            ours.count += theirs.count;
            ours.first = ours.first.min(theirs.first);
            ours.last = ours.last.max(theirs.last);
        }
    }

    /// How many there were of each kind.
    pub fn counts(&self) -> impl Iterator<Item = (FailureKind, u64)> {
        self.0.iter().map(|(kind, failing)| (*kind, failing.count))
    }

    /// The most frequent kind; of equally frequent ones the first of the set.
    pub fn most_frequent(&self) -> Option<FailureKind> {
        self.0
            .iter()
            .rev()
            .max_by_key(|(_, failing)| failing.count)
            .map(|(kind, _)| *kind)
    }

    pub fn into_kinds(self) -> impl Iterator<Item = (FailureKind, Failing)> {
        self.0.into_iter()
    }
}

impl Default for Failing {
    fn default() -> Failing {
        Failing {
            count: 0,
            first: Duration::MAX,
            last: Duration::ZERO,
        }
    }
}
