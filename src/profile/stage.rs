//! A part of a profile in which its level goes one way.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::NO_END;

/// A part of a profile: from one level to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    pub name: Arc<str>,
    /// Since the start of the run.
    pub from: Duration,
    pub to: Duration,
    /// In the unit of the model: users, or millionths of an arrival per hour.
    pub(super) begin: u64,
    pub(super) end: u64,
}

/// Which way a level goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slope {
    Up,
    Level,
    Down,
}

impl Stage {
    /// Which way its level goes.
    pub fn slope(&self) -> Slope {
        match self.begin.cmp(&self.end) {
            std::cmp::Ordering::Less => Slope::Up,
            std::cmp::Ordering::Equal => Slope::Level,
            std::cmp::Ordering::Greater => Slope::Down,
        }
    }

    /// The levels at its beginning and at its end, in the unit of the model: users, or
    /// millionths of an arrival per hour.
    pub fn levels(&self) -> (u64, u64) {
        (self.begin, self.end)
    }

    /// How long it is.
    pub fn length(&self) -> Duration {
        self.to - self.from
    }

    /// The level at a moment of it.
    pub(super) fn level_at(&self, elapsed: Duration) -> f64 {
        if self.begin == self.end || self.from == self.to {
            return self.end as f64;
        }
        let part = (elapsed - self.from).as_secs_f64() / self.length().as_secs_f64();
        self.begin as f64 + part * (self.end as f64 - self.begin as f64)
    }
}

/// Stages that are put together, one after the other, from level 0.
#[derive(Clone, Debug, Default)]
pub struct Stages {
    stages: Vec<Stage>,
    level: u64,
}

impl Stages {
    /// Goes to a level over a time; over no time it jumps there.
    pub fn to(&mut self, name: impl Into<Arc<str>>, level: u64, over: Duration) {
        self.push(name.into(), over, self.level, level);
        self.level = level;
    }

    /// Stays at the level.
    pub fn hold(&mut self, name: impl Into<Arc<str>>, time: Duration) {
        self.push(name.into(), time, self.level, self.level);
    }

    /// Stays at the level until something else ends the run.
    pub fn hold_without_end(&mut self, name: impl Into<Arc<str>>) {
        self.hold(name, NO_END);
    }

    /// Nobody for a time; then it goes on at the level that it had.
    pub fn pause(&mut self, name: impl Into<Arc<str>>, time: Duration) {
        self.push(name.into(), time, 0, 0);
    }

    /// The level that it has come to.
    pub fn level(&self) -> u64 {
        self.level
    }

    fn push(&mut self, name: Arc<str>, time: Duration, begin: u64, end: u64) {
        let from = self.stages.last().map_or(Duration::ZERO, |last| last.to);
        self.stages.push(Stage {
            name,
            from,
            to: from + time,
            begin,
            end,
        });
    }

    pub(super) fn into_stages(self) -> Arc<[Stage]> {
        self.stages.into()
    }
}
