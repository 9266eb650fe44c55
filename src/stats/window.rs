//! What was seen in about a second: the one unit in which numbers travel.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    counts::UserCounts,
    examples::Examples,
    groups::{Group, Meetings, add_each},
    latency::Sparse,
    log::Log,
    names::{LeftOutBy, add_left_out},
    pulse::{Pulse, Strain},
    row::Row,
};
use crate::base::ids::ClassId;

/// What a worker saw in about a second. Windows of all workers add up.
///
/// Holds only names that something happened to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Window {
    pub(super) to: Duration,
    pub(super) rows: BTreeMap<Arc<str>, Row<Sparse>>,
    /// By class.
    pub(super) users: Vec<UserCounts>,
    /// Names that got no row of their own and were not told of before, as
    /// hashes; ascending, each once.
    pub(super) left_out: Vec<u64>,
    /// Requests that were counted as `(other)`, by the step that made their names.
    pub(super) left_out_by: LeftOutBy,
    /// Steps skipped, by their row in the plan's table of them.
    pub(super) skipped: Vec<u64>,
    /// Rows drawn, by source of data.
    pub(super) drawn: Vec<u64>,
    /// By the groups of the plan, and then by class.
    pub(super) groups: Vec<Group<Sparse>>,
    /// By the meetings of the plan.
    pub(super) meetings: Vec<Meetings>,
    /// All that users of a class did, of the classes that thresholds name.
    pub(super) classes: Vec<(ClassId, Row<Sparse>)>,
    pub(super) pulse: Pulse,
    pub(super) log: Log,
    pub(super) examples: Examples,
}

impl Window {
    pub(super) fn new(to: Duration, classes: usize, skips: usize) -> Window {
        Window {
            to,
            rows: BTreeMap::new(),
            users: vec![UserCounts::default(); classes],
            left_out: Vec::new(),
            left_out_by: LeftOutBy::default(),
            skipped: vec![0; skips],
            drawn: Vec::new(),
            groups: Vec::new(),
            meetings: Vec::new(),
            classes: Vec::new(),
            pulse: Pulse::default(),
            log: Log::default(),
            examples: Examples::default(),
        }
    }

    /// Notes how many rows of each source of data were drawn in it.
    pub fn drew(&mut self, rows: impl Iterator<Item = u64>) {
        self.drawn = rows.collect();
    }

    /// Takes out the lines of its log, as a window of nothing else that ends `at`.
    pub fn take_log(&mut self, at: Duration) -> Window {
        let mut taken = Window::new(at, 0, 0);
        taken.log = std::mem::take(&mut self.log);
        taken
    }

    /// When it ends, from the start of the run.
    pub fn to(&self) -> Duration {
        self.to
    }

    /// How the worker fared that made it.
    pub fn strain(&self) -> Option<Strain> {
        self.pulse.strain
    }

    /// Notes for how long the thread of its worker computed in it.
    pub fn computed(&mut self, time: Duration) {
        if let Some(strain) = &mut self.pulse.strain {
            strain.computed(time);
        }
    }

    /// Adds another window, of any worker and any time; the sum ends when the
    /// later of the two does.
    pub fn add(&mut self, other: &Window) {
        self.to = self.to.max(other.to);
        for (name, row) in &other.rows {
            self.add_row(name, row);
        }
        if self.users.len() < other.users.len() {
            self.users.resize(other.users.len(), UserCounts::default());
        }
        for (ours, theirs) in self.users.iter_mut().zip(&other.users) {
            ours.add(theirs);
        }
        if self.skipped.len() < other.skipped.len() {
            self.skipped.resize(other.skipped.len(), 0);
        }
        add_each(&mut self.drawn, &other.drawn, |ours, theirs| {
            *ours += theirs;
        });
        for (ours, theirs) in self.skipped.iter_mut().zip(&other.skipped) {
            *ours += theirs;
        }
        add_each(&mut self.groups, &other.groups, |ours, theirs| {
            ours.add(theirs, Sparse::add);
        });
        add_each(&mut self.meetings, &other.meetings, Meetings::add);
        for (class, row) in &other.classes {
            match self.classes.iter_mut().find(|(known, _)| known == class) {
                Some((_, ours)) => ours.add(row, Sparse::add),
                None => self.classes.push((*class, row.clone())),
            }
        }
        self.pulse.add(&other.pulse);
        self.log.add(&other.log);
        self.examples.add(other.examples.clone(), |name| name);
        self.left_out.extend_from_slice(&other.left_out);
        self.left_out.sort_unstable();
        self.left_out.dedup();
        add_left_out(&mut self.left_out_by, &other.left_out_by);
    }

    pub(super) fn add_row(&mut self, name: &Arc<str>, row: &Row<Sparse>) {
        self.rows
            .entry(Arc::clone(name))
            .or_default()
            .add(row, Sparse::add);
    }
}
