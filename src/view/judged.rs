//! How the thresholds stand: the worst of them on a terminal, and once each as a plain
//! line when it is broken.
//!
//! ```text
//! 00:12:31  threshold  p95 < 300ms over 5m was 412ms, in the 5m up to 12m30s
//! ```

use crate::{
    base::printable::printable,
    stats::{Outcome, Snapshot, ThresholdResult},
};

use super::text::hours;

/// How many thresholds a terminal shows.
pub const SHOWN: usize = 3;

/// Those to show on a terminal, broken ones first; and how many more there are.
pub fn shown(thresholds: &[ThresholdResult]) -> (Vec<&ThresholdResult>, usize) {
    let mut shown: Vec<_> = thresholds.iter().collect();
    // Stable: of equal ones in the plan's order.
    shown.sort_by_key(|result| match result.outcome {
        Outcome::Fail => 0,
        Outcome::NoData => 1,
        Outcome::Pass => 2,
    });
    let more = shown.len().saturating_sub(SHOWN);
    shown.truncate(SHOWN);
    (shown, more)
}

/// What has been said of thresholds.
#[derive(Debug, Default)]
pub struct Broken {
    /// By their place in the plan.
    said: Vec<usize>,
}

impl Broken {
    /// What is new in a snapshot, ready to be shown. One that is broken, holds and is
    /// broken again is told of once: a number near its limit would fill the log.
    pub fn news(&mut self, snapshot: &Snapshot) -> Vec<String> {
        let mut lines = Vec::new();
        for (at, result) in snapshot.thresholds.iter().enumerate() {
            if result.outcome == Outcome::Fail && !self.said.contains(&at) {
                self.said.push(at);
                let text = format!("{} {}", result.threshold, result.finding());
                let text = printable(&text);
                lines.push(format!("{}  threshold  {text}", hours(snapshot.elapsed)));
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::tests::{busy, judged};

    #[test]
    fn a_threshold_is_told_of_once_when_it_is_broken() {
        let mut broken = Broken::default();
        let mut snapshot = busy();
        snapshot.thresholds = vec![
            judged("errors < 1%", Some(0.0)),
            judged("p95 < 300ms", None),
        ];
        assert_eq!(broken.news(&snapshot), Vec::<String>::new());
        snapshot.thresholds[1] = judged("p95 < 300ms", Some(412_000.0));
        assert_eq!(
            broken.news(&snapshot),
            ["01:20:00  threshold  p95 < 300ms was 412ms"]
        );
        assert_eq!(broken.news(&snapshot), Vec::<String>::new());
        snapshot.thresholds[0] = judged("errors < 1%", Some(0.5));
        assert_eq!(
            broken.news(&snapshot),
            ["01:20:00  threshold  errors < 1% was 50%"]
        );
    }

    #[test]
    fn broken_ones_come_first_and_three_are_shown() {
        let thresholds = [
            judged("errors < 1%", Some(0.0)),
            judged("p95 < 300ms", None),
            judged("max < 1s", Some(2e6)),
            judged("mean < 1s", Some(1.0)),
            judged("p50 < 1ms", Some(2e6)),
        ];
        let (shown, more) = shown(&thresholds);
        let texts: Vec<_> = shown
            .iter()
            .map(|result| result.threshold.to_string())
            .collect();
        assert_eq!(texts, ["max < 1s", "p50 < 1ms", "p95 < 300ms"]);
        assert_eq!(more, 2);
    }
}
