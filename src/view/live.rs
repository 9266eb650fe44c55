//! The thread that looks at the run and shows it.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use console::Term;
use indicatif::TermLike;
use tokio::sync::watch;

use crate::{
    base::{clock::Clock, colour::Colour},
    stats::{Phase, Snapshot},
};

use super::{
    bars::Bars,
    judged::Broken,
    layout::{Size, frame},
    log::{Cadence, Shown, line},
    warned::{Unkept, Warned},
};

/// How a run is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bars that are drawn anew in the same place. Only for a terminal that can
    /// move its cursor, so not for `TERM=dumb`.
    Bars(Colour),
    /// A plain line every ten seconds and at each change of phase: for logs.
    Lines,
    /// Nothing.
    Quiet,
}

/// What is being run; shown above the bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// The plan's name.
    pub plan: String,
    /// The address the load goes to.
    pub target: String,
}

/// The terminal, or whatever stands in its place, that views write to.
pub fn stderr() -> Term {
    Term::buffered_stderr()
}

/// A view that is being shown. Dropping it ends it like [`Live::finish`].
#[derive(Debug)]
pub struct Live {
    /// `None` for [`Kind::Quiet`], and once it has ended.
    thread: Option<Running>,
}

#[derive(Debug)]
struct Running {
    /// Dropped to stop the thread.
    stop: mpsc::Sender<Infallible>,
    /// Says "disconnected" when the thread has ended, even by a panic.
    ended: mpsc::Receiver<Infallible>,
    /// Set when nobody waits for the thread any more: the report may already be
    /// on the terminal, and clearing the bars would clear some of it.
    abandoned: Arc<AtomicBool>,
    handle: JoinHandle<()>,
}

/// The time between two looks at the run: ten frames a second at most.
const FRAME: Duration = Duration::from_millis(100);

/// How long the end of a run waits for a terminal that takes no text.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far the time shown may run ahead of the last snapshot. They come once a
/// second; if they stop coming, the view must not look alive.
const AHEAD: Duration = Duration::from_secs(2);

impl Live {
    /// Starts to show what comes through `snapshots` on `terminal`, usually
    /// [`stderr`]. Ends by itself when the sender is dropped.
    ///
    /// # Errors
    ///
    /// The system's, when it has no thread to give.
    pub fn start(
        kind: Kind,
        title: Title,
        snapshots: watch::Receiver<Option<Arc<Snapshot>>>,
        terminal: impl TermLike + Clone + 'static,
    ) -> std::io::Result<Live> {
        // A face is made on its thread, since a clock may differ from thread to
        // thread: in a simulation the caller's stands still.
        let thread = match kind {
            Kind::Bars(colour) => Some(Running::spawn(move |stopped, abandoned| {
                let face = Face::Bars {
                    bars: Bars::new(terminal.clone(), colour, abandoned),
                    title,
                    terminal,
                    time: Time::start(),
                    log: Shown::default(),
                    unkept: Unkept::default(),
                };
                watch(face, snapshots, stopped);
            })?),
            Kind::Lines => Some(Running::spawn(move |stopped, _| {
                let face = Face::Lines {
                    cadence: Cadence::default(),
                    terminal,
                    log: Shown::default(),
                    warned: Warned::default(),
                    unkept: Unkept::default(),
                    broken: Broken::default(),
                };
                watch(face, snapshots, stopped);
            })?),
            Kind::Quiet => None,
        };
        Ok(Live { thread })
    }

    /// Shows the last snapshot, clears the bars and ends the thread.
    ///
    /// Returns after a second at most. A thread that is still writing then (a
    /// terminal stopped with Ctrl-S) is left behind: the report matters more.
    pub fn finish(self) {
        drop(self);
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let Some(Running {
            stop,
            ended,
            abandoned,
            handle,
        }) = self.thread.take()
        else {
            return;
        };
        drop(stop);
        match ended.recv_timeout(PATIENCE) {
            Ok(never) => match never {},
            // If it panicked, the panic has been printed, and a run is not
            // worth less because nobody could see it.
            Err(mpsc::RecvTimeoutError::Disconnected) => drop(handle.join()),
            Err(mpsc::RecvTimeoutError::Timeout) => abandoned.store(true, Ordering::Relaxed),
        }
    }
}

impl Running {
    fn spawn(
        work: impl FnOnce(&mpsc::Receiver<Infallible>, Arc<AtomicBool>) + Send + 'static,
    ) -> std::io::Result<Running> {
        let (stop, stopped) = mpsc::channel();
        let (ending, ended) = mpsc::channel::<Infallible>();
        let abandoned = Arc::new(AtomicBool::new(false));
        let told = abandoned.clone();
        let handle = thread::Builder::new()
            .name("view".to_owned())
            .spawn(move || {
                // Dropped when the thread ends, however it ends.
                let _ending = ending;
                work(&stopped, told);
            })?;
        Ok(Running {
            stop,
            ended,
            abandoned,
            handle,
        })
    }
}

