//! Plans run on a paused clock against a scripted target.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod running;

use std::sync::Arc;

use plan::{
    engine::StopSignal,
    exchange::{Failure, FailureKind},
    protocol::scripted::{Answer, Scripted},
    source::MemoryLoader,
    stats::{Ended, RunRecord},
};
use running::{Log, Run, compile, compile_with, lines, logging, ms, requests};

/// One class that asks for `/` again and again.
fn simple(wait: &str, load: &str) -> String {
    format!(
        "plan: 1\ntarget: http://target\nusers:\n  visitor:\n    wait: {wait}\n    sequence: [{{ get: / }}]\nload: {load}\n"
    )
}

#[tokio::test(start_paused = true)]
async fn waits_and_answers_take_exactly_their_time() {
    let graph = compile(&simple("1s", "{ users: 10, duration: 60s }"));
    let record = Run::of(
        graph,
        Scripted::new(|_| Answer::new(200, "ok").after(ms(100))),
    )
    .go()
    .await;

    // A round is 1.1 s; the last one of 55 starts at 59.4 s.
    assert_eq!(record.total.ok, 550);
    assert_eq!(record.total.failed, 0);
    assert_eq!(record.total.received_bytes, 1_100);
    assert_eq!(
        record.elapsed,
        ms(60_000),
        "users in a wait leave when the time is over"
    );
    assert_eq!(record.ended, Ended::Finished);
    assert_eq!(record.conclusion().exit, 0);
}

#[tokio::test(start_paused = true)]
async fn a_ramp_brings_users_one_by_one_and_takes_them_back() {
    let graph = compile(&simple(
        "1s",
        "{ users: 4, ramp_up: 4s, duration: 4s, ramp_down: 4s }",
    ));
    let mut users = Vec::new();
    Run::of(graph, Scripted::always(200))
        .go_watched(|snapshot| users.push((snapshot.elapsed.as_secs(), snapshot.classes[0].users)))
        .await;

    users.dedup_by_key(|(second, _)| *second);
    // Seats are taken at 0, 1, 2 and 3 s and left at 9, 10, 11 and 12 s; who leaves at a
    // full second is gone a second later.
    let at = |second| {
        users
            .iter()
            .find(|(at, _)| *at == second)
            .map(|(_, users)| *users)
    };
    assert_eq!(
        [at(2), at(3), at(5), at(8)],
        [Some(3), Some(4), Some(4), Some(4)],
        "{users:?}"
    );
    assert_eq!([at(10), at(11)], [Some(3), Some(2)], "{users:?}");
}

#[tokio::test(start_paused = true)]
async fn a_signal_lets_users_who_wait_leave_at_once() {
    let graph = compile(&simple("1h", "{ users: 3, duration: 10h }"));
    let record = Run::of(graph, Scripted::always(200))
        .stop(ms(300_000), StopSignal::Interrupt)
        .go()
        .await;

    assert_eq!(record.elapsed, ms(300_000));
    assert_eq!(record.total.ok, 3);
    assert_eq!(record.ended, Ended::Interrupted);
    assert_eq!(record.conclusion().exit, 130);
}

const CLEANS_UP: &str = "
    plan: 1
    target: http://target
    users:
      author:
        wait: 10s
        on_start: [{ post: /login }]
        tasks: [write]
        on_stop: [{ post: /delete }, { get: /logout }]
    tasks:
      write:
        - post: /draft
        - wait: 5s
        - post: /publish
    load: { users: 2, duration: 7s, graceful_stop: 3s }
";

