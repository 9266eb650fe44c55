//! Where samples go in: one recorder for each worker thread, nothing shared.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    mem,
    sync::Arc,
    time::Duration,
};

use super::{
    GroupSample, Met, Sample, UserEvent, Window,
    counts::UserCounts,
    examples::{Examples, ExamplesOfName, ExamplesTaken},
    groups::{Group, Meetings},
    latency::Tally,
    log::Log,
    names::{LeftOut, LeftOutBy, MAX_NAME_CHARS, MAX_NAMES, OTHER, is_own},
    pulse::Noted,
    row::{Row, Times},
};
use crate::{
    base::{
        ids::{ClassId, GroupId, MeetingId, NamerId, RowId, SkipId, UserNumber},
        printable::cut,
        threshold::{Judged, Of},
    },
    exchange::{Example, FailureKind, Phases},
};

/// Collects the samples of one worker thread. Nothing in it is shared.
#[derive(Debug)]
pub struct Recorder {
    rows: Vec<RecorderRow>,
    /// Rows that something happened to since the last window.
    touched: Vec<RowId>,
    by_name: HashMap<Arc<str>, RowId>,
    /// How many rows are the engine's own.
    own_rows: usize,
    left_out: LeftOut,
    /// Left-out names that no window has told of yet, as hashes.
    left_out_fresh: Vec<u64>,
    left_out_by: LeftOutBy,
    users: Vec<UserCounts>,
    skipped: Vec<u64>,
    /// Those of the plan, and then the iterations of each class.
    groups: Vec<Group<Tally>>,
    meetings: Vec<Meetings>,
    noted: Noted,
    log: Log,
    examples: Examples,
    examples_taken: ExamplesTaken,
    /// All that users of a class did, of the classes that thresholds name.
    classes: Vec<(ClassId, Row<Tally>)>,
    /// When stages change that thresholds name; those that are still to come.
    cuts: VecDeque<Duration>,
    /// What came before each of those that have passed, until it is taken.
    cut: VecDeque<Window>,
}

#[derive(Debug)]
struct RecorderRow {
    name: Arc<str>,
    touched: bool,
    row: Row<Tally>,
    examples_taken: ExamplesOfName,
}

impl Recorder {
    /// A recorder for the request names of a plan, and its numbers of classes and
    /// of steps that can be skipped.
    ///
    /// The name at index `i` is row `i`. Histograms are made when a row is
    /// first used.
    pub fn new(names: &[Arc<str>], classes: usize, skips: usize) -> Recorder {
        let mut recorder = Recorder {
            rows: Vec::with_capacity(names.len()),
            touched: Vec::new(),
            by_name: HashMap::new(),
            own_rows: 0,
            left_out: LeftOut::default(),
            left_out_fresh: Vec::new(),
            left_out_by: LeftOutBy::default(),
            users: vec![UserCounts::default(); classes],
            skipped: vec![0; skips],
            groups: vec![Group::default(); classes],
            meetings: Vec::new(),
            noted: Noted::default(),
            log: Log::default(),
            examples: Examples::default(),
            examples_taken: ExamplesTaken::default(),
            classes: Vec::new(),
            cuts: VecDeque::new(),
            cut: VecDeque::new(),
        };
        for name in names {
            recorder.push(Arc::clone(name));
        }
        recorder
    }

    /// The same, for so many groups and meetings of a plan.
    #[must_use]
    pub fn with_groups(mut self, groups: usize, meetings: usize) -> Recorder {
        self.groups = vec![Group::default(); groups + self.users.len()];
        self.meetings = vec![Meetings::default(); meetings];
        self
    }

    /// The same, with what thresholds need to know beyond that of every plan: what the
    /// classes do that they name, and what belongs to a stage and what to the next.
    #[must_use]
    pub fn with_thresholds(mut self, thresholds: &[Judged], classes: &[Arc<str>]) -> Recorder {
        let at = |name: &String| classes.iter().position(|class| **class == **name);
        for judged in thresholds {
            if let Of::Class(name) = &judged.threshold.of
                && let Some(class) = at(name).map(ClassId::at)
                && self.classes.iter().all(|(known, _)| *known != class)
            {
                self.classes.push((class, Row::default()));
            }
        }
        let stages = thresholds
            .iter()
            .filter_map(|judged| judged.within.as_ref());
        let changes = stages.flat_map(|within| [within.start, within.end]);
        let cuts: BTreeSet<Duration> = changes.filter(|at| !at.is_zero()).collect();
        self.cuts = cuts.into_iter().collect();
        self
    }

