//! The values that metrics are compared with, and their units.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use super::Metric;
use crate::base::{duration, size};

/// The limit, in the unit of its metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Limit {
    /// A share of 1: `0.1%` is 0.001.
    Share(f64),
    /// Per second.
    Rate(f64),
    /// A time.
    Time(Duration),
    /// How often.
    Count(u64),
    /// Bytes in all.
    Size(u64),
    /// Bytes per second.
    Throughput(u64),
}

impl Limit {
    /// The limit as what is measured is told: a share of 1, something per second,
    /// microseconds, a count, bytes, bytes per second.
    pub fn number(self) -> f64 {
        match self {
            Limit::Share(number) | Limit::Rate(number) => number,
            Limit::Time(time) => time.as_nanos() as f64 / 1_000.0,
            Limit::Count(number) | Limit::Size(number) | Limit::Throughput(number) => number as f64,
        }
    }

    /// Whether both are in the same unit.
    pub fn is_like(self, other: Limit) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    /// Reads the limit of a metric; the error is in words.
    pub(super) fn read(metric: Metric, word: &str) -> Result<Limit, String> {
        match metric {
            Metric::Errors => share(word).ok_or_else(|| {
                format!("`errors` is compared with a percentage such as 0.1%, not with `{word}`")
            }),
            Metric::Rate => word
                .strip_suffix("/s")
                .and_then(number)
                .map(Limit::Rate)
                .ok_or_else(|| {
                    format!(
                        "`rate` is compared with requests per second such as 50/s, not with `{word}`"
                    )
                }),
            Metric::Percentile(_) | Metric::Mean | Metric::Max | Metric::Min => {
                duration::parse(word).map(Limit::Time).map_err(|why| {
                    format!("`{word}` is not a response time: {why}; valid are 300ms or 2s")
                })
            }
            Metric::Dropped => share(word).or_else(|| count(word)).ok_or_else(|| {
                format!(
                    "`dropped` is compared with a count such as 5 or a share of the arrivals such \
                     as 1%, not with `{word}`"
                )
            }),
            Metric::Skipped => count(word).ok_or_else(|| {
                format!("`skipped` is compared with a count such as 5, not with `{word}`")
            }),
            Metric::Bytes => bytes(word).map_err(|why| {
                format!("`{word}` is not an amount of data: {why}; valid are 10GB in all or 10MB/s")
            }),
        }
    }
}

fn number(text: &str) -> Option<f64> {
    let number = text.parse::<f64>().ok();
    number.filter(|number| number.is_finite() && *number >= 0.0)
}

fn share(word: &str) -> Option<Limit> {
    let percent = word.strip_suffix('%').and_then(number);
    let percent = percent.filter(|percent| *percent <= 100.0);
    percent.map(|percent| Limit::Share(percent / 100.0))
}

fn count(word: &str) -> Option<Limit> {
    let is_plain = word.chars().all(|c| c.is_ascii_digit());
    let count = is_plain.then(|| word.parse().ok()).flatten();
    count.map(Limit::Count)
}

fn bytes(word: &str) -> Result<Limit, size::NotASize> {
    match word.strip_suffix("/s") {
        Some(size) => size::parse(size).map(Limit::Throughput),
        None => size::parse(word).map(Limit::Size),
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Twelve significant digits hide what binary fractions add to 0.1 %.
            Limit::Share(share) => write!(f, "{}%", (share * 1e14).round() / 1e12),
            Limit::Rate(rate) => write!(f, "{rate}/s"),
            Limit::Time(time) => f.write_str(&duration::text(*time)),
            Limit::Count(count) => write!(f, "{count}"),
            Limit::Size(size_bytes) => f.write_str(&size::text(*size_bytes)),
            Limit::Throughput(size_bytes) => write!(f, "{}/s", size::text(*size_bytes)),
        }
    }
}
