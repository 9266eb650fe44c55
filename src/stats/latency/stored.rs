//! Durations as they are written down: exact ends in nanoseconds, and the buckets that
//! are not empty by their distance from the one before.
//!
//! Numbers of a few digits take a byte or two each, where the format writes small
//! numbers short.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{Exact, HIGHEST_US, Latencies, Precision, Sparse, empty};

/// What is written: ends, precision, buckets.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// How many, their sum, the shortest and the longest, in nanoseconds.
    ends: (u64, u128, u64, u64),
    precision: Precision,
    /// The distance of a bucket's number from the one before, and its count.
    buckets: Vec<(u32, u64)>,
}

impl Stored {
    /// `values` are the lowest of their buckets, in ascending order.
    fn new(
        exact: &Exact,
        precision: Precision,
        values: impl Iterator<Item = (u64, u64)>,
    ) -> Stored {
        let mut before = 0;
        let buckets = values.map(|(value_us, count)| {
            let bucket = precision.bucket(value_us) as u32;
            let distance = bucket - std::mem::replace(&mut before, bucket);
            (distance, count)
        });
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        Stored {
            ends: match exact.count {
                0 => (0, 0, 0, 0),
                count => (
                    count,
                    exact.sum.as_nanos(),
                    nanos(exact.min),
                    nanos(exact.max),
                ),
            },
            precision,
            buckets: buckets.collect(),
        }
    }

    fn exact(&self) -> Exact {
        let (count, sum, min, max) = self.ends;
        if count == 0 {
            return Exact::default();
        }
        Exact {
            count,
            // A sum of durations beyond this would be one of half a millennium.
            sum: Duration::from_nanos(u64::try_from(sum).unwrap_or(u64::MAX)),
            min: Duration::from_nanos(min),
            max: Duration::from_nanos(max),
        }
    }

    /// The lowest value of each bucket and its count; `None` if there is no such bucket.
    fn values(&self) -> Option<Vec<(u32, u64)>> {
        let last = self.precision.buckets() as u32;
        let mut bucket = 0_u32;
        let values = self.buckets.iter().map(|(distance, count)| {
            bucket = bucket.checked_add(*distance)?;
            (bucket < last).then(|| (self.precision.lowest_us(bucket), *count))
        });
        values.collect()
    }
}

impl Serialize for Sparse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values = self.counts.iter();
        let values = values.map(|(value_us, count)| (u64::from(*value_us), *count));
        Stored::new(&self.exact, self.precision, values).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Sparse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sparse, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let counts = stored.values();
        Ok(Sparse {
            exact: stored.exact(),
            precision: stored.precision,
            counts: counts.ok_or_else(|| D::Error::custom("a duration out of bounds"))?,
        })
    }
}

impl Serialize for Latencies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(histogram) = &self.histogram else {
            return Stored::new(&self.exact, Precision::Fine, std::iter::empty())
                .serialize(serializer);
        };
        let precision = match histogram.sigfig() {
            2 => Precision::Coarse,
            _ => Precision::Fine,
        };
        let values = histogram.iter_recorded().map(|step| {
            // What lies beyond is in the last bucket.
            let value_us = step.value_iterated_to().min(HIGHEST_US);
            (value_us, step.count_at_value())
        });
        Stored::new(&self.exact, precision, values).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Latencies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Latencies, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let exact = stored.exact();
        let values = stored.values();
        let values = values.ok_or_else(|| D::Error::custom("a duration out of bounds"))?;
        let filled = || {
            let mut histogram: Histogram<u64> = empty(stored.precision);
            for (value_us, count) in &values {
                histogram.saturating_record_n(u64::from(*value_us), *count);
            }
            histogram
        };
        Ok(Latencies {
            exact,
            histogram: (!values.is_empty()).then(filled),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::latency::Tally;

    #[test]
    fn what_is_written_is_read_again() {
        for mut tally in [Tally::default(), Tally::coarse()] {
            for n in 1..=1_000_u64 {
                tally.record(Duration::from_nanos(n * n * 4_321));
            }
            tally.record(Duration::from_secs(10_000));
            tally.record(Duration::ZERO);
            let window = tally.take();
            let mut total = Latencies::default();
            total.add_sparse(&window);
            let bytes = serde_json::to_vec(&(&window, &total)).unwrap();
            let read: (Sparse, Latencies) = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(read, (window, total));
        }
        let nothing = (Sparse::default(), Latencies::default());
        let bytes = serde_json::to_vec(&nothing).unwrap();
        let read: (Sparse, Latencies) = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(read, nothing);
    }

    #[test]
    fn what_nobody_has_written_is_no_duration() {
        let wrong = r#"{"ends":[1,1,1,1],"precision":"Fine","buckets":[[4000000000,1]]}"#;
        assert!(serde_json::from_str::<Sparse>(wrong).is_err());
        let wrong = r#"{"ends":[1,1,1,1],"precision":"Fine","buckets":[[4294967295,1],[9,1]]}"#;
        assert!(serde_json::from_str::<Latencies>(wrong).is_err());
    }
}
