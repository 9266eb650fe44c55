//! `tags`, and what `--only` and `--skip` leave of a plan.

use super::shell::{Ended, Folder};

const PLAN: &str = r#"plan: 1
target: http://127.0.0.1:9
users:
  editor:
    wait: 1s
    on_start: [login]
    tasks: { read: 3, write: 1, both: 1 }
  watcher:
    wait: 1s
    tags: [slow]
    sequence: [read, wait, search]
tasks:
  login: [{ post: /login }]
  read:
    tags: [smoke, safe]
    steps: [{ get: / }, helper]
  helper: [{ get: /helper }]
  write:
    tags: [write]
    steps: [{ post: /create }]
  both: [read, write, { get: /both }]
  search:
    tags: [slow]
    steps: [{ get: /search }]
load: { users: 4, duration: 1m }
thresholds:
  - errors < 1%
  - p95 of "POST /create" < 1s
"#;

fn show(args: &[&str]) -> Ended {
    let args = [&["show", "plan.yaml"], args].concat();
    Folder::new().file("plan.yaml", PLAN).plan(&args)
}

/// `class: tasks` of each class, and the tasks with their steps.
fn left(args: &[&str]) -> String {
    let ended = show(&[args, &["--format", "json"]].concat());
    assert_eq!(ended.stderr, "", "{args:?}");
    let plan: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let mut lines = String::new();
    for (name, class) in plan["users"].as_object().unwrap() {
        let body = ["tasks", "sequence"].map(|key| &class[key]);
        let body = body.into_iter().find(|body| !body.is_null()).unwrap();
        lines += &format!("{name}: {body}\n");
    }
    for (name, task) in plan["tasks"].as_object().unwrap() {
        let steps = if task.is_array() {
            task
        } else {
            &task["steps"]
        };
        lines += &format!("{name} = {steps}\n");
    }
    lines
}

#[test]
fn skipped_tasks_are_gone_wherever_they_were_named() {
    assert_eq!(
        left(&["--skip", "write"]),
        r#"editor: {"read":3,"both":1}
watcher: ["read","wait","search"]
login = [{"post":"/login"}]
read = [{"get":"/"},"helper"]
helper = [{"get":"/helper"}]
both = ["read",{"get":"/both"}]
search = [{"get":"/search"}]
"#
    );
}

#[test]
fn a_skipped_class_is_gone_with_what_only_it_ran() {
    assert_eq!(
        left(&["--skip", "slow"]),
        r#"editor: {"read":3,"write":1,"both":1}
login = [{"post":"/login"}]
read = [{"get":"/"},"helper"]
helper = [{"get":"/helper"}]
write = [{"post":"/create"}]
both = ["read","write",{"get":"/both"}]
"#
    );
}

#[test]
fn what_is_chosen_stays_whole_and_what_leads_to_it_is_cut_to_that() {
    assert_eq!(
        left(&["--only", "write"]),
        r#"editor: {"write":1,"both":1}
login = [{"post":"/login"}]
write = [{"post":"/create"}]
both = ["write",{"get":"/both"}]
"#
    );
    assert_eq!(
        left(&["--only", "safe"]),
        r#"editor: {"read":3,"both":1}
watcher: ["read","wait"]
login = [{"post":"/login"}]
read = [{"get":"/"},"helper"]
helper = [{"get":"/helper"}]
both = ["read",{"get":"/both"}]
"#
    );
}

#[test]
fn a_chosen_class_keeps_all_that_it_runs() {
    assert_eq!(
        left(&["--only", "slow"]),
        r#"watcher: ["read","wait","search"]
read = [{"get":"/"},"helper"]
helper = [{"get":"/helper"}]
search = [{"get":"/search"}]
"#
    );
}

#[test]
fn options_are_lists_come_often_and_skip_has_the_last_word() {
    let expected = left(&["--only", "write,safe", "--skip", "slow"]);
    assert_eq!(
        left(&["--only", "safe", "--skip", "slow", "--only", "write"]),
        expected
    );
    assert_eq!(
        expected,
        r#"editor: {"read":3,"write":1,"both":1}
login = [{"post":"/login"}]
read = [{"get":"/"},"helper"]
helper = [{"get":"/helper"}]
write = [{"post":"/create"}]
both = ["read","write",{"get":"/both"}]
"#
    );
}

