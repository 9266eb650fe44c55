//! `abort`: runs that end because a threshold is broken.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use plan::{
    base::colour::Colour,
    engine::StopSignal,
    protocol::scripted::{Answer, Scripted},
    report::{self, Layout},
    stats::{Ended, Outcome},
};

use super::{
    plan, run,
    running::{Run, compile, ms},
};

/// Fails from so many milliseconds on; each answer takes 300 ms and is counted.
fn failing_from(at: u64, asked_for: &Arc<AtomicU64>) -> Scripted {
    let asked_for = asked_for.clone();
    Scripted::new(move |asked| {
        asked_for.fetch_add(1, Ordering::Relaxed);
        let status = if asked.at < ms(at) { 200 } else { 500 };
        Answer::new(status, "ok").after(ms(300))
    })
}

#[tokio::test(start_paused = true)]
async fn a_run_that_aborts_has_all_its_numbers() {
    let asked_for = Arc::default();
    let text = plan(
        &["errors < 10% over 10s abort", "p95 < 1s"],
        "{ users: 8, ramp_up: 5s, duration: 1h }",
    );
    let run = Run::of(compile(&text), failing_from(30_000, &asked_for)).workers(2);
    let record = run.go().await;

    assert_eq!(record.ended, Ended::AbortedByThreshold);
    assert!(record.elapsed < ms(33_000), "it takes {:?}", record.elapsed);
    let conclusion = record.conclusion();
    assert_eq!(conclusion.exit, 1);
    let aborted_at = record.thresholds[0].aborted_at.unwrap();
    assert!(ms(31_000) < aborted_at && aborted_at < ms(33_000));
    assert!(
        conclusion
            .reason
            .starts_with("FAILED, aborted after 32s: errors < 10% over 10s abort was "),
        "{conclusion}"
    );
    // Whatever was under way was finished: the target has seen nothing else.
    let asked_for = asked_for.load(Ordering::Relaxed);
    assert_eq!(record.total.interrupted, 0);
    assert_eq!(record.total.requests(), asked_for);
    let summary = report::summary(&record);
    assert_eq!(summary["total"]["requests"], asked_for);
    assert_eq!(summary["ended"], "aborted_by_threshold");
    assert_eq!(summary["thresholds"][0]["aborted_at_us"], 32_050_000);
    assert_eq!(summary["thresholds"][1]["outcome"], "pass");
    let layout = Layout {
        width: 120,
        colour: Colour::Plain,
    };
    let text = report::render(&record, layout);
    let total = text.lines().find(|line| line.starts_with("total")).unwrap();
    assert!(total.contains(&format!(" {asked_for} ")), "{total}");
    assert!(
        text.contains(", in the 10s up to 32s, and ended the run after 32s\n"),
        "{text}"
    );
}

/// One failed request of one is no share of errors yet.
#[tokio::test(start_paused = true)]
async fn the_run_so_far_aborts_only_once_there_is_enough_of_it() {
    let first_fails = || {
        Scripted::new(|asked| {
            let status = if asked.at < ms(500) { 500 } else { 200 };
            Answer::new(status, "ok").after(ms(100))
        })
    };
    let load = "{ users: 1, duration: 1m }";
    let record = run(&plan(&["errors < 11% abort"], load), first_fails()).await;
    assert_eq!(record.ended, Ended::Finished);
    assert_eq!(record.conclusion().exit, 0);

    let record = run(&plan(&["errors < 5% abort"], load), first_fails()).await;
    assert_eq!(record.ended, Ended::AbortedByThreshold);
    assert_eq!(record.thresholds[0].aborted_at, Some(ms(10_050)));
    assert_eq!(record.thresholds[0].measured, Some(0.1));

    // Nobody hears of it before ten: the class asks every ten seconds.
    let text = plan(&["errors < 5% abort"], "{ users: 1, duration: 5m }");
    let slow = text.replace("900ms", "9900ms");
    let record = run(&slow, first_fails()).await;
    assert_eq!(record.thresholds[0].aborted_at, Some(ms(91_050)));
}

/// A number that can only get worse does not get better by waiting.
#[tokio::test(start_paused = true)]
async fn what_can_only_get_worse_aborts_at_once() {
    let target = || Scripted::new(|_| Answer::new(200, "12345").after(ms(400)));
    let load = "{ users: 1, duration: 1m }";
    for threshold in [
        "max < 300ms abort",
        "min > 500ms abort",
        "bytes <= 0B abort",
    ] {
        let record = run(&plan(&[threshold, "errors < 1%"], load), target()).await;
        let aborted_at = record.thresholds[0].aborted_at;
        assert_eq!(aborted_at, Some(ms(1_050)), "{threshold}");
        assert_eq!(record.conclusion().exit, 1, "{threshold}");
    }
}

/// A window that is not full says nothing yet.
#[tokio::test(start_paused = true)]
async fn a_window_aborts_when_it_is_full() {
    let target = Scripted::new(|_| Answer::new(500, "no").after(ms(100)));
    let text = plan(
        &["errors < 5% over 20s abort"],
        "{ users: 1, duration: 1m }",
    );
    let record = run(&text, target).await;
    assert_eq!(record.thresholds[0].aborted_at, Some(ms(20_050)));
}

/// It stays what it was when it ended the run, whatever came in while users left.
#[tokio::test(start_paused = true)]
async fn what_ended_a_run_is_not_measured_again() {
    // Failed until 9.5 s; what is still under way then goes well.
    let target = Scripted::new(|asked| {
        let status = if asked.at < ms(9_500) { 500 } else { 200 };
        let took = if asked.at < ms(9_500) { 100 } else { 20_000 };
        Answer::new(status, "ok").after(ms(took))
    });
    let text = plan(&["errors < 99% abort"], "{ users: 2, duration: 1m }");
    let record = run(&text, target).await;
    assert_eq!(record.ended, Ended::AbortedByThreshold);
    assert_eq!(record.thresholds[0].measured, Some(1.0));
    assert_eq!(record.thresholds[0].outcome, Outcome::Fail);
    assert!(record.total.errors().unwrap() < 0.99);
    assert_eq!(record.conclusion().exit, 1);
}

#[tokio::test(start_paused = true)]
async fn a_signal_cuts_short_what_a_threshold_has_ended() {
    let target = Scripted::new(|_| Answer::new(500, "no").after(ms(4_000)));
    let text = plan(&["max < 3s abort"], "{ users: 2, duration: 1m }");
    // So that both ask again before it is known.
    let text = text.replace("900ms", "10ms");
    let run = Run::of(compile(&text), target).stop(ms(5_500), StopSignal::Interrupt);
    let record = run.go().await;
    assert_eq!(record.ended, Ended::Interrupted);
    assert_eq!(record.elapsed, ms(5_500));
    assert_eq!(record.total.interrupted, 2);
}
