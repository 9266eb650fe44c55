//! Durations in three densities: while recording, in a window, in totals.
//!
//! All three keep the count, sum, shortest and longest exactly, and the shape
//! in the buckets of one and the same histogram: 1 µs to 1 h at three digits, or at two
//! where a seventh of the memory is to do. What lies outside is counted in the first or
//! last bucket.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use hdrhistogram::{Counter, Histogram};

mod few;
mod stored;

pub(super) use few::Few;

const LOWEST_US: u64 = 1;
/// No timeout of a plan is that long; a longer wait is one of the machine's.
const HIGHEST_US: u64 = 3_600_000_000;

/// How finely durations are told apart. Those that are added up are all alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Precision {
    /// To three digits.
    #[default]
    Fine,
    /// To two digits.
    Coarse,
}

impl Precision {
    fn digits(self) -> u8 {
        match self {
            Precision::Fine => 3,
            Precision::Coarse => 2,
        }
    }

    /// Values below 2 to this have a bucket each.
    fn bucket_bits(self) -> u32 {
        match self {
            Precision::Fine => 11,
            Precision::Coarse => 8,
        }
    }

    /// The number of the bucket of a value, in the layout of the histogram: from one
    /// power of two to the next buckets are twice as wide, and as many as in all the
    /// widths before but the first.
    fn bucket(self, value_us: u64) -> usize {
        let (width, half) = self.width(value_us);
        (width << half) as usize + (value_us >> width) as usize
    }

    /// The lowest value of a bucket.
    fn lowest_us(self, bucket: u32) -> u32 {
        let half = self.bucket_bits() - 1;
        let width = (bucket >> half).saturating_sub(1);
        (bucket - (width << half)) << width
    }

    /// The width of the bucket of a value, as a power of two; and half the number of
    /// those that have no width, as one.
    fn width(self, value_us: u64) -> (u32, u32) {
        let bits = self.bucket_bits();
        let width = (u64::BITS - value_us.leading_zeros()).saturating_sub(bits);
        (width, bits - 1)
    }

    /// How many buckets there are.
    pub(super) fn buckets(self) -> usize {
        self.bucket(HIGHEST_US) + 1
    }
}

/// Durations added up: how many, how long, how they are distributed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Latencies {
    exact: Exact,
    /// Made when the first duration arrives: 184 KiB, or 26 KiB if it is coarse.
    histogram: Option<Histogram<u64>>,
}

impl Latencies {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.exact.count
    }

    /// The arithmetic mean, exact.
    pub fn mean(&self) -> Option<Duration> {
        let mean_ns = self
            .exact
            .sum
            .as_nanos()
            .checked_div(u128::from(self.exact.count))?;
        // A mean of durations is at most the longest of them, which fits.
        Some(Duration::from_nanos_u128(mean_ns))
    }

    /// The shortest, exact.
    pub fn min(&self) -> Option<Duration> {
        (self.exact.count > 0).then_some(self.exact.min)
    }

    /// The longest, exact.
    pub fn max(&self) -> Option<Duration> {
        (self.exact.count > 0).then_some(self.exact.max)
    }

    /// The duration that `percent` of all do not exceed, to three digits; that of a
    /// phase, to two.
    pub fn percentile(&self, percent: f64) -> Option<Duration> {
        let histogram = self.histogram.as_ref()?;
        let count = self.exact.count as f64;
        // The middle between the rank and the one before: no rounding of the
        // histogram's own leads to a neighbour of it.
        let rank = rank(percent, self.exact.count);
        let value_us = histogram.value_at_quantile((rank - 0.5) / count);
        // The end of a bucket may lie beyond the longest that fell into it.
        Some(Duration::from_micros(value_us).clamp(self.exact.min, self.exact.max))
    }

    /// Adds all of another.
    pub(super) fn add(&mut self, other: &Latencies) {
        self.exact.add(&other.exact);
        if let Some(theirs) = &other.histogram {
            self.histogram
                .get_or_insert_with(|| Histogram::new_from(theirs))
                .add(theirs)
                .expect("all histograms here have the same bounds");
        }
    }

    /// Adds all of a window.
    pub(super) fn add_sparse(&mut self, window: &Sparse) {
        if window.counts.is_empty() {
            return;
        }
        self.exact.add(&window.exact);
        let histogram = self
            .histogram
            .get_or_insert_with(|| empty(window.precision));
        for (value_us, count) in &window.counts {
            histogram.saturating_record_n(u64::from(*value_us), *count);
        }
    }
}

