//! Who gets which row.

use std::collections::{BTreeMap, BTreeSet};

use plan::{protocol::scripted::Answer, source::MemoryLoader};

use crate::{
    folder, plan,
    running::{Log, Run, compile, compile_with, lines, logging, requests, summary_of},
};

/// Numbers from 0 in a column.
fn numbers(rows: usize) -> String {
    let rows: Vec<_> = (0..rows).map(|row| format!("n{row}\n")).collect();
    format!("name\n{}", rows.concat())
}

/// What all users have sent, by user.
fn sent(log: &Log) -> BTreeMap<u64, Vec<String>> {
    let log = log.lock().unwrap();
    let of_user = log.iter().map(|(user, lines)| {
        let lines = lines.iter().map(|(_, line)| line.clone());
        (*user, lines.collect())
    });
    of_user.collect()
}

/// The demo refuses a name that it knows, so each success is a row of its own.
#[test]
fn two_threads_register_each_of_5000_rows_once() {
    let yaml = "
plan: 1
target: http://127.0.0.1:5000
data: { accounts: { csv: accounts.csv, at_end: stop_user } }
users:
  member:
    wait: none
    sequence:
      - post: /auth/register
        form: { username: '{{ accounts.name }}', password: x }
        expect: { final_path: /auth/login }
load: { users: 7, iterations: 5000 }
thresholds: [errors <= 0%]
";
    let rows = numbers(5_000);
    let folder = folder(&[
        ("plan.yaml", yaml.as_bytes()),
        ("accounts.csv", rows.as_bytes()),
    ]);
    let args = [
        "run",
        "plan.yaml",
        "--demo",
        "--workers",
        "2",
        "--quiet",
        "--json",
        "s.json",
    ];
    let output = plan(folder.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let summary = summary_of(&folder.path().join("s.json"));
    let registered = summary["rows"].as_array().unwrap();
    let registered = registered
        .iter()
        .find(|row| row["name"] == "POST /auth/register")
        .unwrap();
    assert_eq!(registered["ok"], 5_000, "{summary}");
    assert_eq!(registered["failed"], 0, "{summary}");
}

#[tokio::test(start_paused = true)]
async fn who_gets_which_row_does_not_depend_on_the_number_of_workers() {
    for order in ["sequential", "shuffled", "random"] {
        let yaml = format!(
            "
            plan: 1
            target: http://target
            data:
              shared: {{ csv: rows.csv, order: {order} }}
              own: {{ csv: rows.csv, order: {order}, share: user }}
            users:
              a:
                wait: 1s..5s
                sequence: [{{ get: '/{{{{ shared.name }}}}/{{{{ own.name }}}}' }}]
            load: {{ users: 5, duration: 1m }}
            "
        );
        let mut seen = Vec::new();
        for (seed, workers) in [(1, 1), (1, 3), (2, 1)] {
            let loader = MemoryLoader::new().with("rows.csv", &numbers(17));
            let log = Log::default();
            let run = Run::of(
                compile_with(&yaml, loader),
                logging(&log, |_, _| Answer::new(200, "")),
            );
            run.seed(seed).workers(workers).go().await;
            seen.push(sent(&log));
        }
        assert_eq!(seen[0], seen[1], "{order}");
        assert_ne!(seen[0], seen[2], "{order}: waits differ, and rows");
    }
}

/// Rows are dealt to those who draw: neither to another class, nor to users of the
/// same class who have chosen another task for life.
#[tokio::test(start_paused = true)]
async fn rows_are_dealt_to_those_who_draw() {
    let graph = compile_with(
        "
        plan: 1
        target: http://target
        data: { accounts: { csv: rows.csv, at_end: stop_user } }
        users:
          reader: { weight: 3, wait: 1s, sequence: [{ get: / }] }
          member: { weight: 2, wait: 1s, choose_once: [draws, does_not] }
        tasks:
          draws: [{ post: '/{{ accounts.name }}' }]
          does_not: [{ get: /other }]
        load: { users: 20, duration: 1m }
        ",
        MemoryLoader::new().with("rows.csv", &numbers(12)),
    );
    let log = Log::default();
    Run::of(graph, logging(&log, |_, _| Answer::new(200, "")))
        .go()
        .await;
    let sent = sent(&log);
    let drawers: Vec<_> = sent
        .values()
        .filter(|lines| lines[0].starts_with("POST"))
        .collect();
    assert_eq!(drawers.len(), 4);
    for (rank, lines) in drawers.iter().enumerate() {
        let expected = (0..3).map(|draw| format!("POST /n{}", draw * 4 + rank));
        assert!(expected.eq(lines.iter().cloned()), "{rank}: {lines:?}");
    }
}

/// A failed start is tried with the next row, and not with the same one again.
#[tokio::test(start_paused = true)]
async fn whoever_comes_for_one_that_could_not_start_takes_the_next_row() {
    let graph = compile_with(
        "
        plan: 1
        target: http://target
        data: { accounts: { csv: rows.csv, at_end: stop_user } }
        users:
          member:
            wait: 1s
            on_start: [{ post: '/{{ accounts.name }}' }]
            sequence: [{ get: '/as/{{ accounts.name }}' }]
        load: { users: 2, duration: 1m }
        ",
        MemoryLoader::new().with("rows.csv", &numbers(8)),
    );
    let log = Log::default();
    let target = logging(&log, |_, path| {
        Answer::new(
            if path == "/n0" || path == "/n2" {
                500
            } else {
                200
            },
            "",
        )
    });
    let record = Run::of(graph, target).go().await;
    assert_eq!(lines(&log, 1), ["POST /n0"]);
    assert_eq!(lines(&log, 3), ["POST /n2"]);
    assert_eq!(lines(&log, 5), ["POST /n4", "GET /as/n6"]);
    assert_eq!(
        lines(&log, 2),
        ["POST /n1", "GET /as/n3", "GET /as/n5", "GET /as/n7"]
    );
    assert_eq!(requests(&record, "POST /{accounts.name}"), 4);
}

/// A row stays for a pass, is another in the next, and has its types.
#[tokio::test(start_paused = true)]
async fn rows_of_a_plan_have_types_and_stay_for_a_pass() {
    let graph = compile(
        "
        plan: 1
        target: http://target
        data:
          modes:
            rows:
              - { mode: fast, weight: 1.5, on: true, tags: [a, 7] }
              - { mode: slow, weight: 007, on: '007', tags: { x: null } }
        users:
          a:
            wait: 1s
            sequence:
              - post: '/{{ modes.mode }}'
                json: { w: '{{ modes.weight }}', on: '{{ modes.on }}', tags: '{{ modes.tags }}', t: '{{ modes.weight }}!' }
        load: { users: 1, per_user: 2 }
        ",
    );
    let log = Log::default();
    Run::of(graph, logging(&log, |_, _| Answer::new(200, "")))
        .go()
        .await;
    assert_eq!(
        lines(&log, 1),
        [
            r#"POST /fast {"w":1.5,"on":true,"tags":["a",7],"t":"1.5!"}"#,
            r#"POST /slow {"w":7,"on":"007","tags":{"x":null},"t":"7!"}"#,
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn each_user_can_go_through_all_rows() {
    let graph = compile_with(
        "
        plan: 1
        target: http://target
        data: { words: { csv: rows.csv, share: user, order: shuffled, at_end: stop_user } }
        users:
          a: { wait: 1s, sequence: [{ get: '/{{ words.name }}' }] }
        load: { users: 3, duration: 1m }
        ",
        MemoryLoader::new().with("rows.csv", &numbers(9)),
    );
    let log = Log::default();
    Run::of(graph, logging(&log, |_, _| Answer::new(200, "")))
        .go()
        .await;
    let sent = sent(&log);
    assert_eq!(sent.len(), 3);
    for lines in sent.values() {
        assert_eq!(lines.len(), 9);
        assert_eq!(lines.iter().collect::<BTreeSet<_>>().len(), 9);
    }
    assert_ne!(sent[&1], sent[&2]);
}
