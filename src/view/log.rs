//! Plain lines for logs: where stderr is no terminal.
//!
//! A line every ten seconds of the run, and one whenever its phase changes:
//!
//! ```text
//! 00:01:20/72:03:00  hold  50 users  412.0/s  errors 0.12%  p50 4ms  p95 12ms  p99 31ms  12 failures
//! ```
//!
//! Fields are separated by two spaces and always all there: elapsed and planned
//! time (where that is known), phase (`ramp_up`, `hold`, `ramp_down`, `draining`, `ended`; of a load with
//! stages the one it is in), users now;
//! of the last ten seconds the rate, the share of errors and three percentiles,
//! each `–` without data; failures since the start, and where users come with arrivals
//! those that were dropped.

use std::{mem, sync::Arc, time::Duration};

use crate::{
    base::printable::printable,
    stats::{LogLine, MAX_NAMES, OTHER, Phase, Snapshot},
};

use super::numbers;
use super::text::{counted, errors, hours, percentile};

/// The time of the run between two lines of the same phase.
const EVERY: Duration = Duration::from_secs(10);

/// The line for a snapshot.
pub fn line(snapshot: &Snapshot) -> String {
    let mut dropped = snapshot.classes.iter().filter_map(|class| class.dropped);
    let dropped = dropped.next().map(|first| first + dropped.sum::<u64>());
    let users = snapshot.classes.iter().map(|class| class.users).sum();
    let recent = &snapshot.recent;
    [
        match snapshot.ends_at {
            Some(ends_at) => format!("{}/{}", hours(snapshot.elapsed), hours(ends_at)),
            None => hours(snapshot.elapsed),
        },
        stage(snapshot),
        counted(users, "user"),
        numbers::rate(recent.rate),
        errors(recent.errors),
        percentile("p50", recent.p50),
        percentile("p95", recent.p95),
        percentile("p99", recent.p99),
        counted(snapshot.failed, "failure"),
    ]
    .into_iter()
    .chain(dropped.map(|dropped| format!("{} dropped", numbers::count(dropped))))
    .collect::<Vec<_>>()
    .join("  ")
}

/// What the phase is called, or the stage by its name.
fn stage(snapshot: &Snapshot) -> String {
    match (snapshot.phase, &snapshot.stage) {
        (Phase::RampUp | Phase::Hold | Phase::RampDown, Some(name)) => printable(name).into_owned(),
        (Phase::RampUp | Phase::Hold | Phase::RampDown, None)
        | (Phase::Setup | Phase::Draining | Phase::Teardown | Phase::Ended, _) => {
            phase(snapshot.phase).to_owned()
        }
    }
}

/// A line that the plan wrote, as it stands between the others:
///
/// ```text
/// 00:01:23  log  user 17: ordered 3 things
/// ```
pub fn logged(line: &LogLine) -> String {
    let text = printable(&line.text);
    format!("{}  log  user {}: {text}", hours(line.at), line.user)
}

/// What has been shown of what is told once: lines of the plan's log, and bounds.
#[derive(Debug, Default)]
pub struct Shown {
    next: u64,
    left_out: u64,
    said_names: bool,
}

impl Shown {
    /// What is new in a snapshot, ready to be shown.
    pub fn news(&mut self, snapshot: &Snapshot) -> Vec<String> {
        let before = snapshot.log_before;
        let left_out = snapshot.log_left_out.saturating_sub(self.left_out);
        let missed = before.saturating_sub(self.next) + left_out;
        self.left_out = snapshot.log_left_out;
        let skip = self.next.saturating_sub(before);
        self.next = before + snapshot.log.len() as u64;
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let lines = snapshot.log.iter().skip(skip).map(logged);
        let gap = (missed > 0).then(|| format!("(lines of the log not shown: {missed})"));
        let names = self.names(snapshot);
        gap.into_iter().chain(lines).chain(names).collect()
    }

