//! What is known of an exchange while it goes on.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use super::{Hop, PhaseKind, Phases};

/// What an exchange has done so far, for whoever may cut it off.
///
/// It is the caller's, so it outlives an exchange that is dropped: what the target
/// has seen of it is then still counted.
#[derive(Debug, Default)]
pub struct Underway {
    redirects: Cell<u32>,
    resent: Cell<u32>,
    phases: Cell<Phases>,
    hops: RefCell<Vec<Hop>>,
}

impl Underway {
    /// A redirect has been followed as a part of the exchange.
    pub fn count_redirect(&self) {
        self.redirects.set(self.redirects.get() + 1);
    }

    /// A request has gone out a second time.
    pub fn count_resent(&self) {
        self.resent.set(self.resent.get() + 1);
    }

    /// A connection has been opened for it.
    pub fn count_connection(&self) {
        let mut phases = self.phases.get();
        phases.connections += 1;
        self.phases.set(phases);
    }

    /// A phase of it is over, that took so long.
    pub fn took(&self, kind: PhaseKind, time: Duration) {
        self.phases.set(self.phases.get().with(kind, time));
    }

    /// A hop that is an exchange of its own is over.
    pub fn push_hop(&self, hop: Hop) {
        self.hops.borrow_mut().push(hop);
    }

    /// How many redirects were followed as a part of the exchange.
    pub fn redirects(&self) -> u32 {
        self.redirects.get()
    }

    /// How many of its requests were sent a second time, because the server had ended
    /// the idle connection that they first went over.
    pub fn resent(&self) -> u32 {
        self.resent.get()
    }

    /// Where its time went so far, since a hop that is an exchange of its own was over.
    pub fn take_phases(&self) -> Phases {
        self.phases.take()
    }

    /// What came before it, where each hop of a chain is an exchange of its own.
    pub fn take_hops(&self) -> Vec<Hop> {
        self.hops.take()
    }
}