    /// The row of a name that a step makes only now, from a template or for a hop.
    ///
    /// Names beyond [`MAX_NAMES`] share the row [`OTHER`], and it is counted how
    /// often each step came to that. Costs a hash of the name, and an allocation
    /// the first time it is seen.
    pub fn row_made_by(&mut self, name: &str, namer: NamerId) -> RowId {
        let row = self.row(name);
        let made = &mut self.rows[row.index()];
        if *made.name == *OTHER {
            *self.left_out_by.entry(namer).or_default() += 1;
        } else {
            made.row.made_by = Some(namer);
        }
        row
    }

    /// The row of a name that no step makes; otherwise as [`Recorder::row_made_by`].
    pub fn row(&mut self, name: &str) -> RowId {
        match self.by_name.get(name) {
            Some(row) => *row,
            // Bytes are never fewer than characters, so this is rarely more.
            None if name.len() > MAX_NAME_CHARS => {
                let name = cut(name, MAX_NAME_CHARS);
                match self.by_name.get(name.as_str()) {
                    Some(row) => *row,
                    None => self.admit(&name),
                }
            }
            None => self.admit(name),
        }
    }

    /// The name of a row.
    pub fn name(&self, row: RowId) -> Arc<str> {
        self.rows[row.index()].name.clone()
    }

    /// Adds a sample of a user of a class, as [`Recorder::record`] does.
    pub fn record_of(&mut self, class: ClassId, sample: &Sample) {
        self.cut_at(sample.timing.done);
        let mut watched = self.classes.iter_mut();
        if let Some((_, row)) = watched.find(|(known, _)| *known == class) {
            row.counts.record(sample);
            if sample.has_answer() {
                row.times
                    .add(&Times::of(sample), |tally, time| tally.record(*time));
            }
        }
        self.record(sample);
    }

    /// Adds a sample; if it failed, its failure is counted here.
    pub fn record(&mut self, sample: &Sample) {
        self.cut_at(sample.timing.done);
        let row = &mut self.touch(sample.row).row;
        row.counts.record(sample);
        row.phases.record(&sample.phases);
        if let Some(kind) = sample.failure {
            row.failures.count(kind, sample.timing.done);
        }
        if sample.has_answer() {
            row.times
                .add(&Times::of(sample), |tally, time| tally.record(*time));
        }
    }

    /// Notes what a failure looked like that [`Recorder::record`] counts; `example` is
    /// only called while examples are wanted.
    pub fn note_failure(
        &mut self,
        row: RowId,
        at: Duration,
        kind: FailureKind,
        example: impl FnOnce() -> Example,
    ) {
        let row = &mut self.rows[row.index()];
        let of_name = &mut row.examples_taken;
        if let Some(example) = self.examples_taken.take(of_name, kind, at, example) {
            self.examples.push(&row.name, kind, example);
        }
    }

    /// Counts an exchange that was cut off by the end of the run, after it had
    /// followed so many redirects, resent so many requests and come through these
    /// phases.
    pub fn interrupted(&mut self, row: RowId, redirects: u32, resent: u32, phases: &Phases) {
        let row = &mut self.touch(row).row;
        row.counts.interrupted(redirects, resent, phases);
        row.phases.record(phases);
    }

    /// Counts what happened to a user.
    pub fn user(&mut self, class: ClassId, event: UserEvent) {
        self.users[class.index()].count(event);
    }

    /// Counts a step that a condition skipped.
    pub fn skipped(&mut self, step: SkipId) {
        self.skipped[step.index()] += 1;
    }

    /// Counts a group that a user has gone through.
    pub fn group(&mut self, group: GroupId, sample: &GroupSample) {
        self.cut_at(sample.done);
        self.groups[group.index()].record(sample, |tally, time| tally.record(*time));
    }

    /// Counts an iteration of a user of a class.
    pub fn iteration(&mut self, class: ClassId, sample: &GroupSample) {
        self.cut_at(sample.done);
        let of_plan = self.groups.len() - self.users.len();
        let group = &mut self.groups[of_plan + class.index()];
        group.record(sample, |tally, time| tally.record(*time));
    }

