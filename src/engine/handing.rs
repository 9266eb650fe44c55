//! How workers hand on arrivals that they have nobody for.
//!
//! Each worker has its part of the users who may be busy. Where all of them are, an
//! arrival is offered to the other workers in turn; only when none has anybody is it
//! dropped. Nothing of this is touched while there are users free. A worker before whom
//! [`MOST_OFFERED`] lie already is so far behind that it is not asked.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::gate::Arrival;

/// Arrivals that lie before a worker at most.
const MOST_OFFERED: usize = 1_024;

/// A worker's side of it.
#[derive(Debug)]
pub(super) struct Handing {
    inbox: mpsc::Receiver<Handed>,
    /// By worker, this one's own too.
    desks: Arc<[mpsc::Sender<Handed>]>,
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
        let channels = (0..workers).map(|_| mpsc::channel(MOST_OFFERED));
        let (desks, inboxes): (Vec<_>, Vec<_>) = channels.unzip();
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
            // Who is gone or far behind has nobody; whoever comes after it may have.
            let further = asked - handed.asked;
            let desk = &self.desks[(self.number + further) % workers];
            desk.try_send(Handed { asked, ..handed }).is_ok()
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
