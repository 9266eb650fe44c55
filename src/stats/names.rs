//! How many request names a run can have, and what becomes of the rest.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

/// How many request names get a row of their own, those of the plan included.
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

/// Distinct names that got no row of their own, as hashes.
#[derive(Clone, Debug, Default)]
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
