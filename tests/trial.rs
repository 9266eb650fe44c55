//! `plan try`, as a person in a shell sees it.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

mod faults;
mod shell;

use faults::{Faults, ok, redirect, reply};
use regex::Regex;
use serde_json::Value;
use shell::{Ended, Folder};

const LOGIN_1: &str = "POST /login name=w1&password=a-long-secret-1";

const PLAN: &str = "\
plan: 1
vars: { password: 'a-long-secret-{{ user.id }}' }
users:
  writer:
    weight: 9
    wait: 10s
    on_start:
      - post: /login
        form: { name: 'w{{ user.id }}', password: '{{ password }}' }
        expect: { final_path: / }
    tasks: { write: 5, both: 1 }
    on_stop: [{ get: /bye }]
  reader:
    wait: { pacing: 1m }
    choose_once: [read, list]
tasks:
  write:
    - post: /posts
      json: { title: 'on {{ iteration }}', token: '{{ password }}' }
      extract: { id: { jsonpath: $.id }, session_token: { header: x-token } }
    - wait: 1h
    - set: { next: '{{ id + 1 }}' }
    - get: '/posts/{{ next }}'
      headers: { X-Token: '{{ session_token }}' }
      expect: { contains: 'post {{ next }}', within: 5s }
  both:
    rounds: 3
    tasks: { read: 2, list: 1 }
  read:
    - get: /
    - delete: /drafts
      when: iteration > 1
  list: [{ log: 'listing' }, { get: '/list?page=1', name: list }]
load: { users: 10, duration: 10m }
";

async fn server() -> Faults {
    let server = Faults::start().await;
    server.on("/", ok("<h1>Posts</h1>"));
    server.on("/login", redirect(302, "/"));
    server.on(
        "/posts",
        reply(
            "201 Created",
            &["Content-Type: application/json", "X-Token: t0ken-value"],
            "{\"id\": 7}",
        ),
    );
    server.on("/posts/8", ok("this is post 8"));
    server.on("/list", ok("[]"));
    server.on("/bye", ok("bye"));
    server
}

/// What changes from call to call is not what a trial is about.
fn steady(ended: &Ended, server: &Faults) -> String {
    let text = ended.stdout.replace(&server.place(), "target");
    let times = Regex::new(r", [0-9.]+(ns|µs|ms|s), ").unwrap();
    times.replace_all(&text, ", TIME, ").into_owned()
}

