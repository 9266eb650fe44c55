//! The search for the highest level that a target holds: pure arithmetic on what each
//! try has shown.
//!
//! It doubles the level until one does not hold, then halves what lies between (by the
//! geometric mean, so that each half is as many percent) until that is as narrow as is
//! asked for. Runs are noisy, so no single try decides where the search ends:
//!
//! - A level that does not hold is tried again; of three tries two decide.
//! - The level that is to be the answer has to hold twice. If it does not, it is too
//!   much, and the search goes on below it.
//!
//! ```text
//!  from ×2 ×2 ×2          ✗ ✗ = broken, tried again
//!   ✓    ✓  ✓ │           ✗ ✗
//!             └─ ✓ ── ✓✓ ─┘      capacity: between these two
//! ```
//!
//! # What is not here
//!
//! Tries themselves, and what it means to hold.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Model, level_text};
use crate::base::{
    rate::{Rate, Spread},
    sought::Sought,
};

/// What is looked for, and what is known of it by now.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    bounds: Bounds,
    tried: BTreeMap<u64, Tally>,
    tries: u32,
}

/// Where a search looks, and how closely.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    pub sought: Sought,
    /// The lowest and the highest level, in the unit of the model: users, or
    /// millionths of an arrival per hour.
    pub from: u64,
    pub to: u64,
    /// How much higher than the level that holds the one is at most that does not, as
    /// a share of 1.
    pub precision: f64,
}

/// What a try at a level has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Held,
    Broken,
}

/// What is known of the level that the target holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Knee {
    /// Not even the lowest level holds.
    Below { broken: u64 },
    /// One holds, and the other is too much.
    Between { held: u64, broken: u64 },
    /// The highest one that was tried holds.
    AtLeast { held: u64 },
}

/// What the tries at a level have shown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
    held: u32,
    broken: u32,
}

/// So many tries at a level agree when it is decided.
const AGREED: u32 = 2;

impl Bounds {
    /// As many tries as it takes if none has to be taken back: the search never makes more.
    pub fn most_tries(&self) -> u32 {
        let doublings = (self.to as f64 / self.from.max(1) as f64).log2().ceil();
        let halvings = (2f64.ln() / self.precision.ln_1p()).log2().ceil();
        // Each way up is one try, the first break three; each half is three at most; and
        // the answer is tried twice more.
        let most = (doublings.max(0.0) + 1.0) + 2.0 + 3.0 * halvings.max(1.0) + 2.0;
        most as u32
    }

    /// A level as people write it.
    pub fn text(&self, level: u64) -> String {
        level_text(self.model(), level)
    }

    /// What levels are counted in.
    pub fn model(&self) -> Model {
        match self.sought {
            Sought::Users => Model::Closed,
            Sought::Arrivals => Model::Open {
                max_users: 0,
                spread: Spread::Even,
            },
        }
    }

    /// A level as a number: users, or arrivals per second.
    pub fn number(&self, level: u64) -> f64 {
        match self.sought {
            Sought::Users => level as f64,
            Sought::Arrivals => Rate::of_millionths_per_hour(level).per_second(),
        }
    }

    /// A level of three digits between two others, about as many percent from each.
    fn between(&self, held: u64, broken: u64) -> Option<u64> {
        let middle = ((held as f64 * broken as f64).sqrt() as u64).max(held + 1);
        let is_between = |level: &u64| held < *level && *level < broken;
        let rounded = Some(self.rounded(middle)).filter(is_between);
        rounded.or(Some(middle)).filter(is_between)
    }

    fn rounded(&self, level: u64) -> u64 {
        /// Three digits are told apart.
        const DIGITS: u64 = 1_000;
        // One user, or a hundred-millionth of an arrival per second.
        let mut unit = match self.sought {
            Sought::Users => 1,
            Sought::Arrivals => 36,
        };
        while level >= unit * DIGITS {
            unit *= 10;
        }
        (level + unit / 2) / unit * unit
    }
}

impl Search {
    /// One that has tried nothing yet.
    pub fn new(bounds: Bounds) -> Search {
        Search {
            bounds,
            tried: BTreeMap::new(),
            tries: 0,
        }
    }

    /// Where it looks.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// The level to try next; `None` if the answer is found, or cannot be found in as
    /// many tries as there may be.
    pub fn next(&self) -> Option<u64> {
        if self.tries >= self.bounds.most_tries() {
            return None;
        }
        let mut tried = self.tried.iter();
        if let Some((level, _)) = tried.find(|(_, tally)| tally.is_doubtful()) {
            return Some(*level);
        }
        let confirm = |level: u64| (!self.is_confirmed(level)).then_some(level);
        match (self.held(), self.broken()) {
            (None, None) => Some(self.bounds.from),
            (None, Some(_)) => None,
            (Some(held), None) if held >= self.bounds.to => confirm(held),
            (Some(held), None) => Some(held.saturating_mul(2).min(self.bounds.to)),
            (Some(held), Some(broken)) => {
                let between = self.bounds.between(held, broken);
                between
                    .filter(|_| !self.is_narrow())
                    .or_else(|| confirm(held))
            }
        }
    }

    /// Whether the levels that hold and do not are as close as was asked for.
    pub fn is_narrow(&self) -> bool {
        match (self.held(), self.broken()) {
            (Some(held), Some(broken)) => {
                let close = broken as f64 <= held as f64 * (1.0 + self.bounds.precision);
                close || self.bounds.between(held, broken).is_none()
            }
            (Some(held), None) => held >= self.bounds.to,
            (None, broken) => broken.is_some(),
        }
    }

    /// Notes what a try has shown.
    pub fn note(&mut self, level: u64, shown: Shown) {
        let tally = self.tried.entry(level).or_default();
        match shown {
            Shown::Held => tally.held += 1,
            Shown::Broken => tally.broken += 1,
        }
        self.tries += 1;
    }

    /// What is known by now; `None` before anything is decided.
    pub fn knee(&self) -> Option<Knee> {
        match (self.held(), self.broken()) {
            (None, None) => None,
            (None, Some(broken)) => Some(Knee::Below { broken }),
            (Some(held), Some(broken)) => Some(Knee::Between { held, broken }),
            (Some(held), None) => Some(Knee::AtLeast { held }),
        }
    }

    /// Whether a level has held as often as it takes to be the answer.
    pub fn is_confirmed(&self, level: u64) -> bool {
        self.tried
            .get(&level)
            .is_some_and(|tally| tally.held >= AGREED)
    }

    /// The highest level that held, below the lowest that did not.
    fn held(&self) -> Option<u64> {
        let broken = self.broken();
        let mut tried = self.tried.iter().rev();
        let held = tried.find(|(level, tally)| {
            tally.held > tally.broken && broken.is_none_or(|broken| **level < broken)
        });
        held.map(|(level, _)| *level)
    }

    fn broken(&self) -> Option<u64> {
        let mut tried = self.tried.iter();
        let broken = tried.find(|(_, tally)| tally.broken >= AGREED && tally.broken > tally.held);
        broken.map(|(level, _)| *level)
    }
}

impl Tally {
    /// Whether it takes another try to know.
    fn is_doubtful(&self) -> bool {
        self.broken > 0 && self.held < AGREED && self.broken < AGREED
    }
}
