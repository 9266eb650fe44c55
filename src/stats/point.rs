//! A part of a run as it is shown over time: what is left of a [`Slice`] then.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::{Extremes, Figures, Slice};

/// The numbers of a part of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Since the start of the run.
    pub from: Duration,
    pub to: Duration,
    /// Users who were there at its end.
    pub users: u64,
    /// Arrivals for which no user was free.
    pub dropped: u64,
    /// Of all names.
    pub total: Figures,
    /// Only names that something happened to.
    pub rows: BTreeMap<Arc<str>, Brief>,
}

/// The numbers of a name in it; times are response times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brief {
    pub requests: u64,
    pub failed: u64,
    pub received_bytes: u64,
    pub p50: Option<Duration>,
    pub p95: Option<Duration>,
    pub p99: Option<Duration>,
    pub max: Option<Duration>,
    pub extremes: Option<Extremes>,
}

impl Point {
    /// What there is to show of a slice, where so many users were there before it.
    pub fn of(slice: &Slice, users_before: u64) -> Point {
        let rows = slice.names().filter_map(|name| {
            let brief = Brief::of(&slice.of(name)?);
            Some((Arc::clone(name), brief))
        });
        let (came, left) = slice.came_and_left();
        Point {
            from: slice.from,
            to: slice.to,
            users: (users_before + came).saturating_sub(left),
            dropped: slice.dropped(),
            total: slice.total(),
            rows: rows.collect(),
        }
    }

    /// How long it is.
    pub fn length(&self) -> Duration {
        self.to.saturating_sub(self.from)
    }
}

impl Brief {
    /// What there is to show of some numbers.
    pub fn of(figures: &Figures) -> Brief {
        let percentile = |percent| figures.response.percentile(percent);
        Brief {
            requests: figures.requests(),
            failed: figures.failed,
            received_bytes: figures.received_bytes,
            p50: percentile(50.0),
            p95: percentile(95.0),
            p99: percentile(99.0),
            max: figures.response.max(),
            extremes: figures.extremes,
        }
    }
}
