//! What the generator is short of, as it stands among plain lines: once when it begins
//! and once when it is over.
//!
//! ```text
//! 00:00:09  generator  a worker is busy: 97% of a core
//! 00:00:31  generator  over after 22s: a worker is busy: 99% of a core
//! ```

use std::time::Duration;

use crate::{
    base::duration,
    stats::{Snapshot, Warning},
};

use super::text::hours;

/// What has been said of warnings.
#[derive(Debug, Default)]
pub struct Warned {
    going_on: Vec<Warning>,
}

impl Warned {
    /// What is new in a snapshot, ready to be shown.
    pub fn news(&mut self, snapshot: &Snapshot) -> Vec<String> {
        let now = &snapshot.warnings;
        let is_in =
            |warnings: &[Warning], one: &Warning| warnings.iter().any(|other| same(one, other));
        let over = self.going_on.iter().filter(|one| !is_in(now, one));
        let over = over.map(|one| {
            let lasted = duration::text(whole_seconds(one));
            format!("over after {lasted}: {one}")
        });
        let begun = now.iter().filter(|one| !is_in(&self.going_on, one));
        let begun = begun.map(ToString::to_string);
        let at = hours(snapshot.elapsed);
        let lines = over
            .chain(begun)
            .map(|text| format!("{at}  generator  {text}"))
            .collect();
        self.going_on = now.to_vec();
        lines
    }
}

/// Tells once that the run cannot be kept.
#[derive(Debug, Default)]
pub struct Unkept {
    told: bool,
}

impl Unkept {
    /// What is new in a snapshot, ready to be shown.
    pub fn news(&mut self, snapshot: &Snapshot) -> Option<String> {
        let why = snapshot.unkept.as_ref()?;
        let at = hours(snapshot.elapsed);
        let told = std::mem::replace(&mut self.told, true);
        (!told).then(|| format!("{at}  not kept any more: {why}"))
    }
}

/// Whether two are the same shortage, seen at two times.
fn same(one: &Warning, other: &Warning) -> bool {
    one.shortage == other.shortage
}

fn whole_seconds(warning: &Warning) -> Duration {
    let lasted = warning.to.saturating_sub(warning.from);
    Duration::from_secs(lasted.as_secs().max(1))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{stats::Shortage, view::tests::busy};

    #[test]
    fn a_warning_is_told_of_when_it_begins_and_when_it_is_over() {
        let warning = |shortage, to_s, worst| Warning {
            shortage,
            from: Duration::from_secs(6),
            to: Duration::from_secs(to_s),
            worst,
        };
        let worker = |to_s, worst| warning(Shortage::Worker, to_s, worst);
        let timers = warning(Shortage::Timers, 12, 0.431);
        #[rustfmt::skip]
        let rows: [(u64, &[Warning], &[&str]); 6] = [
            ( 8, &[],                             &[]),
            ( 9, &[worker(9, 0.97)],              &["00:00:09  generator  a worker is busy: 97% of a core"]),
            (10, &[worker(10, 0.99)],             &[]),
            (12, &[worker(12, 0.99), timers],     &["00:00:12  generator  timers and starts are late: 43.1% by more than 100ms"]),
            (17, &[timers],                       &["00:00:17  generator  over after 6s: a worker is busy: 99% of a core"]),
            (18, &[],                             &["00:00:18  generator  over after 6s: timers and starts are late: 43.1% by more than 100ms"]),
        ];
        let mut warned = Warned::default();
        for (at_s, warnings, lines) in rows {
            let mut snapshot = busy();
            snapshot.elapsed = Duration::from_secs(at_s);
            snapshot.warnings = Arc::from(warnings);
            assert_eq!(warned.news(&snapshot), lines, "after {at_s} s");
        }
    }
}
