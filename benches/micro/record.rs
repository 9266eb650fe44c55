//! What it takes to count an answered request, beside a histogram of the kind that
//! reports are made from: of durations, to three significant digits.
//!
//!     cargo bench --bench record

#![allow(clippy::unwrap_used, reason = "a bench ends where it cannot go on")]

use std::{sync::Arc, time::Duration};

use divan::{Bencher, black_box, counter::ItemsCount};
use hdrhistogram::Histogram;
use plan::{
    base::{
        ids::{ClassId, RowId},
        random::{Purpose, Stream},
    },
    exchange::{PhaseKind, Phases, Timing},
    stats::{Recorder, Sample},
};

fn main() {
    divan::main();
}

const SAMPLES: usize = 1_000;

/// Service times between 0.1 and 100 ms.
fn times() -> Vec<Duration> {
    let mut stream = Stream::of(1, 1, Purpose::Waits);
    let time = |_| Duration::from_nanos(100_000 + stream.up_to(99_900_000));
    (0..SAMPLES).map(time).collect()
}

fn samples() -> Vec<Sample> {
    let sample = |took: Duration| {
        let sent = Duration::from_secs(1);
        let first_byte = sent + took * 9 / 10;
        Sample {
            row: RowId::at(0),
            due: sent,
            timing: Timing {
                sent,
                first_byte,
                done: sent + took,
            },
            phases: Phases::default()
                .with(PhaseKind::Waiting, took * 9 / 10)
                .with(PhaseKind::Receiving, took / 10),
            received_bytes: 69,
            redirects: 0,
            resent: 0,
            failure: None,
        }
    };
    times().into_iter().map(sample).collect()
}

/// Service and response time, the phases, bytes and counts.
#[divan::bench]
fn record(bencher: Bencher<'_, '_>) {
    let samples = samples();
    let names: [Arc<str>; 1] = ["GET /".into()];
    let mut recorder = Recorder::new(&names, 1, 0);
    bencher.counter(ItemsCount::new(SAMPLES)).bench_local(|| {
        for sample in &samples {
            recorder.record_of(ClassId::at(0), black_box(sample));
        }
    });
}

/// One time each, in microseconds.
#[divan::bench]
fn hdrhistogram_alone(bencher: Bencher<'_, '_>) {
    let times = times();
    let mut histogram = Histogram::<u64>::new(3).unwrap();
    bencher.counter(ItemsCount::new(SAMPLES)).bench_local(|| {
        for time in &times {
            let micros = u64::try_from(black_box(time).as_micros()).unwrap();
            histogram.record(micros).unwrap();
        }
    });
}

/// What a worker hands over each second, of so many names.
#[divan::bench(args = [1, 50, 500])]
fn window(bencher: Bencher<'_, '_>, names: usize) {
    let names: Vec<Arc<str>> = (0..names).map(|n| format!("GET /{n}").into()).collect();
    let samples = samples();
    let mut recorder = Recorder::new(&names, 1, 0);
    let mut at = 0;
    bencher.bench_local(|| {
        for (sample, row) in samples.iter().zip((0..names.len()).cycle()) {
            let row = RowId::at(row);
            recorder.record_of(ClassId::at(0), &Sample { row, ..*sample });
        }
        at += 1;
        recorder.take(Duration::from_secs(at))
    });
}
