//! What a plan will do, before it does anything.
//!
//! ```text
//! Graph ──forecast──▶ Forecast ──text, json──▶ `plan validate --explain`
//! ```
//!
//! Nothing is simulated: the expected course of a user is worked out from the
//! graph's weights, rounds and waits, and then taken as often as the load has it.
//!
//! # What is taken for granted
//!
//! - Every request succeeds, and every answer takes the same time: none, unless
//!   it is [given](forecast).
//! - `when` holds: what it guards happens *at most* so often.
//! - An `if` takes either way: what only one of them does happens *at most* so
//!   often, and it takes as long as the longer one.
//! - A `while`, and a `for` over a value, go round once: *more or less*.
//! - Nobody comes to a `stop` behind a condition.
//! - `until` holds after the first round: what it repeats happens *at least* so
//!   often.
//!
//! # What holds here
//!
//! - What one user does in one pass is exact, but for waits that are sometimes
//!   shorter than their pace and sometimes longer.
//! - Numbers of a whole run are right to about one pass of each user: who is in
//!   the middle of one at the end has not done all of it.
//!
//! # What is not here
//!
//! Response times, and therefore promises: a forecast says what a plan asks for,
//! and not whether the target can bear it.

mod amounts;
mod compute;
mod course;
mod crowds;
mod draws;
mod growth;
mod json;
mod length;
mod rule;
mod text;

use std::{sync::Arc, time::Duration};

pub use compute::forecast;
pub use draws::Draws;
pub use json::json;
pub use rule::examine;
pub use text::text;

use crate::{
    base::ids::ClassId,
    graph::{Find, Load},
    source::Span,
};

/// What a plan will do.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The plan's name.
    pub plan: Arc<str>,
    /// That of the classes without one of their own first.
    pub loads: Vec<Load>,
    /// What the load is one try of; all else is of that at the highest level.
    pub find: Option<Find>,
    /// How long every answer is taken to take.
    pub response: Duration,
    /// Names of classes, and how many users each has.
    pub classes: Vec<(Arc<str>, u32)>,
    /// Classes whose users do not verify the certificates of servers.
    pub insecure: Vec<Arc<str>>,
    pub crowds: Vec<Crowd>,
    /// By name.
    pub rows: Vec<Row>,
    pub total: Amount,
    /// In the order of the plan.
    pub draws: Vec<Draws>,
    /// By the path that grows.
    pub growth: Vec<Growth>,
    pub caveats: Caveats,
}

impl Forecast {
    /// The time at full load of the load that comes first.
    pub(crate) fn duration(&self) -> Option<Duration> {
        self.loads.first()?.profile.duration()
    }
}

/// Users who do the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Crowd {
    pub class: ClassId,
    /// The tasks that they have for life, from the outermost `choose_once`.
    pub chosen: Vec<Arc<str>>,
    /// How many they are: not a whole number where chance decides in which set
    /// they stay.
    pub users: f64,
    /// How long a pass takes on average, in seconds.
    pub pass_s: f64,
    /// How many passes all of them begin together; without a limit if `None`.
    pub passes: Option<f64>,
    /// What one of them does, by name.
    pub visits: Vec<Visit>,
}

/// How often a user does something.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    pub name: Arc<str>,
    /// Before its passes begin.
    pub once: f64,
    /// In each pass.
    pub each: f64,
    /// On its way out.
    pub end: f64,
    pub bound: Bound,
}

/// A request name, or that of a sample of the plan's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub name: Arc<str>,
    pub amount: Amount,
    /// Its part of all, of 1; unknown where an amount is, or what an `if` does.
    pub share: Option<f64>,
    pub bound: Bound,
}

/// How much of something all users do.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amount {
    /// Per second at full load; `None` without a limit, or where users stop by
    /// themselves and the load is not held.
    pub rate: Option<f64>,
    /// From the first user's start to the last one's end; without a limit if `None`.
    pub total: Option<f64>,
}

/// What comes to be and what goes below a path: a guess by methods and paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Growth {
    /// `/posts`: the path that is posted to, without the word for what is done.
    pub path: String,
    pub created: Vec<Change>,
    pub deleted: Vec<Change>,
    /// Created less deleted.
    pub net: Amount,
    pub bound: Bound,
}

/// A request that seems to create or delete.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub name: Arc<str>,
    /// Where the plan says so.
    pub place: Span,
    pub amount: Amount,
    pub bound: Bound,
}

/// Whether a number can be relied on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bound {
    #[default]
    Exact,
    /// It is behind a condition.
    AtMost,
    /// It is repeated `until` something holds.
    AtLeast,
    /// Both.
    Unclear,
}

/// What a forecast had to assume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caveats {
    /// That some `when` holds.
    pub guards: bool,
    /// That an `if` takes either way, for the time of the longer one.
    pub branches: bool,
    /// That no user comes to a `stop` behind a condition.
    pub stops: bool,
    /// That a loop whose turns nobody knows goes round once.
    pub loops: bool,
    /// That some `until` holds after one round.
    pub untils: bool,
    /// That tasks which may overrun their pace take their mean time.
    pub overruns: bool,
    /// That nobody waits at a `meet`.
    pub meetings: bool,
}

impl Bound {
    /// That of a number to which both contribute.
    #[must_use]
    pub fn and(self, other: Bound) -> Bound {
        match (self, other) {
            (Bound::Exact, bound) | (bound, Bound::Exact) => bound,
            (Bound::AtMost, Bound::AtMost) => Bound::AtMost,
            (Bound::AtLeast, Bound::AtLeast) => Bound::AtLeast,
            (Bound::AtMost, Bound::AtLeast)
            | (Bound::AtLeast, Bound::AtMost)
            | (Bound::Unclear, _)
            | (_, Bound::Unclear) => Bound::Unclear,
        }
    }

    /// That of a number that is taken away.
    #[must_use]
    pub fn reversed(self) -> Bound {
        match self {
            Bound::AtMost => Bound::AtLeast,
            Bound::AtLeast => Bound::AtMost,
            Bound::Exact | Bound::Unclear => self,
        }
    }

    /// Before a number: `≤ `, `≥ `, `~ ` or nothing.
    pub fn sign(self) -> &'static str {
        match self {
            Bound::Exact => "",
            Bound::AtMost => "≤ ",
            Bound::AtLeast => "≥ ",
            Bound::Unclear => "~ ",
        }
    }
}
