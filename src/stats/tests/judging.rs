//! Thresholds, verdict, and the number that the program exits with.

use super::*;
use crate::{
    base::ids::ClassId,
    stats::{Outcome, UserEvent},
};

/// 100 requests in ten seconds: 98 took 100 ms, one 2 s, one was reset.
fn a_run() -> Window {
    let mut recorder = recorder();
    for n in 0..98 {
        recorder.record(&sample(INDEX, n, 100_000, None));
    }
    recorder.record(&sample(CREATE, 100, 2_000_000, None));
    recorder.record(&sample(CREATE, 100, 9_000_000, Some(FailureKind::Reset)));
    recorder.take(secs(1))
}

#[test]
#[rustfmt::skip]
fn each_metric_is_measured_over_the_run() {
    use Outcome::{Fail, NoData, Pass};
    let rows = [
        ("errors < 1%",                      Some("1%"),     Fail),
        ("errors <= 1%",                     Some("1%"),     Pass),
        ("errors of \"POST /create\" < 60%", Some("50%"),    Pass),
        ("rate >= 10/s",                     Some("10/s"),   Pass),
        ("rate of \"GET /\" > 10/s",         Some("9.8/s"),  Fail),
        ("p50 < 101ms",                      Some("100ms"),  Pass),
        ("p99 of \"POST /create\" < 2s",     Some("2s"),     Fail),
        ("max <= 2s",                        Some("2s"),     Pass),
        // (98 × 100 ms + 2 s) ÷ 99: the reset one is not in it.
        ("mean < 120ms",                     Some("119ms"),  Pass),
        ("mean < 119ms",                     Some("119ms"),  Fail),
        ("min of \"POST /create\" < 2s",     Some("2s"),     Fail),
        ("service max < 2s",                 Some("2s"),     Fail),
        ("bytes < 10kB",                     Some("10kB"),   Fail),
        ("bytes of \"POST /create\" < 1kB/s", Some("20B/s"), Pass),
        ("skipped <= 0",                     Some("0"),      Pass),
        ("dropped < 1%",                     None,           NoData),
        ("errors of class reader < 1%",      None,           NoData),
        ("p95 of group x < 1s",              None,           NoData),
        ("errors of \"GET /never\" < 1%",    None,           NoData),
        ("rate of \"GET /never\" < 1/s",     None,           NoData),
        ("p95 of \"GET /unknown\" < 1s",     None,           NoData),
    ];
    for (text, measured, outcome) in rows {
        let record = record_of([a_run()], &[text], Ended::Finished);
        let result = &record.thresholds[0];
        assert_eq!(result.measured_text().as_deref(), measured, "{text}");
        assert_eq!(result.outcome, outcome, "{text}");
    }
}

/// What was due 4 s before it was sent took 4.1 s for who waited for it.
#[test]
fn response_times_count_from_when_it_was_due() {
    let mut recorder = recorder();
    recorder.record(&Sample {
        due: secs(1),
        ..sample(INDEX, 5_000, 100_000, None)
    });
    let rows = [
        ("p95 < 1s", "was 4.1s"),
        ("service p95 < 1s", "was 100ms"),
        (
            "max < 1s over 1m",
            "was 4.1s, over the whole run, which was shorter than 1m",
        ),
        (
            "service max < 1s over 10s",
            "was 100ms, in the 10s up to 10s",
        ),
    ];
    let window = recorder.take(secs(6));
    for (text, finding) in rows {
        let record = record_of([window.clone()], &[text], Ended::Finished);
        assert_eq!(record.thresholds[0].finding(), finding, "{text}");
    }
}

/// Arrivals are counted by class.
#[test]
fn dropped_arrivals_are_a_count_or_a_share_of_those_that_were_due() {
    let mut recorder = recorder();
    for n in 0..200 {
        let class = ClassId::at(n % 2);
        recorder.user(class, UserEvent::Due);
        if n % 20 == 1 {
            recorder.user(class, UserEvent::Dropped);
        }
    }
    let rows = [
        ("dropped < 5%", "was 5%"),
        ("dropped <= 5", "was 10"),
        ("dropped of class reader < 5%", "was 10%"),
        ("dropped of class editor < 5%", "was 0%"),
        (
            "dropped of class reader <= 5 over 5s",
            "was 10, in the 5s up to 5s",
        ),
    ];
    let window = recorder.take(secs(1));
    for (text, finding) in rows {
        let record = record_of([window.clone()], &[text], Ended::Finished);
        assert_eq!(record.thresholds[0].finding(), finding, "{text}");
    }
    let record = record_of([window], &[], Ended::Finished);
    assert_eq!(
        (record.classes[1].due, record.classes[1].dropped),
        (100, 10)
    );
}

