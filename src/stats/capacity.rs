//! What a search for the capacity leaves: its tries, and the level between them.

use std::{ops::Range, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    Conclusion, Ended, Outcome, RunRecord, SceneEnd, ThresholdResult, Verdict, conclusion::list,
    threshold::verdict,
};
use crate::{
    base::{
        figures,
        threshold::{Judged, Threshold},
    },
    profile::{Bounds, Knee},
};

/// A search that has ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Capacity {
    pub bounds: Bounds,
    /// What the target had to keep to, as text.
    pub conditions: Vec<Arc<str>>,
    /// In their order.
    pub tries: Vec<Try>,
    /// What they have shown; `None` if nothing was decided.
    pub knee: Option<Knee>,
    pub outcome: SearchOutcome,
    /// With the times between the tries.
    pub elapsed: Duration,
}

/// A level that was tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Try {
    /// In the unit of the [`Bounds`].
    pub level: u64,
    pub outcome: TryOutcome,
    pub measured: Measured,
    /// With ramp and graceful stop.
    pub elapsed: Duration,
}

/// What was measured of all requests while a level was held; `None` without data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Requests per second.
    pub rate: Option<f64>,
    /// Of response times, in microseconds.
    pub p50_us: Option<f64>,
    pub p95_us: Option<f64>,
    /// A share of 1.
    pub errors: Option<f64>,
}

/// What a try has shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TryOutcome {
    Held,
    /// The target did not keep to its conditions, and how not.
    Broken(String),
    /// It says nothing of the target, and why.
    Spoiled(String),
}

/// How a search ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SearchOutcome {
    Found,
    /// There were as many tries as there may be, and the last level that held was not
    /// confirmed.
    OutOfTries,
    /// The tries at a level said nothing of the target.
    Spoiled {
        level: u64,
        why: String,
    },
    /// A signal ended it.
    Stopped,
}

/// What is measured of a try beside its conditions: promises that cannot be broken.
const MEASURED: [&str; 4] = ["rate >= 0/s", "p50 >= 0s", "p95 >= 0s", "errors >= 0%"];

impl Measured {
    /// What has to be judged, behind everything else, to be [taken](Measured::take_from)
    /// out of the record afterwards.
    pub fn judged(within: &Range<Duration>) -> impl Iterator<Item = Judged> {
        MEASURED.into_iter().map(|text| Judged {
            threshold: text.parse().expect("it is a threshold"),
            within: Some(within.clone()),
        })
    }

    /// Takes the measurements out of a record, which is left as if they had not been asked for.
    pub fn take_from(record: &mut RunRecord) -> Measured {
        let conditions = record.thresholds.len().saturating_sub(MEASURED.len());
        let taken = record.thresholds.split_off(conditions);
        let mut values = taken.iter().map(|result| result.measured);
        let mut next = || values.next().flatten();
        record.verdict = match record.generator.spoils_verdict() {
            Some(_) => Verdict::Inconclusive,
            None => verdict(&record.thresholds),
        };
        Measured {
            rate: next(),
            p50_us: next(),
            p95_us: next(),
            errors: next(),
        }
    }
}

impl TryOutcome {
    /// What the record of a try says of its level.
    ///
    /// Answers that were still awaited when the graceful stop was over are in no number,
    /// and were too late by any measure: a level at which there are some does not hold. One
    /// at which there was no answer at all says that the target is gone, and one that was
    /// not held `until` its end says nothing.
    pub fn of(record: &RunRecord, until: Duration, graceful_stop: Duration) -> TryOutcome {
        let of = |outcome| {
            let results = record.thresholds.iter();
            let results = results.filter(|result| result.outcome == outcome);
            results.map(as_written).collect::<Vec<_>>()
        };
        let broken = of(Outcome::Fail);
        let silent = of(Outcome::NoData);
        let is_complete = |end| match end {
            SceneEnd::Complete => true,
            SceneEnd::Failed | SceneEnd::CutOff => false,
        };
        if !(record.setup.as_ref()).is_none_or(|setup| is_complete(setup.end)) {
            return TryOutcome::Spoiled("`setup` failed, so no user came".to_owned());
        }
        if record.ended == Ended::StoppedByPlan {
            return TryOutcome::Spoiled("the plan stopped the run".to_owned());
        }
        let total = &record.total;
        if total.failed > 0 && total.response().count() == 0 {
            let most = record.failures.first();
            let most = most.map_or(String::new(), |most| format!(": {}", most.kind.code()));
            return TryOutcome::Spoiled(format!("not one request had an answer{most}"));
        }
        let unanswered = total.interrupted;
        let is_broken = !broken.is_empty() || (unanswered > 0 && !graceful_stop.is_zero());
        if is_broken && let Some(bottleneck) = record.generator.spoils_verdict() {
            let why = format!("the generator was the bottleneck: {bottleneck}");
            return TryOutcome::Spoiled(why);
        }
        if !broken.is_empty() {
            return TryOutcome::Broken(list(&broken.iter().collect::<Vec<_>>()));
        }
        if is_broken {
            let time = figures::time(graceful_stop);
            let why = format!("{unanswered} requests without an answer after {time} more");
            return TryOutcome::Broken(why);
        }
        if record.elapsed < until {
            let after = figures::time(record.elapsed);
            return TryOutcome::Spoiled(format!("nobody was left after {after}"));
        }
        match silent.as_slice() {
            [] => TryOutcome::Held,
            [first, ..] => TryOutcome::Spoiled(format!("no data: {}", first.threshold)),
        }
    }
}

