//! All windows of a run, added up: what is live reads from it, and what stays.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    ClassSnapshot, ClassTotals, DataTotals, Ended, Extent, FailingName, FailureTotals, Generator,
    GroupTotals, KeptExamples, MeetingTotals, Phase, RowTotals, RunMeta, RunRecord, SceneEnd,
    SceneTotals, Schedule, Snapshot, Window,
    counts::{Counts, UserCounts},
    examples::{Examples, MAX_EXAMPLES},
    groups::{Group, Meetings, add_each},
    judging::{Judging, Known},
    latency::Latencies,
    log::RecentLog,
    names::{LeftOut, LeftOutBy, MAX_NAMES, OTHER, OWN, add_left_out, is_own},
    pulse::Timekeeping,
    recent::RecentWindows,
    row::Row,
    snapshot::FAILING_NAMES,
    threshold,
};
use crate::base::threshold::Judged;

/// All windows of a run, added up. Belongs to the conductor.
#[derive(Debug, Serialize, Deserialize)]
pub struct Series {
    rows: BTreeMap<Arc<str>, Row<Latencies>>,
    classes: Vec<(Arc<str>, UserCounts)>,
    total: Counts,
    #[serde(skip)]
    recent: RecentWindows,
    left_out: LeftOut,
    left_out_by: LeftOutBy,
    /// What the steps are called that can make names.
    namers: Arc<[Arc<str>]>,
    skipped: Vec<(Arc<str>, u64)>,
    data: Vec<DataTotals>,
    groups: (Arc<[Arc<str>]>, Vec<Group<Latencies>>),
    meetings: (Arc<[Arc<str>]>, Vec<Meetings>),
    timekeeping: Timekeeping,
    log: RecentLog,
    /// Kept apart from the rest: they are written once.
    #[serde(skip)]
    examples: Examples,
    judging: Judging,
}

impl Series {
    /// An empty series for the request names and the classes of a plan, and the
    /// steps of it that can be skipped.
    pub fn new(names: &[Arc<str>], classes: &[Arc<str>], skips: &[Arc<str>]) -> Series {
        Series {
            rows: names
                .iter()
                .map(|name| (Arc::clone(name), Row::default()))
                .collect(),
            classes: classes
                .iter()
                .map(|name| (Arc::clone(name), UserCounts::default()))
                .collect(),
            total: Counts::default(),
            recent: RecentWindows::default(),
            left_out: LeftOut::default(),
            left_out_by: LeftOutBy::default(),
            namers: Arc::default(),
            skipped: skips.iter().map(|step| (Arc::clone(step), 0)).collect(),
            data: Vec::new(),
            groups: Default::default(),
            meetings: Default::default(),
            timekeeping: Timekeeping::default(),
            log: RecentLog::default(),
            examples: Examples::default(),
            judging: Judging::default(),
        }
    }

    /// The same, with what the steps are called that can make names, by [`NamerId`](crate::base::ids::NamerId).
    #[must_use]
    pub fn with_namers(mut self, namers: &[Arc<str>]) -> Series {
        self.namers = namers.into();
        self
    }

    /// The same, with the sources of data: what they are called, and how many rows each has.
    #[must_use]
    pub fn with_data(mut self, sources: impl Iterator<Item = (Arc<str>, u64)>) -> Series {
        let data = sources.map(|(name, rows)| DataTotals {
            name,
            rows,
            drawn: 0,
        });
        self.data = data.collect();
        self
    }

    /// The same, with what groups and meetings are called.
    #[must_use]
    pub fn with_groups(mut self, groups: Arc<[Arc<str>]>, meetings: Arc<[Arc<str>]>) -> Series {
        self.groups.0 = groups;
        self.meetings.0 = meetings;
        self
    }

    /// The same, judged by thresholds from numbers of so many workers. What groups are
    /// called is to be known before.
    #[must_use]
    pub fn with_thresholds(mut self, thresholds: &[Judged], workers: u32) -> Series {
        let known = Known {
            classes: self.classes.iter().map(|(name, _)| &**name).collect(),
            groups: &self.groups.0,
        };
        self.judging = Judging::new(thresholds, workers, &known);
        self
    }

    /// Notes from when on no new task starts.
    pub fn load_ends(&mut self, at: Duration) {
        self.judging.load_ends(at);
    }

    /// Judges what there is so far. Returns whether the run is to end, because a
    /// threshold that asks for it is broken.
    pub fn judge(&mut self, now: Duration) -> bool {
        self.judging.judge(now)
    }