/// Which of `count` values in ascending order a percentile is, from 1.
pub(super) fn rank(percent: f64, count: u64) -> f64 {
    // `0.55 * 100` is 55.000000000000007, and its ceiling would be one too far.
    (percent * count as f64 / 100.0 * (1.0 - 1e-12))
        .ceil()
        .max(1.0)
}

/// Durations while they are recorded. Keeps its memory when it is emptied.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    exact: Exact,
    precision: Precision,
    /// By bucket. Made when the first duration arrives: 91 KiB, or 13 KiB if it is
    /// coarse, which counters of 32 bits make possible. One would need 4 billion entries
    /// in a window.
    counts: Box<[u32]>,
    /// Every bucket that is not empty, so that emptying visits these and not 23,221 of
    /// them.
    used: Vec<u32>,
}

impl Tally {
    /// An empty one that is coarse.
    pub fn coarse() -> Tally {
        Tally {
            precision: Precision::Coarse,
            ..Tally::default()
        }
    }

    /// Whether nothing was recorded since it was emptied.
    pub fn is_empty(&self) -> bool {
        self.exact.count == 0
    }

    /// Adds one.
    pub fn record(&mut self, time: Duration) {
        self.exact.record(time);
        let time_us = u64::try_from(time.as_micros())
            .unwrap_or(u64::MAX)
            .clamp(LOWEST_US, HIGHEST_US);
        if self.counts.is_empty() {
            self.counts = vec![0; self.precision.buckets()].into();
        }
        let bucket = self.precision.bucket(time_us);
        let count = &mut self.counts[bucket];
        if *count == 0 {
            self.used.push(bucket as u32);
        }
        *count = count.saturating_add(1);
    }

    /// What was recorded since the last time; empty afterwards.
    pub fn take(&mut self) -> Sparse {
        self.used.sort_unstable();
        let (precision, counts) = (self.precision, &mut self.counts);
        let taken = self.used.drain(..).map(|bucket| {
            let count = std::mem::take(&mut counts[bucket as usize]);
            (precision.lowest_us(bucket), u64::from(count))
        });
        Sparse {
            counts: taken.collect(),
            exact: std::mem::take(&mut self.exact),
            precision,
        }
    }
}

/// Durations of a window: only the buckets that are not empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sparse {
    pub(super) exact: Exact,
    precision: Precision,
    /// Lowest value of a bucket in microseconds and its count, ascending.
    pub(super) counts: Vec<(u32, u64)>,
}

impl Sparse {
    /// The duration that `percent` of all do not exceed, to three digits.
    pub fn percentile(&self, percent: f64) -> Option<Duration> {
        let rank = rank(percent, self.exact.count);
        let mut below = 0;
        let bucket = self.counts.iter().find(|(_, count)| {
            below += count;
            below as f64 >= rank
        });
        let (value_us, _) = bucket?;
        let highest = highest_in_bucket(*value_us, self.precision);
        Some(highest.clamp(self.exact.min, self.exact.max))
    }

    /// Tells values apart by no more than `bits` of them: a bucket of so many stands for
    /// itself by its middle.
    pub fn thin(&mut self, bits: u32) {
        let precision = self.precision;
        let thin = |value_us: u32| {
            let width = (u32::BITS - value_us.leading_zeros()).saturating_sub(bits);
            let lowest = value_us >> width << width;
            let middle = lowest + (1 << width >> 1);
            precision.lowest_us(precision.bucket(u64::from(middle)) as u32)
        };
        for (value_us, _) in &mut self.counts {
            *value_us = thin(*value_us);
        }
        self.join_equal();
    }

