//! Reading a run: one that has ended, one that goes on, one that died.

use std::{
    fs::{self, File, TryLockError},
    io,
    ops::Range,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, de::DeserializeOwned};

use super::{
    event::{Event, What},
    folder::{self, FORMAT, Identity},
    frame::{self, Size},
    timeline,
    write::PlanFile,
};
use crate::{
    base::figures,
    stats::{
        Ended, Extent, Generator, KeptExamples, Point, RunMeta, RunRecord, SceneTotals, Series,
        Slice,
    },
};

/// A run as its folder tells of it.
#[derive(Debug)]
pub struct Run {
    pub folder: PathBuf,
    pub identity: Identity,
    pub state: State,
    /// All of it from its beginning, each part as finely as it is kept.
    pub points: Vec<Point>,
    /// In the order in which they happened, annotations among them.
    pub events: Vec<Event>,
    /// The plan's files as they were read, the plan itself first.
    pub plan: Vec<PlanFile>,
    /// What should be there and is not: a line each.
    pub missing: Vec<String>,
    end: Option<RunRecord>,
    /// As it stood in the last second that there is.
    last: Option<(Generator, Ended)>,
    examples: Vec<KeptExamples>,
}

/// Whether a run is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    GoingOn,
    Ended,
    /// Whoever ran it is gone, and has not written its end.
    Killed,
}

/// Why there is nothing to read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("`{path}` holds no run: there is no {} in it", folder::RUN)]
    NoRun { path: String },
    #[error("cannot read `{path}`")]
    File { path: String, source: io::Error },
    #[error("`{path}` is not what this program writes")]
    Strange {
        path: String,
        source: serde_json::Error,
    },
    #[error("`{path}` is of format {format}; this version reads format {FORMAT}")]
    Format { path: String, format: u32 },
    #[error("the load had not begun when the run ended, so there are no numbers")]
    NeverBegan,
    #[error("there is nothing {}: the run took {}", words(.asked), figures::time(*.took))]
    Beyond {
        asked: Range<Duration>,
        took: Duration,
    },
}

#[derive(Deserialize)]
struct Start {
    meta: RunMeta,
    setup: Option<SceneTotals>,
    series: Series,
}

/// What is known of a run without reading all of it.
#[derive(Debug)]
pub struct Glance {
    pub identity: Identity,
    pub state: State,
    /// Only of one that has ended.
    pub record: Option<RunRecord>,
}

/// Looks at a run without reading all of it.
///
/// # Errors
///
/// If there is none, or none that can be read.
pub fn glance(folder: &Path) -> Result<Glance, ReadError> {
    let identity = identity(folder)?;
    let record = records(&folder.join(folder::END))?.records.pop();
    Ok(Glance {
        identity,
        state: state(folder, record.is_some()),
        record,
    })
}

/// When a run began, as its folder says; `None` if there is none in it.
pub fn started(folder: &Path) -> Option<String> {
    identity(folder).ok().map(|identity| identity.started)
}

/// When the load of a run began, since 1970 in UTC.
///
/// # Errors
///
/// If that is not known.
pub fn began(folder: &Path) -> Result<Duration, ReadError> {
    let start: Option<Start> = records(&folder.join(folder::START))?.records.pop();
    start.map_or(Err(ReadError::NeverBegan), |start| {
        Ok(start.meta.started_unix)
    })
}

/// Reads a run.
///
/// # Errors
///
/// If there is none, or none that can be read. What is broken in it is passed over, and
/// told of.
pub fn read(folder: &Path) -> Result<Run, ReadError> {
    let identity = identity(folder)?;
    let mut missing = Vec::new();
    let end: Option<RunRecord> = last_of(&folder.join(folder::END), &mut missing)?;
    let state = state(folder, end.is_some());
    let mut points: Vec<Point> = Vec::new();
    let mut seen = timeline::each(folder, |slice| {
        let users = points.last().map_or(0, |before| before.users);
        points.push(Point::of(&slice, users));
    })?;
    if state == State::GoingOn {
        // What is being written is not broken.
        seen.missing.clear();
    }
    missing.extend(seen.missing);
    let mut events: Vec<Event> = all_of(&folder.join(folder::EVENTS), &mut missing)?;
    events.extend(all_of(&folder.join(folder::ANNOTATIONS), &mut missing)?);
    // Stable: what happened in the same second stays in its order.
    events.sort_by_key(|event| event.at);
    Ok(Run {
        folder: folder.to_owned(),
        plan: plan(folder, &identity)?,
        identity,
        state,
        points,
        events,
        end,
        last: seen.last,
        examples: all_of(&folder.join(folder::EXAMPLES), &mut missing)?,
        missing,
    })
}

