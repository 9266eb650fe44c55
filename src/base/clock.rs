//! The one place that asks what time it is.
//!
//! Time is tokio's: real in a run, paused in a simulation and in tests, where
//! it jumps to the next thing that is due. Everything else takes `elapsed`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// The time since a run began, and what the calendar said at that moment.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    began: Instant,
    began_unix: Duration,
}

impl Clock {
    /// Starts counting now.
    pub fn start() -> Clock {
        let began_unix = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        Clock {
            began: Instant::now(),
            began_unix,
        }
    }

    /// Starts counting now, pretending that the calendar says `unix`.
    ///
    /// For simulations and tests, whose `now()` must not depend on the day.
    pub fn start_at(unix: Duration) -> Clock {
        Clock {
            began: Instant::now(),
            began_unix: unix,
        }
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// When `elapsed` will have passed since the start.
    pub fn instant(&self, elapsed: Duration) -> Instant {
        self.began + elapsed
    }

    /// The calendar time `elapsed` after the start, since 1970 in UTC.
    ///
    /// Computed from the start, so it never jumps when the machine's clock is set.
    pub fn unix(&self, elapsed: Duration) -> Duration {
        self.began_unix + elapsed
    }
}
