//! Measures what thresholds are about, and judges the run by them.

use std::time::Duration;

use super::{Outcome, RowTotals, ThresholdResult, Verdict};
use crate::base::{
    figures,
    threshold::{Limit, Metric, Threshold},
};

/// Judges each threshold by the totals of a run that took `elapsed`.
pub(super) fn judge(
    thresholds: &[Threshold],
    rows: &[RowTotals],
    total: &RowTotals,
    elapsed: Duration,
) -> Vec<ThresholdResult> {
    thresholds
        .iter()
        .map(|threshold| {
            let row = match &threshold.of {
                None => Some(total),
                Some(name) => rows.iter().find(|row| *row.name == **name),
            };
            let measured = row.and_then(|row| measure(threshold.metric, row, elapsed));
            ThresholdResult {
                threshold: threshold.clone(),
                measured,
                outcome: match measured {
                    None => Outcome::NoData,
                    Some(value) if threshold.holds(value) => Outcome::Pass,
                    Some(_) => Outcome::Fail,
                },
            }
        })
        .collect()
}

/// What all thresholds together say. Without any there is nothing to pass.
pub(super) fn verdict(results: &[ThresholdResult]) -> Verdict {
    let any = |outcome| results.iter().any(|result| result.outcome == outcome);
    if any(Outcome::Fail) {
        Verdict::Failed
    } else if any(Outcome::NoData) || results.is_empty() {
        Verdict::Inconclusive
    } else {
        Verdict::Passed
    }
}

/// A metric of a row, in the unit of its limit; `None` without data.
///
/// A name that was never requested has no data, not even for `rate`: that it
/// is "below 100/s" is no success.
fn measure(metric: Metric, row: &RowTotals, elapsed: Duration) -> Option<f64> {
    let requests = row.requests();
    if requests == 0 {
        return None;
    }
    match metric {
        Metric::Errors => row.errors(),
        Metric::Rate => row.rate(elapsed),
        Metric::Percentile(percent) => row.response().percentile(percent).map(us),
        Metric::Mean => row.response().mean().map(us),
        Metric::Max => row.response().max().map(us),
    }
}

impl ThresholdResult {
    /// What was measured, for people: `412ms`, `2.3%`, `53.2/s`.
    ///
    /// Has as many digits as it takes to see on which side of the limit it is.
    pub fn measured_text(&self) -> Option<String> {
        /// More than any limit is written with.
        const MOST_DIGITS: usize = 12;
        let measured = self.measured?;
        let holds = self.threshold.holds(measured);
        let digits = (figures::DIGITS..MOST_DIGITS)
            .find(|digits| self.threshold.holds(self.shown(measured, *digits)) == holds)
            .unwrap_or(MOST_DIGITS);
        Some(match self.threshold.limit {
            Limit::Share(_) => figures::share_to(measured, digits),
            Limit::Rate(_) => figures::rate_to(measured, digits),
            Limit::Time(_) => figures::time_to(time_of(measured), digits),
        })
    }

    /// The value that a text with `digits` shows.
    fn shown(&self, measured: f64, digits: usize) -> f64 {
        match self.threshold.limit {
            Limit::Share(_) => figures::round(measured * 100.0, digits) / 100.0,
            Limit::Rate(_) => figures::round(measured, digits),
            Limit::Time(_) => us(figures::round_time(time_of(measured), digits)),
        }
    }
}

fn us(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1_000.0
}

fn time_of(us: f64) -> Duration {
    Duration::from_nanos((us * 1_000.0).round() as u64)
}
