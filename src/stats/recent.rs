//! The last ten seconds of a run.

use std::{collections::VecDeque, time::Duration};

use super::{Recent, Window, latency::Sparse};

/// How many seconds count as recent: enough for a p99 at a hundred requests
/// per second, short enough to see a change while it happens.
const RECENT_S: u64 = 10;

/// Windows of the last ten seconds, added up second by second.
#[derive(Debug, Default)]
pub(super) struct RecentWindows {
    /// Ascending by second; at most [`RECENT_S`].
    seconds: VecDeque<Second>,
    /// Where the last one that was dropped ended.
    begins: Duration,
}

#[derive(Debug, Default)]
struct Second {
    /// Workers deliver a little before or after the full second: their windows
    /// belong to the nearest.
    number: u64,
    ends: Duration,
    requests: u64,
    failed: u64,
    response: Sparse,
}

impl RecentWindows {
    /// Adds a window; one that is older than all of this is ignored.
    pub fn add(&mut self, window: &Window) {
        let number = (window.to + Duration::from_millis(500)).as_secs();
        let newest = self.seconds.back().map_or(0, |second| second.number);
        if number + RECENT_S <= newest {
            return;
        }
        let second = self.second(number);
        second.ends = second.ends.max(window.to);
        for row in window.rows.values() {
            second.requests += row.counts.requests();
            second.failed += row.counts.failed;
            second.response.add(&row.times.response);
        }
        while let Some(oldest) = self.seconds.front()
            && oldest.number + RECENT_S <= newest.max(number)
        {
            self.begins = self.begins.max(oldest.ends);
            self.seconds.pop_front();
        }
    }

    /// The numbers of all seconds together.
    pub fn sum(&self) -> Recent {
        let mut requests = 0;
        let mut failed = 0;
        let mut response = Sparse::default();
        for second in &self.seconds {
            requests += second.requests;
            failed += second.failed;
            response.add(&second.response);
        }
        let ends = self.seconds.back().map_or(self.begins, |last| last.ends);
        let span_s = ends.saturating_sub(self.begins).as_secs_f64();
        Recent {
            rate: if span_s > 0.0 {
                requests as f64 / span_s
            } else {
                0.0
            },
            errors: (requests > 0).then(|| failed as f64 / requests as f64),
            p50: response.percentile(50.0),
            p95: response.percentile(95.0),
            p99: response.percentile(99.0),
        }
    }

    fn second(&mut self, number: u64) -> &mut Second {
        let place = self
            .seconds
            .partition_point(|second| second.number < number);
        let known = self
            .seconds
            .get(place)
            .is_some_and(|second| second.number == number);
        if !known {
            self.seconds.insert(
                place,
                Second {
                    number,
                    ..Second::default()
                },
            );
        }
        &mut self.seconds[place]
    }
}