impl Run {
    /// The record of all there is of the run.
    ///
    /// Of one that has ended it is the one that was written then. Of any other it is
    /// made of the last state and the seconds after it, which is what the run itself
    /// knew: no number differs.
    ///
    /// # Errors
    ///
    /// If its load never began.
    pub fn record(&self) -> Result<RunRecord, ReadError> {
        if let Some(end) = &self.end {
            let mut record = end.clone();
            record.missing.extend(self.missing.iter().cloned());
            return Ok(record);
        }
        let start = self.start()?;
        let (since, series) = self.last_state()?.unwrap_or((Duration::ZERO, start.series));
        let is_later = |slice: &Slice| slice.from >= since;
        let series = self.add_all(series.restored(), &start.meta, is_later)?;
        let took = self.took();
        let last = self.last.clone();
        let (generator, ended) = last.unwrap_or((Generator::default(), Ended::Finished));
        let record = series.finish(start.meta, took, ended);
        let record = record.with_generator(generator);
        Ok(RunRecord {
            setup: start.setup,
            extent: match self.state {
                State::GoingOn => Extent::SoFar,
                State::Ended | State::Killed => Extent::UntilKilled,
            },
            missing: self.missing.clone(),
            ..record
        })
    }

    /// The record of a part of the run, from the slice in which it begins to the one in
    /// which it ends. Percentiles are as exact as the part is kept; thresholds are
    /// judged on it alone.
    ///
    /// # Errors
    ///
    /// If there is nothing of this part.
    pub fn part(&self, asked: &Range<Duration>) -> Result<RunRecord, ReadError> {
        let start = self.start()?;
        let points: Vec<_> = self.points_in(asked).collect();
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return Err(ReadError::Beyond {
                asked: asked.clone(),
                took: self.took(),
            });
        };
        let (from, to) = (first.from, last.to);
        let series = start.series.restored().beginning_at(from);
        let is_of_it = |slice: &Slice| is_in(asked, slice.from, slice.to);
        let series = self.add_all(series, &start.meta, is_of_it)?;
        let mut record = series.finish(start.meta, to, Ended::Finished);
        record.elapsed = to.saturating_sub(from);
        record.extent = Extent::Part { from, to };
        record.missing.clone_from(&self.missing);
        Ok(record)
    }

    /// The points of a part of it.
    pub fn points_in<'a>(&'a self, asked: &'a Range<Duration>) -> impl Iterator<Item = &'a Point> {
        let points = self.points.iter();
        points.filter(|point| is_in(asked, point.from, point.to))
    }

    /// How long it took, or takes until now.
    pub fn took(&self) -> Duration {
        let last = self.points.last().map_or(Duration::ZERO, |point| point.to);
        self.end.as_ref().map_or(last, |end| end.elapsed)
    }

    /// Adds what is wanted of the run to a series.
    fn add_all(
        &self,
        mut series: Series,
        meta: &RunMeta,
        is_wanted: impl Fn(&Slice) -> bool,
    ) -> Result<Series, ReadError> {
        if let Some(ends_at) = meta.schedule.ends_at() {
            series.load_ends(ends_at);
        }
        timeline::each(&self.folder, |slice| {
            if is_wanted(&slice) {
                let to = slice.to;
                series.add(slice.into_window());
                // What it would have ended then it has ended, or it goes on.
                let _ = series.judge(to);
            }
        })?;
        for examples in &self.examples {
            series.add_examples(examples);
        }
        Ok(series)
    }

    fn start(&self) -> Result<Start, ReadError> {
        let start = records(&self.folder.join(folder::START))?.records.pop();
        start.ok_or(ReadError::NeverBegan)
    }

    /// All numbers as they were written last, and when that was.
    fn last_state(&self) -> Result<Option<(Duration, Series)>, ReadError> {
        let states = in_order(&self.folder, folder::STATE)?;
        for path in states.iter().rev() {
            if let Some(state) = records(path)?.records.pop() {
                return Ok(Some(state));
            }
        }
        Ok(None)
    }
}