    /// Counts what became of a user who waited for others.
    pub fn met(&mut self, meeting: MeetingId, met: Met) {
        self.meetings[meeting.index()].count(met);
    }

    /// Counts a timer of the worker that went off so long after it was asked to.
    pub fn timer(&mut self, after: Duration) {
        self.noted.timer(after);
    }

    /// Counts a user who started so long after it was due.
    pub fn start_lag(&mut self, lag: Duration) {
        self.noted.start(lag);
    }

    /// Notes an arrival for which there was no user, so long after it was due.
    pub fn drop_lag(&mut self, lag: Duration) {
        self.noted.begun(lag);
    }

    /// Keeps a line for whoever looks on, while there are not too many.
    pub fn log(&mut self, at: Duration, user: UserNumber, text: &str) {
        self.log.push(at, user, text);
    }

    /// Puts aside what came before stages that have begun by `now`; see
    /// [`Recorder::take_cut`].
    pub fn cut_at(&mut self, now: Duration) {
        while let Some(cut) = self.cuts.pop_front_if(|cut| *cut <= now) {
            // How the worker fares is told of whole seconds only.
            let window = self.take_numbers(cut);
            self.cut.push_back(window);
        }
    }

    /// When the next stage begins that numbers are to be told apart for.
    pub fn next_cut(&self) -> Option<Duration> {
        self.cuts.front().copied()
    }

    /// Whether something was put aside.
    pub fn holds_cut(&self) -> bool {
        !self.cut.is_empty()
    }

    /// What was put aside, in its order.
    pub fn take_cut(&mut self) -> Option<Window> {
        self.cut.pop_front()
    }

    /// Empties the recorder into a window that ends at `to`.
    ///
    /// Takes time for rows used since the last window only.
    pub fn take(&mut self, to: Duration) -> Window {
        let mut window = self.take_numbers(to);
        window.pulse = self.noted.take(to);
        window
    }

    /// The same, without how the worker fared.
    fn take_numbers(&mut self, to: Duration) -> Window {
        let mut window = Window::new(to, self.users.len(), self.skipped.len());
        window.users.swap_with_slice(&mut self.users);
        window.skipped.swap_with_slice(&mut self.skipped);
        let groups = self.groups.iter_mut().map(|group| match group.is_empty() {
            true => Group::default(),
            false => group.take(Tally::take),
        });
        window.groups = groups.collect();
        window
            .meetings
            .resize(self.meetings.len(), Meetings::default());
        window.meetings.swap_with_slice(&mut self.meetings);
        for (class, row) in &mut self.classes {
            let row = Row {
                counts: mem::take(&mut row.counts),
                times: row.times.map(Tally::take),
                ..Row::default()
            };
            window.classes.push((*class, row));
        }
        window.log = mem::take(&mut self.log);
        window.examples = mem::take(&mut self.examples);
        window.left_out = mem::take(&mut self.left_out_fresh);
        window.left_out_by = mem::take(&mut self.left_out_by);
        for id in self.touched.drain(..) {
            let RecorderRow {
                name, touched, row, ..
            } = &mut self.rows[id.index()];
            *touched = false;
            let taken = Row {
                counts: mem::take(&mut row.counts),
                times: row.times.map(Tally::take),
                phases: row.phases.take(),
                failures: mem::take(&mut row.failures),
                made_by: row.made_by,
            };
            window.add_row(name, &taken);
        }
        window.left_out.sort_unstable();
        window
    }

    fn touch(&mut self, id: RowId) -> &mut RecorderRow {
        let row = &mut self.rows[id.index()];
        if !row.touched {
            row.touched = true;
            self.touched.push(id);
        }
        row
    }

    fn admit(&mut self, name: &str) -> RowId {
        if self.rows.len() - self.own_rows < MAX_NAMES || is_own(name) {
            return self.push(name.into());
        }
        self.left_out_fresh.extend(self.left_out.note(name));
        match self.by_name.get(OTHER) {
            Some(row) => *row,
            None => self.push(OTHER.into()),
        }
    }

    fn push(&mut self, name: Arc<str>) -> RowId {
        let id = RowId::at(self.rows.len());
        self.own_rows += usize::from(is_own(&name));
        self.by_name.insert(Arc::clone(&name), id);
        self.rows.push(RecorderRow {
            name,
            touched: false,
            row: Row::default(),
            examples_taken: ExamplesOfName::default(),
        });
        id
    }
}
