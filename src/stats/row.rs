//! Response and service times side by side, in one piece of memory if they can.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Sample, counts::Counts, failures::Failures, phases::PhaseTimes};
use crate::base::ids::NamerId;

/// Response times, and service times where they ever differed.
///
/// Without a schedule (waits between tasks) every request is due when it is
/// sent, and the two are the same: then only one is kept, which halves the
/// memory. At the first difference the other is split off as a copy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Times<T> {
    pub response: T,
    service: Option<T>,
}

impl Times<Duration> {
    pub fn of(sample: &Sample) -> Times<Duration> {
        let response = sample.timing.done.saturating_sub(sample.due);
        let service = sample.timing.done.saturating_sub(sample.timing.sent);
        Times::of_both(response, service)
    }

    pub fn of_both(response: Duration, service: Duration) -> Times<Duration> {
        Times {
            response,
            service: (service != response).then_some(service),
        }
    }
}

impl<T: Clone> Times<T> {
    pub fn service(&self) -> &T {
        self.service.as_ref().unwrap_or(&self.response)
    }

    /// Adds `other` to both with `add`.
    pub fn add<U: Clone>(&mut self, other: &Times<U>, add: impl Fn(&mut T, &U)) {
        if self.service.is_some() || other.service.is_some() {
            let service = self.service.get_or_insert_with(|| self.response.clone());
            add(service, other.service());
        }
        add(&mut self.response, &other.response);
    }

    /// Changes each that there is.
    pub fn each(&mut self, mut change: impl FnMut(&mut T)) {
        change(&mut self.response);
        if let Some(service) = &mut self.service {
            change(service);
        }
    }

    /// Turns both into something else.
    pub fn map<U>(&mut self, change: impl Fn(&mut T) -> U) -> Times<U> {
        Times {
            response: change(&mut self.response),
            service: self.service.as_mut().map(change),
        }
    }
}

/// Everything that is known under one request name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Row<T> {
    pub counts: Counts,
    pub times: Times<T>,
    pub phases: PhaseTimes<T>,
    pub failures: Failures,
    /// The step that made the name, where one did; of several, the first of the plan.
    pub made_by: Option<NamerId>,
}

impl<T: Clone + Default> Row<T> {
    /// Adds all of another, its times with `add`.
    pub fn add<U: Clone>(&mut self, other: &Row<U>, add: impl Fn(&mut T, &U)) {
        self.counts.add(&other.counts);
        self.times.add(&other.times, &add);
        self.phases.add(&other.phases, &add);
        self.made_by = match (self.made_by, other.made_by) {
            (Some(ours), Some(theirs)) => Some(ours.min(theirs)),
            (ours, theirs) => ours.or(theirs),
        };
        if !other.failures.is_empty() {
            self.failures.add(&other.failures);
        }
    }
}
