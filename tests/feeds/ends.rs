//! What happens after the last row: each policy as it is called.

use plan::{
    protocol::scripted::Answer,
    source::MemoryLoader,
    stats::{Ended, RunRecord},
};

use crate::running::{Log, Run, compile_with, lines, logging, mistakes_with, requests};

const ROWS: &str = "name\na\nb\nc\nd\ne\n";

/// Two members, who draw in each pass, and a reader who never does.
fn yaml(at_end: &str) -> String {
    format!(
        "
        plan: 1
        target: http://target
        data: {{ accounts: {{ csv: rows.csv, at_end: {at_end} }} }}
        users:
          member:
            count: 2
            wait: 1s
            sequence: [{{ post: '/{{{{ accounts.name }}}}' }}]
            on_stop: [{{ get: '/bye/{{{{ accounts.name }}}}' }}]
          reader: {{ count: 1, wait: 1s, sequence: [{{ get: / }}] }}
        load: {{ users: 3, duration: 9500ms }}
        "
    )
}

async fn run(at_end: &str) -> (RunRecord, Log) {
    let graph = compile_with(&yaml(at_end), MemoryLoader::new().with("rows.csv", ROWS));
    let log = Log::default();
    let run = Run::of(graph, logging(&log, |_, _| Answer::new(200, "")));
    (run.go().await, log)
}

/// The two members by what they have sent, and what the reader has.
fn by_class(log: &Log) -> (Vec<Vec<String>>, usize) {
    let all: Vec<_> = (1..=3).map(|user| lines(log, user)).collect();
    let (members, readers): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|lines| lines[0].starts_with("POST"));
    (members, readers[0].len())
}

#[tokio::test(start_paused = true)]
async fn wrap_begins_again() {
    let (record, log) = run("wrap").await;
    let (members, reader) = by_class(&log);
    let expected =
        ["a", "c", "e", "b", "d", "a", "c", "e", "b", "d"].map(|row| format!("POST /{row}"));
    assert_eq!(members[0][..10], expected);
    assert_eq!(members[0][10..], ["GET /bye/d"]);
    assert_eq!(reader, 10);
    assert_eq!(record.ended, Ended::Finished);
}

/// A user leaves after the pass of its last row, which it still has then; the others
/// go on.
#[tokio::test(start_paused = true)]
async fn stop_user_lets_a_user_leave() {
    let (record, log) = run("stop_user").await;
    let (members, reader) = by_class(&log);
    assert_eq!(
        members,
        [
            vec!["POST /a", "POST /c", "POST /e", "GET /bye/e"],
            vec!["POST /b", "POST /d", "GET /bye/d"]
        ]
    );
    assert_eq!(reader, 10);
    assert_eq!(record.ended, Ended::Finished);
    assert_eq!(record.elapsed.as_secs(), 9);
}

#[tokio::test(start_paused = true)]
async fn stop_run_ends_the_run() {
    let (record, log) = run("stop_run").await;
    let (members, reader) = by_class(&log);
    // The second member has used its rows first, while the first was asking with its
    // last one.
    assert_eq!(members[1], ["POST /b", "POST /d", "GET /bye/d"]);
    assert_eq!(members[0][..2], ["POST /a", "POST /c"]);
    assert!(reader <= 3, "{reader}");
    assert_eq!(record.ended, Ended::StoppedByPlan);
}

#[tokio::test(start_paused = true)]
async fn fail_fails_the_step_that_needs_a_row() {
    let (record, log) = run("fail").await;
    let (members, _) = by_class(&log);
    assert_eq!(members[0], ["POST /a", "POST /c", "POST /e"]);
    let row = record.rows.iter().find(|row| row.name.starts_with("POST"));
    let row = row.unwrap();
    // Twenty passes, five rows.
    assert_eq!((row.ok, row.failed), (5, 15));
    let failure = &record.failures[0];
    assert_eq!(failure.kind.code(), "template");
    assert_eq!(
        failure.examples[0].detail,
        "`accounts.name` has no value: of `accounts`, no row is left for this user"
    );
    assert_eq!(requests(&record, "GET /bye/{accounts.name}"), 2);
}

/// Each user takes one account when it starts: that the rows are gone then is no
/// reason to leave.
#[tokio::test(start_paused = true)]
async fn a_row_for_life_is_not_missed_in_the_rounds() {
    let graph = compile_with(
        "
        plan: 1
        target: http://target
        data: { accounts: { csv: rows.csv, at_end: stop_user } }
        users:
          member:
            wait: 1s
            vars: { name: '{{ accounts.name }}' }
            sequence: [{ get: '/{{ name }}' }]
        load: { users: 7, duration: 1500ms }
        ",
        MemoryLoader::new().with("rows.csv", ROWS),
    );
    let log = Log::default();
    let record = Run::of(graph, logging(&log, |_, _| Answer::new(200, "")))
        .go()
        .await;
    assert_eq!(lines(&log, 5), ["GET /e", "GET /e"]);
    // For two of them there is no row: they never come.
    assert_eq!(log.lock().unwrap().len(), 5);
    assert_eq!(requests(&record, "GET /{name}"), 10);
}

#[test]
fn a_column_that_not_every_row_has_is_pointed_at() {
    let text = "
        plan: 1
        data:
          people: { jsonl: people.jsonl }
          inline: { rows: [{ a: 1 }, { b: 2 }] }
        users:
          v:
            wait: 1s
            sequence:
              - get: '/{{ people.nick }}/{{ people.name }}/{{ people.mail }}'
              - get: '/{{ people.nick | default(people.name) }}/{{ inline.a | default(0) }}'
                when: inline.b is defined
              - get: '/{{ inline.a }}'
        load: { users: 1, duration: 1s }
        ";
    let loader = MemoryLoader::new().with(
        "people.jsonl",
        "{\"name\": \"ada\", \"nick\": \"al\"}\n\n{\"name\": \"grace\"}\n",
    );
    let expected = "\
error[P0240]: line 3 of `people` has no `nick`
 --> plan.yaml:9:19
  |
9 |       - get: '/{{ people.nick }}/{{ people.name }}/{{ people.mail }}'
  |                   ^^^^^^^^^^^ read here from every row
  |
  = help: give every row one, or read it as `{{ people.nick | default('') }}`
";
    let told = mistakes_with(text, loader);
    assert!(told.starts_with(expected), "{told}");
    assert!(
        told.contains("`people` has no column `mail`; it has `name`, `nick`"),
        "{told}"
    );
    assert!(told.contains("row 2 of `inline` has no `a`"), "{told}");
    assert!(told.contains("3 errors"), "{told}");
}
