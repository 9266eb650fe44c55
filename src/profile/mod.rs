//! How much load when: pure arithmetic on the time since the start.
//!
//! A [`Profile`] is a function of elapsed time. Each user has a *seat*, a number
//! from 0; the profile says when a seat is taken and when its user retires. Both
//! are computed from the seat's number alone, so nothing accumulates, nothing
//! drifts in 72 hours, and workers need not talk to each other about it.
//!
//! ```text
//! users ▲      ______________
//!       │     /              \
//!       │    /                \
//!       └───┴───────┴─────────┴──▶ elapsed
//!         ramp_up  duration  ramp_down   (+ graceful_stop for running tasks)
//! ```
//!
//! # What is not here
//!
//! Clocks, sleeping, and who the users are.

mod stages;

use std::time::Duration;

pub use stages::StageSpan;

/// How long running tasks may take to finish after the end, unless the plan says.
pub const DEFAULT_GRACEFUL_STOP: Duration = Duration::from_secs(30);

/// How long a run without a duration could go on: longer than anyone waits, and
/// far from where sums of durations end.
const NO_END: Duration = Duration::from_secs(1000 * 365 * 24 * 3600);

/// A number of users that comes, stays, and goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Users at full load.
    pub users: u32,
    pub ramp_up: Duration,
    /// The time at full load; without one, until all have done what they are to.
    pub duration: Option<Duration>,
    /// Passes of all users together, after which nobody begins another.
    pub iterations: Option<u32>,
    /// Passes of each user, after which it leaves.
    pub per_user: Option<u32>,
    pub ramp_down: Duration,
    pub graceful_stop: Duration,
}

/// A part of the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    RampUp,
    Hold,
    RampDown,
    /// After the end.
    Over,
}

impl Profile {
    /// When the user of a seat starts.
    ///
    /// Evenly over the ramp: of 10 users in 10 s the first starts at 0 s, the
    /// last at 9 s.
    pub fn starts_at(&self, seat: u32) -> Duration {
        part_of(self.ramp_up, seat, self.users)
    }

    /// When the user of a seat starts no new task any more.
    ///
    /// Those who came last leave first; the last one leaves when the profile ends.
    pub fn retires_at(&self, seat: u32) -> Duration {
        let left = self.users.saturating_sub(seat);
        self.hold_ends_at() + part_of(self.ramp_down, left, self.users)
    }

    /// When no new task starts any more.
    pub fn ends_at(&self) -> Duration {
        self.hold_ends_at() + self.ramp_down
    }

    fn hold_ends_at(&self) -> Duration {
        self.ramp_up + self.duration.unwrap_or(NO_END)
    }

    /// The part that `elapsed` falls into.
    pub fn stage_at(&self, elapsed: Duration) -> Stage {
        if elapsed < self.ramp_up {
            Stage::RampUp
        } else if elapsed < self.hold_ends_at() {
            Stage::Hold
        } else if elapsed < self.ends_at() {
            Stage::RampDown
        } else {
            Stage::Over
        }
    }
}

/// `whole · part ÷ parts`, rounded down to the nanosecond.
fn part_of(whole: Duration, part: u32, parts: u32) -> Duration {
    let nanos = whole.as_nanos() * u128::from(part) / u128::from(parts.max(1));
    Duration::from_nanos(u64::try_from(nanos).expect("durations in plans are at most a year"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAGSHIP: Profile = Profile {
        users: 50,
        ramp_up: Duration::from_secs(120),
        duration: Some(Duration::from_secs(72 * 3600)),
        iterations: None,
        per_user: None,
        ramp_down: Duration::from_secs(60),
        graceful_stop: DEFAULT_GRACEFUL_STOP,
    };

    #[test]
    fn users_come_evenly_and_leave_in_reverse() {
        let full = 120 + 72 * 3600;
        let rows = [
            (0, 0, full * 1000 + 60_000),
            (25, 60_000, full * 1000 + 30_000),
            (49, 117_600, full * 1000 + 1_200),
        ];
        for (seat, starts_ms, retires_ms) in rows {
            assert_eq!(
                FLAGSHIP.starts_at(seat),
                Duration::from_millis(starts_ms),
                "seat {seat}"
            );
            assert_eq!(
                FLAGSHIP.retires_at(seat),
                Duration::from_millis(retires_ms),
                "seat {seat}"
            );
        }
    }

    #[test]
    fn without_ramps_everyone_comes_and_goes_together() {
        let flat = Profile {
            ramp_up: Duration::ZERO,
            ramp_down: Duration::ZERO,
            ..FLAGSHIP
        };
        for seat in 0..50 {
            assert_eq!(flat.starts_at(seat), Duration::ZERO);
            assert_eq!(flat.retires_at(seat), flat.ends_at());
        }
    }

    #[test]
    fn a_moment_belongs_to_one_stage() {
        let at = |seconds| FLAGSHIP.stage_at(Duration::from_secs(seconds));
        assert_eq!(at(0), Stage::RampUp);
        assert_eq!(at(119), Stage::RampUp);
        assert_eq!(at(120), Stage::Hold);
        assert_eq!(at(120 + 72 * 3600), Stage::RampDown);
        assert_eq!(at(180 + 72 * 3600), Stage::Over);
    }
}
