//! Failures of one request name, by kind, with the first few as they happened.

use std::{collections::BTreeMap, time::Duration};

use super::record::FailureExample;
use crate::exchange::{Failure, FailureKind};

/// How many failures of one name and kind are kept as they happened.
///
/// One shows what it looks like, three whether it always looks so. The rest is
/// a count: ten thousand messages help nobody and would grow for 72 hours.
pub const MAX_EXAMPLES: usize = 3;

/// How many characters of a detail and of a request an example keeps: enough
/// for a URL with its query, too little for a whole page.
pub const MAX_EXAMPLE_CHARS: usize = 300;

/// Counts and examples by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Failures(BTreeMap<FailureKind, Failing>);

/// Failures of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failing {
    pub count: u64,
    pub first: Duration,
    pub last: Duration,
    /// The earliest ones.
    pub examples: Vec<FailureExample>,
}

/// How many examples a recorder has already given away, by kind.
///
/// A recorder never gives more than [`MAX_EXAMPLES`] in a whole run, so the
/// earliest of all recorders are always among those that were kept.
#[derive(Clone, Debug, Default)]
pub(super) struct ExamplesTaken(BTreeMap<FailureKind, usize>);

impl Failures {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn count(&mut self, kind: FailureKind, at: Duration) {
        let failing = self.0.entry(kind).or_default();
        failing.count += 1;
        failing.first = failing.first.min(at);
        failing.last = failing.last.max(at);
    }

    pub fn add_example(&mut self, kind: FailureKind, example: FailureExample) {
        self.0.entry(kind).or_default().examples.push(example);
    }

    pub fn add(&mut self, other: &Failures) {
        for (kind, theirs) in &other.0 {
            let ours = self.0.entry(*kind).or_default();
            ours.count += theirs.count;
            ours.first = ours.first.min(theirs.first);
            ours.last = ours.last.max(theirs.last);
            ours.examples.extend_from_slice(&theirs.examples);
            // By time, then by text, so that the order of adding leaves no trace.
            ours.examples
                .sort_by(|a, b| (a.at, &a.detail, &a.request).cmp(&(b.at, &b.detail, &b.request)));
            ours.examples.truncate(MAX_EXAMPLES);
        }
    }

    /// The most frequent kind; of equally frequent ones the first of the set.
    pub fn most_frequent(&self) -> Option<FailureKind> {
        self.0
            .iter()
            .rev()
            .max_by_key(|(_, failing)| failing.count)
            .map(|(kind, _)| *kind)
    }

    pub fn into_kinds(self) -> impl Iterator<Item = (FailureKind, Failing)> {
        self.0.into_iter()
    }
}

impl ExamplesTaken {
    /// Makes an example of a failure, if one is still wanted.
    pub fn take(
        &mut self,
        at: Duration,
        failure: &Failure,
        sent: impl FnOnce() -> String,
    ) -> Option<FailureExample> {
        let taken = self.0.entry(failure.kind).or_insert(0);
        if *taken == MAX_EXAMPLES {
            return None;
        }
        *taken += 1;
        Some(FailureExample {
            at,
            detail: cut(&failure.detail, MAX_EXAMPLE_CHARS),
            request: cut(&sent(), MAX_EXAMPLE_CHARS),
        })
    }
}

impl Default for Failing {
    fn default() -> Failing {
        Failing {
            count: 0,
            first: Duration::MAX,
            last: Duration::ZERO,
            examples: Vec::new(),
        }
    }
}

/// The first `chars` characters; an ellipsis in place of what follows.
pub(super) fn cut(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
