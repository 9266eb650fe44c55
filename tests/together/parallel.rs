//! Requests that are sent side by side.

use std::time::Duration;

use plan::{
    engine::StopSignal,
    protocol::{
        Protocol,
        http::Http,
        scripted::{Answer, Scripted},
    },
};

use super::{
    faults::{Faults, ok},
    plan, run,
    running::{Log, Run, compile, lines, logging, mistakes, ms, requests},
};

#[tokio::test(start_paused = true)]
async fn all_are_on_their_way_at_once() {
    let (record, log) = run(&plan(
        "
        - parallel: [{ get: /a }, { get: /slow }, { get: /b }]
        - get: /after
        ",
        "{ users: 1, per_user: 1 }",
    ))
    .await;
    let log = log.lock().unwrap();
    let at: Vec<_> = log[&1]
        .iter()
        .map(|(at, line)| (*at, line.as_str()))
        .collect();
    assert_eq!(
        at,
        [
            (0, "GET /a"),
            (0, "GET /slow"),
            (0, "GET /b"),
            // All are over after a second, and then the user thinks.
            (2_000, "GET /after"),
        ]
    );
    assert_eq!(record.total.ok, 4);
}

#[tokio::test(start_paused = true)]
async fn no_more_than_six_at_a_time_and_the_next_as_soon_as_one_is_over() {
    let many = (1..=8).map(|n| match n {
        1 => "{ get: /slow }".to_owned(),
        n => format!("{{ get: /{n} }}"),
    });
    let many: Vec<_> = many.collect();
    let text = plan(
        &format!("- parallel: [{}]", many.join(", ")),
        "{ users: 1, per_user: 1 }",
    );
    let (record, log) = run(&text).await;
    let log = log.lock().unwrap();
    let late: Vec<_> = log[&1].iter().filter(|(at, _)| *at > 0).collect();
    assert_eq!(
        late,
        [&(100, "GET /7".to_owned()), &(100, "GET /8".to_owned())]
    );
    assert_eq!(record.elapsed, ms(1_000));
}

#[tokio::test(start_paused = true)]
async fn what_each_takes_out_is_there_afterwards() {
    let log = Log::default();
    let script = logging(&log, |_, path| {
        Answer::new(200, path.to_owned()).cookie(&path[1..], "x")
    });
    let graph = compile(&plan(
        "- work",
        "{ users: 1, per_user: 1 }
tasks:
  work:
    - parallel:
        - get: /a
          extract: { first: { regex: '.*' } }
        - get: /b
          when: iteration > 1
          extract: { never: { regex: '.*' } }
        - get: /c
          extract: { second: { regex: '.*' } }
    - get: '/{{ first }}{{ second }}'",
    ));
    let record = Run::of(graph, script).go().await;
    assert_eq!(lines(&log, 1), ["GET /a", "GET /c", "GET /%2Fa%2Fc"]);
    assert_eq!(record.skipped, [("GET /b".into(), 1)]);
}

#[tokio::test(start_paused = true)]
async fn all_come_to_their_end_before_a_failure_leads_out() {
    let (record, log) = run(&plan(
        "
        - task: work
        - get: /next
        ",
        "{ users: 1, per_user: 1 }
tasks:
  work:
    - parallel:
        - get: /fail/1
          on_fail: continue
        - get: /slow
        - get: /fail/2
    - get: /never",
    ))
    .await;
    assert_eq!(
        lines(&log, 1),
        ["GET /fail/1", "GET /slow", "GET /fail/2", "GET /next"]
    );
    assert_eq!(requests(&record, "GET /slow"), 1);
    assert_eq!(record.total.failed, 2);

    let (record, log) = run(&plan(
        "
        - parallel:
            - get: /fail/1
              on_fail: continue
            - get: /a
        - get: /next
        ",
        "{ users: 1, per_user: 1 }",
    ))
    .await;
    assert_eq!(lines(&log, 1).last().unwrap(), "GET /next");
    assert_eq!((record.total.ok, record.total.failed), (2, 1));

    let (record, _) = run(&plan(
        "
        - parallel:
            - get: /fail/1
              on_fail: stop_run
            - get: /slow
        - get: /never
        ",
        "{ users: 5, per_user: 3 }",
    ))
    .await;
    assert_eq!((record.total.ok, record.total.failed), (5, 5));
}

