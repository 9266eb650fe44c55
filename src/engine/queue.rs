//! Who is due when: one heap for all waiting users of a worker.
//!
//! A user that waits is an entry here and nothing else: it has no task and no
//! timer, so that waiting costs only what the user itself holds.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    time::Duration,
};

use super::user::{Seat, User};

/// What happens when it is time.
#[derive(Debug)]
pub(super) enum Due {
    /// A user takes a seat; `drawn` is what the one before it [left](User::drawn).
    Start {
        seat: Seat,
        generation: u64,
        drawn: Box<[u64]>,
    },
    /// A user has waited.
    Resume(Box<User>),
}

/// Entries by time; those of the same instant in the order in which they came.
#[derive(Debug)]
pub(super) struct Queue {
    heap: BinaryHeap<Reverse<Entry>>,
    next_order: u64,
}

#[derive(Debug)]
struct Entry {
    at: Duration,
    order: u64,
    due: Due,
}

impl Queue {
    pub(super) fn new() -> Queue {
        Queue {
            heap: BinaryHeap::new(),
            next_order: 0,
        }
    }

    pub(super) fn push(&mut self, at: Duration, due: Due) {
        let order = self.next_order;
        self.next_order += 1;
        self.heap.push(Reverse(Entry { at, order, due }));
    }

    /// Takes the first one, if its time has come, with when that was.
    pub(super) fn pop_due(&mut self, now: Duration) -> Option<(Duration, Due)> {
        if self.next_due()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse(entry)| (entry.at, entry.due))
    }

    pub(super) fn next_due(&self) -> Option<Duration> {
        self.heap.peek().map(|Reverse(entry)| entry.at)
    }

    /// Makes every waiting user due now, and lets nobody start any more.
    pub(super) fn wake_all(&mut self) {
        let entries = std::mem::take(&mut self.heap);
        self.heap = entries
            .into_iter()
            .filter(|Reverse(entry)| matches!(entry.due, Due::Resume(_)))
            .map(|Reverse(entry)| {
                Reverse(Entry {
                    at: Duration::ZERO,
                    ..entry
                })
            })
            .collect();
    }

    pub(super) fn clear(&mut self) {
        self.heap.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

impl Entry {
    fn key(&self) -> (Duration, u64) {
        (self.at, self.order)
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Entry) -> Ordering {
        self.key().cmp(&other.key())
    }
}
