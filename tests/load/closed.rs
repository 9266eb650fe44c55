//! Users who come, stay and go by stages.

use plan::engine::StopSignal;

use super::{
    plan, run,
    running::{Log, Run, compile, logging, moments, ms},
    times, users_by_second,
};
use plan::protocol::scripted::Answer;

#[tokio::test(start_paused = true)]
async fn users_follow_the_stages() {
    let text = plan(
        "{ pacing: 1s }",
        "
        stages:
          - { to: 2 users, over: 2s }
          - { hold: 3s }
          - { to: 5 users, over: 0s }
          - { hold: 2s, name: spike }
          - { to: 1 user, over: 0s }
          - { hold: 2s }
        ",
    );
    let (record, log) = run(&text, ms(0)).await;
    assert_eq!(users_by_second(&log, 10), [1, 2, 2, 2, 2, 5, 5, 1, 1, 0]);
    assert_eq!(record.elapsed, ms(9_000));
}

#[tokio::test(start_paused = true)]
async fn a_stage_of_half_a_second_is_there() {
    let text = plan(
        "{ pacing: 250ms }",
        "
        stages:
          - { to: 1 user, over: 0s }
          - { hold: 2s }
          - { to: 4 users, over: 0s }
          - { hold: 500ms }
          - { to: 1 user, over: 0s }
          - { hold: 2s }
        ",
    );
    let (_, log) = run(&text, ms(0)).await;
    let in_stage = times(&log)
        .iter()
        .filter(|at| (2_000..2_500).contains(*at))
        .count();
    assert_eq!(in_stage, 8, "four users, twice each");
    assert_eq!(times(&log).len(), 8 + 8 + 8);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_there_in_a_pause() {
    let text = plan(
        "{ pacing: 1s }",
        "
        stages:
          - { to: 3 users, over: 0s }
          - { hold: 2s }
          - { pause: 3s }
          - { hold: 2s }
        ",
    );
    let (record, log) = run(&text, ms(0)).await;
    assert_eq!(users_by_second(&log, 7), [3, 3, 0, 0, 0, 3, 3]);
    // Who comes after the pause is somebody else.
    assert_eq!(record.classes[0].started, 6);
}

/// Whoever is in the middle of a task when its seat is not wanted stays until the task
/// is over; if it is wanted again by then, it just goes on.
#[tokio::test(start_paused = true)]
async fn a_user_is_taken_back_if_the_ramp_turns_before_its_task_is_over() {
    let dip = |latency| {
        let text = plan(
            "none",
            "
            stages:
              - { to: 1 user, over: 0s }
              - { hold: 1s }
              - { to: 0 users, over: 0s }
              - { hold: 1s }
              - { to: 1 user, over: 0s }
              - { hold: 2s }
            ",
        );
        async move { run(&text, latency).await }
    };
    // Its task is over after 1.8 s: it leaves, and another comes after 2 s.
    let (record, log) = dip(ms(900)).await;
    assert_eq!(record.classes[0].started, 2);
    assert_eq!(moments(&log, 1), [0, 900]);
    assert_eq!(moments(&log, 2), [2_000, 2_900, 3_800]);
    // After 2.1 s it is wanted again.
    let (record, log) = dip(ms(2_100)).await;
    assert_eq!(record.classes[0].started, 1);
    assert_eq!(moments(&log, 1), [0, 2_100]);
}

#[tokio::test(start_paused = true)]
async fn a_signal_ends_all_stages() {
    let log = Log::default();
    let text = plan(
        "{ pacing: 1s }",
        "
        stages:
          - { to: 2 users, over: 0s }
          - { hold: 5s }
          - { pause: 1h }
          - { hold: 1h }
        ",
    );
    let target = logging(&log, |_, _| Answer::new(200, ""));
    let run = Run::of(compile(&text), target);
    let record = run.stop(ms(20_000), StopSignal::Interrupt).go().await;
    assert_eq!(record.elapsed, ms(20_000));
    assert_eq!(times(&log).len(), 10);
}

#[tokio::test(start_paused = true)]
async fn steps_go_up_a_staircase() {
    let text = plan(
        "{ pacing: 1s }",
        "steps: { by: 2 users, to: 5 users, hold: 2s }",
    );
    let (_, log) = run(&text, ms(0)).await;
    assert_eq!(users_by_second(&log, 7), [2, 2, 4, 4, 5, 5, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_class_has_a_load_of_its_own_after_a_while() {
    let text = "
        plan: 1
        target: http://127.0.0.1:1
        users:
          visitor: { wait: { pacing: 1s }, sequence: [{ get: / }] }
          importer:
            load: { start_after: 2s, users: 3, ramp_up: 3s, duration: 1s }
            wait: { pacing: 1s }
            sequence: [{ get: /import }]
        load: { users: 2, duration: 7s }
        ";
    for workers in [1, 2, 3] {
        let log = Log::default();
        let target = logging(&log, |_, _| Answer::new(200, ""));
        let record = Run::of(compile(text), target).workers(workers).go().await;
        assert_eq!(
            users_by_second(&log, 8),
            [2, 2, 3, 4, 5, 5, 2, 0],
            "{workers}"
        );
        assert_eq!(record.classes[1].started, 3);
    }
}
