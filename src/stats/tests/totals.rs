//! What is in the numbers, and what is not.

use super::*;
use crate::exchange::mask::Secrets;
use crate::{
    base::ids::ClassId,
    exchange::{Example, Failure, Phases},
    stats::{ClassTotals, FailureExample, FailureTotals, UserEvent},
};

#[test]
fn what_broke_on_the_way_has_no_latency() {
    let mut recorder = recorder();
    recorder.record(&sample(INDEX, 0, 1_000, None));
    recorder.record(&sample(INDEX, 0, 3_000, Some(FailureKind::Status)));
    recorder.record(&sample(INDEX, 0, 9_000, Some(FailureKind::TotalTimeout)));
    recorder.record(&sample(INDEX, 0, 0, Some(FailureKind::Template)));
    recorder.interrupted(INDEX, 0, 0, &Phases::default());

    let record = record_of([recorder.take(secs(1))], &[], Ended::Finished);
    let total = &record.total;
    assert_eq!((total.ok, total.failed, total.interrupted), (1, 3, 1));
    assert_eq!(total.received_bytes, 400);
    assert_eq!(total.errors(), Some(0.75));
    assert_eq!(total.rate(secs(10)), Some(0.4));
    assert_eq!(total.response().count(), 2);
    assert_eq!(total.response().mean(), Some(us(2_000)));
    assert_eq!(total.response().max(), Some(us(3_000)));
}

#[test]
fn names_of_the_plan_are_there_even_if_nobody_asked_for_them() {
    let record = record_of([], &[], Ended::Finished);
    let rows: Vec<_> = record
        .rows
        .iter()
        .map(|row| (&*row.name, row.requests(), row.response().percentile(50.0)))
        .collect();
    assert_eq!(
        rows,
        [
            ("GET /", 0, None),
            ("GET /never", 0, None),
            ("POST /create", 0, None),
        ]
    );
    assert_eq!(record.total.errors(), None);
    assert_eq!(record.total.rate(Duration::ZERO), None);
}

/// Percentiles of 1 ms, 2 ms … 100 ms are the numbers themselves.
#[test]
fn percentiles_are_by_rank_to_three_digits() {
    let mut recorder = recorder();
    for n in 1..=100 {
        recorder.record(&sample(INDEX, 0, n * 1_000, None));
    }
    let record = record_of([recorder.take(secs(1))], &[], Ended::Finished);
    #[rustfmt::skip]
    let rows = [
        (0.01,   1), (1.0,   1), (1.5,   2), (50.0, 50),
        // Not 56, as floats say.
        (55.0,  55), (90.0, 90), (99.0, 99), (99.99, 100),
    ];
    for (percent, expected_ms) in rows {
        let found = record.total.response().percentile(percent).unwrap();
        assert_eq!(
            found.as_micros() / 100,
            u128::from(expected_ms * 10_u64),
            "p{percent}"
        );
    }
}

#[test]
fn what_lies_beyond_the_histogram_is_exact_at_the_ends() {
    let mut recorder = recorder();
    recorder.record(&sample(INDEX, 0, 0, None));
    let two_hours_us = 2 * 3_600_000_000;
    recorder.record(&sample(INDEX, 0, two_hours_us, None));
    let record = record_of([recorder.take(secs(1))], &[], Ended::Finished);
    let response = record.total.response();
    assert_eq!(response.min(), Some(Duration::ZERO));
    assert_eq!(response.max(), Some(secs(7200)));
    assert_eq!(response.mean(), Some(secs(3600)));
    assert_eq!(response.percentile(50.0), Some(us(1)));
    assert!(response.percentile(99.0).unwrap() >= secs(3600));
}

#[test]
fn one_request_is_its_own_percentile() {
    let mut recorder = recorder();
    recorder.record(&sample(INDEX, 0, 412_345, None));
    let record = record_of([recorder.take(secs(1))], &[], Ended::Finished);
    assert_eq!(record.total.response().percentile(99.0), Some(us(412_345)));
}

/// Response time begins when a request was due, service time when it was sent.
#[test]
fn lateness_is_in_the_response_time_and_not_in_the_service_time() {
    let mut recorder = recorder();
    recorder.record(&sample(INDEX, 1_000, 5_000, None));
    recorder.record(&Sample {
        due: ms(1_000),
        ..sample(INDEX, 1_200, 5_000, None)
    });
    recorder.record(&sample(CREATE, 1_000, 7_000, None));
    let record = record_of([recorder.take(secs(1))], &[], Ended::Finished);
    let max = |row: &crate::stats::RowTotals| (row.response().max(), row.service().max());
    assert_eq!(max(&record.rows[0]), (Some(ms(205)), Some(ms(5))));
    assert_eq!(max(&record.rows[2]), (Some(ms(7)), Some(ms(7))));
    assert_eq!(max(&record.total), (Some(ms(205)), Some(ms(7))));
    assert_eq!(record.total.service().count(), 3);
}

#[test]
fn failures_are_counted_by_name_and_kind_and_never_by_text() {
    let mut recorder = recorder();
    let mut asked = 0;
    for n in 0..10_000 {
        recorder.record(&sample(CREATE, n, 0, Some(FailureKind::Status)));
        recorder.note_failure(CREATE, ms(n), FailureKind::Status, || {
            asked += 1;
            let failure = Failure::new(FailureKind::Status, format!("post {n}"));
            Example::unsent(&format!("POST /{n}"), &failure, &Secrets::default())
        });
    }
    recorder.record(&sample(INDEX, 5, 0, Some(FailureKind::Reset)));
    assert_eq!(asked, 3);

    let record = record_of([recorder.take(secs(1))], &[], Ended::Finished);
    let example = |n: u64| FailureExample {
        at: ms(n),
        detail: format!("post {n}"),
        request: format!("POST /{n}"),
        curl: None,
        answer: None,
    };
    assert_eq!(
        record.failures,
        [
            FailureTotals {
                name: "POST /create".into(),
                kind: FailureKind::Status,
                count: 10_000,
                first: ms(0),
                last: ms(9_999),
                examples: vec![example(0), example(1), example(2)],
            },
            FailureTotals {
                name: "GET /".into(),
                kind: FailureKind::Reset,
                count: 1,
                first: ms(5),
                last: ms(5),
                examples: vec![],
            },
        ]
    );
}

#[test]
fn a_failed_start_has_also_ended() {
    let mut recorder = recorder();
    recorder.user(ClassId(0), UserEvent::Started);
    recorder.user(ClassId(0), UserEvent::StartFailed);
    recorder.user(ClassId(0), UserEvent::Started);
    let record = record_of([recorder.take(secs(1))], &[], Ended::Finished);
    assert_eq!(
        record.classes[0],
        ClassTotals {
            due: 0,
            dropped: 0,
            iterations: 0,
            name: "editor".into(),
            started: 2,
            failed_starts: 1,
        }
    );
}