/// Without the stage, which nobody wrote.
fn as_written(result: &ThresholdResult) -> ThresholdResult {
    let threshold = Threshold {
        stage: None,
        ..result.threshold.clone()
    };
    ThresholdResult {
        threshold,
        ..result.clone()
    }
}

impl RunRecord {
    /// The record of the try that decides, with all that led to it and the verdict on that.
    #[must_use]
    pub fn with_capacity(mut self, capacity: Capacity) -> RunRecord {
        self.verdict = match (&capacity.outcome, capacity.knee) {
            (SearchOutcome::Found, Some(Knee::Between { .. } | Knee::AtLeast { .. })) => {
                Verdict::Passed
            }
            (SearchOutcome::Found, Some(Knee::Below { .. })) => Verdict::Failed,
            (SearchOutcome::Found, None)
            | (
                SearchOutcome::OutOfTries | SearchOutcome::Spoiled { .. } | SearchOutcome::Stopped,
                _,
            ) => Verdict::Inconclusive,
        };
        self.capacity = Some(Box::new(capacity));
        self
    }
}

impl Capacity {
    /// What was found, in one line: `398/s held, 415/s did not`.
    pub fn found(&self) -> String {
        let level = |level| self.bounds.text(level);
        match self.knee {
            None => "nothing was found out".to_owned(),
            Some(Knee::Below { broken }) => format!("not even {} held", level(broken)),
            Some(Knee::Between { held, broken }) => {
                format!("{} held, {} did not", level(held), level(broken))
            }
            Some(Knee::AtLeast { held }) if held == self.bounds.to => {
                format!("{} held, the highest level that was looked at", level(held))
            }
            Some(Knee::AtLeast { held }) => format!("{} held", level(held)),
        }
    }

    /// How a level was broken, by the last try that shows it.
    fn why_broken(&self) -> String {
        let broken = match self.knee {
            Some(Knee::Below { broken } | Knee::Between { broken, .. }) => Some(broken),
            Some(Knee::AtLeast { .. }) | None => None,
        };
        let mut tries = self.tries.iter().rev();
        let why = tries.find_map(|one| match &one.outcome {
            TryOutcome::Broken(why) if Some(one.level) == broken => Some(why),
            TryOutcome::Broken(_) | TryOutcome::Held | TryOutcome::Spoiled(_) => None,
        });
        why.map_or(String::new(), |why| format!(": {why}"))
    }

    /// What a search ends with.
    pub(super) fn conclusion(&self, ended: Ended) -> Conclusion {
        let found = self.found();
        let why = self.why_broken();
        let after = figures::time(self.elapsed);
        let stopped = |exit, word: &str| Conclusion {
            exit,
            reason: format!("{word} after {after}, until then: {found}"),
        };
        match &self.outcome {
            SearchOutcome::Stopped => match ended {
                Ended::Terminated => stopped(143, "TERMINATED by SIGTERM"),
                Ended::HungUp => stopped(129, "HUNG UP by SIGHUP"),
                Ended::Interrupted
                | Ended::Finished
                | Ended::StoppedByPlan
                | Ended::AbortedByThreshold => stopped(130, "INTERRUPTED by SIGINT"),
            },
            SearchOutcome::Found => match self.knee {
                Some(Knee::Below { .. }) => Conclusion {
                    exit: 1,
                    reason: format!("FAILED: {found}{why}"),
                },
                Some(Knee::Between { .. } | Knee::AtLeast { .. }) | None => Conclusion {
                    exit: 0,
                    reason: format!("FOUND: {found}{why}"),
                },
            },
            SearchOutcome::OutOfTries => Conclusion {
                exit: 4,
                reason: format!(
                    "INCONCLUSIVE: it changed too much from try to try; at the end {found}{why}"
                ),
            },
            SearchOutcome::Spoiled { level, why } => {
                let level = self.bounds.text(*level);
                Conclusion {
                    exit: 4,
                    reason: format!(
                        "INCONCLUSIVE: {level} could not be judged: {why}; until then {found}"
                    ),
                }
            }
        }
    }
}
