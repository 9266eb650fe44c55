//! Stages of the load, judged by what was done in them.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use plan::{
    engine::StopSignal,
    protocol::scripted::{Answer, Scripted},
    stats::Outcome,
};

use super::{
    plan,
    running::{Run, compile, ms},
    told,
};

/// Answers take longer from second to second; each is noted: when it was done, and how
/// long it took.
fn ever_slower(done: &Arc<Mutex<Vec<(Duration, Duration)>>>) -> Scripted {
    let done = done.clone();
    Scripted::new(move |asked| {
        // Timers go off at whole milliseconds.
        let took = ms(20 + u64::try_from(asked.at.as_millis()).unwrap() / 50);
        done.lock().unwrap().push((asked.at + took, took));
        Answer::new(200, "ok").after(took)
    })
}

/// Half a second of full load between two ramps: nothing of them is in its numbers.
#[tokio::test(start_paused = true)]
async fn a_stage_of_half_a_second_has_its_own_numbers() {
    let text = "
        plan: 1
        target: http://target
        users: { visitor: { wait: 37ms, sequence: [{ get: / }] } }
        load: { users: 20, ramp_up: 2200ms, duration: 500ms, ramp_down: 2s }
        thresholds:
          - max in stage hold < 1s
          - min in stage hold < 1s
          - rate in stage hold > 1/s
          - mean in stage ramp_up < 1s
          - rate in stage ramp_up > 1/s
          - rate in stage ramp_down > 1/s
          - errors < 1%
    ";
    for workers in [1, 3] {
        let done = Arc::default();
        let run = Run::of(compile(text), ever_slower(&done)).workers(workers);
        let record = run.go().await;
        let done = done.lock().unwrap();
        let within = |from, to| {
            let times = done
                .iter()
                .filter(move |(at, _)| ms(from) <= *at && *at < ms(to));
            times.map(|(_, took)| *took).collect::<Vec<_>>()
        };
        let hold = within(2_200, 2_700);
        let ramp_up = within(0, 2_200);
        let us = |time: Duration| time.as_nanos() as f64 / 1_000.0;
        let mean = us(ramp_up.iter().sum::<Duration>()) / ramp_up.len() as f64;
        assert!(hold.len() > 50 && ramp_up.len() > 100, "enough to tell by");
        let truth = [
            us(*hold.iter().max().unwrap()),
            us(*hold.iter().min().unwrap()),
            hold.len() as f64 / 0.5,
            mean,
            ramp_up.len() as f64 / 2.2,
            within(2_700, 4_700).len() as f64 / 2.0,
        ];
        for (result, truth) in record.thresholds.iter().zip(truth) {
            let measured = result.measured.unwrap();
            let near = (measured - truth).abs() <= truth * 1e-6;
            assert!(near, "{}: {measured} is {truth}", result.threshold);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn windows_do_not_leave_their_stage() {
    // Slow in the ramp, then not: only a window of the ramp sees it.
    let target = Scripted::new(|asked| {
        let slow = asked.at < ms(60_000);
        Answer::new(200, "ok").after(ms(if slow { 800 } else { 100 }))
    });
    let text = plan(
        &[
            "p95 in stage hold < 300ms over 30s",
            "p95 in stage ramp_up < 300ms over 30s",
            "p95 < 300ms over 30s",
        ],
        "{ users: 5, ramp_up: 1m, duration: 5m }",
    );
    let record = Run::of(compile(&text), target).go().await;
    let outcomes: Vec<_> = record
        .thresholds
        .iter()
        .map(|result| result.outcome)
        .collect();
    // What was sent in the ramp and done after it is one of thirty seconds of five users.
    assert_eq!(
        outcomes,
        [Outcome::Pass, Outcome::Fail, Outcome::Fail],
        "{:#?}",
        told(&record)
    );
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_never_came_has_no_data() {
    let text = plan(
        &[
            "errors in stage ramp_down < 1%",
            "errors in stage ramp_up < 1%",
        ],
        "{ users: 2, ramp_up: 10s, duration: 5m, ramp_down: 10s }",
    );
    let target = Scripted::new(|_| Answer::new(200, "ok").after(ms(100)));
    let run = Run::of(compile(&text), target).stop(ms(20_000), StopSignal::Interrupt);
    assert_eq!(
        told(&run.go().await),
        [
            "NoData: errors in stage ramp_down < 1% nothing was measured",
            "Pass: errors in stage ramp_up < 1% was 0%",
        ]
    );
}
