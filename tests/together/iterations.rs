//! Each class has a row of its iterations.

use plan::{
    protocol::scripted::{Answer, Scripted},
    stats::{GroupTotals, Latencies, RunRecord},
};

use super::running::{Run, compile, ms};

/// `(ok, failed, longest with waits, longest without)`, in ms.
fn of(record: &RunRecord, class: &str) -> (u64, u64, Option<u128>, Option<u128>) {
    let mut rows = record.iterations.iter();
    let row: &GroupTotals = rows.find(|row| &*row.name == class).unwrap();
    let longest = |times: &Latencies| times.max().map(|time| time.as_millis());
    (
        row.ok,
        row.failed,
        longest(row.with_waits()),
        longest(row.without_waits()),
    )
}

fn plan(body: &str, load: &str) -> String {
    format!(
        "plan: 1\ntarget: http://127.0.0.1:1\nusers:\n  a:\n    wait: 2s\n    {body}\nload: {load}\ntasks:\n  bad: [{{ get: /bad }}, {{ get: /never }}]\n  good: [{{ get: /good }}, {{ wait: 1s }}, {{ get: /good }}]\n"
    )
}

async fn run(text: &str, workers: u32) -> RunRecord {
    let slow = Scripted::new(|asked| {
        let status = match asked.request.url.path() {
            "/bad" => 500,
            _ => 200,
        };
        Answer::new(status, "").after(ms(300))
    });
    Run::of(compile(text), slow).workers(workers).go().await
}

#[tokio::test(start_paused = true)]
async fn an_iteration_is_timed_with_its_waits_and_without() {
    for workers in [1, 3] {
        let text = plan("tasks: [good]", "{ users: 3, per_user: 4 }");
        let record = run(&text, workers).await;
        // 300 ms, a wait of 1 s, 300 ms; the wait of 2 s after it, but for the last.
        assert_eq!(of(&record, "a"), (12, 0, Some(3_600), Some(600)));
    }
}

#[tokio::test(start_paused = true)]
async fn one_in_which_something_failed_has_no_time() {
    let text = plan(
        "sequence: [{ task: good }, { task: bad }]",
        "{ users: 1, per_user: 3 }",
    );
    let record = run(&text, 1).await;
    assert_eq!(of(&record, "a"), (0, 3, None, None));
}

#[tokio::test(start_paused = true)]
async fn who_leaves_in_the_wait_after_a_task_has_done_it() {
    let text = plan("tasks: [good]", "{ users: 1, duration: 2s }");
    let record = run(&text, 1).await;
    assert_eq!(of(&record, "a"), (1, 0, Some(2_000), Some(600)));
}

#[tokio::test(start_paused = true)]
async fn one_that_an_arrival_asks_for_has_no_wait_after_it() {
    let text = plan(
        "tasks: [good]",
        "{ arrivals: 1/s, max_users: 9, duration: 5s }",
    );
    let record = run(&text, 1).await;
    assert_eq!(of(&record, "a"), (5, 0, Some(1_600), Some(600)));
}

#[tokio::test(start_paused = true)]
async fn a_class_that_never_began_one_has_none() {
    let text = plan("tasks: [good]", "{ users: 1, duration: 10s }").replace(
        "    wait: 2s\n",
        "    wait: 2s\n    on_start: [{ get: /bad }]\n    on_start_fail: stop_user\n",
    );
    let record = run(&text, 1).await;
    assert_eq!(of(&record, "a"), (0, 0, None, None));
}
