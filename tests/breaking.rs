//! The program breaks while it plays a user, on a paused clock.
//!
//! The target's script panics inside the user's own turn: nothing in the program is
//! made to break for a test.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod running;

use std::num::NonZeroU32;

use plan::{
    engine::{self, Placement, Settings, StopSignal, Wires},
    exchange::FailureKind,
    protocol::{
        Protocol,
        http::Http,
        scripted::{Answer, Scripted},
    },
    stats::RunRecord,
};
use running::{Log, Run, compile, lines, logging, ms, requests};
use tokio::{
    sync::{mpsc, watch},
    task::LocalSet,
};

/// Answers after half a second; breaks where it is told to.
fn breaking(log: &Log, breaks: impl Fn(u64, &str) -> bool + Send + Sync + 'static) -> Scripted {
    // As the program itself does: what is caught is not printed.
    engine::note_panics();
    logging(log, move |user, path| {
        assert!(!breaks(user, path), "the script does not like user {user}");
        Answer::new(200, "").after(ms(500))
    })
}

/// How often the program broke, and how that reads the first time.
fn broke(record: &RunRecord) -> (u64, String, String) {
    let [failure] = record.failures.as_slice() else {
        panic!("{:#?}", record.failures);
    };
    assert_eq!(
        (&*failure.name, failure.kind),
        ("(internal)", FailureKind::Internal)
    );
    let example = &failure.examples[0];
    (
        failure.count,
        example.detail.clone(),
        example.request.clone(),
    )
}

const AUTHORS: &str = "
    plan: 1
    target: http://target
    users:
      author:
        wait: 1s
        on_start: [{ post: /login }]
        sequence: [{ post: /create }]
        on_stop: [{ get: /logout }]
    load: { users: 2, duration: 10s }
";

#[tokio::test(start_paused = true)]
async fn a_user_that_breaks_us_is_named_and_replaced_and_the_others_go_on() {
    let log = Log::default();
    let target = breaking(&log, |user, path| user == 1 && path == "/create");
    let record = Run::of(compile(AUTHORS), target).go().await;

    let (count, detail, request) = broke(&record);
    assert_eq!(count, 1);
    // With the place in the source that whoever mends it needs.
    let place = detail
        .strip_prefix("the program broke while it played a user: the script does not like user 1 (")
        .unwrap_or_else(|| panic!("{detail}"));
    assert!(place.starts_with("tests/breaking.rs:"), "{detail}");
    assert_eq!(request, "user 1 of class author in POST /create");

    // Broken at 0.5 s, replaced at 1.5 s by a user with a number and a start of its own.
    assert_eq!(
        log.lock().unwrap()[&3][0],
        (1_500, "POST /login".to_owned())
    );
    assert_eq!(lines(&log, 1), ["POST /login", "POST /create"]);
    for user in [2, 3] {
        assert_eq!(lines(&log, user).last().unwrap(), "GET /logout");
    }
    // User 2 creates at 0.5, 2, … 9.5 s; user 3 at 2, 3.5, … 9.5 s.
    assert_eq!(requests(&record, "POST /create"), 7 + 6);
    assert_eq!(record.total.interrupted, 0, "nothing was cut off");
    assert_eq!(record.classes[0].started, 3);
}

#[tokio::test(start_paused = true)]
async fn every_request_is_counted_once_whoever_breaks() {
    let log = Log::default();
    let target = breaking(&log, |user, path| {
        user.is_multiple_of(3) && path == "/create"
    });
    let plan = AUTHORS.replace("users: 2, duration: 10s", "users: 50, duration: 1m");
    for workers in [1, 4] {
        log.lock().unwrap().clear();
        let run = Run::of(compile(&plan), target.clone()).workers(workers);
        let record = run.stop(ms(30_250), StopSignal::Interrupt).go().await;

        let asked: usize = log.lock().unwrap().values().map(Vec::len).sum();
        let total = &record.total;
        assert_eq!(asked as u64, total.ok + total.failed + total.interrupted);
        let (count, ..) = broke(&record);
        assert_eq!(count, total.failed);
        assert_eq!(
            count, 16,
            "a third of the first fifty, and nobody who comes for them"
        );
        assert_eq!(record.conclusion().exit, 130);
    }
}

#[tokio::test(start_paused = true)]
async fn who_always_breaks_is_replaced_once_a_second_and_no_faster() {
    let log = Log::default();
    let record = Run::of(compile(AUTHORS), breaking(&log, |_, path| path == "/login"))
        .wait_scale(0.0)
        .go()
        .await;
    assert_eq!(broke(&record).0, 2 * 10);
    assert_eq!(record.elapsed, ms(9_000));
}

#[tokio::test(start_paused = true)]
async fn where_only_passes_end_a_run_those_who_break_use_them_up() {
    for (load, breaks) in [("per_user: 3", 6), ("iterations: 5", 5)] {
        let plan = AUTHORS.replace("duration: 10s", load);
        let log = Log::default();
        let target = breaking(&log, |_, path| path == "/create");
        let record = Run::of(compile(&plan), target).go().await;
        assert_eq!(broke(&record).0, breaks, "{load}");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_comes_after_a_user_that_breaks_on_its_way_out() {
    let plan = AUTHORS.replace("duration: 10s", "per_user: 1, duration: 10s");
    let log = Log::default();
    let target = breaking(&log, |_, path| path == "/logout");
    let record = Run::of(compile(&plan), target).go().await;
    assert_eq!(broke(&record).0, 2);
    assert_eq!(record.classes[0].started, 2);
    assert_eq!(broke(&record).2, "user 1 of class author in GET /logout");
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_breaks_is_an_error_and_no_panic_of_the_run() {
    let graph = compile(
        "
        plan: 1
        target: http://target
        users:
          known: { count: 1, wait: 1s, sequence: [{ get: / }] }
          unknown: { count: 1, wait: 1s, sequence: [{ get: / }] }
        load: { users: 2, ramp_up: 4s, duration: 1h }
        ",
    );
    // A protocol that knows of one class only breaks its promise for the other.
    let protocol = Protocol::Http(Http::default());
    let (_stop, stops) = mpsc::channel(1);
    let (snapshots, _seen) = watch::channel(None);
    let settings = Settings {
        seed: 1,
        run_id: "x".into(),
        secrets: plan::exchange::mask::Secrets::default(),
        workers: NonZeroU32::MIN,
        placement: Placement::Here,
        wait_scale: 1.0,
        fingerprint: String::new(),
        options: Vec::new(),
        version: String::new(),
        on_saturation: plan::stats::OnSaturation::Inconclusive,
    };
    let run = engine::run(
        graph.into(),
        protocol,
        settings,
        Wires {
            stops,
            snapshots,
            witness: None,
            keeper: None,
        },
    );
    let error = LocalSet::new().run_until(run).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("worker 0 broke: "), "{text}");
}
