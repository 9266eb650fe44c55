//! When users leave, and when everything ends.

use std::time::Duration;

use crate::graph::Graph;

/// Two deadlines. A signal moves them; nothing else does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deadlines {
    /// From here on every user is to leave. Before that, each retires by the profile.
    pub(super) drain_at: Duration,
    /// From here on nothing runs any more.
    pub(super) cut_at: Duration,
}

/// Why somebody wants the run to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopSignal {
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// SIGHUP.
    HangUp,
    /// The plan's `stop_run`.
    Plan,
}

impl Deadlines {
    /// Those of a run that nobody interrupts.
    pub(super) fn of(graph: &Graph) -> Deadlines {
        Deadlines {
            drain_at: graph.ends_at(),
            cut_at: graph.ends_at() + graph.graceful_stop(),
        }
    }

    /// After a first signal: leave now, finish within the graceful stop.
    pub(super) fn drained(self, now: Duration, graph: &Graph) -> Deadlines {
        Deadlines {
            drain_at: self.drain_at.min(now),
            cut_at: self.cut_at.min(now + graph.graceful_stop()),
        }
    }

    /// After a second signal: nothing runs any more.
    pub(super) fn cut(self, now: Duration) -> Deadlines {
        Deadlines {
            drain_at: self.drain_at.min(now),
            cut_at: self.cut_at.min(now),
        }
    }
}
