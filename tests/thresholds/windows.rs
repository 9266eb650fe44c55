//! `over`: windows that slide, the worst of which counts.

use std::time::Duration;

use plan::{
    protocol::scripted::{Answer, Scripted},
    stats::{Outcome, WorstWindow},
};

use super::{
    plan, run,
    running::{Run, compile, ms},
    told,
};

/// All is well but for one minute, from 30:00 to 31:00.
fn with_a_bad_minute() -> Scripted {
    Scripted::new(|asked| {
        let is_bad = (1_800..1_860).contains(&asked.at.as_secs());
        let status = if is_bad { 500 } else { 200 };
        Answer::new(status, "ok").after(ms(if is_bad { 600 } else { 100 }))
    })
}

#[tokio::test(start_paused = true)]
async fn a_bad_minute_in_an_hour_is_found_by_windows_and_not_by_the_whole() {
    let thresholds = [
        "errors < 5%",
        "errors < 5% over 1m",
        "p95 < 300ms",
        "p95 < 300ms over 5m",
        "p95 < 300ms over 1m",
        "max < 1s over 1m",
        "rate > 9/s over 1m",
        "rate > 5/s over 1m",
    ];
    let record = run(
        &plan(&thresholds, "{ users: 10, duration: 1h }"),
        with_a_bad_minute(),
    )
    .await;
    assert_eq!(
        told(&record),
        [
            "Pass: errors < 5% was 1.12%",
            "Fail: errors < 5% over 1m was 100%, in the 1m up to 31m",
            "Pass: p95 < 300ms was 100ms",
            "Fail: p95 < 300ms over 5m was 600ms, in the 5m up to 30m22s",
            "Fail: p95 < 300ms over 1m was 600ms, in the 1m up to 30m4s",
            "Pass: max < 1s over 1m was 600ms, in the 1m up to 30m1s",
            "Fail: rate > 9/s over 1m was 6.67/s, in the 1m up to 30m59s",
            "Pass: rate > 5/s over 1m was 6.67/s, in the 1m up to 30m59s",
        ]
    );
}

/// Users on several workers come to the same: windows add up.
#[tokio::test(start_paused = true)]
async fn windows_of_workers_are_judged_together() {
    let thresholds = ["errors < 5% over 1m", "p95 < 300ms over 5m"];
    let text = plan(&thresholds, "{ users: 10, duration: 1h }");
    let one = Run::of(compile(&text), with_a_bad_minute()).go().await;
    let four = Run::of(compile(&text), with_a_bad_minute()).workers(4);
    assert_eq!(told(&four.go().await), told(&one));
}

#[tokio::test(start_paused = true)]
async fn a_run_shorter_than_a_window_is_one_window() {
    let record = run(
        &plan(
            &[
                "p95 < 300ms over 5m",
                "p95 in stage hold < 300ms over 1m",
                "rate > 0.5/s over 1h",
            ],
            "{ users: 1, duration: 40s }",
        ),
        Scripted::new(|_| Answer::new(200, "ok").after(ms(100))),
    )
    .await;
    assert_eq!(
        told(&record),
        [
            "Pass: p95 < 300ms over 5m was 100ms, over the whole run, which was shorter than 5m",
            "Pass: p95 in stage hold < 300ms over 1m was 100ms, over the whole stage, which was \
             shorter than 1m",
            "Pass: rate > 0.5/s over 1h was 1/s, over the whole run, which was shorter than 1h",
        ]
    );
    assert_eq!(record.thresholds[0].worst, Some(WorstWindow::Whole));
}

/// A window of ten hours moves by a minute: what is bad for an hour is found in it.
#[tokio::test(start_paused = true)]
async fn long_windows_move_in_longer_steps() {
    let bad = Duration::from_secs(50_000)..Duration::from_secs(53_600);
    let target = Scripted::new(move |asked| {
        let status = if bad.contains(&asked.at) { 500 } else { 200 };
        Answer::new(status, "ok").after(ms(100))
    });
    let text = plan(
        &["errors < 9.9% over 10h", "errors < 5%"],
        "{ users: 1, duration: 1d }",
    );
    let record = run(&text.replace("900ms", "19900ms"), target).await;
    assert_eq!(
        told(&record),
        [
            "Fail: errors < 9.9% over 10h was 10%, in the 10h up to 14h54m",
            "Pass: errors < 5% was 4.17%",
        ]
    );
}

/// Nothing was asked for a while: that is no data for times, and 0/s for a rate.
#[tokio::test(start_paused = true)]
async fn a_window_of_nothing_has_no_times_but_a_rate() {
    let target = Scripted::new(|asked| {
        let stalls = asked.at > ms(20_000) && asked.at < ms(25_000);
        Answer::new(200, "ok").after(ms(if stalls { 29_000 } else { 100 }))
    });
    let thresholds = [
        "rate > 0.5/s over 10s",
        "p95 < 300ms over 10s",
        "p50 of \"GET /\" < 300ms over 10s",
    ];
    let record = run(&plan(&thresholds, "{ users: 1, duration: 2m }"), target).await;
    assert_eq!(record.thresholds[0].outcome, Outcome::Fail);
    assert_eq!(record.thresholds[0].measured, Some(0.0));
    assert_eq!(record.thresholds[1].measured_text().unwrap(), "29s");
    assert_eq!(record.thresholds[2].measured_text().unwrap(), "29s");
}

#[tokio::test(start_paused = true)]
async fn a_look_at_the_run_tells_how_each_threshold_stands() {
    let mut seen = Vec::new();
    let text = plan(
        &[
            "errors < 5% over 10s",
            "p95 < 300ms",
            "max of \"GET /\" < 150ms",
        ],
        "{ users: 1, duration: 40s }",
    );
    let target = Scripted::new(|asked| {
        let is_bad = asked.at > ms(20_000);
        let status = if is_bad { 500 } else { 200 };
        Answer::new(status, "ok").after(ms(if is_bad { 200 } else { 100 }))
    });
    Run::of(compile(&text), target)
        .go_watched(|snapshot| {
            let states = snapshot.thresholds.iter().map(|result| result.outcome);
            seen.push((snapshot.elapsed.as_secs(), states.collect::<Vec<_>>()));
        })
        .await;
    let at = |second| {
        let of_second = seen.iter().find(|(at, _)| *at == second);
        of_second.map(|(_, states)| states.clone()).unwrap()
    };
    use Outcome::{Fail, NoData, Pass};
    assert_eq!(at(0), [NoData, NoData, NoData]);
    assert_eq!(at(9), [NoData, Pass, Pass]);
    assert_eq!(at(10), [Pass, Pass, Pass]);
    assert_eq!(at(22), [Fail, Pass, Fail]);
    assert_eq!(at(39), [Fail, Pass, Fail]);
}
