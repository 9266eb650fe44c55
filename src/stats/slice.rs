//! What was seen in a part of a run, as it is kept: of a second, of ten, of a minute.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{Window, examples::Examples, latency::Sparse, row::Row};
use crate::exchange::FailureKind;

/// How finely the durations of a [`Slice`] are told apart.
///
/// A value stands for its bucket by the middle of it, so that a percentile is off by at
/// most half of the width; the shortest and the longest stay exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fineness {
    /// As they were recorded, to three digits.
    Recorded,
    /// 64 buckets from one power of two to the next: off by at most 0.8 %.
    Percent,
    /// 16 buckets from one power of two to the next: off by at most 3.2 %.
    Rough,
}

/// What all workers saw from a time of the run to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// Since the start of the run.
    pub from: Duration,
    pub to: Duration,
    window: Window,
    /// What was worst in one of the parts that it was made of, of each name; only of
    /// what was asked for by [`Slice::noting_extremes`].
    extremes: BTreeMap<Arc<str>, Extremes>,
    /// The same of all names together.
    extremes_of_all: Option<Extremes>,
}

/// What the worst parts of a slice were like, each number for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extremes {
    /// How long such a part is.
    pub of: Duration,
    pub fewest_requests: u64,
    pub most_requests: u64,
    pub most_failed: u64,
    /// Of response times; `None` where none was measured.
    pub p50: Option<Duration>,
    pub p95: Option<Duration>,
    pub p99: Option<Duration>,
}

/// The numbers of a slice: of a name, or of all together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    pub ok: u64,
    pub failed: u64,
    pub interrupted: u64,
    pub received_bytes: u64,
    pub response: Distribution,
    /// Of service times, the 95th percentile.
    pub service_p95: Option<Duration>,
    /// Failures by kind.
    pub failures: BTreeMap<FailureKind, u64>,
    pub extremes: Option<Extremes>,
}

/// Durations and how they are distributed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Distribution(Sparse);

impl Slice {
    /// A slice from the sum of windows that end in it.
    pub fn new(from: Duration, mut window: Window) -> Slice {
        window.log.count();
        Slice {
            from,
            to: window.to,
            window,
            extremes: BTreeMap::new(),
            extremes_of_all: None,
        }
    }

    /// Takes out the failures as they happened.
    pub fn take_examples(&mut self) -> KeptExamples {
        KeptExamples(std::mem::take(&mut self.window.examples))
    }

    /// What it is made of, for a [`Series`](super::Series).
    pub fn into_window(self) -> Window {
        self.window
    }

    /// Adds the one that follows.
    pub fn add(&mut self, next: &Slice) {
        self.from = self.from.min(next.from);
        self.to = self.to.max(next.to);
        self.window.add(&next.window);
        for (name, theirs) in &next.extremes {
            match self.extremes.entry(Arc::clone(name)) {
                Entry::Vacant(entry) => {
                    entry.insert(*theirs);
                }
                Entry::Occupied(mut entry) => entry.get_mut().add(theirs),
            }
        }
        match (&mut self.extremes_of_all, next.extremes_of_all) {
            (Some(ours), Some(theirs)) => ours.add(&theirs),
            (ours @ None, theirs) => *ours = theirs,
            (Some(_), None) => {}
        }
    }

    /// The same, as one of the parts whose worst is told of when they are added up.
    #[must_use]
    pub fn noting_extremes(mut self) -> Slice {
        let of = self.to.saturating_sub(self.from);
        let mut all = Sparse::default();
        let (mut requests, mut failed) = (0, 0);
        for (name, row) in &self.window.rows {
            let counts = &row.counts;
            let extremes = Extremes::of(of, counts.requests(), counts.failed, &row.times.response);
            self.extremes.insert(Arc::clone(name), extremes);
            all.add(&row.times.response);
            requests += counts.requests();
            failed += counts.failed;
        }
        self.extremes_of_all = Some(Extremes::of(of, requests, failed, &all));
        self
    }

    /// The same, with durations told apart less finely.
    #[must_use]
    pub fn thinned(mut self, fineness: Fineness) -> Slice {
        let (times, phases) = match fineness {
            Fineness::Recorded => return self,
            Fineness::Percent => (7, 5),
            Fineness::Rough => (5, 3),
        };
        let window = &mut self.window;
        let classes = window.classes.iter_mut().map(|(_, row)| row);
        for row in window.rows.values_mut().chain(classes) {
            row.times.each(|of| of.thin(times));
            row.phases.each(|of| of.thin(phases));
        }
        for group in &mut window.groups {
            group.times.each(|of| of.thin(times));
        }
        window.pulse.each(|of| of.thin(phases));
        self
    }