/// Looks at the run until it is told to stop or nobody reports any more; then
/// once more, so that the last snapshot is never missed.
fn watch<T: TermLike>(
    mut face: Face<T>,
    mut snapshots: watch::Receiver<Option<Arc<Snapshot>>>,
    stopped: &mpsc::Receiver<Infallible>,
) {
    let mut wait = Duration::ZERO;
    loop {
        let last = match stopped.recv_timeout(wait) {
            Ok(never) => match never {},
            Err(mpsc::RecvTimeoutError::Disconnected) => true,
            Err(mpsc::RecvTimeoutError::Timeout) => snapshots.has_changed().is_err(),
        };
        // Cloned at once: the conductor waits while the value is borrowed.
        let latest = snapshots.borrow_and_update().clone();
        face.show(latest);
        if last {
            break;
        }
        wait = FRAME;
    }
    face.clear();
}

/// Who shows the snapshots.
enum Face<T> {
    Bars {
        bars: Bars,
        title: Title,
        terminal: T,
        time: Time,
        log: Shown,
        unkept: Unkept,
    },
    Lines {
        cadence: Cadence,
        terminal: T,
        log: Shown,
        warned: Warned,
        unkept: Unkept,
        broken: Broken,
    },
}

impl<T: TermLike> Face<T> {
    fn show(&mut self, snapshot: Option<Arc<Snapshot>>) {
        match self {
            Face::Bars {
                bars,
                title,
                terminal,
                time,
                log,
                unkept,
            } => {
                if let Some(snapshot) = &snapshot {
                    let mut lines = log.news(snapshot);
                    lines.extend(unkept.news(snapshot));
                    bars.print(&lines);
                }
                let size = Size {
                    columns: terminal.width(),
                    rows: terminal.height(),
                };
                let now = snapshot.map(|snapshot| (time.of(&snapshot), snapshot));
                let now = now
                    .as_ref()
                    .map(|(elapsed, snapshot)| (&**snapshot, *elapsed));
                bars.show(frame(title, now, size));
            }
            Face::Lines {
                cadence,
                terminal,
                log,
                warned,
                unkept,
                broken,
            } => {
                let Some(snapshot) = snapshot else { return };
                let mut lines = log.news(&snapshot);
                lines.extend(warned.news(&snapshot));
                lines.extend(unkept.news(&snapshot));
                lines.extend(broken.news(&snapshot));
                if cadence.is_due(&snapshot) {
                    lines.push(line(&snapshot));
                }
                for line in &lines {
                    // A log that cannot be written to is no reason to end a run.
                    let _ = terminal.write_line(line);
                }
                if !lines.is_empty() {
                    let _ = terminal.flush();
                }
            }
        }
    }

    fn clear(&mut self) {
        match self {
            Face::Bars { bars, .. } => bars.clear(),
            Face::Lines { .. } => {}
        }
    }
}

/// The run's time between snapshots.
struct Time {
    clock: Clock,
    /// The newest snapshot, and when it was first seen.
    newest: Option<(Arc<Snapshot>, Duration)>,
    shown: Duration,
}

impl Time {
    fn start() -> Time {
        Time {
            clock: Clock::start(),
            newest: None,
            shown: Duration::ZERO,
        }
    }

    /// The time to show with a snapshot.
    fn of(&mut self, snapshot: &Arc<Snapshot>) -> Duration {
        self.at(self.clock.elapsed(), snapshot)
    }

    fn at(&mut self, now: Duration, snapshot: &Arc<Snapshot>) -> Duration {
        let seen = match &self.newest {
            Some((newest, seen)) if Arc::ptr_eq(newest, snapshot) => *seen,
            Some(_) | None => {
                self.newest = Some((snapshot.clone(), now));
                now
            }
        };
        let ahead = match snapshot.phase {
            Phase::RampUp | Phase::Hold | Phase::RampDown | Phase::Draining | Phase::Teardown => {
                now - seen
            }
            Phase::Setup | Phase::Ended => Duration::ZERO,
        };
        // A clock that goes back by a moment, because the next snapshot came a
        // little early, looks broken.
        self.shown = self.shown.max(snapshot.elapsed + ahead.min(AHEAD));
        self.shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::tests::busy;

    #[test]
    fn the_time_goes_on_between_snapshots_never_back_and_not_without_them() {
        let snapshot = |ms, phase| {
            let mut snapshot = busy();
            snapshot.elapsed = Duration::from_millis(ms);
            snapshot.phase = phase;
            Arc::new(snapshot)
        };
        let first = snapshot(5_000, Phase::Hold);
        let second = snapshot(6_000, Phase::Hold);
        let third = snapshot(9_000, Phase::Draining);
        let last = snapshot(9_500, Phase::Ended);
        #[rustfmt::skip]
        let rows = [
            // now    newest    shown
            (   100, &first,   5_000),
            (   200, &first,   5_100),
            ( 1_150, &first,   6_050),
            ( 1_160, &second,  6_050),
            ( 1_300, &second,  6_140),
            ( 9_000, &second,  8_000),
            ( 9_100, &third,   9_000),
            ( 9_400, &third,   9_300),
            ( 9_500, &last,    9_500),
            (20_000, &last,    9_500),
        ];
        let mut time = Time::start();
        for (now, newest, shown) in rows {
            let time = time.at(Duration::from_millis(now), newest);
            assert_eq!(time, Duration::from_millis(shown), "at {now} ms");
        }
    }
}