    /// Adds a window of any worker, in any order.
    ///
    /// Each worker has bounded its own names; together they may still have
    /// more than [`MAX_NAMES`], and those that come last are `(other)` then.
    pub fn add(&mut self, window: Window) {
        self.recent.add(&window);
        self.judging.add(&window);
        for hash in &window.left_out {
            self.left_out.note_hash(*hash);
        }
        add_left_out(&mut self.left_out_by, &window.left_out_by);
        for ((_, ours), theirs) in self.classes.iter_mut().zip(&window.users) {
            ours.add(theirs);
        }
        for (ours, theirs) in self.data.iter_mut().zip(&window.drawn) {
            ours.drawn += theirs;
        }
        for ((_, ours), theirs) in self.skipped.iter_mut().zip(&window.skipped) {
            *ours += theirs;
        }
        add_each(&mut self.groups.1, &window.groups, |ours, theirs| {
            ours.add(theirs, Latencies::add_sparse);
        });
        add_each(&mut self.meetings.1, &window.meetings, Meetings::add);
        self.timekeeping.add(&window.pulse);
        for (name, row) in &window.rows {
            self.total.add(&row.counts);
            let name = if self.admits(name) {
                name.clone()
            } else {
                self.left_out.note(name);
                if let Some(namer) = row.made_by {
                    let requests = row.counts.requests() + row.counts.interrupted;
                    *self.left_out_by.entry(namer).or_default() += requests;
                }
                OTHER.into()
            };
            let ours = self.rows.entry(name).or_default();
            ours.add(row, Latencies::add_sparse);
        }
        // Every name of an example has a row in its window, so it is known here by now.
        self.add_examples(&KeptExamples(window.examples));
        self.log.add(window.log);
    }

    /// Adds failures as they happened, once: of names that it has a row for.
    pub fn add_examples(&mut self, examples: &KeptExamples) {
        let rows = &self.rows;
        self.examples.add(examples.0.clone(), |name| {
            if rows.contains_key(&name) {
                name
            } else {
                OTHER.into()
            }
        });
    }

    /// The same, restored from what was written of it: its windows are of all workers
    /// from now on.
    #[must_use]
    pub fn restored(mut self) -> Series {
        self.judging.of_one_worker();
        self
    }

    /// The same, of a part of a run that begins at a time; what is judged begins there,
    /// too.
    #[must_use]
    pub fn beginning_at(mut self, from: Duration) -> Series {
        self.judging.begin_at(from);
        self
    }

    /// The numbers of the moment; `schedule` and `phase` say where the run stands.
    pub fn snapshot(&self, elapsed: Duration, schedule: &Schedule, phase: Phase) -> Snapshot {
        let planned = |class: &Arc<str>| {
            schedule
                .classes
                .iter()
                .find(|(name, _)| name == class)
                .map_or(0, |(_, users)| u64::from(*users))
        };
        let (log_before, log) = self.log.tail();
        let begun = self.classes.iter().map(|(_, users)| users.iterations).sum();
        Snapshot {
            elapsed,
            iterations: (begun, schedule.passes()),
            ends_at: schedule.ends_at(),
            phase,
            stage: None,
            classes: self
                .classes
                .iter()
                .map(|(name, users)| ClassSnapshot {
                    name: Arc::clone(name),
                    users: users.active(),
                    planned: planned(name),
                    dropped: schedule.comes_with_arrivals(name).then_some(users.dropped),
                    failed_starts: users.failed_starts,
                })
                .collect(),
            requests: self.total.requests(),
            failed: self.total.failed,
            recent: self.recent.sum(),
            thresholds: self.judging.results(elapsed),
            failing: self.failing(),
            log,
            log_before,
            log_left_out: self.log.counts().1,
            left_out_by: self.left_out_by().into_iter().next(),
            warnings: Arc::default(),
            unkept: None,
        }
    }

    /// Closes the books: totals, thresholds, verdict.
    pub fn finish(mut self, meta: RunMeta, elapsed: Duration, ended: Ended) -> RunRecord {
        let left_out_by = self.left_out_by();
        let Closed {
            rows,
            total,
            failures,
            examples_left_out,
        } = close(self.rows, &mut self.examples);
        let mut skipped = self.skipped;
        skipped.retain(|(_, count)| *count > 0);
        skipped.sort();
        let (log_lines, log_lines_left_out) = self.log.counts();
        let classes = self.classes.iter().map(|(name, _)| name);
        let iterations = self
            .groups
            .1
            .split_off(self.groups.0.len().min(self.groups.1.len()));
        let iterations = iterations.into_iter().zip(classes);
        let iterations = iterations.map(|(group, name)| GroupTotals::new(name.clone(), group));
        let iterations = iterations.collect();
        let thresholds = self.judging.finish(elapsed);
        RunRecord {
            elapsed,
            ended,
            verdict: threshold::verdict(&thresholds),
            rows,
            total,
            failures,
            examples_left_out,
            classes: self
                .classes
                .into_iter()
                .map(|(name, users)| ClassTotals {
                    name,
                    started: users.started,
                    failed_starts: users.failed_starts,
                    iterations: users.iterations,
                    due: users.due,
                    dropped: users.dropped,
                })
                .collect(),
            setup: None,
            teardown: None,
            thresholds,
            names_left_out: self.left_out.count(),
            left_out_by,
            skipped,
            data: self.data,
            groups: groups(self.groups),
            iterations,
            meetings: meetings(self.meetings),
            log_lines,
            log_lines_left_out,
            generator: Generator {
                timekeeping: self.timekeeping,
                ..Generator::default()
            },
            capacity: None,
            unsaved: None,
            extent: Extent::Whole,
            missing: Vec::new(),
            meta,
        }
    }

