//! How many request names a run can have, and what becomes of the rest.

use std::{
    collections::{BTreeMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use serde::{Deserialize, Serialize};

use crate::base::ids::NamerId;

/// How many request names get a row of their own, those of the plan included; a few
/// names of the engine's own come on top.
///
/// A report with more rows than this is read by nobody, and it almost always
/// means that an id went into a templated `name:`. Names of the plan always get
/// their row (a plan is at most 1 MiB of text); templated ones share what is left.
pub const MAX_NAMES: usize = 1_000;

/// The name under which requests with names beyond [`MAX_NAMES`] are counted.
pub const OTHER: &str = "(other)";

/// How many left-out names are told apart. From there on the number stands
/// still: that there are ten thousand too many says enough, and 80 kB suffice.
pub const MAX_LEFT_OUT: usize = 10_000;

/// How many characters of a name are told apart; the rest is cut off.
pub const MAX_NAME_CHARS: usize = 200;

/// What the engine counts under names of its own: they have a row however many
/// others there are, so that what broke is not hidden among what was too many.
pub(super) const OWN: [&str; 11] = [
    "(for)",
    "(if)",
    "(internal)",
    "(log)",
    "(name)",
    "(record)",
    "(set)",
    "(until)",
    "(vars)",
    "(when)",
    "(while)",
];

/// Whether a name has its row on top of [`MAX_NAMES`].
pub(super) fn is_own(name: &str) -> bool {
    name == OTHER || OWN.contains(&name)
}

/// How many requests of each step were counted as [`OTHER`].
///
/// At most as many entries as the plan has steps.
pub(super) type LeftOutBy = BTreeMap<NamerId, u64>;

pub(super) fn add_left_out(ours: &mut LeftOutBy, theirs: &LeftOutBy) {
    for (namer, requests) in theirs {
        *ours.entry(*namer).or_default() += requests;
    }
}

/// Distinct names that got no row of their own, as hashes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct LeftOut {
    known: HashSet<u64>,
}

impl LeftOut {
    /// Notes a name; its hash if it is one not seen before, for other sets.
    pub fn note(&mut self, name: &str) -> Option<u64> {
        // Unkeyed on purpose: recorders must agree on what the same name is.
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        let hash = hasher.finish();
        self.note_hash(hash).then_some(hash)
    }

    /// Whether the hash of a name is a new one, and fits.
    pub fn note_hash(&mut self, hash: u64) -> bool {
        self.known.len() < MAX_LEFT_OUT && self.known.insert(hash)
    }

    /// How many distinct names there were, up to [`MAX_LEFT_OUT`].
    pub fn count(&self) -> u64 {
        self.known.len() as u64
    }
}
