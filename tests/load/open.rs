//! Arrivals that do not care how the target feels.

use plan::{
    engine::StopSignal,
    protocol::scripted::{Answer, Scripted},
};

use super::{
    arrivals, plan, run,
    running::{Log, Run, compile, logging, moments, ms, requests},
    times,
};

#[tokio::test(start_paused = true)]
async fn arrivals_come_at_their_instants() {
    let rows: [(&str, usize, &[u128]); 6] = [
        (
            "{ arrivals: 50/s, max_users: 5, duration: 10s }",
            500,
            &[0, 20, 40],
        ),
        (
            "{ arrivals: 1000/s, max_users: 5, duration: 10s }",
            10_000,
            &[0, 1, 2],
        ),
        // The last one is due within the tick that ends the load.
        (
            "{ arrivals: 1001/s, max_users: 5, duration: 1s }",
            1_001,
            &[0, 1, 2],
        ),
        (
            "{ arrivals: 0.29/s, max_users: 5, duration: 100s }",
            29,
            &[0, 3_449, 6_897],
        ),
        (
            "{ arrivals: 100/s, max_users: 5, ramp_up: 10s, duration: 10s, ramp_down: 10s }",
            2_000,
            &[0, 448, 633],
        ),
        (
            "{ arrivals: 2/s, max_users: 5, iterations: 3 }",
            3,
            &[0, 500, 1_000],
        ),
    ];
    for (load, wanted, first) in rows {
        for wait in ["none", "10s", "{ pacing: 5s }"] {
            let text = plan(wait, load);
            let (record, log) = run(&text, ms(0)).await;
            let times = times(&log);
            assert_eq!(times.len(), wanted, "{load} with wait {wait}");
            assert_eq!(times[..3], *first, "{load} with wait {wait}");
            assert_eq!(arrivals(&record), (wanted as u64, 0), "{load}");
            assert_eq!(record.classes[0].iterations, wanted as u64, "{load}");
        }
    }
}

/// An hour of arrivals is an hour, also when the last of them was due before.
#[tokio::test(start_paused = true)]
async fn a_run_of_arrivals_lasts_as_long_as_it_is_to() {
    let rows = [
        (
            "{ arrivals: 0.29/s, max_users: 5, duration: 100s }",
            100_000,
        ),
        (
            "{ arrivals: 2/h, max_users: 5, duration: 1h, ramp_down: 10m }",
            4_200_000,
        ),
        (
            "{ arrivals: 0.29/h, max_users: 5, duration: 1h, spread: poisson }",
            3_600_000,
        ),
        // Or until there have been as many.
        (
            "{ arrivals: 2/s, max_users: 5, iterations: 3, duration: 100s }",
            1_000,
        ),
        ("{ arrivals: 2/s, max_users: 5, iterations: 3 }", 1_000),
        (
            "{ arrivals: 2/s, max_users: 5, iterations: 300, duration: 10s }",
            10_000,
        ),
    ];
    for (load, elapsed_ms) in rows {
        let (record, _) = run(&plan("none", load), ms(0)).await;
        assert_eq!(record.elapsed, ms(elapsed_ms), "{load}");
    }
}

#[tokio::test(start_paused = true)]
async fn all_workers_together_are_one_load() {
    for workers in [1, 2, 3, 7] {
        let log = Log::default();
        let load = "{ arrivals: 10/s, max_users: 5, ramp_up: 2s, duration: 5s }";
        let text = plan("none", load);
        let target = logging(&log, |_, _| Answer::new(200, ""));
        let record = Run::of(compile(&text), target).workers(workers).go().await;
        assert_eq!(arrivals(&record), (60, 0), "{workers} workers");
        let (_, alone) = run(&text, ms(0)).await;
        assert_eq!(times(&log), times(&alone), "{workers} workers");
    }
}

#[tokio::test(start_paused = true)]
async fn random_arrivals_are_as_many_in_all() {
    let text = plan(
        "none",
        "
        max_users: 50
        spread: poisson
        stages:
          - { to: 20/s, over: 10s }
          - { hold: 30s }
        ",
    );
    let (record, log) = run(&text, ms(0)).await;
    assert_eq!(arrivals(&record), (700, 0));
    let times = times(&log);
    let gaps: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(
        gaps.iter().filter(|gap| **gap < 5).count() > 30,
        "they cluster"
    );
}

