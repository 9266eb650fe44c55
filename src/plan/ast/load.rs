//! How much load when, as a plan says it.

use std::time::Duration;

use super::{Find, Text};
use crate::{
    base::rate::{Rate, Spread},
    source::{Span, Spanned},
};

/// How much load, for how long. What is missing may come from the command line.
/// Two are equal wherever they stand.
#[derive(Clone, Debug, Default)]
pub struct Load {
    /// At full load: the closed model.
    pub users: Option<Spanned<u32>>,
    /// At full load: the open model.
    pub arrivals: Option<Spanned<Rate>>,
    /// Of the open model: so many are there at most.
    pub max_users: Option<Spanned<u32>>,
    pub spread: Option<Spanned<Spread>>,
    /// In place of one level with its ramps; of either model.
    pub stages: Option<Spanned<Vec<Stage>>>,
    pub steps: Option<Spanned<Staircase>>,
    /// How much is to be found out; a try at it has stages too.
    pub find: Option<Spanned<Find>>,
    /// Passes of all users together, after which the run ends.
    pub iterations: Option<Spanned<u32>>,
    /// Passes of each user, after which it leaves.
    pub per_user: Option<Spanned<u32>>,
    pub ramp_up: Option<Spanned<Duration>>,
    /// The time at full load; ramps are added to it.
    pub duration: Option<Spanned<Duration>>,
    pub ramp_down: Option<Spanned<Duration>>,
    pub graceful_stop: Option<Spanned<Duration>>,
    /// Of a class: so long after the start of the run.
    pub start_after: Option<Spanned<Duration>>,
    /// Where `load` stands, if it does.
    pub span: Option<Span>,
}

/// A part of a load in which its level goes one way.
#[derive(Clone, Debug)]
pub struct Stage {
    pub name: Option<Text>,
    pub change: Change,
    /// Whether it is the hold that `--duration` is about.
    pub steady: Option<Spanned<bool>>,
    pub span: Span,
}

/// What a stage does.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    To {
        level: Spanned<Level>,
        over: Spanned<Duration>,
    },
    Hold(Spanned<Duration>),
    /// Nobody, and then on as before.
    Pause(Spanned<Duration>),
}

/// How much load: of one of the two models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Users(u32),
    Rate(Rate),
}

/// Stages at equal distances: up to each level, and a hold there.
#[derive(Clone, Debug, PartialEq)]
pub struct Staircase {
    /// The first level; a step from 0 if not given.
    pub from: Option<Spanned<Level>>,
    pub by: Spanned<Level>,
    /// The last level.
    pub to: Spanned<Level>,
    /// The time of each way up; none if not given.
    pub over: Option<Spanned<Duration>>,
    pub hold: Spanned<Duration>,
}

impl Change {
    /// How long it takes.
    pub fn time(&self) -> &Spanned<Duration> {
        match self {
            Change::To { over, .. } => over,
            Change::Hold(time) | Change::Pause(time) => time,
        }
    }
}

impl Load {
    /// Every level that it names, in its order.
    pub fn levels(&self) -> Vec<Spanned<Level>> {
        let users = self.users.as_ref();
        let users = users.map(|users| Spanned::new(Level::Users(**users), users.span));
        let arrivals = self.arrivals.as_ref();
        let arrivals = arrivals.map(|rate| Spanned::new(Level::Rate(**rate), rate.span));
        let stages = self.stages.iter().flat_map(|stages| stages.iter());
        let stages = stages.filter_map(|stage| match &stage.change {
            Change::To { level, .. } => Some(level.clone()),
            Change::Hold(_) | Change::Pause(_) => None,
        });
        let steps = self.steps.iter().flat_map(|steps| {
            let Staircase { from, by, to, .. } = &steps.value;
            from.iter().chain([by, to]).cloned()
        });
        let find = self.find.iter().filter(|_| self.stages.is_none());
        let find = find.flat_map(|find| [find.from.clone(), find.to.clone()]);
        users
            .into_iter()
            .chain(find)
            .chain(arrivals)
            .chain(stages)
            .chain(steps)
            .collect()
    }

