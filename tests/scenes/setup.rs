//! `setup` and `teardown`: one user before and after all others.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use plan::{
    engine::StopSignal,
    protocol::scripted::{Answer, Asked, Scripted},
    stats::{RunRecord, SceneEnd},
};

use super::{
    running::{Run, compile, mistakes},
    shell::Folder,
};

const PLAN: &str = "
    plan: 1
    target: http://127.0.0.1:9
    vars: { who: 'u{{ user.id }}', post: '/posts/{{ blog }}' }
    setup:
      - post: /blogs
        extract: { blog: { header: x-blog } }
      - set: { note: 'made by {{ who }}' }
    teardown:
      - post: /fails
      - delete: '{{ post }}'
    users:
      a: { wait: 1s, tasks: [look] }
    tasks:
      look:
        - get: '{{ post }}?{{ note }} read by {{ who }}'
          name: look
    load: { users: 3, duration: 10s, graceful_stop: 5s }
    thresholds: [errors < 1%]
";

/// The target, and the URLs that it was asked for.
fn logging() -> (Scripted, Arc<Mutex<Vec<String>>>) {
    let urls: Arc<Mutex<Vec<String>>> = Arc::default();
    let (seen, answers) = (Arc::clone(&urls), answer);
    let target = Scripted::new(move |asked| {
        seen.lock().unwrap().push(asked.request.url.to_string());
        answers(asked)
    });
    (target, urls)
}

fn target() -> Scripted {
    Scripted::new(answer)
}

fn answer(asked: &Asked<'_>) -> Answer {
    match asked.request.url.path() {
        "/blogs" => Answer::new(200, "")
            .header("x-blog", "7")
            .after(Duration::from_secs(4)),
        "/fails" => Answer::new(500, ""),
        _ => Answer::new(200, ""),
    }
}