/// On another thread: the server lives on this one.
async fn tried(plan: &str, server: &Faults, args: &[&str]) -> Ended {
    let folder = Folder::new().file("plan.yaml", plan);
    let target = server.url("/").to_string();
    let mut all = vec!["try", "plan.yaml", "--target", &target];
    all.extend(args);
    let all: Vec<String> = all.into_iter().map(str::to_owned).collect();
    tokio::task::spawn_blocking(move || {
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        folder.plan(&all)
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn everything_is_done_once_and_shown_user_after_user() {
    let server = server().await;
    let ended = tried(PLAN, &server, &[]).await;
    assert_eq!(
        steady(&ended, &server),
        include_str!("trial/conversation.txt")
    );
    ended.exit(0);
    // The wire has seen the same.
    let lines: Vec<String> = server.lines();
    for line in [
        "POST /login name=w2&password=a-long-secret-2",
        "GET /",
        "POST /posts {\"title\":\"on 1\",\"token\":\"a-long-secret-2\"}",
        "GET /posts/8",
        "GET /list?page=1",
        "GET /bye",
    ] {
        assert!(lines.iter().any(|seen| seen == line), "{line}: {lines:?}");
    }
    assert!(
        !lines.iter().any(|line| line.starts_with("DELETE")),
        "{lines:?}"
    );
}

#[tokio::test]
async fn what_fails_is_told_with_what_came_and_ends_with_1() {
    let server = server().await;
    server.on("/posts", reply("500 Oh No", &[], "we lost it"));
    let ended = tried(PLAN, &server, &["--quiet", "--curl", "--user", "writer"]).await;
    assert_eq!(
        steady(&ended, &server),
        "\
writer, user 1

  POST /posts                                     plan.yaml:18
  > POST http://target/posts
  > content-type: application/json
  > {\"title\":\"on 1\",\"token\":\"***\"}
  $ curl -i http://target/posts -H 'content-type: application/json' --data-raw '{\"title\":\"on 1\",\"token\":\"***\"}'
  < 500, TIME, 10B
  < content-length: 10
  < we lost it
  ✗ expected status below 400, got 500 (status)

1 user, 5 requests: 1 failed
nobody came to the GET at plan.yaml:23
nobody came to the DELETE at plan.yaml:31
"
    );
    ended.exit(1);
}

#[tokio::test]
async fn a_start_that_fails_ends_its_user_once() {
    let server = server().await;
    server.on("/login", reply("403 Forbidden", &[], "no"));
    let ended = tried(PLAN, &server, &["--quiet", "--user", "writer"]).await;
    let told = steady(&ended, &server);
    assert!(told.contains("  its start failed: it leaves\n"), "{told}");
    assert!(
        told.contains("1 user, 1 request: 1 failed, and 1 other step\n"),
        "{told}"
    );
    assert_eq!(server.lines(), [LOGIN_1]);
    ended.exit(1);
}

const SETUP: &str = "\
plan: 1
setup:
  - get: /list
    extract: { board: { header: x-token } }
teardown:
  - delete: /list?of={{ board }}
users:
  writer:
    wait: none
    sequence: [{ get: '/?with={{ board }}', name: first }]
  setup:
    wait: none
    sequence: [{ get: '/?again={{ board }}', name: second }]
load: { users: 2, duration: 1m }
";

#[tokio::test]
async fn a_trial_sets_up_and_tears_down() {
    let server = server().await;
    server.on("/list", reply("200 OK", &["X-Token: 7"], ""));
    let ended = tried(SETUP, &server, &[]).await;
    let told = steady(&ended, &server);
    let kept = ["  >", "  b", "t", "w", "s", "2"];
    let kept: Vec<&str> = told
        .lines()
        .filter(|line| kept.iter().any(|start| line.starts_with(start)))
        .collect();
    assert_eq!(
        kept.join("\n"),
        "\
setup
  > GET http://target/list
  board = 7
writer, user 2
  > GET http://target/?with=7
setup, user 1
  > GET http://target/?again=7
teardown
  > DELETE http://target/list?of=7
2 users, 4 requests: all as expected"
    );
    ended.exit(0);
    assert_eq!(
        server.lines().last().map(String::as_str),
        Some("DELETE /list?of=7")
    );
}

#[tokio::test]
async fn more_iterations_come_to_more() {
    let server = server().await;
    let ended = tried(PLAN, &server, &["--user", "reader", "--iterations", "2"]).await;
    let told = steady(&ended, &server);
    assert!(told.contains("  DELETE /drafts"), "{told}");
    assert!(!told.contains("nobody came to"), "{told}");
    let ended = tried(PLAN, &server, &["--iterations", "0"]).await;
    assert_eq!(ended.code, Some(2));
}

#[tokio::test]
async fn nobody_comes_where_setup_fails() {
    let server = server().await;
    server.on("/list", reply("500 Oh No", &[], ""));
    let ended = tried(SETUP, &server, &["--quiet"]).await;
    let told = steady(&ended, &server);
    assert!(told.starts_with("setup\n\n  GET /list"), "{told}");
    assert!(told.contains("\n  it failed: nobody comes\n"), "{told}");
    assert!(told.contains("nobody came to the GET at plan.yaml:10\n"));
    assert_eq!(server.lines(), ["GET /list"]);
    ended.exit(1);
}

#[tokio::test]
async fn one_task_is_tried_alone_where_it_can_be() {
    let server = server().await;
    let ended = tried(PLAN, &server, &["--task", "list"]).await;
    assert_eq!(
        server.lines(),
        [LOGIN_1, "GET /", "GET /list?page=1", "GET /bye"]
    );
    ended.exit(0);

    let ended = tried(PLAN, &server, &["--task", "list", "--user", "reader"]).await;
    assert_eq!(server.lines().last().unwrap(), "GET /list?page=1");
    ended.exit(0);

    let alone = "\
plan: 1
users: { a: { wait: none, sequence: [both] } }
tasks:
  both: [make, take]
  make: [{ post: /posts, extract: { id: { jsonpath: $.id } } }]
  take: [{ get: '/posts/{{ id }}' }]
load: { users: 1, duration: 1m }
";
    let before = server.lines().len();
    let ended = tried(alone, &server, &["--task", "take"]).await;
    assert!(ended.stderr.contains("[P0301]"), "{}", ended.stderr);
    assert!(
        ended.stderr.ends_with(
            "error: the plan is good as a whole, and this part of it cannot be tried alone\n"
        ),
        "{}",
        ended.stderr
    );
    assert_eq!(server.lines().len(), before);
    ended.exit(2);
}

#[tokio::test]
async fn what_there_is_not_is_told_with_the_nearest() {
    let server = server().await;
    for (args, told) in [
        (
            &["--user", "writr"][..],
            "error: the plan has no class `writr`; did you mean `writer`?\n",
        ),
        (
            &["--task", "lst"],
            "error: the plan has no task `lst`; did you mean `list`?\n",
        ),
    ] {
        tried(PLAN, &server, args).await.stderr(told).exit(2);
    }
    let needs = PLAN
        .replace(
            "  read:\n",
            "  drop: { params: [post], steps: [{ delete: '/{{ post }}' }] }\n  read:\n",
        )
        .replace(
            "on_stop: [",
            "on_stop: [{ task: drop, with: { post: 1 } }, ",
        );
    tried(&needs, &server, &["--task", "drop"])
        .await
        .stderr("error: the task `drop` needs `post` from whoever runs it: try one that runs it\n")
        .exit(2);
    assert_eq!(server.lines(), [""; 0]);
}

#[test]
fn nobody_at_the_target_and_no_target_at_all() {
    let folder = Folder::new().file("plan.yaml", PLAN);
    folder
        .plan(&["try", "plan.yaml"])
        .stderr("error: `plan.yaml` names no target: add `target:` to it, or give --target URL or --demo\n")
        .exit(2);
    let ended = folder.plan(&["try", "plan.yaml", "--target", "http://127.0.0.1:9"]);
    assert!(
        ended
            .stderr
            .starts_with("error: cannot reach the target http://127.0.0.1:9/: "),
        "{}",
        ended.stderr
    );
    ended.exit(3);
}

#[tokio::test]
async fn programs_read_a_line_for_each_request_and_one_for_the_sum() {
    let server = server().await;
    let ended = tried(
        PLAN,
        &server,
        &["--format", "json", "--seed", "1", "--run-id", "r"],
    )
    .await;
    let lines: Vec<Value> = ended
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let posted = lines
        .iter()
        .find(|line| line["name"] == "POST /posts")
        .unwrap();
    assert_eq!(posted["class"], "writer");
    assert_eq!(posted["place"], "plan.yaml:18");
    assert_eq!(posted["answer"]["status"], 201);
    assert_eq!(posted["extracted"]["id"], "7");
    assert_eq!(posted["extracted"]["session_token"], "***");
    assert_eq!(posted["failure"], Value::Null);
    let phases = |line: &Value| {
        let phases = line["answer"]["phases_ms"].as_object().unwrap();
        assert!(phases.values().all(|time| time.as_f64().unwrap() >= 0.0));
        let named: Vec<_> = phases.keys().cloned().collect();
        (line["answer"]["connections"].clone(), named.join(" "))
    };
    let first = lines.iter().find(|line| line["name"] == "POST /login");
    let opened = "connect waiting receiving".to_owned();
    assert_eq!(phases(first.unwrap()), (1.into(), opened));
    assert_eq!(phases(posted), (0.into(), "waiting receiving".to_owned()));
    let next = lines.iter().find(|line| line["set"]["next"] == "8");
    assert!(next.is_some(), "{}", ended.stdout);
    let sum = lines.last().unwrap();
    assert_eq!(sum["requests"], 8);
    assert_eq!(sum["not_reached"], serde_json::json!(["plan.yaml:31"]));
    assert!(!ended.stdout.contains("a-long-secret"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("t0ken-value"), "{}", ended.stdout);
    ended.exit(0);
}
