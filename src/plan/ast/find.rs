//! The search for the capacity of a target, as a plan says it.

use std::time::Duration;

use super::{Level, Load, Stage, load::Change};
use crate::{
    base::{sought::Sought, threshold::Threshold},
    source::{Span, Spanned},
};

/// How much of a load the target holds is to be found out, by one try after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Find {
    pub max: Spanned<Sought>,
    /// What the target has to keep to; the plan's thresholds if not given.
    pub conditions: Option<Vec<Spanned<Threshold>>>,
    pub from: Spanned<Level>,
    pub to: Spanned<Level>,
    /// Before anything counts.
    pub settle: Option<Spanned<Duration>>,
    /// What counts.
    pub hold: Option<Spanned<Duration>>,
    /// Between two tries.
    pub cool_down: Option<Spanned<Duration>>,
    /// In percent.
    pub precision: Option<Spanned<f64>>,
}

/// The stage of a try that counts.
pub const MEASURED: &str = "measure";

/// How long a try settles, unless the plan says.
const SETTLE: Duration = Duration::from_secs(10);

/// How long a level is held, unless the plan says.
const HOLD: Duration = Duration::from_secs(30);

/// The time between two tries, unless the plan says.
const COOL_DOWN: Duration = Duration::from_secs(5);

/// As narrow as an answer is in percent, unless the plan says.
const PRECISION: f64 = 5.0;

impl Find {
    /// Before anything counts: half of it is the way up.
    pub fn settle(&self) -> Duration {
        self.settle.as_ref().map_or(SETTLE, |time| time.value)
    }

    /// What counts.
    pub fn hold(&self) -> Duration {
        self.hold.as_ref().map_or(HOLD, |time| time.value)
    }

    /// Between two tries.
    pub fn cool_down(&self) -> Duration {
        self.cool_down.as_ref().map_or(COOL_DOWN, |time| time.value)
    }

    /// How much higher than the level that holds the one is at most that does not, as a
    /// share of 1.
    pub fn precision(&self) -> f64 {
        let percent = self.precision.as_ref();
        percent.map_or(PRECISION, |percent| percent.value) / 100.0
    }

    /// The stages of a try at a level.
    pub fn stages(&self, level: Level, span: Span) -> Vec<Stage> {
        let stage = |name: &str, change| Stage {
            name: Some(Spanned::new(name.to_owned(), span)),
            change,
            steady: None,
            span,
        };
        let way_up = self.settle() / 2;
        let to = Change::To {
            level: Spanned::new(level, span),
            over: Spanned::new(way_up, span),
        };
        let settled = Change::Hold(Spanned::new(self.settle() - way_up, span));
        let measured = Change::Hold(Spanned::new(self.hold(), span));
        vec![
            stage("rise", to),
            stage("settle", settled),
            stage(MEASURED, measured),
        ]
    }
}

impl Load {
    /// Makes it the load of a try at a level.
    pub fn try_at(&mut self, level: Level) {
        if let Some(find) = &self.find {
            let stages = find.value.stages(level, find.span);
            self.stages = Some(Spanned::new(stages, find.span));
        }
    }
}