#[test]
fn tags_that_leave_nothing_or_are_not_there_are_refused() {
    #[rustfmt::skip]
    let rows: [(&[&str], &str); 4] = [
        (&["--only", "smok"], "no task and no class has the tag `smok`; did you mean `smoke`?"),
        (&["--skip", "quick"], "no task and no class has the tag `quick`; the tags are safe, slow, smoke, write"),
        (&["--only", "write", "--skip", "write"], "`--only write --skip write` leaves no class anything to do"),
        (&["--only", ""], "no task and no class has the tag ``; the tags are safe, slow, smoke, write"),
    ];
    for (args, expected) in rows {
        let ended = show(args);
        assert_eq!(ended.stdout, "", "{args:?}");
        ended
            .stderr(&format!("error: plan.yaml: {expected}\n"))
            .exit(2);
    }
}

#[test]
fn a_set_without_a_task_is_refused() {
    let plan = "plan: 1
target: http://127.0.0.1:9
users:
  a: { wait: 1s, tasks: [browse] }
tasks:
  browse: { on_start: [{ get: / }], tasks: [look] }
  look: { tags: [slow], steps: [{ get: /look }] }
load: { users: 1, duration: 1m }
";
    Folder::new()
        .file("plan.yaml", plan)
        .plan(&["validate", "plan.yaml", "--skip", "slow"])
        .stderr(
            "error: plan.yaml: `--skip slow` leaves nothing to do in the set `browse`; \
             give the set itself a tag to skip\n",
        )
        .exit(2);
}

#[test]
fn a_threshold_of_what_was_left_out_is_not_judged_and_nothing_is_unused() {
    let folder = Folder::new().file("plan.yaml", PLAN);
    let ended = folder.plan(&["validate", "--strict", "plan.yaml", "--only", "safe"]);
    assert_eq!(ended.stdout, "plan.yaml: ok\n");
    ended
        .stderr(
            "\
note[P0206]: no request that is left is named `POST /create`
  --> plan.yaml:28:13
   |
28 |   - p95 of \"POST /create\" < 1s
   |             ^^^^^^^^^^^^ so this threshold is not judged

1 note in plan.yaml
more on this: plan explain P0206
",
        )
        .exit(0);
}

#[test]
fn tags_are_words_each_of_them_once() {
    let plan = "plan: 1
users:
  a: { wait: 1s, tags: [a b, x, x], tasks: [look] }
tasks:
  look: { tags: slow, steps: [{ get: /look }] }
load: { users: 1, duration: 1m }
";
    let ended = Folder::new()
        .file("plan.yaml", plan)
        .plan(&["validate", "plan.yaml"]);
    ended
        .stderr(
            "\
error[P0006]: `a b` cannot be a tag
 --> plan.yaml:3:25
  |
3 |   a: { wait: 1s, tags: [a b, x, x], tasks: [look] }
  |                         ^^^ only letters, digits, `_`, `-` and `.`

error[P0005]: the tag `x` is there twice
 --> plan.yaml:3:33
  |
3 |   a: { wait: 1s, tags: [a b, x, x], tasks: [look] }
  |                              -  ^ again here
  |                              |
  |                              first here

error[P0003]: `tasks.look.tags` should be a list of words, not the text `slow`
 --> plan.yaml:5:17
  |
5 |   look: { tags: slow, steps: [{ get: /look }] }
  |                 ^^^^ expected a list of words
  |
  = help: write it as a list: `['slow']`

3 errors in plan.yaml
more on these: plan explain P0006 P0005 P0003
",
        )
        .exit(2);
}

/// What was left out is told beside the fingerprint, which is that of the whole plan.
#[test]
fn a_run_tells_what_it_was_a_part_of() {
    let folder = Folder::new().file("plan.yaml", PLAN);
    let run = |args: &[&str]| {
        let common = ["run", "plan.yaml", "--demo", "--duration", "1s", "-q"];
        let ended = folder.plan(&[&common[..], &["--json", "s.json"], args].concat());
        let summary: serde_json::Value = serde_json::from_str(&folder.text("s.json")).unwrap();
        (ended.stdout, summary)
    };
    let (_, whole) = run(&[]);
    let (text, part) = run(&["--only", "smoke", "--skip", "write,slow"]);
    assert_eq!(whole["fingerprint"], part["fingerprint"]);
    assert_eq!(whole["options"], serde_json::json!(["--duration 1s"]));
    assert_eq!(
        part["options"],
        serde_json::json!(["--duration 1s", "--only smoke", "--skip write,slow"])
    );
    assert!(
        text.contains("\n  with     --duration 1s --only smoke --skip write,slow\n"),
        "{text}"
    );
}
