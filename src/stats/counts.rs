//! Plain counters that add up: of a request name, and of a class of users.

use serde::{Deserialize, Serialize};

use super::{Sample, UserEvent};
use crate::exchange::Phases;

/// What is counted of each request name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counts {
    pub ok: u64,
    pub failed: u64,
    pub interrupted: u64,
    pub redirects: u64,
    pub resent: u64,
    pub connections: u64,
    pub received_bytes: u64,
}

impl Counts {
    /// Counts a finished exchange.
    pub fn record(&mut self, sample: &Sample) {
        match sample.failure {
            None => self.ok += 1,
            Some(_) => self.failed += 1,
        }
        self.redirects += u64::from(sample.redirects);
        self.resent += u64::from(sample.resent);
        self.connections += u64::from(sample.phases.connections);
        self.received_bytes += sample.received_bytes;
    }

    /// Counts one that was cut off.
    pub fn interrupted(&mut self, redirects: u32, resent: u32, phases: &Phases) {
        self.interrupted += 1;
        self.redirects += u64::from(redirects);
        self.resent += u64::from(resent);
        self.connections += u64::from(phases.connections);
    }

    pub fn add(&mut self, other: &Counts) {
        self.ok += other.ok;
        self.failed += other.failed;
        self.interrupted += other.interrupted;
        self.redirects += other.redirects;
        self.resent += other.resent;
        self.connections += other.connections;
        self.received_bytes += other.received_bytes;
    }

    /// Requests that count: ok and failed.
    pub fn requests(&self) -> u64 {
        self.ok + self.failed
    }
}

/// What is counted of each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UserCounts {
    pub started: u64,
    pub ended: u64,
    pub failed_starts: u64,
    pub iterations: u64,
    /// Arrivals of the open model, dropped ones too.
    pub due: u64,
    pub dropped: u64,
}

impl UserCounts {
    pub fn count(&mut self, event: UserEvent) {
        match event {
            UserEvent::Started => self.started += 1,
            UserEvent::Ended => self.ended += 1,
            UserEvent::Pass => self.iterations += 1,
            UserEvent::Due => self.due += 1,
            UserEvent::Dropped => self.dropped += 1,
            UserEvent::StartFailed => {
                self.ended += 1;
                self.failed_starts += 1;
            }
        }
    }

    pub fn add(&mut self, other: &UserCounts) {
        self.started += other.started;
        self.ended += other.ended;
        self.failed_starts += other.failed_starts;
        self.iterations += other.iterations;
        self.due += other.due;
        self.dropped += other.dropped;
    }

    /// Users there now. Saturates: a window with an end may arrive before that
    /// with the start.
    pub fn active(&self) -> u64 {
        self.started.saturating_sub(self.ended)
    }
}
