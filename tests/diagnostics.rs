//! What is said of mistakes: strictly, to programs, and at length.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

mod shell;

use serde_json::{Value, json};
use shell::Folder;

const GOOD: &str = "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [index] }
tasks:
  index: [{ get: / }]
load: { users: 1, duration: 1m }
";

/// A slip in an included file, a warning in the plan itself.
fn folder() -> Folder {
    Folder::new()
        .file("good.yaml", GOOD)
        .file(
            "warned.yaml",
            "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [index] }
tasks:
  index: [{ get: / }]
  forgotten: [{ get: / }]
load: { users: 1, duration: 1m }
",
        )
        .file(
            "wrong.yaml",
            "\
plan: 1
include: [more/tasks.yaml]
users:
  ŁuczniczQA: { wait: 1s, tasks: { ćma: 1, logn: 1 } }
tasks:
  ćma: [{ get: '/ł/{{ usr.id }}' }]
load: { users: 1, duration: 1m }
",
        )
        .file(
            "more/tasks.yaml",
            "plan: 1\ntasks:\n  login: [{ get: / }]\n",
        )
}

#[test]
fn strict_means_that_warnings_fail() {
    let folder = folder();
    let lenient = folder.plan(&["validate", "warned.yaml", "good.yaml"]);
    assert_eq!(
        lenient.stdout,
        "warned.yaml: ok, 1 warning\ngood.yaml: ok\n"
    );
    let told = lenient.stderr.clone();
    lenient.exit(0);

    let strict = folder.plan(&["validate", "--strict", "warned.yaml", "good.yaml"]);
    assert_eq!(strict.stdout, "good.yaml: ok\n");
    strict.stderr(&told).exit(2);
    folder
        .plan(&["validate", "--strict", "good.yaml"])
        .stderr("")
        .exit(0);
}

#[test]
fn several_plans_have_one_hint_at_the_end() {
    let told = folder()
        .plan(&["validate", "warned.yaml", "wrong.yaml", "warned.yaml"])
        .stderr;
    assert_eq!(told.matches("more on").count(), 1);
    assert!(
        told.ends_with("in warned.yaml\nmore on these: plan explain P0101 P0302 P0110\n"),
        "{told}"
    );
}

#[test]
fn programs_get_a_line_for_each_mistake() {
    let ended = folder().plan(&["validate", "--format", "json", "wrong.yaml", "good.yaml"]);
    assert_eq!(
        ended.stdout,
        r#"{"plan":"wrong.yaml","file":"wrong.yaml","line":4,"column":44,"end_line":4,"end_column":48,"severity":"error","code":"P0101","message":"there is no task `logn`","labels":[{"file":"wrong.yaml","line":4,"column":44,"end_line":4,"end_column":48,"text":"named here"},{"file":"more/tasks.yaml","line":3,"column":3,"end_line":3,"end_column":8,"text":"`login` is defined here"}],"help":["did you mean `login`?"],"fix":null}
{"plan":"wrong.yaml","file":"wrong.yaml","line":6,"column":23,"end_line":6,"end_column":29,"severity":"error","code":"P0302","message":"nothing sets `usr.id`","labels":[{"file":"wrong.yaml","line":6,"column":23,"end_line":6,"end_column":29,"text":"read here"}],"help":["did you mean `user.id`?"],"fix":null}
"#
    );
    ended.stderr("").exit(2);
}

#[test]
fn programs_are_told_too_of_files_that_cannot_be_read_and_of_what_is_left_out() {
    let many: String = (0..103)
        .map(|n| format!("  unused_{n}: [{{ get: / }}]\n"))
        .collect();
    let plan = GOOD.replace("load:", &format!("{many}load:"));
    let ended = folder().file("many.yaml", plan).plan(&[
        "validate",
        "--format",
        "json",
        "--strict",
        "gone.yaml",
        "many.yaml",
    ]);
    let lines: Vec<Value> = objects(&ended.stdout);
    assert_eq!(lines.len(), 102);
    assert_eq!(
        lines[0],
        json!({
            "plan": "gone.yaml", "file": "gone.yaml",
            "line": null, "column": null, "end_line": null, "end_column": null,
            "severity": "error", "code": null,
            "message": "cannot read `gone.yaml`: No such file or directory (os error 2)",
            "labels": [], "help": [], "fix": null,
        })
    );
    assert_eq!(lines[101]["message"], "3 more were left out");
    assert_eq!(lines[101]["severity"], "note");
    ended.stderr("").exit(2);
}

