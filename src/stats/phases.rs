//! Where the time of the requests of a name went.

use serde::{Deserialize, Serialize};

use super::latency::{Latencies, Sparse, Tally};
use crate::exchange::{PhaseKind, Phases};

/// The times of each phase, in as many densities as those of whole requests.
///
/// A phase that no request had costs nothing: most names never open a connection. The
/// others are kept to two digits, which is a seventh of the memory that three need; no
/// threshold judges by them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct PhaseTimes<T>([Option<Box<T>>; PhaseKind::ALL.len()]);

impl<T> Default for PhaseTimes<T> {
    fn default() -> PhaseTimes<T> {
        PhaseTimes(std::array::from_fn(|_| None))
    }
}

impl<T: Default> PhaseTimes<T> {
    /// Changes each that there is.
    pub fn each(&mut self, mut change: impl FnMut(&mut T)) {
        for times in self.0.iter_mut().flatten() {
            change(times);
        }
    }

    /// Adds all of another with `add`.
    pub fn add<U>(&mut self, other: &PhaseTimes<U>, add: impl Fn(&mut T, &U)) {
        for (ours, theirs) in self.0.iter_mut().zip(&other.0) {
            if let Some(theirs) = theirs {
                add(ours.get_or_insert_default(), theirs);
            }
        }
    }
}

impl PhaseTimes<Tally> {
    /// Adds those of one request.
    pub fn record(&mut self, phases: &Phases) {
        for (kind, time) in phases.iter() {
            let tally = &mut self.0[kind as usize];
            let tally = tally.get_or_insert_with(|| Box::new(Tally::coarse()));
            tally.record(time);
        }
    }

    /// What was recorded since the last time; empty afterwards.
    pub fn take(&mut self) -> PhaseTimes<Sparse> {
        let used = |tally: &mut Option<Box<Tally>>| {
            let tally = tally.as_mut().filter(|tally| !tally.is_empty())?;
            Some(Box::new(tally.take()))
        };
        PhaseTimes(std::array::from_fn(|place| used(&mut self.0[place])))
    }
}

impl PhaseTimes<Latencies> {
    /// Those of a phase; `None` if there was none.
    pub fn get(&self, kind: PhaseKind) -> Option<&Latencies> {
        self.0[kind as usize].as_deref()
    }
}
