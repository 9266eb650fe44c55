//! What came of thresholds, in words, and what it says of the run.

use std::time::Duration;

use super::{Outcome, ThresholdResult, Verdict, WorstWindow};
use crate::base::{duration, figures, threshold::Limit};

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
            Limit::Count(_) => format!("{measured}"),
            Limit::Size(_) => figures::bytes_to(measured, digits),
            Limit::Throughput(_) => format!("{}/s", figures::bytes_to(measured, digits)),
        })
    }

    /// What was measured, and of what: `was 412ms, in the 5m up to 1h3m20s`.
    pub fn finding(&self) -> String {
        let Some(measured) = self.measured_text() else {
            return "nothing was measured".to_owned();
        };
        let of_what = match (self.threshold.over, self.worst) {
            (Some(over), Some(WorstWindow::UpTo(to))) => {
                let to = Duration::from_millis(u64::try_from(to.as_millis()).unwrap_or(u64::MAX));
                let (over, to) = (duration::text(over), duration::text(to));
                format!(", in the {over} up to {to}")
            }
            (Some(over), Some(WorstWindow::Whole)) => {
                let over = duration::text(over);
                match &self.threshold.stage {
                    None => format!(", over the whole run, which was shorter than {over}"),
                    Some(_) => format!(", over the whole stage, which was shorter than {over}"),
                }
            }
            (None, _) | (_, None) => String::new(),
        };
        format!("was {measured}{of_what}")
    }

    /// The value that a text with `digits` shows.
    fn shown(&self, measured: f64, digits: usize) -> f64 {
        match self.threshold.limit {
            Limit::Share(_) => figures::round(measured * 100.0, digits) / 100.0,
            Limit::Rate(_) => figures::round(measured, digits),
            Limit::Time(_) => us(figures::round_time(time_of(measured), digits)),
            Limit::Count(_) => measured,
            Limit::Size(_) | Limit::Throughput(_) => figures::round_bytes(measured, digits),
        }
    }
}

fn us(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1_000.0
}

fn time_of(us: f64) -> Duration {
    Duration::from_nanos((us * 1_000.0).round() as u64)
}