fn rows(record: &RunRecord) -> Vec<String> {
    record
        .rows
        .iter()
        .map(|row| format!("{} {}", row.name, row.requests()))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn it_comes_first_and_what_it_sets_everybody_has() {
    for workers in [1, 3] {
        let (target, urls) = logging();
        let record = Run::of(compile(PLAN), target).workers(workers).go().await;

        let sent = urls.lock().unwrap().clone();
        assert_eq!(sent[0], "http://127.0.0.1:9/blogs");
        assert_eq!(
            sent[1],
            "http://127.0.0.1:9/posts/7?made%20by%20u0%20read%20by%20u1"
        );
        let last = &sent[sent.len() - 2..];
        assert_eq!(
            last,
            ["http://127.0.0.1:9/fails", "http://127.0.0.1:9/posts/7"]
        );

        // The 4 s of it are not of the load, and its requests are in no other number.
        assert_eq!(record.elapsed, Duration::from_secs(10));
        assert_eq!(rows(&record), ["look 30"]);
        assert_eq!((record.total.ok, record.total.failed), (30, 0));
        assert_eq!(record.classes[0].started, 3);
        assert_eq!(record.conclusion().exit, 0);
        let setup = record.setup.unwrap();
        assert_eq!(setup.end, SceneEnd::Complete);
        assert_eq!(setup.elapsed, Duration::from_secs(4));
        assert_eq!(setup.rows[0].requests(), 1);
        let teardown = record.teardown.unwrap();
        assert_eq!(teardown.end, SceneEnd::Complete);
        assert_eq!((teardown.rows.len(), teardown.failures.len()), (2, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_comes_where_it_failed() {
    let record = Run::of(compile(PLAN), Scripted::always(503)).go().await;
    assert_eq!(record.setup.as_ref().unwrap().rows.len(), 1);
    assert_eq!(record.setup.as_ref().unwrap().end, SceneEnd::Failed);
    assert!(record.teardown.is_none());
    assert_eq!(record.classes[0].started, 0);
    assert_eq!(
        record.conclusion().to_string(),
        "INCONCLUSIVE: `setup` failed at POST /blogs, so no user came: \
         expected status below 400, got 503 (exit 4)"
    );
}

#[tokio::test(start_paused = true)]
async fn a_signal_cuts_it_off_and_teardown_comes_after_one() {
    let during = Run::of(compile(PLAN), target())
        .stop(Duration::from_secs(1), StopSignal::Interrupt)
        .go()
        .await;
    assert_eq!(during.setup.as_ref().unwrap().end, SceneEnd::CutOff);
    assert!(during.teardown.is_none());
    assert_eq!(
        during.conclusion().to_string(),
        "INTERRUPTED by SIGINT after 0s, until then inconclusive: \
         `setup` was cut off, so no user came (exit 130)"
    );

    let after = Run::of(compile(PLAN), target())
        .stop(Duration::from_secs(6), StopSignal::Interrupt)
        .go()
        .await;
    assert_eq!(after.elapsed, Duration::from_secs(2));
    assert_eq!(after.teardown.as_ref().unwrap().end, SceneEnd::Complete);
    assert_eq!(after.conclusion().exit, 130);
}

/// After a signal it has as long as users have, and no longer.
#[tokio::test(start_paused = true)]
async fn a_teardown_that_hangs_is_cut_off_after_a_signal() {
    let hangs = || {
        Scripted::new(|asked| match asked.request.url.path() {
            "/blogs" => Answer::new(200, "").header("x-blog", "7"),
            "/fails" => Answer::new(200, "").after(Duration::from_secs(20)),
            _ => Answer::new(200, ""),
        })
    };
    let record = Run::of(compile(PLAN), hangs())
        .stop(Duration::from_secs(6), StopSignal::Interrupt)
        .go()
        .await;
    let teardown = record.teardown.unwrap();
    assert_eq!(teardown.end, SceneEnd::CutOff);
    assert_eq!(teardown.elapsed, Duration::from_secs(5));
    assert_eq!(teardown.rows[0].interrupted, 1);

    // Without one it takes the time that it takes.
    let record = Run::of(compile(PLAN), hangs()).go().await;
    let teardown = record.teardown.unwrap();
    assert_eq!(teardown.end, SceneEnd::Complete);
    assert_eq!(teardown.elapsed, Duration::from_secs(20));
}

#[test]
fn what_it_need_not_have_set_is_not_counted_on() {
    let text = PLAN.replace("- set: { note", "- when: who == 'x'\n        set: { note");
    let told = mistakes(&text);
    assert!(told.contains("`note` is read before it is set"), "{told}");
    assert!(
        told.contains("users of `a` may come here without it"),
        "{told}"
    );
}

#[test]
fn it_draws_no_rows_and_is_judged_by_no_threshold() {
    let told = mistakes(
        "
        plan: 1
        target: http://127.0.0.1:9
        data: { names: { rows: [{ name: ada }] } }
        setup: [{ get: '/{{ names.name }}', name: first }]
        users: { a: { wait: 1s, sequence: [{ get: '/{{ names.name }}', name: look }] } }
        load: { users: 3, duration: 10s }
        thresholds: ['p95 of \"first\" < 1s']
        ",
    );
    for expected in [
        "`setup` reads a row, and draws none",
        "only `setup` or `teardown` asks for `first`",
    ] {
        assert!(told.contains(expected), "{told}");
    }
}

/// Through the program: the report has both, and the last line is not theirs. A `setup`
/// of some time is seen while it goes on; one of a millisecond need not be.
#[test]
fn a_report_has_both_apart() {
    let plan = "plan: 1
setup:
  - post: /auth/register
    form: { username: 'admin{{ run.id }}', password: x }
  - set: { admin: 'admin{{ run.id }}' }
  - wait: 700ms
teardown:
  - post: /auth/login
    form: { username: '{{ admin }}', password: x }
users:
  a: { wait: 100ms, sequence: [{ get: '/?{{ admin }}', name: index }] }
load: { users: 2, duration: 1s }
";
    let ended = Folder::new()
        .file("plan.yaml", plan)
        .plan(&["run", "plan.yaml", "--demo"]);
    let text = &ended.stdout;
    assert!(text.contains("\nSetup, done after "), "{text}");
    assert!(text.contains("\n  POST /auth/register  1 ok, "), "{text}");
    assert!(text.contains("\nTeardown, done after "), "{text}");
    assert!(ended.stderr.contains("  setup  "), "{}", ended.stderr);
    ended.exit(0);
}