/// Five users who are busy for a second each serve five arrivals a second.
#[tokio::test(start_paused = true)]
async fn who_finds_nobody_free_is_dropped() {
    let load = "{ arrivals: 10/s, max_users: 5, duration: 10s }";
    let text = plan("none", load);
    let (record, log) = run(&text, ms(950)).await;
    assert_eq!(arrivals(&record), (100, 50));
    assert_eq!(times(&log).len(), 50);
    assert_eq!(record.total.ok, 50);
    assert_eq!(
        record.classes[0].started, 5,
        "the same five again and again"
    );
    assert_eq!(record.elapsed, ms(10_350), "the last one is finished");
}

/// Whichever worker it belongs to: one that has nobody hands on who arrives.
#[tokio::test(start_paused = true)]
async fn nobody_is_dropped_while_another_worker_has_somebody() {
    for workers in [1, 2, 3, 7] {
        let load = "{ arrivals: 10/s, max_users: 5, duration: 10s }";
        let text = plan("none", load);
        let log = Log::default();
        let target = logging(&log, |_, _| Answer::new(200, "").after(ms(950)));
        let record = Run::of(compile(&text), target).workers(workers).go().await;
        assert_eq!(arrivals(&record), (100, 50), "{workers} workers");
        assert_eq!(record.total.ok, 50, "{workers} workers");
        let (_, alone) = run(&text, ms(950)).await;
        assert_eq!(times(&log), times(&alone), "{workers} workers");
    }
}

/// The target stalls for two seconds every ten. Who is due then waits in earnest: the
/// response time shows it, and also what was dropped does; with users who wait for
/// their answers nobody would have come to see it.
#[tokio::test(start_paused = true)]
async fn a_stall_is_seen() {
    let load = "{ arrivals: 100/s, max_users: 500, duration: 60s }";
    let text = plan("none", load);
    let target = Scripted::new(|asked| {
        let in_cycle = asked.at.as_millis() % 10_000;
        let stalled = 2_000_u128.saturating_sub(in_cycle);
        let latency = ms(10 + u64::try_from(stalled).unwrap());
        Answer::new(200, "").after(latency)
    });
    let record = Run::of(compile(&text), target).go().await;
    assert_eq!(arrivals(&record), (6_000, 0));
    let response = record.total.response();
    let p50 = response.percentile(50.0).unwrap();
    assert!(p50 < ms(11), "{p50:?}");
    // A fifth of all came in a stall, each with what was left of it.
    let p90 = response.percentile(90.0).unwrap();
    assert!(ms(1_000) < p90 && p90 < ms(1_020), "{p90:?}");
    assert!(response.max().unwrap() >= ms(2_010));
}

#[tokio::test(start_paused = true)]
async fn a_user_keeps_its_session_between_arrivals() {
    let log = Log::default();
    let text = "
        plan: 1
        target: http://127.0.0.1:1
        users:
          visitor:
            wait: 5s
            on_start: [{ post: /login }]
            sequence: [{ get: '/{{ user.id }}/{{ iteration }}', name: page }]
            on_stop: [{ post: /logout }]
        load: { arrivals: 2/s, max_users: 9, duration: 3s }
        ";
    let target = logging(&log, |_, _| Answer::new(200, "").after(ms(300)));
    let record = Run::of(compile(text), target).go().await;
    assert_eq!(requests(&record, "page"), 6);
    // The first arrival makes its user log in; that takes 600 ms in all, so the second
    // finds nobody free.
    assert_eq!(requests(&record, "POST /login"), 2);
    assert_eq!(requests(&record, "POST /logout"), 2);
    let log = log.lock().unwrap();
    let asked: Vec<_> = log[&1]
        .iter()
        .map(|(at, line)| format!("{at} {line}"))
        .collect();
    assert_eq!(
        asked,
        [
            "0 POST /login",
            "300 GET /1/1",
            "1000 GET /1/2",
            "1500 GET /1/3",
            "2000 GET /1/4",
            "2500 GET /1/5",
            "3000 POST /logout",
        ]
    );
}

