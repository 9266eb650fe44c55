//! What reports and views say of the generator.

use std::{sync::Arc, time::Duration};

use plan::{
    base::{colour::Colour, threshold::Judged},
    exchange::{Phases, Timing},
    profile::{Model, Profile, Stages},
    report::{self, Layout},
    stats::{
        Bottleneck, Cpu, Ended, Generator, Level, OnSaturation, Recorder, RunMeta, RunRecord,
        Sample, Schedule, ScheduledLoad, Series, Shortage, Verdict, Warning,
    },
};

use super::running::ms;

/// The record of a run of 20 s, in which one worker noted what `note` says.
fn record(note: impl FnOnce(&mut Recorder)) -> RunRecord {
    let names: [Arc<str>; 1] = ["GET /".into()];
    let classes: [Arc<str>; 1] = ["visitor".into()];
    let mut recorder = Recorder::new(&names, 1, 0);
    note(&mut recorder);
    let mut stages = Stages::default();
    stages.to("ramp_up", 1, Duration::ZERO);
    stages.hold("hold", Duration::from_secs(20));
    let threshold = Judged {
        threshold: "p95 < 300ms".parse().unwrap(),
        within: None,
    };
    let mut series = Series::new(&names, &classes, &[]).with_thresholds(&[threshold], 1);
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
            loads: vec![ScheduledLoad {
                class: None,
                profile: Profile::new(Model::Closed, stages),
            }],
            classes: vec![("visitor".into(), 1)],
        },
        thresholds_are_default: false,
    };
    series.finish(meta, Duration::from_secs(20), Ended::Finished)
}

/// The section of a report, without its title; empty where there is none.
fn section(record: &RunRecord) -> String {
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
        "  timers   p99 40ms late, at most 40ms; worst second p99 40ms, after 20s\n  \
           starts   p99 340µs late, at most 340µs\n"
    );
    let in_time = record(|recorder| recorder.timer(ms(1)));
    assert_eq!(section(&in_time), "  timers   p99 0s late, at most 0s\n");
    assert_eq!(section(&record(|_| {})), "");
}

/// A generator of which everything is known, and which did not keep up.
fn generator() -> Generator {
    let level = |used, limit| {
        Some(Level {
            used,
            limit: Some(limit),
        })
    };
    Generator {
        cpu: Some(Cpu {
            used: Duration::from_secs(31),
            cores: 2,
            share: 0.775,
            busiest_worker: Some(0.994),
        }),
        memory: level(48_200_000, 24_100_000_000),
        files: level(61, 20_000),
        ports: level(50, 28_232),
        warnings: vec![
            Warning {
                shortage: Shortage::Worker,
                from: Duration::from_secs(2),
                to: Duration::from_secs(15),
                worst: 0.994,
            },
            Warning {
                shortage: Shortage::Files,
                from: Duration::from_secs(8),
                to: Duration::from_secs(8),
                worst: 0.91,
            },
        ],
        warnings_left_out: 3,
        bottleneck: Some(Bottleneck::Saturated {
            computing: Duration::from_secs(13),
            late: Duration::ZERO,
            of: Duration::from_secs(20),
        }),
        ..Generator::default()
    }
}

/// The same for programs, but for the times.
const DOCUMENT: &str = r#"{
  "bottleneck": {
    "kind": "saturated",
    "computing_us": 13000000,
    "late_us": 0,
    "of_us": 20000000,
    "reason": "it was busy computing for 13s of 20s"
  },
  "tolerated": false,
  "cpu": {
    "used_us": 31000000,
    "cores": 2,
    "share": 0.775,
    "busiest_worker": 0.994
  },
  "memory": {
    "peak_bytes": 48200000,
    "limit_bytes": 24100000000,
    "before_bytes": null,
    "per_user_bytes": null
  },
  "files": {
    "peak": 61,
    "limit": 20000
  },
  "ports": {
    "peak": 50,
    "limit": 28232
  },
  "timer_delay": null,
  "worst_second": {
    "at_us": 20000000,
    "delay_p99_us": 0
  },
  "start_lag": null,
  "warnings": [
    {
      "shortage": "worker",
      "from_us": 2000000,
      "to_us": 15000000,
      "worst": 0.994
    },
    {
      "shortage": "files",
      "from_us": 8000000,
      "to_us": 8000000,
      "worst": 0.91
    }
  ],
  "warnings_left_out": 3
}"#;