/// What a program can count on, whatever is wrong.
#[test]
fn every_line_for_programs_has_the_same_shape() {
    let place = json!({
        "file": { "type": "string" },
        "line": { "type": ["integer", "null"], "minimum": 1 },
        "column": { "type": ["integer", "null"], "minimum": 1 },
        "end_line": { "type": ["integer", "null"], "minimum": 1 },
        "end_column": { "type": ["integer", "null"], "minimum": 1 },
    });
    let mut label = place.clone();
    label["text"] = json!({ "type": "string" });
    let mut line = place;
    line["plan"] = json!({ "type": "string" });
    line["severity"] = json!({ "enum": ["error", "warning", "note"] });
    line["code"] = json!({ "type": ["string", "null"], "pattern": "^P[0-9]{4}$" });
    line["message"] = json!({ "type": "string" });
    line["labels"] = json!({ "type": "array", "items": closed(&label) });
    line["help"] = json!({ "type": "array", "items": { "type": "string" } });
    line["fix"] = json!({ "anyOf": [closed(&label), { "type": "null" }] });
    let schema = jsonschema::draft202012::new(&closed(&line)).unwrap();

    let mut folder = folder();
    let mut args = vec!["validate".to_owned(), "--format=json".to_owned()];
    for rule in plan::plan::rules::all() {
        let name = format!("{}.yaml", rule.code);
        folder = folder.file(&name, rule.example);
        args.push(name);
    }
    args.extend(["gone.yaml".to_owned(), "more".to_owned()]);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let ended = folder.plan(&args);
    let lines = objects(&ended.stdout);
    for line in &lines {
        schema.validate(line).unwrap();
    }
    for rule in plan::plan::rules::all() {
        assert!(
            lines.iter().any(|line| line["code"] == rule.code),
            "{}",
            rule.code
        );
    }
    ended.stderr("").exit(2);
}

/// An object that has these keys and no others.
fn closed(properties: &Value) -> Value {
    let required: Vec<_> = properties.as_object().unwrap().keys().collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn objects(lines: &str) -> Vec<Value> {
    let lines = lines.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_code_is_explained_with_an_example() {
    let ended = folder().plan(&["explain", "p0104"]);
    assert_eq!(
        ended.stdout,
        "\
warning[P0104]: a weight or a count of 0

What has weight 0 is never chosen, so its requests never appear in the report, and
nobody notices that they are missing: the run is green because nothing was asked.
Most often somebody switched it off to look at something else, and forgot.

Leave it out, or give it a weight of at least 1. If it is to stay in the file for
later, make it a comment: then a reviewer sees that it does not run.

A plan that has it

  plan: 1
  users:
    visitor: { wait: 1s, tasks: { index: 4, search: 0 } }
  tasks:
    index: [{ get: / }]
    search: [{ get: /search }]
  load: { users: 5, duration: 1m }

The same plan, mended

  plan: 1
  users:
    visitor: { wait: 1s, tasks: { index: 4, search: 1 } }
  tasks:
    index: [{ get: / }]
    search: [{ get: /search }]
  load: { users: 5, duration: 1m }
"
    );
    ended.stderr("").exit(0);
}

#[test]
fn without_a_code_all_are_listed() {
    let ended = folder().plan(&["explain"]);
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(lines.len(), plan::plan::rules::all().count());
    assert_eq!(
        lines[..2],
        [
            "P0001  error    the text cannot be read as YAML or TOML",
            "P0002  error    a key that is not known here",
        ]
    );
    assert!(lines.contains(&"P0110  warning  a task that nobody runs"));
    ended.stderr("").exit(0);
}

#[test]
fn explanations_are_there_for_programs_too() {
    let folder = folder();
    let all = folder.plan(&["explain", "--format", "json"]);
    let all: Vec<Value> = serde_json::from_str(&all.stdout).unwrap();
    assert_eq!(all.len(), plan::plan::rules::all().count());
    let two = folder.plan(&["explain", "--format", "json", "P0302", "P0001"]);
    let two: Vec<Value> = serde_json::from_str(&two.stdout).unwrap();
    assert_eq!(two[0]["code"], "P0302");
    assert_eq!(two[1], all[0]);
    let keys: Vec<_> = two[1].as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "code",
            "severity",
            "summary",
            "explanation",
            "example",
            "mended"
        ]
    );
}

#[test]
fn a_wrong_code_ends_with_2_and_names_the_nearest() {
    let folder = folder();
    folder
        .plan(&["explain", "P0301", "PO302"])
        .stderr("error: there is no code `PO302`; did you mean `P0302`?\n")
        .exit(2);
    folder
        .plan(&["explain", "weights"])
        .stderr("error: there is no code `weights`; `plan explain` lists them all\n")
        .exit(2);
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let folder = folder();
    let ended = folder.plan(&["explain", "P0302", "--color", "always"]);
    assert!(ended.stdout.starts_with("\x1b["), "{}", ended.stdout);
    let ended = folder.plan(&["validate", "wrong.yaml", "--color", "always"]);
    let last = ended.stderr.lines().last().unwrap();
    assert_eq!(
        last,
        "\x1b[2mmore on these: plan explain P0101 P0302\x1b[0m"
    );
}