/// A part of a run in words: one that was given no end has none.
fn words(asked: &Range<Duration>) -> String {
    let from = figures::time(asked.start);
    match asked.end {
        Duration::MAX => format!("from {from} on"),
        to => format!("from {from} to {}", figures::time(to)),
    }
}

/// Whether the most of a slice is in a part of the run.
fn is_in(asked: &Range<Duration>, from: Duration, to: Duration) -> bool {
    asked.contains(&((from + to) / 2))
}

/// Writes down that something happened at a time of a run, whether or not it goes on.
///
/// # Errors
///
/// If that cannot be written.
pub fn annotate(folder: &Path, at: Duration, text: &str) -> io::Result<()> {
    let event = Event {
        at,
        what: What::Annotation(text.to_owned()),
    };
    let record = frame::record(&event, Size::AsItIs)?;
    let path = folder.join(folder::ANNOTATIONS);
    let mut file = File::options().append(true).create(true).open(path)?;
    // In one call: two who write at once do not tear each other's apart.
    io::Write::write_all(&mut file, &record)
}

fn identity(folder: &Path) -> Result<Identity, ReadError> {
    #[derive(Deserialize)]
    struct Only {
        format: u32,
    }
    let path = folder.join(folder::RUN);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(why) if why.kind() == io::ErrorKind::NotFound => {
            let path = shown(folder);
            return Err(ReadError::NoRun { path });
        }
        Err(source) => return Err(unreadable(&path, source)),
    };
    let strange = |source| ReadError::Strange {
        path: shown(&path),
        source,
    };
    let Only { format } = serde_json::from_str(&text).map_err(strange)?;
    if format != FORMAT {
        let path = shown(folder);
        return Err(ReadError::Format { path, format });
    }
    serde_json::from_str(&text).map_err(strange)
}

fn state(folder: &Path, has_end: bool) -> State {
    if has_end {
        return State::Ended;
    }
    let lock = File::open(folder.join(folder::LOCK));
    match lock.map(|lock| lock.try_lock_shared()) {
        Ok(Err(TryLockError::WouldBlock)) => State::GoingOn,
        Ok(Ok(()) | Err(TryLockError::Error(_))) | Err(_) => State::Killed,
    }
}

/// The plan's files, the plan itself first.
fn plan(folder: &Path, identity: &Identity) -> Result<Vec<PlanFile>, ReadError> {
    let folder = folder.join(folder::PLAN);
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(&folder) else {
        return Ok(files);
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let text = fs::read_to_string(&path).map_err(|why| unreadable(&path, why))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        files.push(PlanFile { name, text });
    }
    files.sort_by_key(|file| (file.name != identity.file, file.name.clone()));
    Ok(files)
}

pub(super) fn in_order(folder: &Path, kind: &str) -> Result<Vec<PathBuf>, ReadError> {
    folder::all_of(folder, kind).map_err(|why| unreadable(folder, why))
}

/// All records of a file, none of one that is not there; what is broken is told of.
fn all_of<T: DeserializeOwned>(
    path: &Path,
    missing: &mut Vec<String>,
) -> Result<Vec<T>, ReadError> {
    let found = records(path)?;
    told_of(path, found.broken_bytes, missing);
    Ok(found.records)
}

/// Notes that a part of a file is broken.
pub(super) fn told_of(path: &Path, broken_bytes: usize, missing: &mut Vec<String>) {
    if broken_bytes > 0 {
        let name = path.file_name().unwrap_or(path.as_os_str());
        let bytes = figures::bytes(broken_bytes as u64);
        missing.push(format!(
            "{bytes} at the end of or within {} are no whole record",
            name.to_string_lossy()
        ));
    }
}

fn last_of<T: DeserializeOwned>(
    path: &Path,
    missing: &mut Vec<String>,
) -> Result<Option<T>, ReadError> {
    all_of(path, missing).map(|mut records| records.pop())
}

fn records<T: DeserializeOwned>(path: &Path) -> Result<frame::Records<T>, ReadError> {
    Ok(frame::read(&bytes_of(path)?))
}

/// What is in a file; nothing if it is not there.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, ReadError> {
    match fs::read(path) {
        Ok(bytes) => Ok(bytes),
        // Files come one after the other, and the oldest go.
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(why) => Err(unreadable(path, why)),
    }
}

fn unreadable(path: &Path, source: io::Error) -> ReadError {
    let path = shown(path);
    ReadError::File { path, source }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