    /// Closes the books of a scene.
    pub fn finish_scene(mut self, elapsed: Duration, end: SceneEnd) -> SceneTotals {
        let mut closed = close(self.rows, &mut self.examples);
        closed
            .rows
            .retain(|row| row.requests() + row.interrupted > 0);
        SceneTotals {
            end,
            elapsed,
            rows: closed.rows,
            groups: groups(self.groups),
            failures: closed.failures,
        }
    }

    /// Whether a name has, or gets, a row of its own.
    fn admits(&self, name: &Arc<str>) -> bool {
        let has_row = |name: &str| self.rows.contains_key(name);
        let own = || OWN.iter().chain([&OTHER]).filter(|name| has_row(name));
        has_row(name) || is_own(name) || self.rows.len() - own().count() < MAX_NAMES
    }

    /// Steps whose names were too many, and how many of their requests that were;
    /// most first. A step of several classes is one.
    fn left_out_by(&self) -> Vec<(Arc<str>, u64)> {
        let mut steps: BTreeMap<&Arc<str>, u64> = BTreeMap::new();
        for (namer, requests) in &self.left_out_by {
            if let Some(step) = self.namers.get(namer.index()) {
                *steps.entry(step).or_default() += requests;
            }
        }
        let steps = steps.into_iter();
        let mut steps: Vec<_> = steps.map(|(step, count)| (step.clone(), count)).collect();
        steps.sort_by_key(|(_, requests)| Reverse(*requests));
        steps
    }

    fn failing(&self) -> Vec<FailingName> {
        let mut failing = self
            .rows
            .iter()
            .filter_map(|(name, row)| {
                Some(FailingName {
                    name: Arc::clone(name),
                    kind: row.failures.most_frequent()?,
                    count: row.counts.failed,
                })
            })
            .collect::<Vec<_>>();
        failing.sort_by_key(|name| Reverse(name.count));
        failing.truncate(FAILING_NAMES);
        failing
    }
}

/// Groups as they are reported: also those that nobody came to.
fn groups((names, timed): (Arc<[Arc<str>]>, Vec<Group<Latencies>>)) -> Vec<GroupTotals> {
    let timed = timed
        .into_iter()
        .chain(std::iter::repeat_with(Group::default));
    let totals = names.iter().zip(timed);
    let mut totals: Vec<_> = totals
        .map(|(name, group)| GroupTotals::new(Arc::clone(name), group))
        .collect();
    totals.sort_by(|a, b| a.name.cmp(&b.name));
    totals
}

/// Meetings as they are reported: also those that nobody came to.
fn meetings((names, met): (Arc<[Arc<str>]>, Vec<Meetings>)) -> Vec<MeetingTotals> {
    let met = met
        .into_iter()
        .chain(std::iter::repeat_with(Meetings::default));
    let totals = names.iter().zip(met).map(|(name, met)| MeetingTotals {
        name: Arc::clone(name),
        met: met.met,
        timed_out: met.late,
        left: met.left,
    });
    let mut totals: Vec<_> = totals.collect();
    totals.sort_by(|a, b| a.name.cmp(&b.name));
    totals
}

/// Rows as they are reported.
struct Closed {
    rows: Vec<RowTotals>,
    total: RowTotals,
    failures: Vec<FailureTotals>,
    examples_left_out: u64,
}

fn close(named: BTreeMap<Arc<str>, Row<Latencies>>, examples: &mut Examples) -> Closed {
    let mut total = Row::default();
    let mut rows = Vec::with_capacity(named.len());
    let mut failures = Vec::new();
    let mut examples_left_out = 0;
    for (name, mut row) in named {
        for (kind, failing) in std::mem::take(&mut row.failures).into_kinds() {
            let shown = examples.take(&name, kind);
            let wanted = failing.count.min(MAX_EXAMPLES as u64);
            examples_left_out += wanted.saturating_sub(shown.len() as u64);
            failures.push(FailureTotals {
                name: Arc::clone(&name),
                kind,
                count: failing.count,
                first: failing.first,
                last: failing.last,
                examples: shown,
            });
        }
        total.add(&row, Latencies::add);
        rows.push(RowTotals::new(name, row));
    }
    // Stable: equal counts stay in the order of names and kinds.
    failures.sort_by_key(|failure| Reverse(failure.count));
    Closed {
        rows,
        total: RowTotals::new("total".into(), total),
        failures,
        examples_left_out,
    }
}
