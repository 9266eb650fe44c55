//! Who is due when: a heap for all waiting users of a worker, and one for those who are
//! still to come.
//!
//! A user that waits is an entry here and nothing else: it has no task and no
//! timer, so that waiting costs only what the user itself holds.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    time::Duration,
};

use super::user::{Seat, User};

/// A user takes a seat.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) seat: Seat,
    pub(super) generation: u64,
    /// What the one before it [left](User::drawn).
    pub(super) drawn: Box<[u64]>,
}

/// Who waits, and who comes.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Heap<Box<User>>,
    coming: Heap<Start>,
}

/// Entries by time; those of the same instant in the order in which they came.
#[derive(Debug)]
struct Heap<T> {
    heap: BinaryHeap<Reverse<Entry<T>>>,
    next_order: u64,
}

#[derive(Debug)]
struct Entry<T> {
    at: Duration,
    order: u64,
    due: T,
}

impl Queue {
    /// A user waits until then.
    pub(super) fn wait(&mut self, until: Duration, user: Box<User>) {
        self.waiting.push(until, user);
    }

    /// A user is to come then.
    pub(super) fn come(&mut self, at: Duration, start: Start) {
        self.coming.push(at, start);
    }

    /// Takes the first one who has waited long enough.
    pub(super) fn pop_waiting(&mut self, now: Duration) -> Option<Box<User>> {
        self.waiting.pop_due(now).map(|(_, user)| user)
    }

    /// Takes the first one who is to come by now, with when that was.
    pub(super) fn pop_coming(&mut self, now: Duration) -> Option<(Duration, Start)> {
        self.coming.pop_due(now)
    }

    pub(super) fn next_due(&self) -> Option<Duration> {
        let next = [self.waiting.next_due(), self.coming.next_due()];
        next.into_iter().flatten().min()
    }

    /// Makes every waiting user due now, and lets nobody start any more.
    pub(super) fn wake_all(&mut self) {
        self.coming.heap.clear();
        let entries = std::mem::take(&mut self.waiting.heap);
        let now = |Reverse(entry)| {
            let at = Duration::ZERO;
            Reverse(Entry { at, ..entry })
        };
        self.waiting.heap = entries.into_iter().map(now).collect();
    }

    pub(super) fn clear(&mut self) {
        self.waiting.heap.clear();
        self.coming.heap.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.next_due().is_none()
    }
}

impl<T> Default for Heap<T> {
    fn default() -> Heap<T> {
        Heap {
            heap: BinaryHeap::new(),
            next_order: 0,
        }
    }
}

impl<T> Heap<T> {
    fn push(&mut self, at: Duration, due: T) {
        let order = self.next_order;
        self.next_order += 1;
        self.heap.push(Reverse(Entry { at, order, due }));
    }

    fn pop_due(&mut self, now: Duration) -> Option<(Duration, T)> {
        if self.next_due()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse(entry)| (entry.at, entry.due))
    }

    fn next_due(&self) -> Option<Duration> {
        self.heap.peek().map(|Reverse(entry)| entry.at)
    }
}

impl<T> Entry<T> {
    fn key(&self) -> (Duration, u64) {
        (self.at, self.order)
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Entry<T>) -> bool {
        self.key() == other.key()
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Entry<T>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Entry<T>) -> Ordering {
        self.key().cmp(&other.key())
    }
}
