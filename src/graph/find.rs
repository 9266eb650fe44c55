//! The search that a load is a try of.

use std::{ops::Range, sync::Arc, time::Duration};

use super::Graph;
use crate::{
    base::{
        duration,
        threshold::{Metric, Threshold},
    },
    plan::ast::{self, MEASURED, amount},
    profile::{Bounds, DEFAULT_GRACEFUL_STOP},
};

/// A search for the capacity: one run after the other, each at a level of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Find {
    pub bounds: Bounds,
    /// Before anything counts in a try.
    pub settle: Duration,
    /// What counts of it.
    pub hold: Duration,
    /// What running tasks have to finish.
    pub graceful_stop: Duration,
    /// Between two tries.
    pub cool_down: Duration,
}

impl Find {
    /// Tries that say nothing of the target are made anew: so many in all.
    pub const SPOILED: u32 = 1;

    /// How many tries there are at most.
    pub fn most_tries(&self) -> u32 {
        self.bounds.most_tries() + Find::SPOILED
    }

    /// How long it takes at most, but for `setup` and `teardown`.
    pub fn most_time(&self) -> Duration {
        let one = self.settle + self.hold + self.graceful_stop + self.cool_down;
        one * self.most_tries() - self.cool_down
    }

    /// In one line: what is looked for, and how long that takes at most.
    pub fn text(&self) -> String {
        let Bounds {
            sought, from, to, ..
        } = self.bounds;
        format!(
            "the most {} from {} to {}: at most {} tries, {} in all",
            sought.word(),
            self.bounds.text(from),
            self.bounds.text(to),
            self.most_tries(),
            duration::text(self.most_time()),
        )
    }

    /// The time of a try that counts.
    pub fn measured(&self) -> Range<Duration> {
        self.settle..self.settle + self.hold
    }
}

impl Graph {
    /// What the target has to keep to in each try, as it was written.
    pub fn conditions(&self) -> Vec<Arc<str>> {
        let conditions = self.thresholds.iter().map(|judged| {
            let threshold = Threshold {
                stage: None,
                ..judged.threshold.clone()
            };
            threshold.to_string().into()
        });
        conditions.collect()
    }
}

/// The search that a plan's load is a try of.
pub(super) fn of(plan: &ast::Plan) -> Option<Find> {
    let find = plan.load.find.as_ref()?;
    let graceful_stop = plan.load.graceful_stop.as_ref();
    Some(Find {
        bounds: Bounds {
            sought: *find.max,
            from: amount(*find.from),
            to: amount(*find.to),
            precision: find.precision(),
        },
        settle: find.settle(),
        hold: find.hold(),
        graceful_stop: graceful_stop.map_or(DEFAULT_GRACEFUL_STOP, |time| time.value),
        cool_down: find.cool_down(),
    })
}

/// Until when a condition counts what comes: what was sent while a level was held and
/// answered later belongs to that level, but neither does a rate go on nor is a window
/// one of the level that has little else in it than what was late.
pub(super) fn until(condition: &Threshold, within: Range<Duration>) -> Range<Duration> {
    let to_the_end = match condition.metric {
        Metric::Errors | Metric::Percentile(_) | Metric::Mean | Metric::Max | Metric::Min => {
            condition.over.is_none()
        }
        Metric::Rate | Metric::Dropped | Metric::Skipped | Metric::Bytes => false,
    };
    match to_the_end && condition.stage.as_deref() == Some(MEASURED) {
        true => within.start..Duration::MAX,
        false => within,
    }
}
