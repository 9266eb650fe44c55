//! When a seat is taken: the closed model.

use std::time::Duration;

use super::{Profile, Stage};

/// A time for which a seat is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// When its user starts.
    pub from: Duration,
    /// From when on its user starts no new task.
    pub to: Duration,
}

impl Profile {
    /// The times for which the user of a seat is wanted, in their order; with gaps
    /// between them where the level falls and rises again.
    ///
    /// Users come evenly over a ramp: of 10 users in 10 s the first starts at 0 s, the
    /// last at 9 s. Those who came last leave first; of 10 users who leave in 10 s the
    /// first does so after 1 s, the last when the ramp ends.
    pub fn stays(&self, seat: u32) -> impl Iterator<Item = Stay> + '_ {
        let seat = u64::from(seat);
        let mut parts = self
            .stages()
            .iter()
            .filter_map(move |stage| part(stage, seat));
        let mut next = parts.next();
        std::iter::from_fn(move || {
            let mut stay = next.take()?;
            for part in parts.by_ref() {
                if part.from > stay.to {
                    next = Some(part);
                    break;
                }
                stay.to = part.to;
            }
            Some(stay)
        })
    }

    /// The stay of a seat that lasts beyond a moment: the one that it is in, or the
    /// next one.
    pub fn stay_after(&self, seat: u32, moment: Duration) -> Option<Stay> {
        self.stays(seat).find(|stay| stay.to > moment)
    }
}

/// The part of a stage for which a seat is wanted; `None` if there is none.
fn part(stage: &Stage, seat: u64) -> Option<Stay> {
    let (begin, end) = stage.levels();
    let length = stage.length();
    let (from, to) = if begin < end {
        if seat >= end {
            return None;
        }
        let from = part_of(length, seat.saturating_sub(begin), end - begin);
        (stage.from + from, stage.to)
    } else {
        if seat >= begin {
            return None;
        }
        let to = if seat < end {
            length
        } else {
            part_of(length, begin - seat, begin - end)
        };
        (stage.from, stage.from + to)
    };
    (from < to).then_some(Stay { from, to })
}

/// `whole · part ÷ parts`, rounded down to the nanosecond.
fn part_of(whole: Duration, part: u64, parts: u64) -> Duration {
    let nanos = whole.as_nanos() * u128::from(part) / u128::from(parts.max(1));
    Duration::from_nanos_u128(nanos)
}