/// Of the login that an arrival had to wait for, too.
#[tokio::test(start_paused = true)]
async fn response_times_begin_when_an_arrival_was_due() {
    let log = Log::default();
    let text = "
        plan: 1
        target: http://127.0.0.1:1
        users:
          visitor:
            wait: none
            sequence:
              - get: /first
              - get: /second
        load: { arrivals: 10/s, max_users: 1, duration: 1s }
        ";
    let target = logging(&log, |_, _| Answer::new(200, "").after(ms(30)));
    let record = Run::of(compile(text), target).go().await;
    let first = record
        .rows
        .iter()
        .find(|row| &*row.name == "GET /first")
        .unwrap();
    assert_eq!(first.response().max(), Some(ms(30)));
    assert_eq!(first.service().max(), Some(ms(30)));
    assert_eq!(arrivals(&record), (10, 0));
}

#[tokio::test(start_paused = true)]
async fn classes_arrive_by_their_weights() {
    let text = "
        plan: 1
        target: http://127.0.0.1:1
        users:
          reader: { weight: 3, wait: none, sequence: [{ get: /read }] }
          writer: { weight: 1, wait: none, sequence: [{ get: /write }] }
        load: { arrivals: 8/s, max_users: 4, duration: 5s }
        ";
    for workers in [1, 2] {
        let log = Log::default();
        let target = logging(&log, |_, _| Answer::new(200, "").after(ms(10)));
        let record = Run::of(compile(text), target).workers(workers).go().await;
        assert_eq!(requests(&record, "GET /read"), 30, "{workers}");
        assert_eq!(requests(&record, "GET /write"), 10, "{workers}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_user_that_stops_makes_room_for_a_new_one() {
    let log = Log::default();
    let text = "
        plan: 1
        target: http://127.0.0.1:1
        users:
          visitor: { wait: none, sequence: [{ get: / }, { stop: user }] }
        load: { arrivals: 10/s, max_users: 1, duration: 1s }
        ";
    let target = logging(&log, |_, _| Answer::new(200, "").after(ms(30)));
    let record = Run::of(compile(text), target).go().await;
    assert_eq!(arrivals(&record), (10, 0));
    assert_eq!(record.classes[0].started, 10);
    for user in 1..=10 {
        assert_eq!(moments(&log, user), [u128::from(user - 1) * 100]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_signal_lets_nobody_arrive_any_more() {
    let log = Log::default();
    let load = "{ arrivals: 10/s, max_users: 50, duration: 1h }";
    let text = plan("none", load);
    let target = logging(&log, |_, _| Answer::new(200, "").after(ms(250)));
    let run = Run::of(compile(&text), target);
    let record = run.stop(ms(1_050), StopSignal::Interrupt).go().await;
    assert_eq!(arrivals(&record), (11, 0));
    assert_eq!(record.total.ok, 11);
    assert_eq!(record.elapsed, ms(1_250));
}

/// However many users there are, and whichever of them plays an arrival.
#[tokio::test(start_paused = true)]
async fn arrivals_draw_rows_in_their_order() {
    for workers in [1, 3] {
        let log = Log::default();
        let text = "
            plan: 1
            target: http://127.0.0.1:1
            data:
              words: { rows: [{ w: a }, { w: b }, { w: c }, { w: d }, { w: e }, { w: f }], at_end: stop_run }
            users:
              reader: { weight: 1, wait: none, sequence: [{ get: '/{{ words.w }}', name: word }] }
              other: { weight: 1, wait: none, sequence: [{ get: /other }] }
            load: { arrivals: 2/s, max_users: 50, duration: 1m }
            ";
        let target = logging(&log, |_, _| Answer::new(200, "").after(ms(900)));
        let record = Run::of(compile(text), target).workers(workers).go().await;
        let log = log.lock().unwrap();
        let mut asked: Vec<_> = log.values().flatten().collect();
        asked.sort();
        let asked = asked.iter().filter(|(_, line)| !line.ends_with("other"));
        let words: Vec<_> = asked.map(|(_, line)| line.as_str()).collect();
        assert_eq!(
            words,
            ["GET /a", "GET /b", "GET /c", "GET /d", "GET /e", "GET /f"]
        );
        let data = &record.data[0];
        assert_eq!((&*data.name, data.rows, data.drawn), ("words", 6, 6));
        // Nobody has a seventh row, and that ends the run.
        assert_eq!(record.elapsed.as_secs(), 6, "{workers} workers");
    }
}
