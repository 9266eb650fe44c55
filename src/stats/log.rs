//! Lines that a plan writes, bounded: a step that logs can run thousands of times
//! a second, and nobody reads that.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use crate::base::{ids::UserNumber, printable::cut};

/// The most lines that one worker shows in a window of a second.
pub const MAX_LINES_OF_A_WORKER: usize = 20;

/// The longest line that is shown, in characters.
const MAX_LINE_CHARS: usize = 400;

/// The most lines of one second that all workers together show.
pub const MAX_LINES_A_SECOND: usize = 100;

/// How many of the last lines a snapshot carries: all of two seconds, so that
/// whoever looks ten times a second misses none.
const KEPT_LINES: usize = 2 * MAX_LINES_A_SECOND;

/// A line that a `log` step wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Since the start of the run.
    pub at: Duration,
    pub user: UserNumber,
    pub text: Arc<str>,
}

/// Lines of a window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Log {
    #[serde(skip)]
    pub lines: Vec<LogLine>,
    /// Lines that are not there any more, and were shown.
    pub counted: u64,
    /// Those that were too many.
    pub left_out: u64,
}

impl Log {
    pub fn push(&mut self, at: Duration, user: UserNumber, text: &str) {
        if self.lines.len() == MAX_LINES_OF_A_WORKER {
            self.left_out += 1;
            return;
        }
        let text = cut(text, MAX_LINE_CHARS).into();
        self.lines.push(LogLine { at, user, text });
    }

    /// Adds the lines of another window, in their order of time.
    pub fn add(&mut self, other: &Log) {
        self.lines.extend_from_slice(&other.lines);
        self.lines.sort_by_key(|line| line.at);
        self.counted += other.counted;
        self.left_out += other.left_out;
    }

    /// Keeps only how many lines there were.
    pub fn count(&mut self) {
        self.counted += self.lines.len() as u64;
        self.lines.clear();
    }
}

/// The last lines of a run, numbered.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct RecentLog {
    #[serde(skip)]
    lines: VecDeque<LogLine>,
    shown: u64,
    left_out: u64,
    /// What snapshots carry, until there are new lines.
    #[serde(skip)]
    carried: Arc<[LogLine]>,
}

impl RecentLog {
    pub fn add(&mut self, log: Log) {
        self.left_out += log.left_out;
        self.shown += log.counted;
        if log.lines.is_empty() {
            return;
        }
        for line in log.lines {
            let second = line.at.as_secs();
            let same = self.lines.iter().filter(|line| line.at.as_secs() == second);
            if same.count() == MAX_LINES_A_SECOND {
                self.left_out += 1;
                continue;
            }
            if self.lines.len() == KEPT_LINES {
                self.lines.pop_front();
            }
            self.lines.push_back(line);
            self.shown += 1;
        }
        self.carried = self.lines.iter().cloned().collect();
    }

    /// The last lines, and how many there were before them.
    pub fn tail(&self) -> (u64, Arc<[LogLine]>) {
        (self.shown - self.lines.len() as u64, self.carried.clone())
    }

    /// All lines, and those of them that were not shown.
    pub fn counts(&self) -> (u64, u64) {
        (self.shown + self.left_out, self.left_out)
    }
}