#[tokio::test(start_paused = true)]
async fn what_is_cut_off_is_interrupted() {
    let script = Scripted::new(|asked| {
        let path = asked.request.url.path();
        let latency = if path == "/never" { 1_000 } else { 1 };
        Answer::new(200, "").after(Duration::from_secs(latency))
    });
    let text = plan(
        "- parallel: [{ get: /a }, { get: /never }, { get: /b }]",
        "{ users: 2, duration: 1m, graceful_stop: 2s }\ndefaults: { timeout: 1h }",
    );
    let record = Run::of(compile(&text), script)
        .stop(ms(5_000), StopSignal::Interrupt)
        .go()
        .await;
    assert_eq!((record.total.ok, record.total.interrupted), (4, 2));
}

#[tokio::test(start_paused = true)]
async fn the_whole_takes_as_long_as_its_longest_in_a_group() {
    let (record, _) = run(&plan(
        "- { group: page, do: [{ parallel: [{ get: /a }, { get: /slow }] }] }",
        "{ users: 1, per_user: 1 }",
    ))
    .await;
    assert_eq!(record.groups[0].with_waits().max(), Some(ms(1_000)));
    assert_eq!(record.groups[0].without_waits().max(), Some(ms(1_000)));
}

/// Each goes over a connection of its own, and all of these are used again.
#[tokio::test]
async fn connections_are_kept_for_the_next_time() {
    let server = Faults::start().await;
    for path in ["/", "/a", "/b", "/c"] {
        server.on(path, ok(path));
    }
    let text = plan(
        "
        - get: /
        - parallel: [{ get: /a }, { get: /b }, { get: /c }]
        ",
        "{ users: 1, per_user: 5 }",
    );
    let text = text
        .replace("http://target", server.url("/").as_str())
        .replace("wait: 1s", "wait: none");
    let record = Run::over(compile(&text), Protocol::Http(Http::default()))
        .go()
        .await;
    assert_eq!((record.total.ok, record.total.failed), (20, 0));
    assert_eq!(server.connections(), 3);
}

#[test]
fn only_requests_with_a_url_go_side_by_side() {
    let text = plan(
        "- parallel: [{ wait: 1s }, { get: / }, { submit: form }, work]",
        "{ users: 1, per_user: 1 }\ntasks: { work: [{ get: / }] }",
    );
    let said = mistakes(&text);
    assert_eq!(
        said.matches("only requests with a URL go side by side")
            .count(),
        3,
        "{said}"
    );
    assert!(said.contains("a form is sent by itself"), "{said}");
}

#[test]
fn what_is_on_its_way_cannot_be_read() {
    let text = plan(
        "
        - get: /
        - parallel:
            - get: /a
              extract: { x: url }
            - get: /b/{{ x }}
            - get: /c
              extract: { x: url }
            - get: /d/{{ response.status }}
        ",
        "{ users: 1, per_user: 1 }",
    );
    let said = mistakes(&text);
    for line in [
        "error[P0304]: `x` comes out of an answer that is still on its way",
        "error[P0304]: two requests side by side set `x`",
        "error[P0304]: of requests side by side, none has the last answer",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let text = plan(
        "
        - get: /
        - parallel: [{ get: /a }, { get: /b }]
        - log: '{{ response.status }}'
        ",
        "{ users: 1, per_user: 1 }",
    );
    assert!(mistakes(&text).contains("`response` is read where there may be none"));
}

/// Names and values do not depend on which answer comes first.
#[tokio::test(start_paused = true)]
async fn whatever_comes_first_the_same_is_sent() {
    let mut all = Vec::new();
    for slow in ["/a", "/b", "/c"] {
        let log = Log::default();
        let script = logging(&log, move |_, path| {
            let latency = if path == slow { 500 } else { 5 };
            Answer::new(200, "").after(Duration::from_millis(latency))
        });
        let text = plan(
            "
            - parallel:
                - post: /a
                  body: '{{ random_int(1, 1000000) }}'
                - post: /b
                  body: '{{ random_int(1, 1000000) }}'
                - post: /c
                  body: '{{ random_int(1, 1000000) }}'
            ",
            "{ users: 1, per_user: 3 }",
        );
        Run::of(compile(&text), script).go().await;
        all.push(lines(&log, 1));
    }
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);
}
