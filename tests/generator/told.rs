//! What reports and views say of the generator.

use std::{sync::Arc, time::Duration};

use plan::{
    base::colour::Colour,
    report::{self, Layout},
    stats::{Ended, Recorder, RunMeta, RunRecord, Schedule, Series},
};

use super::running::ms;

/// The record of a run of 20 s, in which one worker noted what `note` says.
pub fn record(note: impl FnOnce(&mut Recorder)) -> RunRecord {
    let names: [Arc<str>; 1] = ["GET /".into()];
    let classes: [Arc<str>; 1] = ["visitor".into()];
    let mut recorder = Recorder::new(&names, 1, 0);
    note(&mut recorder);
    let mut series = Series::new(&names, &classes, &[]);
    series.add(recorder.take(Duration::from_secs(20)));
    let meta = RunMeta {
        plan: "test".to_owned(),
        fingerprint: "f".to_owned(),
        options: Vec::new(),
        version: "0".to_owned(),
        run_id: "r".to_owned(),
        seed: 1,
        target: "http://127.0.0.1".to_owned(),
        started_unix: Duration::ZERO,
        workers: 2,
        wait_scale: 1.0,
        insecure: Vec::new(),
        schedule: Schedule {
            users: 1,
            iterations: None,
            per_user: None,
            ramp_up: Duration::ZERO,
            duration: Some(Duration::from_secs(20)),
            ramp_down: Duration::ZERO,
            graceful_stop: Duration::ZERO,
            classes: vec![("visitor".into(), 1)],
        },
        thresholds_are_default: false,
    };
    series.finish(meta, Duration::from_secs(20), Ended::Finished)
}

/// The section of a report, without its title; empty where there is none.
pub fn section(record: &RunRecord) -> String {
    let layout = Layout {
        width: 120,
        colour: Colour::Plain,
    };
    let text = report::render(record, layout);
    let section = text.split_once("\nGenerator\n");
    section.map_or_else(String::new, |(_, rest)| {
        let end = rest.find("\n\n").expect("there is more");
        format!("{}\n", &rest[..end])
    })
}

#[test]
fn a_report_says_how_late_timers_and_users_were() {
    let told = record(|recorder| {
        for late in [2, 3, 41] {
            recorder.timer(ms(late));
        }
        recorder.start_lag(Duration::from_micros(340));
    });
    assert_eq!(
        section(&told),
        "  timers   p99 40ms late, at most 40ms; worst second: p99 40ms after 20s\n  \
           starts   p99 340µs late, at most 340µs\n"
    );
    let in_time = record(|recorder| recorder.timer(ms(1)));
    assert_eq!(section(&in_time), "  timers   p99 0s late, at most 0s\n");
    assert_eq!(section(&record(|_| {})), "");
}