#[test]
fn a_report_says_all_that_is_known() {
    let told = record(|recorder| recorder.timer(ms(1))).with_generator(generator());
    assert_eq!(
        section(&told),
        "  cpu      77.5% of 2 cores; the busiest second of a worker 99.4% of one
  memory   48.2MB of 24.1GB at most
  files    61 of 20000 open at most
  ports    50 of 28232 in use at most
  timers   p99 0s late, at most 0s
  warning  a worker is busy: 99.4% of a core at worst, from 2s to 15s
  warning  open files: 91% of the limit, after 8s
           and 3 warnings more
"
    );
    let summary = report::summary(&told);
    let mut generator = summary["generator"].clone();
    generator["timer_delay"] = serde_json::Value::Null;
    generator["start_lag"] = serde_json::Value::Null;
    assert_eq!(serde_json::to_string_pretty(&generator).unwrap(), DOCUMENT);
}

/// A run in which a request took so long, on that generator.
fn judged(took_ms: u64, generator: Generator) -> RunRecord {
    let timed = record(|recorder| {
        let row = recorder.row("GET /");
        let sent = ms(1_000);
        let done = sent + ms(took_ms);
        recorder.record(&Sample {
            row,
            due: sent,
            timing: Timing {
                sent,
                first_byte: done,
                done,
            },
            phases: Phases::default(),
            received_bytes: 0,
            redirects: 0,
            resent: 0,
            failure: None,
        });
    });
    timed.with_generator(generator)
}

fn first_line_after_the_header(record: &RunRecord) -> String {
    let layout = Layout {
        width: 120,
        colour: Colour::Plain,
    };
    let text = report::render(record, layout);
    let (_, after) = text.split_once("\n\n").unwrap();
    after.lines().next().unwrap().to_owned()
}

#[test]
fn a_bottleneck_leaves_no_verdict_whatever_the_thresholds_say() {
    let tolerated = || Generator {
        on_saturation: OnSaturation::Tolerated,
        ..generator()
    };
    let unconnected = || Generator {
        bottleneck: Some(Bottleneck::Unconnected { connections: 2 }),
        ..generator()
    };
    let late = || Generator {
        bottleneck: Some(Bottleneck::Saturated {
            computing: Duration::from_secs(2),
            late: Duration::from_secs(4),
            of: Duration::from_secs(20),
        }),
        ..generator()
    };
    #[rustfmt::skip]
    let rows = [
        (100, generator(),   Verdict::Inconclusive, "INCONCLUSIVE: the generator was the bottleneck: it was busy computing for 13s of 20s (exit 4)"),
        (412, generator(),   Verdict::Inconclusive, "INCONCLUSIVE: the generator was the bottleneck: it was busy computing for 13s of 20s; 1 of 1 threshold does not hold: p95 < 300ms was 412ms (exit 4)"),
        (100, late(),        Verdict::Inconclusive, "INCONCLUSIVE: the generator was the bottleneck: it was busy computing for 2s and its timers and starts were late for 4s of 20s (exit 4)"),
        (100, unconnected(), Verdict::Inconclusive, "INCONCLUSIVE: the generator was the bottleneck: 2 connections got no file or port of this machine (exit 4)"),
        (100, tolerated(),   Verdict::Passed,       "PASSED: the threshold p95 < 300ms holds (exit 0)"),
        (412, tolerated(),   Verdict::Failed,       "FAILED: 1 of 1 threshold does not hold: p95 < 300ms was 412ms (exit 1)"),
        (412, Generator { bottleneck: None, ..generator() },
                             Verdict::Failed,       "FAILED: 1 of 1 threshold does not hold: p95 < 300ms was 412ms (exit 1)"),
    ];
    for (took_ms, generator, verdict, words) in rows {
        let record = judged(took_ms, generator);
        assert_eq!(record.verdict, verdict, "{words}");
        assert_eq!(record.conclusion().to_string(), words);
    }
    assert_eq!(
        first_line_after_the_header(&judged(100, generator())),
        "The generator was the bottleneck: it was busy computing for 13s of 20s; these numbers may be its own and not the target's."
    );
    assert_eq!(
        first_line_after_the_header(&judged(100, tolerated())),
        "The generator was the bottleneck: it was busy computing for 13s of 20s; which --allow-saturation tolerates."
    );
}

/// What users take is said of many of them only; of no more than were there at once.
#[test]
fn memory_is_told_for_each_of_many_users() {
    for (started, planned, said) in [
        (
            2_000,
            1_500,
            "48.2MB of 24.1GB at most; 20kB for each of 1500 users",
        ),
        (
            1_000,
            1_500,
            "48.2MB of 24.1GB at most; 30kB for each of 1000 users",
        ),
        (999, 1_500, "48.2MB of 24.1GB at most"),
    ] {
        let mut told = record(|_| {}).with_generator(Generator {
            memory_before: Some(18_200_000),
            ..generator()
        });
        told.meta.schedule.classes = vec![("visitor".into(), planned)];
        told.classes[0].started = started;
        let section = section(&told);
        assert!(
            section.contains(&format!("  memory   {said}\n")),
            "{section}"
        );
    }
}
