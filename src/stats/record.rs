//! What a run leaves: all that a report needs, without the plan's types.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    Capacity, Generator,
    groups::Group,
    latency::Latencies,
    phases::PhaseTimes,
    row::{Row, Times},
};
use crate::{
    base::threshold::Threshold,
    exchange::{Example, ExampleAnswer, FailureKind, PhaseKind, curl::Curl},
    profile::Profile,
};

/// A finished run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    pub meta: RunMeta,
    /// From the start to the end of the last user.
    pub elapsed: Duration,
    pub ended: Ended,
    /// One per request name, sorted by name. Names of the plan are there even
    /// if they were never requested, so that a reader sees it.
    pub rows: Vec<RowTotals>,
    /// All rows added up.
    pub total: RowTotals,
    /// Sorted by count, most first.
    pub failures: Vec<FailureTotals>,
    /// Failures among the first [`MAX_EXAMPLES`] of their name and kind that have no
    /// example, because the run had [`MAX_RUN_EXAMPLES`] before.
    ///
    /// [`MAX_EXAMPLES`]: super::MAX_EXAMPLES
    /// [`MAX_RUN_EXAMPLES`]: super::MAX_RUN_EXAMPLES
    pub examples_left_out: u64,
    pub classes: Vec<ClassTotals>,
    /// What came of `setup`, if there is one; in no other number.
    pub setup: Option<SceneTotals>,
    /// The same of `teardown`.
    pub teardown: Option<SceneTotals>,
    pub thresholds: Vec<ThresholdResult>,
    pub verdict: Verdict,
    /// Distinct names beyond [`MAX_NAMES`], whose requests were counted as
    /// `(other)` at least in part; told apart up to [`MAX_LEFT_OUT`] of them.
    ///
    /// [`MAX_NAMES`]: super::MAX_NAMES
    /// [`MAX_LEFT_OUT`]: super::MAX_LEFT_OUT
    pub names_left_out: u64,
    /// The steps that made those names, and how many of their requests were counted
    /// as `(other)`; most first.
    pub left_out_by: Vec<(Arc<str>, u64)>,
    /// Steps that a condition skipped, by what they are called; only those that were.
    pub skipped: Vec<(Arc<str>, u64)>,
    /// Sources of data, in the plan's order.
    pub data: Vec<DataTotals>,
    /// What is timed together, sorted by name; no part of the rows.
    pub groups: Vec<GroupTotals>,
    /// The iterations of each class, in the plan's order: times are of those in which
    /// nothing failed.
    pub iterations: Vec<GroupTotals>,
    /// Where users waited for each other, sorted by name.
    pub meetings: Vec<MeetingTotals>,
    /// Lines that `log` steps wrote.
    pub log_lines: u64,
    /// Those of them that nobody was shown, since there were too many at a time.
    pub log_lines_left_out: u64,
    /// How the machine fared that made the load.
    pub generator: Generator,
    /// Of the last of many tries: what they have shown together.
    pub capacity: Option<Box<Capacity>>,
    /// Why its numbers are not everywhere where they were to be written:
    /// "cannot write the report `run.json`: No space left on device".
    pub unsaved: Option<String>,
    /// How much of the run it tells of.
    pub extent: Extent,
    /// What should be known of it and is not: a line each.
    pub missing: Vec<String>,
}

/// How much of a run a record tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    Whole,
    /// It goes on.
    SoFar,
    /// The program ended before the run did.
    UntilKilled,
    /// From a time of the run to another; times in the record are still those of the run.
    Part {
        from: Duration,
        to: Duration,
    },
}

/// What was run, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunMeta {
    pub plan: String,
    /// Of the plan as its author wrote it.
    pub fingerprint: String,
    /// Options that changed what of the plan was run, as typed.
    pub options: Vec<String>,
    pub version: String,
    pub run_id: String,
    pub seed: u64,
    pub target: String,
    /// Calendar time of the start, since 1970 in UTC.
    pub started_unix: Duration,
    pub workers: u32,
    /// What every wait was multiplied with.
    pub wait_scale: f64,
    pub schedule: Schedule,
    /// Classes whose users did not verify the certificates of servers, in the plan's
    /// order.
    pub insecure: Vec<Arc<str>>,
    /// Whether the run was judged by the default because the plan has no thresholds.
    pub thresholds_are_default: bool,
}

