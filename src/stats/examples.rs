//! The first failures of each name and kind as they happened, and never too many.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::record::FailureExample;
use crate::exchange::{Example, FailureKind};

/// How many failures of one name and kind are kept as they happened.
///
/// One shows what it looks like, three whether it always looks so. The rest is
/// a count: ten thousand messages help nobody and would grow for 72 hours.
pub const MAX_EXAMPLES: usize = 3;

/// How many examples a whole run keeps, the earliest.
///
/// A thousand names can fail in two dozen ways each. Nobody reads more than a few
/// pages of that; an example is 1 or 2 kB, and 40 kB when a target does its worst, so
/// this is 12 MB then.
pub const MAX_RUN_EXAMPLES: usize = 300;

/// Examples by name and kind: of each the [`MAX_EXAMPLES`] earliest, and of those the
/// [`MAX_RUN_EXAMPLES`] earliest.
///
/// What is kept is a function of all that was ever added: order and grouping leave no
/// trace, because whatever one part leaves out, the whole would leave out too.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Examples(BTreeMap<Key, Vec<FailureExample>>);

type Key = (Arc<str>, FailureKind);

impl Examples {
    pub fn push(&mut self, name: &Arc<str>, kind: FailureKind, example: FailureExample) {
        self.add_all(name, kind, vec![example]);
        self.bound();
    }

    /// Adds all of another, its names changed by `rename`.
    pub fn add(&mut self, other: Examples, mut rename: impl FnMut(Arc<str>) -> Arc<str>) {
        for ((name, kind), theirs) in other.0 {
            self.add_all(&rename(name), kind, theirs);
        }
        self.bound();
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes out those of a name and kind.
    pub fn take(&mut self, name: &Arc<str>, kind: FailureKind) -> Vec<FailureExample> {
        self.0.remove(&(Arc::clone(name), kind)).unwrap_or_default()
    }

    fn add_all(&mut self, name: &Arc<str>, kind: FailureKind, theirs: Vec<FailureExample>) {
        let ours = self.0.entry((Arc::clone(name), kind)).or_default();
        ours.extend(theirs);
        // By time, then by text, so that the order of adding leaves no trace.
        ours.sort();
        ours.truncate(MAX_EXAMPLES);
    }

    /// Leaves out the latest, if there are too many.
    fn bound(&mut self) {
        let count: usize = self.0.values().map(Vec::len).sum();
        for _ in MAX_RUN_EXAMPLES..count {
            let latest = self
                .0
                .iter()
                .max_by_key(|(key, examples)| (examples.last(), *key));
            let key = latest.expect("there are too many").0.clone();
            let examples = self.0.get_mut(&key).expect("it was just found");
            examples.pop();
            if examples.is_empty() {
                self.0.remove(&key);
            }
        }
    }
}

/// How many examples a recorder has already given away.
///
/// A recorder never gives more than [`MAX_EXAMPLES`] of a name and kind and
/// [`MAX_RUN_EXAMPLES`] in all, in a whole run. It gives them as they happen, so the
/// earliest of all recorders are always among those that were given.
#[derive(Clone, Debug, Default)]
pub(super) struct ExamplesTaken(usize);

/// How many of them were of one name, by kind.
#[derive(Clone, Debug, Default)]
pub(super) struct ExamplesOfName(BTreeMap<FailureKind, usize>);

impl ExamplesTaken {
    /// Makes an example of a failure, if one is still wanted.
    pub fn take(
        &mut self,
        of_name: &mut ExamplesOfName,
        kind: FailureKind,
        at: Duration,
        example: impl FnOnce() -> Example,
    ) -> Option<FailureExample> {
        if self.0 == MAX_RUN_EXAMPLES {
            return None;
        }
        let of_kind = of_name.0.entry(kind).or_insert(0);
        if *of_kind == MAX_EXAMPLES {
            return None;
        }
        self.0 += 1;
        *of_kind += 1;
        Some(FailureExample::new(at, example()))
    }
}