/// A stage may begin a moment before a second is over: what the worker did in that second
/// is no matter of the moment.
#[test]
fn a_stage_that_begins_does_not_cut_what_is_told_of_the_worker() {
    let stage = Judged {
        threshold: "max in stage hold < 1s".parse().unwrap(),
        within: Some(ms(1_999)..secs(9)),
    };
    let mut recorder = recorder().with_thresholds(&[stage], &classes());
    recorder.take(secs(1));
    recorder.record(&sample(INDEX, 1_500, 100, None));
    recorder.timer(ms(5));
    recorder.record(&sample(INDEX, 1_999, 100, None));
    let mut cut = recorder.take_cut().expect("the stage has begun");
    cut.computed(secs(1));
    assert_eq!((cut.to(), cut.strain()), (ms(1_999), None));
    let mut second = recorder.take(secs(2));
    second.computed(ms(500));
    let strain = second.strain().expect("it is of a worker");
    assert_eq!(
        (strain.from, strain.to, strain.busy),
        (secs(1), secs(2), Some(0.5))
    );
    assert_eq!(recorder.next_cut(), Some(secs(9)));
}

#[test]
fn failures_without_an_answer_are_no_data_for_a_latency() {
    let mut recorder = recorder();
    recorder.record(&sample(INDEX, 0, 1_000, Some(FailureKind::Refused)));
    let record = record_of([recorder.take(secs(1))], &["p95 < 1s"], Ended::Finished);
    assert_eq!(record.thresholds[0].outcome, Outcome::NoData);
}

#[test]
fn the_conclusion_says_why() {
    let fails = ["errors < 0.1%", "p50 < 300ms", "max < 1s"];
    let many = ["errors < 0.1%", "max < 1s", "mean < 1ms", "p50 < 1ms"];
    let silent = ["errors < 2%", "p95 of \"GET /never\" < 1s"];
    let rows: [(&[&str], Ended, &str); 9] = [
        (
            &["errors < 2%"],
            Ended::Finished,
            "PASSED: the threshold errors < 2% holds (exit 0)",
        ),
        (
            &["errors < 2%", "p50 < 300ms"],
            Ended::Finished,
            "PASSED: all 2 thresholds hold (exit 0)",
        ),
        (
            &fails,
            Ended::Finished,
            "FAILED: 2 of 3 thresholds do not hold: errors < 0.1% was 1%; max < 1s was 2s (exit 1)",
        ),
        (
            &many,
            Ended::Finished,
            "FAILED: 4 of 4 thresholds do not hold: errors < 0.1% was 1%; max < 1s was 2s; \
             mean < 1ms was 119ms; and 1 more (exit 1)",
        ),
        (
            &silent,
            Ended::Finished,
            "INCONCLUSIVE: 1 of 2 thresholds has no data: p95 of \"GET /never\" < 1s (exit 4)",
        ),
        (
            &[],
            Ended::Finished,
            "INCONCLUSIVE: there is no threshold to judge by (exit 4)",
        ),
        (
            &["errors < 2%"],
            Ended::Interrupted,
            "INTERRUPTED by SIGINT after 10s, until then passed: the threshold errors < 2% holds \
             (exit 130)",
        ),
        (
            &["max < 1s"],
            Ended::Terminated,
            "TERMINATED by SIGTERM after 10s, until then failed: 1 of 1 threshold does not hold: \
             max < 1s was 2s (exit 143)",
        ),
        (
            &["errors < 2%"],
            Ended::StoppedByPlan,
            "PASSED, stopped by the plan after 10s: the threshold errors < 2% holds (exit 0)",
        ),
    ];
    for (thresholds, ended, text) in rows {
        let record = record_of([a_run()], thresholds, ended);
        assert_eq!(record.conclusion().to_string(), text);
    }
}

#[test]
fn a_run_without_requests_passes_nothing() {
    let record = record_of(
        [recorder().take(secs(1))],
        &["errors < 1%", "rate < 100/s"],
        Ended::Finished,
    );
    assert_eq!(
        record.conclusion().to_string(),
        "INCONCLUSIVE: no request was made (exit 4)"
    );
}

/// A figure that is rounded onto its limit would contradict its own verdict.
#[test]
#[rustfmt::skip]
fn what_was_measured_has_the_digits_that_tell_it_from_the_limit() {
    //  took µs   threshold         text
    let rows = [
        (299_960, "max < 300ms",    "299.96ms"),
        (300_400, "max < 300ms",    "300ms"),
        (300_400, "max <= 300ms",   "300.4ms"),
        (412_345, "max < 300ms",    "412ms"),
        (61_200_000, "max <= 1m",   "1m1s"),
        (60_200_000, "max <= 1m",   "1m200ms"),
    ];
    for (took_us, threshold, text) in rows {
        let mut recorder = recorder();
        recorder.record(&sample(INDEX, 0, took_us, None));
        let record = record_of([recorder.take(secs(1))], &[threshold], Ended::Finished);
        let measured = record.thresholds[0].measured_text();
        assert_eq!(measured.as_deref(), Some(text), "{took_us} {threshold}");
    }
}
