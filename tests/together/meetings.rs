//! Users wait for each other.

use plan::{engine::StopSignal, stats::RunRecord};

use super::{
    plan, run,
    running::{Log, Run, compile, mistakes, ms},
    target,
};

/// `(met, waited in vain, had to leave)`.
fn met(record: &RunRecord) -> (u64, u64, u64) {
    let meeting = &record.meetings[0];
    (meeting.met, meeting.timed_out, meeting.left)
}

/// When something was asked for, in ms, by whomever.
fn times(log: &Log, line: &str) -> Vec<u128> {
    let log = log.lock().unwrap();
    let mut times: Vec<_> = log
        .values()
        .flatten()
        .filter(|(_, asked)| asked == line)
        .map(|(at, _)| *at)
        .collect();
    times.sort_unstable();
    times
}

/// Users come one second after the other.
const STAGGERED: &str = "
- wait: 0s
- meet: { name: sale, users: 3, timeout: 10s }
- get: /buy
";

#[tokio::test(start_paused = true)]
async fn users_of_all_workers_go_on_together() {
    for workers in [1, 2, 4] {
        let log = Log::default();
        let graph = compile(&plan(
            "
            - meet: { name: sale, users: 3, timeout: 1m }
            - get: /buy
            ",
            "{ users: 6, ramp_up: 6s, per_user: 1, duration: 1h }",
        ));
        let record = Run::of(graph, target(&log)).workers(workers).go().await;
        // The third comes after two seconds, the sixth after five; then each thinks.
        assert_eq!(
            times(&log, "GET /buy"),
            [3_000, 3_000, 3_000, 6_000, 6_000, 6_000],
            "{workers} workers"
        );
        assert_eq!(met(&record), (6, 0, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_too_long_goes_on_alone_and_is_not_waited_for() {
    let (record, log) = run(&plan(
        "
        - meet: { name: sale, users: 2, timeout: 1500ms }
        - get: /buy
        ",
        "{ users: 5, ramp_up: 10s, per_user: 1, duration: 1h }",
    ))
    .await;
    // They come after 0, 2, 4, 6 and 8 seconds.
    assert_eq!(
        times(&log, "GET /buy"),
        [2_500, 4_500, 6_500, 8_500, 10_500]
    );
    assert_eq!(met(&record), (0, 5, 0));
    assert_eq!(record.total.failed, 0, "it is no failure of the target");
}

#[tokio::test(start_paused = true)]
async fn who_is_to_leave_does_not_wait() {
    let log = Log::default();
    let graph = compile(&plan(
        "
        - meet: { name: sale, users: 3, timeout: 1h }
        - get: /buy
        ",
        "{ users: 2, duration: 10m, graceful_stop: 5s }",
    ));
    let record = Run::of(graph, target(&log))
        .stop(ms(5_000), StopSignal::Interrupt)
        .go()
        .await;
    assert_eq!(met(&record), (0, 0, 2));
    assert_eq!(record.elapsed, ms(5_000), "a signal wakes them");

    let (record, _) = run(&plan(
        "
        - meet: { name: sale, users: 3, timeout: 1h }
        - get: /buy
        ",
        "{ users: 2, duration: 10s, graceful_stop: 5s }",
    ))
    .await;
    assert_eq!(met(&record), (0, 0, 2));
    assert_eq!(record.elapsed, ms(10_000), "and so does the end of the run");
}

#[tokio::test(start_paused = true)]
async fn they_meet_again_and_again_and_it_is_a_wait() {
    let (record, _) = run(&plan(
        &format!("- {{ group: sale, do: [{STAGGERED_IN_A_GROUP}] }}"),
        "{ users: 3, per_user: 4 }",
    ))
    .await;
    assert_eq!(met(&record), (12, 0, 0));
    let group = &record.groups[0];
    assert_eq!(group.ok, 12);
    assert_eq!(group.without_waits().max(), Some(ms(100)));
}

const STAGGERED_IN_A_GROUP: &str =
    "{ wait: 1s..5s }, { meet: { name: sale, users: 3, timeout: 1m } }, { get: /buy }";

#[tokio::test(start_paused = true)]
async fn the_report_tells_of_those_who_waited_in_vain() {
    let (record, _) = run(&plan(STAGGERED, "{ users: 4, per_user: 1 }")).await;
    assert_eq!(met(&record), (3, 1, 0));
    let text = plan::report::render(
        &record,
        plan::report::Layout {
            width: 120,
            colour: plan::base::colour::Colour::Plain,
        },
    );
    assert!(
        text.contains("\nMeetings\n  sale  3 met, 1 waited in vain\n"),
        "{text}"
    );
    let summary = plan::report::summary(&record);
    assert_eq!(
        summary["meetings"],
        serde_json::json!([{ "name": "sale", "met": 3, "timed_out": 1, "left": 0 }])
    );
}

#[test]
fn what_cannot_be_met_is_told() {
    let said = mistakes(&plan(
        "
        - meet: { name: '{{ user.id }}', users: 1, timeout: 0s }
        - meet: { name: sale, users: 3 }
        - meet: { name: sale, users: 3, timeout: 1m, whom: all }
        ",
        "{ users: 4, per_user: 1 }",
    ));
    for line in [
        "this name is no template",
        "meet.timeout` is missing: after so long a user goes on without the others",
        "`whom` is not a key of `meet`",
        "meet.users` should be at least 2, not 1",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
}
