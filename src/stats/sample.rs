//! What the engine reports: finished exchanges, and what happens to users.

use std::time::Duration;

use crate::{
    base::ids::RowId,
    exchange::{FailureKind, Phases, Timing},
};

/// One finished exchange, as ids and instants.
///
/// A request that could not even be rendered is one too: its failure is
/// [`FailureKind::Template`], and every instant is the one at which it failed.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub row: RowId,
    /// When the schedule wanted it sent. Without a schedule of its own (waits
    /// between tasks), the instant it was sent.
    pub due: Duration,
    pub timing: Timing,
    pub phases: Phases,
    pub received_bytes: u64,
    pub redirects: u32,
    /// Requests of it that went out a second time, see [`Exchange::resent`].
    ///
    /// [`Exchange::resent`]: crate::exchange::Exchange::resent
    pub resent: u32,
    /// `None` if everything was as expected.
    pub failure: Option<FailureKind>,
}

impl Sample {
    /// Whether the whole answer came, so that its latency means something.
    pub(super) fn has_answer(&self) -> bool {
        self.failure.is_none_or(FailureKind::has_answer)
    }
}

/// What happened to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserEvent {
    Started,
    /// It began a pass of its class's body.
    Pass,
    Ended,
    /// An arrival of the open model was due, whatever became of it.
    Due,
    /// An arrival found no user free, or the end of the run before it could be played.
    Dropped,
    /// Its `on_start` failed; it has also ended, and [`UserEvent::Ended`] is
    /// not reported for it again.
    StartFailed,
}