#[tokio::test(start_paused = true)]
async fn a_task_under_way_is_finished_without_its_waits_and_on_stop_follows() {
    let log = Log::default();
    let target = logging(&log, |_, _| Answer::new(200, "").after(ms(500)));
    let run = Run::of(compile(CLEANS_UP), target).stop(ms(2_000), StopSignal::Terminate);
    let record = run.go().await;

    assert_eq!(
        log.lock().unwrap()[&1],
        [
            (0, "POST /login".to_owned()),
            (500, "POST /draft".to_owned()),
            // Waiting from 1 s on; the signal at 2 s ends the wait inside the task.
            (2_000, "POST /publish".to_owned()),
            (2_500, "POST /delete".to_owned()),
            (3_000, "GET /logout".to_owned()),
        ]
    );
    assert_eq!(record.total.interrupted, 0);
    assert_eq!(record.conclusion().exit, 143);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_end_in_time_is_interrupted_and_is_neither_success_nor_failure() {
    let graph = compile(CLEANS_UP);
    let target = Scripted::new(|asked| {
        let slow = asked.request.url.path() == "/publish";
        Answer::new(200, "").after(if slow { ms(3_600_000) } else { ms(0) })
    });
    let record = Run::of(graph, target).go().await;

    // /login and /draft at 0 s, /publish at 5 s; the end at 7 s, cut off at 10 s.
    assert_eq!(record.elapsed, ms(10_000));
    assert_eq!(
        (
            record.total.ok,
            record.total.failed,
            record.total.interrupted
        ),
        (4, 0, 2)
    );
}

#[tokio::test(start_paused = true)]
async fn a_second_signal_ends_at_once() {
    let target = Scripted::new(|_| Answer::new(200, "").after(ms(60_000)));
    let record = Run::of(compile(CLEANS_UP), target)
        .stop(ms(1_000), StopSignal::Interrupt)
        .stop(ms(1_500), StopSignal::Interrupt)
        .go()
        .await;

    assert_eq!(record.elapsed, ms(1_500));
    assert_eq!(record.total.interrupted, 2);
}

#[tokio::test(start_paused = true)]
async fn a_failed_start_makes_room_for_a_new_user_with_its_own_number_and_vars() {
    let graph = compile(
        "
        plan: 1
        target: http://target
        vars: { name: 'u{{ user.id }}' }
        users:
          member:
            count: 2
            wait: 2s
            on_start:
              - post: /register
                form: { name: '{{ name }}' }
            sequence: [{ get: / }]
            on_stop: [{ get: /logout }]
        load: { users: 2, duration: 9s }
        ",
    );
    let log = Log::default();
    // Seat 1 is refused twice.
    let target = logging(&log, |user, path| {
        Answer::new(
            if path == "/register" && (user == 1 || user == 3) {
                500
            } else {
                200
            },
            "",
        )
    });
    let record = Run::of(graph, target).go().await;

    assert_eq!(
        log.lock().unwrap()[&1],
        [(0, "POST /register name=u1".to_owned())]
    );
    assert_eq!(
        log.lock().unwrap()[&3],
        [(2_000, "POST /register name=u3".to_owned())]
    );
    assert_eq!(
        log.lock().unwrap()[&5][0],
        (4_000, "POST /register name=u5".to_owned())
    );
    assert_eq!(
        lines(&log, 5).last().unwrap(),
        "GET /logout",
        "only who has started cleans up"
    );
    assert_eq!(requests(&record, "POST /register"), 4);
    assert_eq!(
        (record.classes[0].started, record.classes[0].failed_starts),
        (4, 2)
    );
    assert_eq!(requests(&record, "GET /logout"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failure_leaves_the_drawn_task_through_every_task_between() {
    let graph = compile(
        "
        plan: 1
        target: http://target
        users:
          visitor: { wait: 1s, tasks: [outer] }
        tasks:
          outer: [inner, { get: /never }]
          inner: [middle, { get: /never }]
          middle: [{ get: /broken }, { get: /never }]
        load: { users: 1, duration: 10s }
        ",
    );
    let target = Scripted::new(|_| Answer::new(404, ""));
    let record = Run::of(graph, target).go().await;

    assert_eq!(
        (
            requests(&record, "GET /broken"),
            requests(&record, "GET /never")
        ),
        (10, 0)
    );
    assert_eq!(record.failures.len(), 1);
    assert_eq!(record.failures[0].kind, FailureKind::Status);
    assert_eq!(
        record.failures[0].examples[0].detail,
        "expected status below 400, got 404"
    );
    assert_eq!(
        record.failures[0].examples[0].request,
        "GET http://target/broken"
    );
    assert_eq!(record.conclusion().exit, 1);
}

const BLOG: &str = "
    plan: 1
    target: http://target
    users:
      author: { wait: 1s, sequence: [{ task: add }, { task: take_back }], weight: 3 }
      reader: { wait: 1s..3s, tasks: { front: 5, archive: 1 } }
    tasks:
      add:
        - post: /create
          form: { title: 't {{ random_int(1, 1000000) }}' }
      take_back:
        - post: /delete
          form: { token: '{{ uuid() }}' }
      front: [{ get: / }]
      archive: [{ get: /archive }]
    load: { users: 8, ramp_up: 4s, duration: 60s }
";

#[tokio::test(start_paused = true)]
async fn who_does_what_does_not_depend_on_the_number_of_workers() {
    let mut logs = Vec::new();
    for workers in [1, 2, 3] {
        let log = Log::default();
        let target = logging(&log, |_, _| Answer::new(200, "").after(ms(20)));
        Run::of(compile(BLOG), target)
            .seed(7)
            .workers(workers)
            .go()
            .await;
        logs.push(
            Arc::into_inner(log)
                .expect("the run is over")
                .into_inner()
                .unwrap(),
        );
    }
    assert_eq!(logs[0].len(), 8);
    assert!(logs[0].values().all(|asked| asked.len() > 15));
    assert_eq!(logs[0], logs[1]);
    assert_eq!(logs[0], logs[2]);

    let log = Log::default();
    let target = logging(&log, |_, _| Answer::new(200, "").after(ms(20)));
    Run::of(compile(BLOG), target).seed(8).go().await;
    assert_ne!(logs[0], *log.lock().unwrap(), "another seed is another run");
}

#[tokio::test(start_paused = true)]
async fn users_are_dealt_exactly() {
    let record = Run::of(compile(BLOG), Scripted::always(200)).go().await;
    let started: Vec<_> = record
        .classes
        .iter()
        .map(|class| (&*class.name, class.started))
        .collect();
    assert_eq!(started, [("author", 6), ("reader", 2)]);
}

#[tokio::test(start_paused = true)]
async fn what_a_page_gives_stands_in_the_next_request() {
    let graph = compile(
        "
        plan: 1
        target: http://target
        users:
          author: { wait: 1s, tasks: [edit] }
        tasks:
          edit:
            - post: /create
              extract:
                post_id: { css: 'article.post a.action[href$=\"/update\"]', attr: href, regex: '^/(\\d+)/update$' }
            - post: /{{ post_id }}/update
        load: { users: 1, duration: 2s }
        ",
    );
    let log = Log::default();
    let target = logging(&log, |_, path| {
        let page = r#"<a class="action" href="/create">New</a><article class="post"><a class="action" href="/17/update">Edit</a></article>"#;
        Answer::new(200, if path == "/create" { page } else { "" })
    });
    let record = Run::of(graph, target).go().await;

    assert_eq!(
        lines(&log, 1),
        [
            "POST /create",
            "POST /17/update",
            "POST /create",
            "POST /17/update"
        ]
    );
    assert_eq!(requests(&record, "POST /{post_id}/update"), 2);
}

#[tokio::test(start_paused = true)]
async fn rows_are_dealt_in_order_and_stay_for_a_pass() {
    let graph = compile_with(
        "
        plan: 1
        target: http://target
        data: { accounts: { csv: accounts.csv } }
        users:
          member:
            wait: 1s
            sequence:
              - post: /login
                form: { mail: '{{ accounts.mail }}', pin: '{{ accounts.pin }}' }
        load: { users: 2, duration: 2s }
        ",
        MemoryLoader::new().with("accounts.csv", "mail,pin\na@x,007\nb@x,1\nc@x,2\n"),
    );
    let log = Log::default();
    Run::of(graph, logging(&log, |_, _| Answer::new(200, "")))
        .go()
        .await;

    assert_eq!(
        lines(&log, 1),
        [
            "POST /login mail=a%40x&pin=007",
            "POST /login mail=c%40x&pin=2"
        ]
    );
    assert_eq!(
        lines(&log, 2),
        [
            "POST /login mail=b%40x&pin=1",
            "POST /login mail=a%40x&pin=007"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn every_method_is_sent_as_it_is_called() {
    let graph = compile(
        "
        plan: 1
        target: http://target
        users:
          client:
            wait: 1s
            sequence:
              - get: /1
              - post: /2
                form: { a: 1 }
              - put: /3
                form: { a: 2 }
              - patch: /4
                form: { a: 3 }
              - delete: /5
              - head: /6
              - options: /7
        load: { users: 1, duration: 7s }
        ",
    );
    let log = Log::default();
    let record = Run::of(graph, logging(&log, |_, _| Answer::new(200, "")))
        .go()
        .await;

    assert_eq!(
        lines(&log, 1),
        [
            "GET /1",
            "POST /2 a=1",
            "PUT /3 a=2",
            "PATCH /4 a=3",
            "DELETE /5",
            "HEAD /6",
            "OPTIONS /7",
        ]
    );
    assert_eq!(requests(&record, "OPTIONS /7"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failed_request_leads_where_its_plan_says() {
    let plan = |on_fail: &str| {
        compile(&format!(
            "
            plan: 1
            target: http://target
            users:
              author:
                wait: 1s
                tasks: [work]
                on_stop: [{{ get: /bye }}]
            tasks:
              work: [{{ get: /broken, on_fail: {on_fail} }}, {{ get: /next }}]
            load: {{ users: 2, duration: 10s }}
            "
        ))
    };
    //  on_fail       /broken  /next  /bye  seconds
    let rows = [
        ("leave_task", 20, 0, 2, 10),
        ("continue", 20, 20, 2, 10),
        ("stop_user", 2, 0, 2, 0),
        ("stop_run", 2, 0, 2, 0),
    ];
    for (on_fail, broken, next, bye, seconds) in rows {
        let target = Scripted::new(|asked| {
            let broken = asked.request.url.path() == "/broken";
            Answer::new(if broken { 500 } else { 200 }, "")
        });
        let record = Run::of(plan(on_fail), target).go().await;
        let counts = ["GET /broken", "GET /next", "GET /bye"].map(|name| requests(&record, name));
        assert_eq!(counts, [broken, next, bye], "{on_fail}");
        assert_eq!(record.elapsed.as_secs(), seconds, "{on_fail}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_user_can_stop_the_run_for_all() {
    let graph = compile(
        "
        plan: 1
        target: http://target
        users:
          v: { wait: 1s, sequence: [{ get: '/{{ user.id }}', on_fail: stop_run }] }
        load: { users: 3, duration: 1h }
        ",
    );
    let target = Scripted::new(|asked| {
        let broken = asked.user == 2 && asked.at >= ms(5_000);
        Answer::new(if broken { 500 } else { 200 }, "")
    });
    let record = Run::of(graph, target).go().await;
    assert_eq!(record.ended, Ended::StoppedByPlan);
    assert_eq!(record.elapsed, ms(5_000));
}

#[tokio::test(start_paused = true)]
async fn waits_that_are_drawn_keep_their_mean() {
    for wait in [
        "{ exponential: 7s }",
        "{ normal: { mean: 7s, deviation: 1s } }",
        "4s..10s",
    ] {
        let graph = compile(&simple(wait, "{ users: 10, duration: 7000s }"));
        let record = Run::of(graph, Scripted::always(200)).go().await;
        // Ten users, a thousand rounds each; exponential waits deviate most: the
        // number of rounds by 100, and five times that is 500.
        assert!(
            record.total.ok.abs_diff(10_000) < 500,
            "{wait}: {}",
            record.total.ok
        );
    }
}

#[tokio::test(start_paused = true)]
async fn scaled_waits_change_when_and_not_what() {
    let asked = async |factor: f64, duration: &str| {
        let log = Log::default();
        let graph = compile(&simple(
            "10s",
            &format!("{{ users: 1, duration: {duration} }}"),
        ));
        Run::of(graph, logging(&log, |_, _| Answer::new(200, "")))
            .wait_scale(factor)
            .go()
            .await;
        lines(&log, 1).len()
    };
    assert_eq!(asked(1.0, "100s").await, 10);
    assert_eq!(asked(0.1, "10s").await, 10);
    assert_eq!(asked(0.01, "1s").await, 10);
}

#[tokio::test(start_paused = true)]
async fn a_target_that_lets_nobody_in_is_not_asked_without_end() {
    let plan = CLEANS_UP.replace("wait: 10s", "wait: none");
    for (factor, plan) in [(1.0, plan.as_str()), (0.0, CLEANS_UP)] {
        let target = Scripted::new(|_| {
            Answer::failed(Failure::new(FailureKind::Refused, "connection refused"))
        });
        let record = Run::of(compile(plan), target).wait_scale(factor).go().await;
        // For 7 s two users each tenth of a second, however short the waits.
        assert_eq!(requests(&record, "POST /login"), 2 * 70, "× {factor}");
        assert_eq!(record.classes[0].failed_starts, 2 * 70);
    }
}

#[tokio::test(start_paused = true)]
async fn a_target_that_fails_is_data() {
    let graph = compile(&simple("1s", "{ users: 1, duration: 5s }"));
    let target = Scripted::new(|_| {
        let refused = Failure::new(FailureKind::Refused, "connection refused");
        Answer::failed(refused).after(ms(10))
    });
    let record = Run::of(graph, target).go().await;

    assert_eq!((record.total.ok, record.total.failed), (0, 5));
    assert_eq!(
        record.total.response().count(),
        0,
        "a refused connection has no latency"
    );
}

#[tokio::test(start_paused = true)]
async fn a_class_that_does_nothing_eats_no_processor_and_makes_no_numbers() {
    let graph = compile(
        "
        plan: 1
        target: http://target
        users:
          idler: { wait: none, tasks: [nothing] }
        tasks:
          nothing: [{ wait: 0s }]
        load: { users: 1, duration: 1s }
        ",
    );
    let record = Run::of(graph, Scripted::always(200)).go().await;
    assert_eq!(record.elapsed, ms(1_000));
    assert_eq!(record.conclusion().exit, 4, "no request is no success");
}

#[tokio::test(start_paused = true)]
async fn three_days_pass_in_a_moment() {
    let graph = compile(&simple(
        "5s..10s",
        "{ users: 5, ramp_up: 2m, duration: 72h }",
    ));
    let record: RunRecord = Run::of(graph, Scripted::new(|_| Answer::new(200, "").after(ms(3))))
        .go()
        .await;

    assert_eq!(record.elapsed.as_secs(), 72 * 3600 + 120);
    // A round is 7.503 s in the mean; 172,727 rounds of five users, give or take
    // five standard deviations of 600.
    assert!(
        record.total.ok.abs_diff(172_800) < 1_000,
        "{}",
        record.total.ok
    );
}