    /// That there are too many names, once and when it happens: an hour later it
    /// would be too late to mend the plan.
    fn names(&mut self, snapshot: &Snapshot) -> Option<String> {
        let (step, _) = snapshot.left_out_by.as_ref()?;
        if mem::replace(&mut self.said_names, true) {
            return None;
        }
        let (at, step) = (hours(snapshot.elapsed), printable(step));
        Some(format!(
            "{at}  names  more than {}, counted as {OTHER} from now on: {step}",
            numbers::count(MAX_NAMES as u64)
        ))
    }
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Setup => "setup",
        Phase::RampUp => "ramp_up",
        Phase::Hold => "hold",
        Phase::RampDown => "ramp_down",
        Phase::Draining => "draining",
        Phase::Teardown => "teardown",
        Phase::Ended => "ended",
    }
}

/// Decides which snapshots become lines.
#[derive(Debug, Default)]
pub struct Cadence {
    last: Option<(Phase, Option<Arc<str>>, u128)>,
}

impl Cadence {
    /// Whether a line is due. Counted in slots of the run's time, so that lines
    /// stay at 10, 20, 30 s for 72 hours however late the snapshots are.
    pub fn is_due(&mut self, snapshot: &Snapshot) -> bool {
        let slot = snapshot.elapsed.as_nanos() / EVERY.as_nanos();
        let now = Some((snapshot.phase, snapshot.stage.clone(), slot));
        let due = self.last != now;
        self.last = now;
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::tests::{busy, empty};

    #[test]
    fn a_stage_has_its_name_and_a_line_of_its_own() {
        let mut snapshot = busy();
        snapshot.stage = Some("the crowd".into());
        snapshot.classes[0].dropped = Some(3);
        assert_eq!(
            line(&snapshot),
            "01:20:00/72:03:00  the crowd  37 users  412.0/s  errors 0.12%  p50 4ms  p95 12ms  p99 31ms  12 failures  3 dropped"
        );
        let mut cadence = Cadence::default();
        assert!(cadence.is_due(&snapshot));
        assert!(!cadence.is_due(&snapshot));
        snapshot.stage = Some("after".into());
        assert!(cadence.is_due(&snapshot));
    }

    #[test]
    fn a_line_has_every_field_with_and_without_data() {
        assert_eq!(
            line(&busy()),
            "01:20:00/72:03:00  hold  37 users  412.0/s  errors 0.12%  p50 4ms  p95 12ms  p99 31ms  12 failures"
        );
        assert_eq!(
            line(&empty()),
            "00:00:00/72:03:00  ramp_up  0 users  0.00/s  errors –  p50 –  p95 –  p99 –  0 failures"
        );
        let mut one = busy();
        one.phase = Phase::Draining;
        one.classes.truncate(1);
        one.classes[0].users = 1;
        one.failed = 1;
        one.recent.rate = 12_345.64;
        one.recent.errors = Some(1.0);
        assert_eq!(
            line(&one),
            "01:20:00/72:03:00  draining  1 user  12,345.6/s  errors 100%  p50 4ms  p95 12ms  p99 31ms  1 failure"
        );
    }

    #[test]
    fn lines_come_each_ten_seconds_and_when_the_phase_changes() {
        #[rustfmt::skip]
        let rows = [
            (     0, Phase::RampUp,   true),
            ( 1_000, Phase::RampUp,   false),
            ( 9_999, Phase::RampUp,   false),
            (10_004, Phase::RampUp,   true),
            (11_000, Phase::Hold,     true),
            (12_000, Phase::Hold,     false),
            (20_000, Phase::Hold,     true),
            // Snapshots that were missed are not made up for.
            (65_000, Phase::Hold,     true),
            (66_000, Phase::Hold,     false),
            (66_500, Phase::Draining, true),
            (67_000, Phase::Ended,    true),
            (67_000, Phase::Ended,    false),
        ];
        let mut cadence = Cadence::default();
        for (ms, phase, due) in rows {
            let mut snapshot = busy();
            snapshot.elapsed = Duration::from_millis(ms);
            snapshot.phase = phase;
            assert_eq!(cadence.is_due(&snapshot), due, "{ms} ms, {phase:?}");
        }
    }
}