    /// Joins counts of the same bucket, which follow each other.
    fn join_equal(&mut self) {
        self.counts.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
    }

    /// Adds what is kept exactly of another, and nothing of its shape.
    pub fn add_ends(&mut self, other: &Sparse) {
        self.exact.add(&other.exact);
    }

    /// Adds all of another.
    pub fn add(&mut self, other: &Sparse) {
        self.exact.add(&other.exact);
        // One that has nothing yet becomes what is added.
        if self.counts.is_empty() {
            self.precision = other.precision;
        }
        self.counts.extend_from_slice(&other.counts);
        self.counts.sort_unstable_by_key(|(value_us, _)| *value_us);
        self.join_equal();
    }
}

/// What is kept exactly of any number of durations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Exact {
    pub(super) count: u64,
    pub(super) sum: Duration,
    pub(super) min: Duration,
    pub(super) max: Duration,
}

impl Exact {
    fn record(&mut self, time: Duration) {
        self.count += 1;
        self.sum += time;
        self.min = self.min.min(time);
        self.max = self.max.max(time);
    }

    fn add(&mut self, other: &Exact) {
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}

impl Default for Exact {
    fn default() -> Exact {
        Exact {
            count: 0,
            sum: Duration::ZERO,
            min: Duration::MAX,
            max: Duration::ZERO,
        }
    }
}

/// The longest duration that falls into the bucket whose shortest is given.
pub(super) fn highest_in_bucket(lowest_us: u32, precision: Precision) -> Duration {
    // A bucket is as wide as the power of two that leaves so many bits of its values:
    // the layout of a histogram of three digits, or two.
    let bits = 32 - lowest_us.leading_zeros();
    let width_us = 1_u64 << bits.saturating_sub(precision.bucket_bits());
    Duration::from_micros(u64::from(lowest_us) + width_us - 1)
}

pub(super) fn empty<C: Counter>(precision: Precision) -> Histogram<C> {
    Histogram::new_with_bounds(LOWEST_US, HIGHEST_US, precision.digits())
        .expect("the bounds and digits are valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_end_where_those_of_the_histogram_end() {
        for precision in [Precision::Fine, Precision::Coarse] {
            let histogram: Histogram<u64> = empty(precision);
            for value_us in
                (0..31).flat_map(|bit| [(1_u64 << bit), (1 << bit) + 1, (3 << bit) / 2 + 7])
            {
                let lowest = histogram.lowest_equivalent(value_us);
                let bucket = u32::try_from(precision.bucket(value_us)).unwrap();
                assert_eq!(u64::from(precision.lowest_us(bucket)), lowest, "{value_us}");
                assert_eq!(
                    highest_in_bucket(u32::try_from(lowest).unwrap(), precision),
                    Duration::from_micros(histogram.highest_equivalent(value_us)),
                    "{value_us} {precision:?}"
                );
            }
        }
    }

    #[test]
    fn a_window_has_the_percentiles_of_a_total() {
        for mut tally in [Tally::default(), Tally::coarse()] {
            for n in 1..=1_000_u64 {
                tally.record(Duration::from_micros(n * n));
            }
            assert!(!tally.is_empty());
            let mut window = Sparse::default();
            window.add(&tally.take());
            assert!(tally.is_empty());
            let mut total = Latencies::default();
            total.add_sparse(&window);
            let mut sum = Latencies::default();
            sum.add(&total);
            for percent in [1.0, 50.0, 55.0, 90.0, 95.0, 99.0, 99.9] {
                let expected = total.percentile(percent);
                assert_eq!(window.percentile(percent), expected, "p{percent}");
                assert_eq!(sum.percentile(percent), expected, "p{percent}");
            }
        }
        assert_eq!(Sparse::default().percentile(50.0), None);
    }
}
