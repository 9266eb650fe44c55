//! What is wrong with a file of rows.

use std::fmt;

/// One mistake in a file of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedError {
    /// Line of the file, from 1, where that is known.
    pub line: Option<u64>,
    /// Column of the line in bytes, from 1, where that is known.
    pub column: Option<u64>,
    pub message: String,
    /// How to mend it, where that can be said.
    pub help: Option<String>,
}

/// How many mistakes of one file are told of: who mends five knows the kind.
const MAX_TOLD: usize = 5;

/// The mistakes of one file, as they are found.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    told: Vec<FeedError>,
    more: u64,
}

impl FeedError {
    pub(super) fn new(message: impl Into<String>) -> FeedError {
        FeedError {
            line: None,
            column: None,
            message: message.into(),
            help: None,
        }
    }

    #[must_use]
    pub(super) fn on_line(mut self, line: u64) -> FeedError {
        self.line = Some(line);
        self
    }

    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> FeedError {
        self.help = Some(help.into());
        self
    }
}

impl Mistakes {
    /// Adds one, unless there are enough; `find` knows more of it than is at hand.
    pub(super) fn add(&mut self, find: impl FnOnce() -> FeedError) {
        if self.told.len() < MAX_TOLD {
            self.told.push(find());
        } else {
            self.more += 1;
        }
    }

    /// Takes back what was said of a line and those after it.
    pub(super) fn take_back_from(&mut self, line: u64) {
        self.told.retain(|told| told.line < Some(line));
        self.more = 0;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// Gives all of them, or what there is without any.
    pub(super) fn or<T>(mut self, sound: impl FnOnce() -> T) -> Result<T, Vec<FeedError>> {
        if self.told.is_empty() {
            return Ok(sound());
        }
        match self.more {
            0 => {}
            1 => self.told.push(FeedError::new("and one mistake more")),
            more => self
                .told
                .push(FeedError::new(format!("and {more} mistakes more"))),
        }
        Err(self.told)
    }
}

impl fmt::Display for FeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: ")?,
            (Some(line), None) => write!(f, "line {line}: ")?,
            (None, _) => {}
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for FeedError {}
