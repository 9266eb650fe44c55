//! Views that are shown while a run goes on, and end with it.

use std::{
    io,
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

use indicatif::{InMemoryTerm, TermLike};
use tokio::sync::watch;

use super::{busy, title};
use crate::{
    base::colour::Colour,
    stats::{LogLine, Phase, Snapshot},
    view::{Kind, Live, log::Shown},
};

type Latest = Option<Arc<Snapshot>>;

fn channel() -> (watch::Sender<Latest>, watch::Receiver<Latest>) {
    watch::channel(None)
}

#[test]
fn lines_are_written_up_to_the_last_snapshot() {
    let terminal = InMemoryTerm::new(24, 120);
    let (sender, receiver) = channel();
    sender.send_replace(Some(Arc::new(busy())));
    let live = Live::start(Kind::Lines, title(), receiver, terminal.clone()).unwrap();
    let mut last = busy();
    last.phase = Phase::Ended;
    // Replaced just before the sender goes: it must be seen all the same.
    sender.send_replace(Some(Arc::new(last)));
    drop(sender);
    live.finish();
    assert_eq!(
        terminal.contents().lines().last(),
        Some(
            "01:20:00/72:03:00  ended  37 users  412.0/s  errors 0.12%  p50 4ms  p95 12ms  p99 31ms  12 failures"
        )
    );
}

/// A moment with the lines of the plan's log from number `before` on.
fn logging(before: u64, lines: &[&str]) -> Snapshot {
    let line = |text: &&str| LogLine {
        at: Duration::from_secs(83),
        user: 17,
        text: (*text).into(),
    };
    let mut snapshot = busy();
    snapshot.log = lines.iter().map(line).collect();
    snapshot.log_before = before;
    snapshot
}

#[test]
fn lines_of_the_plan_are_shown_once_and_stay() {
    for kind in [Kind::Lines, Kind::Bars(Colour::Plain)] {
        let terminal = InMemoryTerm::new(24, 80);
        let (sender, receiver) = channel();
        let live = Live::start(kind, title(), receiver, terminal.clone()).unwrap();
        let shown = |text: &str| {
            // The view looks ten times a second; a second is for a busy machine.
            let soon = (0..100).any(|_| {
                std::thread::sleep(Duration::from_millis(10));
                terminal.contents().contains(text)
            });
            assert!(soon, "{kind:?}: {text}\n{}", terminal.contents());
        };
        sender.send_replace(Some(Arc::new(logging(0, &["one", "two"]))));
        shown("two");
        // Those of three and four were gone before the view looked.
        sender.send_replace(Some(Arc::new(logging(4, &["five", "six\u{1b}[2J"]))));
        shown("six");
        live.finish();
        let contents = terminal.contents();
        let log: Vec<_> = contents
            .lines()
            .filter(|line| line.contains("log"))
            .collect();
        assert_eq!(
            log,
            [
                "00:01:23  log  user 17: one",
                "00:01:23  log  user 17: two",
                "(lines of the log not shown: 2)",
                "00:01:23  log  user 17: five",
                "00:01:23  log  user 17: six␛[2J",
            ],
            "{kind:?}"
        );
    }
}

#[test]
fn lines_that_were_too_many_are_counted_once() {
    let mut shown = Shown::default();
    let mut snapshot = logging(0, &["one"]);
    snapshot.log_left_out = 40;
    let gap = "(lines of the log not shown: 40)";
    assert_eq!(shown.news(&snapshot), [gap, "00:01:23  log  user 17: one"]);
    assert!(shown.news(&snapshot).is_empty());
}

#[test]
fn too_many_names_are_told_of_when_it_happens_and_once() {
    let mut shown = Shown::default();
    let mut snapshot = logging(0, &[]);
    assert!(shown.news(&snapshot).is_empty());
    snapshot.left_out_by = Some(("GET /{{ n }}\u{1b}[2J (plan.yaml:7)".into(), 1));
    assert_eq!(
        shown.news(&snapshot),
        [
            "01:20:00  names  more than 1,000, counted as (other) from now on: GET /{{ n }}␛[2J (plan.yaml:7)"
        ]
    );
    snapshot.left_out_by = Some(("GET /{{ n }} (plan.yaml:7)".into(), 2));
    assert!(shown.news(&snapshot).is_empty());
}

#[test]
fn bars_are_cleared_when_the_view_finishes() {
    let terminal = InMemoryTerm::new(24, 80);
    let (sender, receiver) = channel();
    sender.send_replace(Some(Arc::new(busy())));
    let kind = Kind::Bars(Colour::Plain);
    let live = Live::start(kind, title(), receiver, terminal.clone()).unwrap();
    live.finish();
    assert_eq!(terminal.contents(), "");
    let drawn = terminal.moves_since_last_check();
    assert!(drawn.contains("412.0/s"), "the last snapshot was shown");
}

#[test]
fn a_quiet_view_writes_nothing() {
    let terminal = InMemoryTerm::new(24, 80);
    let (sender, receiver) = channel();
    sender.send_replace(Some(Arc::new(busy())));
    let live = Live::start(Kind::Quiet, title(), receiver, terminal.clone()).unwrap();
    live.finish();
    assert_eq!(terminal.moves_since_last_check(), "");
}

#[test]
fn a_view_ends_by_itself_when_nobody_reports_any_more() {
    let terminal = Stopped::default();
    terminal.go_on();
    let (sender, receiver) = channel();
    let kind = Kind::Bars(Colour::Plain);
    let live = Live::start(kind, title(), receiver, terminal.clone()).unwrap();
    drop(sender);
    terminal.wait_until_nobody_has_it();
    live.finish();
}

#[test]
fn a_terminal_that_takes_no_text_stops_neither_the_run_nor_its_end() {
    let terminal = Stopped::default();
    let (sender, receiver) = channel();
    let kind = Kind::Bars(Colour::Plain);
    let live = Live::start(kind, title(), receiver, terminal.clone()).unwrap();
    terminal.wait_until_somebody_is_stuck();
    for _ in 0..1_000 {
        sender.send_replace(Some(Arc::new(busy())));
    }
    live.finish();
    assert!(Arc::strong_count(&terminal.gate) > 1, "it was left behind");
    terminal.go_on();
    terminal.wait_until_nobody_has_it();
    // The text it was stuck in, and nothing over what came after it.
    assert_eq!(terminal.gate.0.lock().unwrap().texts, 1);
}

/// A terminal stopped with Ctrl-S. Like the real one it buffers, and is stuck
/// when the buffer is to be written.
#[derive(Clone, Debug, Default)]
struct Stopped {
    gate: Arc<(Mutex<Gate>, Condvar)>,
}

#[derive(Debug, Default)]
struct Gate {
    open: bool,
    texts: u32,
}

impl Stopped {
    fn go_on(&self) {
        self.gate.0.lock().unwrap().open = true;
        self.gate.1.notify_all();
    }

    fn wait_until_somebody_is_stuck(&self) {
        let gate = self.gate.0.lock().unwrap();
        drop(
            self.gate
                .1
                .wait_while(gate, |gate| gate.texts == 0)
                .unwrap(),
        );
    }

    /// A view's thread owns clones of the terminal, which go when it ends.
    fn wait_until_nobody_has_it(&self) {
        while Arc::strong_count(&self.gate) > 1 {
            std::thread::yield_now();
        }
    }
}

impl TermLike for Stopped {
    fn width(&self) -> u16 {
        80
    }
    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn write_line(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
    fn write_str(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }
    fn flush(&self) -> io::Result<()> {
        let mut gate = self.gate.0.lock().unwrap();
        gate.texts += 1;
        self.gate.1.notify_all();
        drop(self.gate.1.wait_while(gate, |gate| !gate.open).unwrap());
        Ok(())
    }
}