    /// Whether it counts arrivals, by the first level that it names.
    pub fn is_open(&self) -> bool {
        let levels = self.levels();
        matches!(
            levels.first().map(|level| level.value),
            Some(Level::Rate(_))
        )
    }

    /// The most users that it has: what it names in the closed model.
    pub fn most_users(&self) -> Option<Spanned<u32>> {
        if self.is_open() {
            return self.max_users.clone();
        }
        let users = self
            .levels()
            .into_iter()
            .filter_map(|level| match level.value {
                Level::Users(users) => Some(Spanned::new(users, level.span)),
                Level::Rate(_) => None,
            });
        users.max_by_key(|users| users.value)
    }

    /// Its stages one by one, those of a staircase too; nothing for one level with ramps.
    pub fn each_stage(&self) -> Option<Vec<Stage>> {
        let steps = self.steps.as_ref();
        let stages = self.stages.as_ref().map(|stages| stages.value.clone());
        stages.or_else(|| steps.map(|steps| steps.value.stages(steps.span)))
    }

    /// Whether it says nothing about any load.
    pub fn is_silent(&self) -> bool {
        let others = Load {
            graceful_stop: self.graceful_stop.clone(),
            ..Load::default()
        };
        *self == others
    }
}

/// Steps beyond this are no staircase that anybody reads.
pub const MAX_STEPS: u64 = 1_000;

impl Staircase {
    /// How many steps it has.
    pub fn steps(&self) -> u64 {
        let by = amount(*self.by).max(1);
        let first = self.from.as_ref().map_or(by, |from| amount(**from));
        amount(*self.to).saturating_sub(first).div_ceil(by) + 1
    }

    fn stages(&self, span: Span) -> Vec<Stage> {
        let by = amount(*self.by).max(1);
        let last = amount(*self.to);
        let first = self.from.as_ref().map_or(by, |from| amount(**from));
        let over = self.over.clone();
        let over = over.unwrap_or_else(|| Spanned::new(Duration::ZERO, span));
        let mut stages = Vec::new();
        for step in 0..self.steps().min(MAX_STEPS) {
            let level = first.saturating_add(by.saturating_mul(step)).min(last);
            let level = match *self.to {
                Level::Users(_) => Level::Users(u32::try_from(level).unwrap_or(u32::MAX)),
                Level::Rate(_) => Level::Rate(Rate::of_millionths_per_hour(level)),
            };
            let named = |change, what: &str| Stage {
                name: Some(Spanned::new(format!("{what} {}", step + 1), span)),
                change,
                steady: None,
                span,
            };
            let level = Spanned::new(level, self.to.span);
            let over = over.clone();
            stages.push(named(Change::To { level, over }, "rise"));
            stages.push(named(Change::Hold(self.hold.clone()), "step"));
        }
        stages
    }
}

/// A level in the unit of its model.
pub fn amount(level: Level) -> u64 {
    match level {
        Level::Users(users) => users.into(),
        Level::Rate(rate) => rate.millionths_per_hour(),
    }
}

impl PartialEq for Stage {
    fn eq(&self, other: &Stage) -> bool {
        self.name == other.name && self.change == other.change && self.steady == other.steady
    }
}

impl PartialEq for Load {
    fn eq(&self, other: &Load) -> bool {
        // Named one by one, so that a new key cannot be forgotten here.
        let Load {
            users,
            arrivals,
            max_users,
            spread,
            stages,
            steps,
            find,
            iterations,
            per_user,
            ramp_up,
            duration,
            ramp_down,
            graceful_stop,
            start_after,
            span: _,
        } = self;
        *users == other.users
            && *arrivals == other.arrivals
            && *max_users == other.max_users
            && *spread == other.spread
            && *stages == other.stages
            && *steps == other.steps
            && *find == other.find
            && *iterations == other.iterations
            && *per_user == other.per_user
            && *ramp_up == other.ramp_up
            && *duration == other.duration
            && *ramp_down == other.ramp_down
            && *graceful_stop == other.graceful_stop
            && *start_after == other.start_after
    }
}
