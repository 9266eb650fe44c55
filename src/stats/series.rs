//! All windows of a run, added up: what is live reads from it, and what stays.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc, time::Duration};

use super::{
    ClassSnapshot, ClassTotals, Ended, FailingName, FailureTotals, Phase, RowTotals, RunMeta,
    RunRecord, Schedule, Snapshot, Window,
    counts::{Counts, UserCounts},
    examples::{Examples, MAX_EXAMPLES},
    latency::Latencies,
    log::RecentLog,
    names::{LeftOut, MAX_NAMES, OTHER},
    recent::RecentWindows,
    row::Row,
    snapshot::FAILING_NAMES,
    threshold,
};

/// All windows of a run, added up. Belongs to the conductor.
#[derive(Debug)]
pub struct Series {
    rows: BTreeMap<Arc<str>, Row<Latencies>>,
    classes: Vec<(Arc<str>, UserCounts)>,
    total: Counts,
    recent: RecentWindows,
    left_out: LeftOut,
    skipped: Vec<(Arc<str>, u64)>,
    log: RecentLog,
    examples: Examples,
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
            skipped: skips.iter().map(|step| (Arc::clone(step), 0)).collect(),
            log: RecentLog::default(),
            examples: Examples::default(),
        }
    }

    /// Adds a window of any worker, in any order.
    ///
    /// Each worker has bounded its own names; together they may still have
    /// more than [`MAX_NAMES`], and those that come last are `(other)` then.
    pub fn add(&mut self, window: Window) {
        self.recent.add(&window);
        for hash in &window.left_out {
            self.left_out.note_hash(*hash);
        }
        for ((_, ours), theirs) in self.classes.iter_mut().zip(&window.users) {
            ours.add(theirs);
        }
        for ((_, ours), theirs) in self.skipped.iter_mut().zip(&window.skipped) {
            *ours += theirs;
        }
        for (name, row) in &window.rows {
            self.total.add(&row.counts);
            self.row(name).add(row, Latencies::add_sparse);
        }
        // Every name of an example has a row in its window, so it is known here by now.
        let rows = &self.rows;
        self.examples.add(window.examples, |name| {
            if rows.contains_key(&name) {
                name
            } else {
                OTHER.into()
            }
        });
        self.log.add(window.log);
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
            classes: self
                .classes
                .iter()
                .map(|(name, users)| ClassSnapshot {
                    name: Arc::clone(name),
                    users: users.active(),
                    planned: planned(name),
                    failed_starts: users.failed_starts,
                })
                .collect(),
            requests: self.total.requests(),
            failed: self.total.failed,
            recent: self.recent.sum(),
            failing: self.failing(),
            log,
            log_before,
        }
    }

    /// Closes the books: totals, thresholds, verdict.
    pub fn finish(mut self, meta: RunMeta, elapsed: Duration, ended: Ended) -> RunRecord {
        let mut total = Row::default();
        let mut rows = Vec::with_capacity(self.rows.len());
        let mut failures = Vec::new();
        let mut examples_left_out = 0;
        for (name, mut row) in self.rows {
            for (kind, failing) in std::mem::take(&mut row.failures).into_kinds() {
                let examples = self.examples.take(&name, kind);
                let wanted = failing.count.min(MAX_EXAMPLES as u64);
                examples_left_out += wanted.saturating_sub(examples.len() as u64);
                failures.push(FailureTotals {
                    name: Arc::clone(&name),
                    kind,
                    count: failing.count,
                    first: failing.first,
                    last: failing.last,
                    examples,
                });
            }
            total.add(&row, Latencies::add);
            rows.push(RowTotals::new(name, row));
        }
        // Stable: equal counts stay in the order of names and kinds.
        failures.sort_by_key(|failure| Reverse(failure.count));
        let total = RowTotals::new("total".into(), total);
        let mut skipped = self.skipped;
        skipped.retain(|(_, count)| *count > 0);
        skipped.sort();
        let (log_lines, log_lines_left_out) = self.log.counts();
        let thresholds = threshold::judge(&meta.thresholds, &rows, &total, elapsed);
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
                })
                .collect(),
            thresholds,
            names_left_out: self.left_out.count(),
            skipped,
            log_lines,
            log_lines_left_out,
            unsaved: None,
            meta,
        }
    }

    fn row(&mut self, name: &Arc<str>) -> &mut Row<Latencies> {
        if **name != *OTHER && !self.rows.contains_key(name) {
            let others = usize::from(self.rows.contains_key(OTHER));
            if self.rows.len() - others >= MAX_NAMES {
                self.left_out.note(name);
                return self.rows.entry(OTHER.into()).or_default();
            }
        }
        self.rows.entry(Arc::clone(name)).or_default()
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
