//! How much load when: pure arithmetic on the time since the start.
//!
//! A [`Profile`] is a function of elapsed time, made of [`Stage`]s in which its
//! level rises, falls or stays. What the level counts is the [`Model`]:
//!
//! - *closed*: users who are there. Each has a *seat*, a number from 0; the profile
//!   says [when a seat is taken](Profile::stays) and when its user retires.
//! - *open*: arrivals per time, whatever the target makes of them. The profile says
//!   [when the n-th arrival is due](Profile::arrival).
//!
//! Both are computed from the number of the seat or of the arrival alone, so nothing
//! accumulates, nothing drifts in 72 hours, and workers need not talk to each other
//! about it.
//!
//! ```text
//! level ▲      ______________
//!       │     /              \
//!       │    /                \
//!       └───┴───────┴─────────┴──▶ elapsed
//!         ramp_up    hold    ramp_down   (+ graceful_stop for running tasks)
//! ```
//!
//! A [`Search`] looks for the highest level that a target holds, try by try.
//!
//! # What is not here
//!
//! Clocks, sleeping, and who the users are.

mod arrivals;
mod search;
mod seats;
mod stage;
mod text;

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use crate::base::rate::{Rate, Spread};

pub use arrivals::Arrivals;
pub use search::{Bounds, Knee, Search, Shown};
pub use seats::Stay;
pub use stage::{Slope, Stage, Stages};
pub use text::{START_AFTER, level_text, text};

/// How long running tasks may take to finish after the end, unless the plan says.
pub const DEFAULT_GRACEFUL_STOP: Duration = Duration::from_secs(30);

/// How long a run without a duration could go on: longer than anyone waits, and
/// far from where sums of durations end.
pub(crate) const NO_END: Duration = Duration::from_secs(1000 * 365 * 24 * 3600);

/// A load that comes, stays, and goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub model: Model,
    stages: Arc<[Stage]>,
    /// Passes of all users together, after which nobody begins another.
    pub iterations: Option<u32>,
    /// Passes of each user, after which it leaves.
    pub per_user: Option<u32>,
    pub graceful_stop: Duration,
}

/// What the level of a profile counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Model {
    /// Users who each wait for their answers.
    Closed,
    /// Arrivals that do not care how the target feels, each one pass of a user.
    Open {
        /// So many users are there at most; an arrival that finds none free is dropped.
        max_users: u32,
        spread: Spread,
    },
}

impl Profile {
    /// A profile of some stages, one after the other.
    pub fn new(model: Model, stages: Stages) -> Profile {
        Profile {
            model,
            stages: stages.into_stages(),
            iterations: None,
            per_user: None,
            graceful_stop: DEFAULT_GRACEFUL_STOP,
        }
    }

    /// Those that take any time, and jumps.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// When no new task starts any more.
    pub fn ends_at(&self) -> Duration {
        self.stages.last().map_or(Duration::ZERO, |stage| stage.to)
    }

    /// Whether a time ends it, and not only a number of passes.
    pub fn has_end(&self) -> bool {
        self.ends_at() < NO_END
    }

    /// The highest level, in the unit of the model.
    pub fn peak(&self) -> u64 {
        let levels = self
            .stages
            .iter()
            .flat_map(|stage| [stage.begin, stage.end]);
        levels.max().unwrap_or(0)
    }

    /// How many users there are at most.
    pub fn users(&self) -> u32 {
        match self.model {
            Model::Closed => u32::try_from(self.peak()).expect("levels of users are u32"),
            Model::Open { max_users, .. } => max_users,
        }
    }

    /// The highest rate of arrivals; none where users are counted.
    pub fn peak_rate(&self) -> Option<Rate> {
        match self.model {
            Model::Closed => None,
            Model::Open { .. } => Some(Rate::of_millionths_per_hour(self.peak())),
        }
    }

    /// The stage that a moment falls into; none after the end.
    pub fn stage_at(&self, elapsed: Duration) -> Option<&Stage> {
        let mut stages = self.stages.iter();
        stages.find(|stage| elapsed < stage.to)
    }

    /// What a moment is called, where its stage has a name that says more than what
    /// its level does.
    pub fn name_at(&self, elapsed: Duration) -> Option<&Arc<str>> {
        let stage = self.stage_at(elapsed)?;
        let is_named = !self.stages.iter().all(text::is_plain);
        (is_named && stage.from <= elapsed).then_some(&stage.name)
    }

    /// The level at a moment, in the unit of the model: users, or arrivals per second.
    pub fn level_at(&self, elapsed: Duration) -> f64 {
        let Some(stage) = self.stage_at(elapsed).filter(|stage| stage.from <= elapsed) else {
            return 0.0;
        };
        let level = stage.level_at(elapsed);
        match self.model {
            Model::Closed => level,
            Model::Open { .. } => level * Rate::of_millionths_per_hour(1).per_second(),
        }
    }

    /// The time before the load first stays: that of the rising stages at its begin.
    pub fn ramp_up(&self) -> Duration {
        let first = self.stages.iter().find(|stage| stage.slope() != Slope::Up);
        first.map_or(self.ends_at(), |stage| stage.from)
    }

    /// The time of the falling stages at its end.
    pub fn ramp_down(&self) -> Duration {
        let mut stages = self.stages.iter().rev();
        let last = stages.find(|stage| stage.slope() != Slope::Down);
        self.ends_at() - last.map_or(Duration::ZERO, |stage| stage.to)
    }

    /// The time between ramp-up and ramp-down, if a time ends it.
    pub fn duration(&self) -> Option<Duration> {
        let both = self.ramp_up() + self.ramp_down();
        self.has_end().then(|| self.ends_at().saturating_sub(both))
    }
}

#[cfg(test)]
mod search_tests;
#[cfg(test)]
mod tests;