/// The load as it was really scheduled, after overrides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// That of the classes without one of their own first.
    pub loads: Vec<ScheduledLoad>,
    /// Users of each class at full load, in the plan's order; of classes whose users
    /// come with arrivals, how many there can be.
    pub classes: Vec<(Arc<str>, u32)>,
}

/// One load, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledLoad {
    /// The class that has it for itself; `None` for that of all the others.
    pub class: Option<Arc<str>>,
    pub profile: Profile,
}

impl Schedule {
    /// Whether users of a class come with arrivals.
    pub fn comes_with_arrivals(&self, class: &str) -> bool {
        let own = self.loads.iter();
        let own = own.filter(|load| load.class.as_deref() == Some(class));
        let shared = self.loads.iter().filter(|load| load.class.is_none());
        let load = own.chain(shared).next();
        load.is_some_and(|load| load.profile.peak_rate().is_some())
    }

    /// When no new task starts any more, if that is known.
    pub fn ends_at(&self) -> Option<Duration> {
        let profiles = || self.loads.iter().map(|load| &load.profile);
        let ends = profiles().map(Profile::ends_at).max()?;
        profiles().all(Profile::has_end).then_some(ends)
    }

    /// How many passes there are to be, if their number ends the run.
    pub fn passes(&self) -> Option<u64> {
        let passes = self.loads.iter().map(|load| {
            let profile = &load.profile;
            let users = u64::from(profile.users());
            let of_each = profile.per_user.map(|each| u64::from(each) * users);
            let of_all = profile.iterations.map(u64::from);
            of_each.into_iter().chain(of_all).min()
        });
        passes.sum()
    }

    /// Users at full load, of all loads together.
    pub fn users(&self) -> u32 {
        self.loads.iter().map(|load| load.profile.users()).sum()
    }
}

/// What one user did before all others came, or after all others had left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SceneTotals {
    pub end: SceneEnd,
    pub elapsed: Duration,
    /// Only those that were asked for, sorted by name.
    pub rows: Vec<RowTotals>,
    pub groups: Vec<GroupTotals>,
    pub failures: Vec<FailureTotals>,
}

impl SceneTotals {
    /// Of one that there was no time for.
    pub fn never_begun() -> SceneTotals {
        SceneTotals {
            end: SceneEnd::CutOff,
            elapsed: Duration::ZERO,
            rows: Vec::new(),
            groups: Vec::new(),
            failures: Vec::new(),
        }
    }
}

/// How a scene ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SceneEnd {
    /// All of it was done; of `teardown` also where a part of it failed.
    Complete,
    /// It stopped at what failed.
    Failed,
    /// A signal ended it, or there was no more time.
    CutOff,
}

/// Why it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ended {
    /// The schedule was over, or no user was left.
    Finished,
    /// SIGINT.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// SIGHUP: the terminal that it was started from is gone.
    HungUp,
    /// The plan's `stop_run`.
    StoppedByPlan,
    /// A threshold with `abort` was broken.
    AbortedByThreshold,
}

/// Everything counted under one name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowTotals {
    pub name: Arc<str>,
    pub ok: u64,
    pub failed: u64,
    /// Cut off by the end of the run: neither ok nor failed.
    pub interrupted: u64,
    /// Followed within requests, which they are part of.
    pub redirects: u64,
    /// Sent a second time within requests, because the server had closed the idle
    /// connection that the first went over.
    pub resent: u64,
    /// Opened for its requests, also for those that failed or were interrupted: what
    /// the other side has accepted. Idle ones that were used again are none of them.
    pub connections: u64,
    pub received_bytes: u64,
    times: Times<Latencies>,
    phases: PhaseTimes<Latencies>,
}

/// What is known of steps that are timed together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupTotals {
    pub name: Arc<str>,
    /// How often users came to its end with all as expected.
    pub ok: u64,
    /// How often something in it failed, whether or not they came to its end.
    pub failed: u64,
    times: Times<Latencies>,
}

impl GroupTotals {
    pub(super) fn new(name: Arc<str>, group: Group<Latencies>) -> GroupTotals {
        GroupTotals {
            name,
            ok: group.ok,
            failed: group.failed,
            times: group.times,
        }
    }

    /// From its beginning to its end, of all users who came there; what failed in it
    /// or did not.
    pub fn with_waits(&self) -> &Latencies {
        &self.times.response
    }

    /// The same without the time in which the user waited.
    pub fn without_waits(&self) -> &Latencies {
        self.times.service()
    }
}

