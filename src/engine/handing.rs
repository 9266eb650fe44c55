//! How workers hand on arrivals that they have nobody for.
//!
//! Each worker has its part of the users who may be busy. Where all of them are, an
//! arrival is offered to the other workers in turn; only when none has anybody is it
//! dropped. Nothing of this is touched while there are users free.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::gate::Arrival;

/// A worker's side of it.
#[derive(Debug)]
pub(super) struct Handing {
    inbox: mpsc::UnboundedReceiver<Handed>,
    /// By worker, this one's own too. What lies there is bounded: by the arrivals that
    /// are due and were not taken yet.
    desks: Arc<[mpsc::UnboundedSender<Handed>]>,
    number: usize,
}

/// An arrival, and who was asked already.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handed {
    /// Every worker has the same gates in the same order.
    pub(super) gate: usize,
    pub(super) arrival: Arrival,
    /// How many workers had nobody.
    pub(super) asked: usize,
}

impl Handing {
    /// One for each of so many workers.
    pub(super) fn all(workers: u32) -> Vec<Handing> {
        let (desks, inboxes): (Vec<_>, Vec<_>) =
            (0..workers).map(|_| mpsc::unbounded_channel()).unzip();
        let desks: Arc<[_]> = desks.into();
        let sides = inboxes.into_iter().enumerate();
        sides
            .map(|(number, inbox)| Handing {
                inbox,
                desks: desks.clone(),
                number,
            })
            .collect()
    }

    /// Offers an arrival to the next worker that was not asked. Returns whether there
    /// is one.
    pub(super) fn on(&self, handed: Handed) -> bool {
        let workers = self.desks.len();
        (handed.asked + 1..workers).any(|asked| {
            // Who is gone has nobody; whoever comes after it may have.
            let further = asked - handed.asked;
            let desk = &self.desks[(self.number + further) % workers];
            desk.send(Handed { asked, ..handed }).is_ok()
        })
    }

    /// The next arrival that others have nobody for.
    pub(super) async fn next(&mut self) -> Option<Handed> {
        self.inbox.recv().await
    }

    /// Takes no more. Returns what lies there.
    pub(super) fn close(&mut self) -> Vec<Handed> {
        self.inbox.close();
        std::iter::from_fn(|| self.inbox.try_recv().ok()).collect()
    }
}
