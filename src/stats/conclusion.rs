//! The end of the matter: which number the program exits with, and why.

use std::fmt;

use super::{Ended, Extent, Outcome, RunRecord, SceneEnd, ThresholdResult, Verdict};
use crate::base::figures;

/// How many broken thresholds the reason names; the rest it counts. All of
/// them stand in the report above.
const NAMED: usize = 3;

/// The exit status of a run, with its reason in words.
///
/// ```text
/// FAILED: 1 of 3 thresholds does not hold: p95 < 300ms was 412ms (exit 1)
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    pub exit: u8,
    /// One line, without the number.
    pub reason: String,
}

impl RunRecord {
    /// The one place that says what a run ends with.
    ///
    /// A signal decides the number whatever the verdict; the verdict on what
    /// there was until then is in the words. Numbers that got lost on their way
    /// out decide it before everything else: who reads only them must not be misled.
    pub fn conclusion(&self) -> Conclusion {
        let judged = self.judged();
        match &self.unsaved {
            None => judged,
            Some(why) => Conclusion {
                exit: 3,
                reason: format!("UNSAVED: {why}; {}", judged.reason),
            },
        }
    }

    fn judged(&self) -> Conclusion {
        if let Some(capacity) = &self.capacity {
            return capacity.conclusion(self.ended);
        }
        let (exit, word) = match self.verdict {
            Verdict::Passed => (0, "passed"),
            Verdict::Failed => (1, "failed"),
            Verdict::Inconclusive => (4, "inconclusive"),
        };
        let why = self.why();
        let after = figures::time(self.elapsed);
        let loud = word.to_uppercase();
        match self.extent {
            Extent::Whole => {}
            Extent::SoFar => {
                let reason = format!("GOING ON for {after}, until now {word}: {why}");
                return Conclusion { exit, reason };
            }
            Extent::UntilKilled => {
                let reason = format!(
                    "KILLED after {after}: the program ended before the run did; until then {word}: {why}"
                );
                return Conclusion { exit: 3, reason };
            }
            Extent::Part { from, to } => {
                let (from, to) = (figures::time(from), figures::time(to));
                let reason = format!("{loud} from {from} to {to}: {why}");
                return Conclusion { exit, reason };
            }
        }
        match self.ended {
            Ended::Finished => Conclusion {
                exit,
                reason: format!("{loud}: {why}"),
            },
            Ended::StoppedByPlan => Conclusion {
                exit,
                reason: format!("{loud}, stopped by the plan after {after}: {why}"),
            },
            Ended::AbortedByThreshold => {
                let aborting = self.thresholds.iter();
                let aborting = aborting.filter(|result| result.aborted_at.is_some());
                let aborting = aborting.collect::<Vec<_>>();
                let at = aborting.iter().filter_map(|result| result.aborted_at).min();
                let at = figures::time(at.unwrap_or(self.elapsed));
                let why = match self.generator.spoils_verdict() {
                    None => list(&aborting),
                    Some(_) => why,
                };
                Conclusion {
                    exit,
                    reason: format!("{loud}, aborted after {at}: {why}"),
                }
            }
            Ended::Interrupted => Conclusion {
                exit: 130,
                reason: format!("INTERRUPTED by SIGINT after {after}, until then {word}: {why}"),
            },
            Ended::HungUp => Conclusion {
                exit: 129,
                reason: format!("HUNG UP by SIGHUP after {after}, until then {word}: {why}"),
            },
            Ended::Terminated => Conclusion {
                exit: 143,
                reason: format!("TERMINATED by SIGTERM after {after}, until then {word}: {why}"),
            },
        }
    }

    fn why(&self) -> String {
        let of = |outcome| {
            self.thresholds
                .iter()
                .filter(|result| result.outcome == outcome)
                .collect::<Vec<_>>()
        };
        if let Some(why) = self.nobody_came() {
            return why;
        }
        if let Some(bottleneck) = self.generator.spoils_verdict() {
            let broken = of(Outcome::Fail);
            let also = match broken.as_slice() {
                [] => String::new(),
                broken => format!("; {}", unheld(broken, self.thresholds.len())),
            };
            return format!("the generator was the bottleneck: {bottleneck}{also}");
        }
        let all = self.thresholds.len();
        match self.verdict {
            Verdict::Passed => match self.thresholds.as_slice() {
                [one] => format!("the threshold {} holds", one.threshold),
                _ => format!("all {all} thresholds hold"),
            },
            Verdict::Failed => unheld(&of(Outcome::Fail), all),
            Verdict::Inconclusive if self.total.requests() == 0 => "no request was made".to_owned(),
            Verdict::Inconclusive if all == 0 => "there is no threshold to judge by".to_owned(),
            Verdict::Inconclusive => {
                let silent = of(Outcome::NoData);
                let verb = if silent.len() == 1 { "has" } else { "have" };
                format!(
                    "{} of {} {verb} no data: {}",
                    silent.len(),
                    thresholds(all),
                    list(&silent)
                )
            }
        }
    }
}

impl RunRecord {
    /// Why no user was let in, if `setup` is why.
    fn nobody_came(&self) -> Option<String> {
        let setup = self.setup.as_ref()?;
        match setup.end {
            SceneEnd::Complete => None,
            SceneEnd::CutOff => Some("`setup` was cut off, so no user came".to_owned()),
            SceneEnd::Failed => Some(match setup.failures.last() {
                Some(failure) => {
                    let detail = failure.examples.first();
                    let detail = detail.map_or(failure.kind.code(), |example| &example.detail);
                    format!(
                        "`setup` failed at {}, so no user came: {detail}",
                        failure.name
                    )
                }
                None => "`setup` was not done to its end, so no user came".to_owned(),
            }),
        }
    }
}

/// Which thresholds do not hold, of `all`.
fn unheld(broken: &[&ThresholdResult], all: usize) -> String {
    let verb = if broken.len() == 1 { "does" } else { "do" };
    format!(
        "{} of {} {verb} not hold: {}",
        broken.len(),
        thresholds(all),
        list(broken)
    )
}

fn thresholds(count: usize) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} threshold{plural}")
}

pub(super) fn list(results: &[&ThresholdResult]) -> String {
    let mut parts = results
        .iter()
        .take(NAMED)
        .map(|result| match result.measured {
            None => result.threshold.to_string(),
            Some(_) => format!("{} {}", result.threshold, result.finding()),
        })
        .collect::<Vec<_>>();
    if results.len() > NAMED {
        parts.push(format!("and {} more", results.len() - NAMED));
    }
    parts.join("; ")
}

impl fmt::Display for Conclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (exit {})", self.reason, self.exit)
    }
}