/// How much of a source of data was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataTotals {
    pub name: Arc<str>,
    /// How many rows there are.
    pub rows: u64,
    /// How many were drawn, the same ones again too.
    pub drawn: u64,
}

/// What became of users who waited for each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingTotals {
    pub name: Arc<str>,
    /// Users who went on together.
    pub met: u64,
    /// Users for whom the others did not come in time.
    pub timed_out: u64,
    /// Users who had to leave before.
    pub left: u64,
}

/// Failures of one kind under one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureTotals {
    pub name: Arc<str>,
    pub kind: FailureKind,
    pub count: u64,
    /// Since the start of the run.
    pub first: Duration,
    pub last: Duration,
    /// The first few as they happened.
    pub examples: Vec<FailureExample>,
}

/// One failure as it happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FailureExample {
    /// Since the start of the run.
    pub at: Duration,
    /// As in [`Example`], like all that follows.
    pub detail: String,
    pub request: String,
    pub curl: Option<Curl>,
    pub answer: Option<ExampleAnswer>,
}

impl FailureExample {
    pub(super) fn new(at: Duration, example: Example) -> FailureExample {
        let Example {
            detail,
            request,
            curl,
            answer,
        } = example;
        FailureExample {
            at,
            detail,
            request,
            curl,
            answer,
        }
    }
}

/// What became of the users of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassTotals {
    pub name: Arc<str>,
    pub started: u64,
    pub failed_starts: u64,
    /// Passes that its users began.
    pub iterations: u64,
    /// Arrivals of the open model, dropped ones too.
    pub due: u64,
    /// Arrivals that found no user free, or the end of the run before they could be
    /// played.
    pub dropped: u64,
}

/// A threshold and what was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThresholdResult {
    pub threshold: Threshold,
    /// In the unit of the threshold's limit (share, per second, microseconds, a count,
    /// bytes, bytes per second); `None` without data.
    pub measured: Option<f64>,
    pub outcome: Outcome,
    /// The window that was measured, of a threshold with `over`.
    pub worst: Option<WorstWindow>,
    /// When it ended the run; it was measured then, and is not measured again.
    pub aborted_at: Option<Duration>,
}

/// The window that was worst for a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorstWindow {
    /// The one that ended so long after the start; of equal ones the first.
    UpTo(Duration),
    /// All there was, which was shorter than a window.
    Whole,
}

/// How a threshold ended. No data is not a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    Pass,
    Fail,
    NoData,
}

/// What the run says about the target. Signals are apart: see [`Ended`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// All thresholds hold.
    Passed,
    /// At least one does not.
    Failed,
    /// No threshold failed, but at least one had no data; or the generator was the
    /// bottleneck, and the numbers are not the target's.
    Inconclusive,
}

impl RowTotals {
    pub(super) fn new(name: Arc<str>, row: Row<Latencies>) -> RowTotals {
        RowTotals {
            name,
            ok: row.counts.ok,
            failed: row.counts.failed,
            interrupted: row.counts.interrupted,
            redirects: row.counts.redirects,
            resent: row.counts.resent,
            connections: row.counts.connections,
            received_bytes: row.counts.received_bytes,
            times: row.times,
            phases: row.phases,
        }
    }

    /// Requests that count: ok and failed.
    pub fn requests(&self) -> u64 {
        self.ok + self.failed
    }

    /// Failed ÷ (ok + failed); `None` without a request.
    pub fn errors(&self) -> Option<f64> {
        let requests = self.requests();
        (requests > 0).then(|| self.failed as f64 / requests as f64)
    }

    /// Requests per second of a run that took `elapsed`; `None` if it took no time.
    pub fn rate(&self, elapsed: Duration) -> Option<f64> {
        (!elapsed.is_zero()).then(|| self.requests() as f64 / elapsed.as_secs_f64())
    }

    /// Response times (done − due) of every exchange that got its whole answer.
    pub fn response(&self) -> &Latencies {
        &self.times.response
    }

    /// Service times (done − sent) of the same exchanges.
    pub fn service(&self) -> &Latencies {
        self.times.service()
    }

    /// How long a phase took, of every exchange in which it came to its end, whatever
    /// became of the exchange; percentiles to two digits. `None` if there was none.
    pub fn phase(&self, kind: PhaseKind) -> Option<&Latencies> {
        self.phases.get(kind)
    }
}
