//! Snapshots of a run that is going on.

use super::*;
use crate::{
    base::ids::ClassId,
    stats::{ClassSnapshot, FailingName, Phase, Recent, Series, Snapshot, UserEvent},
};

#[test]
fn a_snapshot_before_anything_happened_has_no_numbers() {
    let series = Series::new(&names(), &classes(), &[]);
    let class = |name: &str, planned| ClassSnapshot {
        name: name.into(),
        users: 0,
        planned,
        failed_starts: 0,
        dropped: None,
    };
    assert_eq!(
        series.snapshot(Duration::ZERO, &schedule(), Phase::RampUp),
        Snapshot {
            elapsed: Duration::ZERO,
            ends_at: Some(secs(10)),
            iterations: (0, None),
            phase: Phase::RampUp,
            stage: None,
            classes: vec![class("editor", 9), class("reader", 1)],
            requests: 0,
            failed: 0,
            recent: Recent {
                rate: 0.0,
                errors: None,
                p50: None,
                p95: None,
                p99: None,
            },
            thresholds: vec![],
            failing: vec![],
            log: [].into(),
            log_before: 0,
            log_left_out: 0,
            left_out_by: None,
            warnings: Arc::default(),
            unkept: None,
        }
    );
}

/// One request of 1 s each second for 20 s, then a thousand times as many of 1 ms.
#[test]
fn recent_is_the_last_ten_seconds_whichever_worker_told_of_them() {
    let mut workers = [recorder(), recorder()];
    let mut series = Series::new(&names(), &classes(), &[]);
    for second in 1..=40_u64 {
        for (number, worker) in workers.iter_mut().enumerate() {
            if second <= 20 {
                worker.record(&sample(INDEX, second * 1_000, 1_000_000, None));
            } else {
                for _ in 0..1_000 {
                    worker.record(&sample(INDEX, second * 1_000, 1_000, None));
                }
            }
            // The workers' clocks tick a little apart.
            let tick = ms(second * 1_000 - 40 + 80 * number as u64);
            series.add(worker.take(tick));
        }
        let recent = series
            .snapshot(secs(second), &schedule(), Phase::Hold)
            .recent;
        let (rate, p50) = match second {
            1..=20 => (2, 1_000),
            // Ten of the slow seconds are still in sight, then fewer.
            21..=29 => (2_000 * (second - 20) / 10 + 2 * (30 - second) / 10, 1),
            _ => (2_000, 1),
        };
        assert!(
            (recent.rate - rate as f64).abs() <= rate as f64 * 0.05,
            "{} instead of {rate} after {second} s",
            recent.rate
        );
        assert_eq!(recent.p50, Some(ms(p50)), "after {second} s");
        assert_eq!(recent.errors, Some(0.0));
    }
}

#[test]
fn a_window_that_comes_very_late_is_in_the_totals_only() {
    let mut late = recorder();
    late.record(&sample(INDEX, 0, 1_000, None));
    let mut series = Series::new(&names(), &classes(), &[]);
    series.add(recorder().take(secs(30)));
    series.add(late.take(secs(1)));
    let snapshot = series.snapshot(secs(30), &schedule(), Phase::Hold);
    assert_eq!(snapshot.requests, 1);
    assert_eq!(snapshot.recent.errors, None);
}

#[test]
fn users_there_now_are_those_that_started_and_have_not_ended() {
    let mut recorder = recorder();
    for event in [
        UserEvent::Started,
        UserEvent::Started,
        UserEvent::Started,
        UserEvent::Ended,
        UserEvent::StartFailed,
    ] {
        recorder.user(ClassId(1), event);
    }
    let mut series = Series::new(&names(), &classes(), &[]);
    series.add(recorder.take(secs(1)));
    assert_eq!(
        series.snapshot(secs(1), &schedule(), Phase::Hold).classes[1],
        ClassSnapshot {
            name: "reader".into(),
            users: 1,
            planned: 1,
            failed_starts: 1,
            dropped: None,
        }
    );
}

#[test]
fn the_names_that_fail_most_come_first_with_their_commonest_kind() {
    let mut recorder = recorder();
    for (name, kind, times) in [
        ("GET /a", FailureKind::Reset, 1),
        ("GET /b", FailureKind::Status, 3),
        ("GET /b", FailureKind::Reset, 2),
        ("GET /c", FailureKind::Dns, 4),
        ("GET /d", FailureKind::Dns, 2),
        ("GET /e", FailureKind::Dns, 0),
    ] {
        let row = recorder.row(name);
        for _ in 0..times {
            recorder.record(&sample(row, 0, 0, Some(kind)));
        }
    }
    let mut series = Series::new(&names(), &classes(), &[]);
    series.add(recorder.take(secs(1)));
    let snapshot = series.snapshot(secs(1), &schedule(), Phase::Hold);
    let failing = |name: &str, kind, count| FailingName {
        name: name.into(),
        kind,
        count,
    };
    assert_eq!(snapshot.failed, 12);
    assert_eq!(
        snapshot.failing,
        [
            failing("GET /b", FailureKind::Status, 5),
            failing("GET /c", FailureKind::Dns, 4),
            failing("GET /d", FailureKind::Dns, 2),
        ]
    );
}
