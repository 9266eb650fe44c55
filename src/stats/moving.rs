//! Durations of a window that moves: steps come in front, and go behind.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::latency::{Precision, Sparse, highest_in_bucket, rank};

/// Durations of the steps of a window.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Moving {
    /// Oldest first.
    steps: VecDeque<Sparse>,
    count: u64,
    sum: Duration,
    /// Of all steps: lowest value of a bucket in microseconds, and its count.
    counts: BTreeMap<u32, u64>,
}

impl Moving {
    /// Adds the newest step.
    pub fn push(&mut self, step: Sparse) {
        self.count += step.exact.count;
        self.sum += step.exact.sum;
        for (value_us, count) in &step.counts {
            *self.counts.entry(*value_us).or_default() += count;
        }
        self.steps.push_back(step);
    }

    /// Takes the oldest step away.
    pub fn pop(&mut self) {
        let Some(step) = self.steps.pop_front() else {
            return;
        };
        self.count -= step.exact.count;
        self.sum -= step.exact.sum;
        for (value_us, count) in &step.counts {
            let left = self.counts.get_mut(value_us).map(|of_bucket| {
                *of_bucket -= count;
                *of_bucket
            });
            if left == Some(0) {
                self.counts.remove(value_us);
            }
        }
    }

    /// The duration that `percent` of all do not exceed, to three digits.
    pub fn percentile(&self, percent: f64) -> Option<Duration> {
        let rank = rank(percent, self.count);
        let mut below = 0;
        let bucket = self.counts.iter().find(|(_, count)| {
            below += *count;
            below as f64 >= rank
        });
        let (value_us, _) = bucket?;
        // The end of a bucket may lie beyond the longest that fell into it.
        let highest = highest_in_bucket(*value_us, Precision::Fine);
        Some(highest.clamp(self.min()?, self.max()?))
    }

    /// The arithmetic mean, exact.
    pub fn mean(&self) -> Option<Duration> {
        let mean_ns = self.sum.as_nanos().checked_div(u128::from(self.count))?;
        Some(Duration::from_nanos_u128(mean_ns))
    }

    /// The longest, exact.
    pub fn max(&self) -> Option<Duration> {
        self.full().map(|step| step.exact.max).max()
    }

    /// The shortest, exact.
    pub fn min(&self) -> Option<Duration> {
        self.full().map(|step| step.exact.min).min()
    }

    fn full(&self) -> impl Iterator<Item = &Sparse> {
        self.steps.iter().filter(|step| step.exact.count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::latency::{Latencies, Tally};

    /// Whatever has come and gone: what is left is as if it alone had come.
    #[test]
    fn a_window_that_moved_has_the_numbers_of_its_steps() {
        let mut moving = Moving::default();
        let mut steps = Vec::new();
        for step in 0..50_u64 {
            let mut tally = Tally::default();
            for n in 0..step % 7 {
                tally.record(Duration::from_micros(1 + n * n * 977 + step * 131));
            }
            let step = tally.take();
            moving.push(step.clone());
            steps.push(step);
            if steps.len() > 5 {
                moving.pop();
            }
            let mut total = Latencies::default();
            for step in steps.iter().rev().take(5) {
                total.add_sparse(step);
            }
            assert_eq!(moving.mean(), total.mean());
            assert_eq!(moving.min(), total.min());
            assert_eq!(moving.max(), total.max());
            for percent in [1.0, 50.0, 90.0, 99.0, 99.9] {
                assert_eq!(moving.percentile(percent), total.percentile(percent));
            }
        }
    }
}
