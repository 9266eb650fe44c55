//! Durations that come in small numbers, such as those of a worker's timers.

use std::time::Duration;

use super::{HIGHEST_US, LOWEST_US, Precision, Sparse};

/// Durations while they are recorded, like a [`Tally`](super::Tally), for what is
/// emptied each second though hardly anything was recorded.
///
/// It holds only the buckets in use: emptying a histogram writes all 23,552 of them,
/// which in three days on a paused clock is most of the work.
#[derive(Clone, Debug, Default)]
pub struct Few {
    recorded: Sparse,
}

impl Few {
    /// Adds one. Takes time for the buckets in use.
    pub fn record(&mut self, time: Duration) {
        let Sparse {
            exact,
            precision,
            counts,
        } = &mut self.recorded;
        exact.record(time);
        let bucket_us = lowest_in_bucket(time, *precision);
        match counts.binary_search_by_key(&bucket_us, |(value_us, _)| *value_us) {
            Ok(at) => counts[at].1 += 1,
            Err(at) => counts.insert(at, (bucket_us, 1)),
        }
    }

    /// What was recorded since the last time; empty afterwards.
    pub fn take(&mut self) -> Sparse {
        std::mem::take(&mut self.recorded)
    }
}

/// The shortest duration in the bucket of another, in microseconds.
fn lowest_in_bucket(time: Duration, precision: Precision) -> u32 {
    let time_us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let time_us = u32::try_from(time_us.clamp(LOWEST_US, HIGHEST_US));
    let time_us = time_us.expect("an hour in microseconds fits");
    let bits = u32::BITS - time_us.leading_zeros();
    let width_bits = bits.saturating_sub(precision.bucket_bits());
    time_us >> width_bits << width_bits
}

#[cfg(test)]
mod tests {
    use super::{super::Tally, *};

    #[test]
    fn few_are_what_a_tally_of_the_same_is() {
        let mut few = Few::default();
        let mut tally = Tally::default();
        for round in 0..3_u64 {
            let times = (0..31).flat_map(|bit| [1_u64 << bit, (1 << bit) + 1, (3 << bit) / 2 + 7]);
            for time_us in times.chain([0, 5, 5, 2_047, 2_048, 2_049, 1 << 40]) {
                let time = Duration::from_nanos(time_us * 1_000 + round);
                few.record(time);
                tally.record(time);
            }
            assert_eq!(few.take(), tally.take());
        }
        assert_eq!(few.take(), Sparse::default());
    }
}
