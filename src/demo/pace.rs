//! A target that can do no more than so much: requests beyond it wait for their turn.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::sleep_until;

use crate::base::{clock::Clock, rate::Rate};

/// Gives requests their turns, one after the other at even distances.
#[derive(Debug)]
pub struct Pace {
    clock: Clock,
    distance: Duration,
    /// When the next turn is free.
    next: Mutex<Duration>,
}

impl Pace {
    /// So many turns in a time; none at all would serve nobody.
    pub fn of(rate: Rate) -> Option<Pace> {
        let per_second = rate.per_second();
        (per_second > 0.0).then(|| Pace {
            clock: Clock::start(),
            distance: Duration::from_secs_f64(1.0 / per_second),
            next: Mutex::default(),
        })
    }

    /// Waits until it is a request's turn.
    pub async fn turn(&self) {
        let at = self.take(self.clock.elapsed());
        sleep_until(self.clock.instant(at)).await;
    }

    /// The first turn that is free. What was not used is gone.
    fn take(&self, now: Duration) -> Duration {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let at = (*next).max(now);
        *next = at + self.distance;
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn turns_come_at_even_distances_and_are_not_saved_up() {
        let pace = Pace::of(Rate::parse("4/s").expect("a rate")).expect("it is above 0");
        let ms = Duration::from_millis;
        let rows = [(0, 0), (0, 250), (10, 500), (5_000, 5_000), (5_001, 5_250)];
        for (now, at) in rows {
            assert_eq!(pace.take(ms(now)), ms(at), "at {now}");
        }
        assert!(Pace::of(Rate::ZERO).is_none());
    }
}