    /// The names that something happened to.
    pub fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.window.rows.keys()
    }

    /// The numbers of a name, if something happened to it.
    pub fn of(&self, name: &str) -> Option<Figures> {
        let row = self.window.rows.get(name)?;
        let extremes = self.extremes.get(name).copied();
        Some(Figures::of([row].into_iter(), extremes))
    }

    /// The numbers of all names together.
    pub fn total(&self) -> Figures {
        Figures::of(self.window.rows.values(), self.extremes_of_all)
    }

    /// How many users came in it, and how many left.
    pub fn came_and_left(&self) -> (u64, u64) {
        let users = self.window.users.iter();
        users.fold((0, 0), |(came, left), of| {
            (came + of.started, left + of.ended)
        })
    }

    /// Arrivals for which no user was free.
    pub fn dropped(&self) -> u64 {
        self.window.users.iter().map(|users| users.dropped).sum()
    }
}

impl Extremes {
    fn of(of: Duration, requests: u64, failed: u64, response: &Sparse) -> Extremes {
        Extremes {
            of,
            fewest_requests: requests,
            most_requests: requests,
            most_failed: failed,
            p50: response.percentile(50.0),
            p95: response.percentile(95.0),
            p99: response.percentile(99.0),
        }
    }

    fn add(&mut self, other: &Extremes) {
        self.of = self.of.max(other.of);
        self.fewest_requests = self.fewest_requests.min(other.fewest_requests);
        self.most_requests = self.most_requests.max(other.most_requests);
        self.most_failed = self.most_failed.max(other.most_failed);
        self.p50 = self.p50.max(other.p50);
        self.p95 = self.p95.max(other.p95);
        self.p99 = self.p99.max(other.p99);
    }
}

impl Figures {
    /// Requests that count: ok and failed.
    pub fn requests(&self) -> u64 {
        self.ok + self.failed
    }

    fn of<'a>(rows: impl Iterator<Item = &'a Row<Sparse>>, extremes: Option<Extremes>) -> Figures {
        let mut figures = Figures {
            extremes,
            ..Figures::default()
        };
        let mut service = Sparse::default();
        for row in rows {
            figures.ok += row.counts.ok;
            figures.failed += row.counts.failed;
            figures.interrupted += row.counts.interrupted;
            figures.received_bytes += row.counts.received_bytes;
            figures.response.0.add(&row.times.response);
            service.add(row.times.service());
            for (kind, count) in row.failures.counts() {
                *figures.failures.entry(kind).or_default() += count;
            }
        }
        figures.service_p95 = service.percentile(95.0);
        figures.response.0.counts.shrink_to_fit();
        figures
    }
}

impl Distribution {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.exact.count
    }

    /// The arithmetic mean.
    pub fn mean(&self) -> Option<Duration> {
        let total = self.0.exact.sum.as_nanos();
        let mean = total.checked_div(u128::from(self.0.exact.count))?;
        Some(Duration::from_nanos_u128(mean))
    }

    /// The duration that `percent` of all do not exceed, as exactly as it was kept.
    pub fn percentile(&self, percent: f64) -> Option<Duration> {
        self.0.percentile(percent)
    }

    /// The shortest, exact.
    pub fn min(&self) -> Option<Duration> {
        (self.0.exact.count > 0).then_some(self.0.exact.min)
    }

    /// The longest, exact.
    pub fn max(&self) -> Option<Duration> {
        (self.0.exact.count > 0).then_some(self.0.exact.max)
    }

    /// Adds those of another.
    pub fn add(&mut self, other: &Distribution) {
        self.0.add(&other.0);
    }

    /// Durations and how many of each there were, ascending.
    pub fn values(&self) -> impl Iterator<Item = (Duration, u64)> {
        let counts = self.0.counts.iter();
        counts.map(|(value_us, count)| (Duration::from_micros(u64::from(*value_us)), *count))
    }
}

/// Failures as they happened, of some part of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptExamples(pub(super) Examples);

impl KeptExamples {
    /// Adds those of what follows.
    pub fn add(&mut self, other: KeptExamples) {
        self.0.add(other.0, |name| name);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
