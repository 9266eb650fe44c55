//! Tests through the door that the engine uses: samples in, a record out.

mod adding;
mod bounds;
mod judging;
mod live;
mod pulse;
mod totals;

use std::{sync::Arc, time::Duration};

use super::{Ended, Recorder, RunMeta, RunRecord, Sample, Schedule, ScheduledLoad, Series, Window};
use crate::{
    base::{ids::RowId, threshold::Judged},
    exchange::{FailureKind, Phases, Timing},
    profile::{Model, Profile, Stages},
};

const INDEX: RowId = RowId(0);
const CREATE: RowId = RowId(1);

fn names() -> [Arc<str>; 3] {
    ["GET /".into(), "POST /create".into(), "GET /never".into()]
}

fn classes() -> [Arc<str>; 2] {
    ["editor".into(), "reader".into()]
}

fn recorder() -> Recorder {
    Recorder::new(&names(), 2, 0)
}

/// A request that was sent when it was due, `sent_ms` after the start.
fn sample(row: RowId, sent_ms: u64, took_us: u64, failure: Option<FailureKind>) -> Sample {
    let sent = ms(sent_ms);
    let done = sent + Duration::from_micros(took_us);
    Sample {
        row,
        due: sent,
        timing: Timing {
            sent,
            first_byte: done,
            done,
        },
        phases: Phases::default(),
        received_bytes: 100,
        redirects: 0,
        resent: 0,
        failure,
    }
}

/// The record of a run of ten seconds.
fn record_of(
    windows: impl IntoIterator<Item = Window>,
    thresholds: &[&str],
    ended: Ended,
) -> RunRecord {
    let mut series = Series::new(&names(), &classes(), &[]).with_thresholds(&judged(thresholds), 1);
    for window in windows {
        series.add(window);
    }
    record_by(series, ended)
}

/// Thresholds without a stage.
fn judged(thresholds: &[&str]) -> Vec<Judged> {
    let judged = thresholds.iter().map(|text| Judged {
        threshold: text.parse().expect(text),
        within: None,
    });
    judged.collect()
}

/// The same, of a series.
fn record_by(series: Series, ended: Ended) -> RunRecord {
    let meta = RunMeta {
        plan: "test".to_owned(),
        fingerprint: "f".to_owned(),
        options: Vec::new(),
        version: "0".to_owned(),
        run_id: "r".to_owned(),
        seed: 1,
        target: "http://127.0.0.1".to_owned(),
        started_unix: Duration::ZERO,
        workers: 1,
        wait_scale: 1.0,
        insecure: Vec::new(),
        schedule: schedule(),
        thresholds_are_default: false,
    };
    series.finish(meta, secs(10), ended)
}

fn schedule() -> Schedule {
    let mut stages = Stages::default();
    stages.to("ramp_up", 10, secs(2));
    stages.hold("hold", secs(8));
    Schedule {
        loads: vec![ScheduledLoad {
            class: None,
            profile: Profile::new(Model::Closed, stages),
        }],
        classes: vec![("editor".into(), 9), ("reader".into(), 1)],
    }
}

fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

fn us(n: u64) -> Duration {
    Duration::from_micros(n)
}
