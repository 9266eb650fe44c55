//! Reports are what their schema says.

use serde_json::{Value, json};

use super::{Folder, folder, json as parsed};

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&parsed(plan::report::SCHEMA)).expect("the schema is a schema")
}

#[track_caller]
fn validates(document: &Value) {
    let validator = validator();
    let wrong: Vec<_> = validator
        .iter_errors(document)
        .map(|why| format!("{why} at {}", why.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn it_is_a_schema_and_it_is_printed() {
    let schema = parsed(plan::report::SCHEMA);
    assert!(jsonschema::meta::is_valid(&schema));
    let printed = folder().plan(&["schema", "--report"]);
    assert_eq!(printed.stdout, plan::report::SCHEMA);
}

#[test]
fn a_report_that_is_another_one_is_refused() {
    let folder = folder();
    folder
        .plan(&[
            "run",
            "plan.yaml",
            "--demo",
            "--duration",
            "1s",
            "-q",
            "--no-archive",
            "--json",
            "s.json",
        ])
        .exit(0);
    let report = parsed(&folder.text("s.json"));
    validates(&report);
    let validator = validator();
    for (pointer, value) in [
        ("/total/requests", json!(-1)),
        ("/started", Value::Null),
        ("/verdict", json!("good")),
        ("/timeline", json!({})),
        ("/rows/0/response/p95_us", json!("1ms")),
    ] {
        let mut wrong = report.clone();
        *wrong.pointer_mut(pointer).unwrap() = value;
        assert!(!validator.is_valid(&wrong), "{pointer}");
    }
    let mut wrong = report.clone();
    wrong["rows"][0]["more"] = json!(1);
    assert!(!validator.is_valid(&wrong), "an unknown key");
}

/// A plan that leaves something of everything.
const RICH: &str = "
plan: 1
name: rich
target: http://127.0.0.1:1
data: { names: { rows: [{ name: a }, { name: b }] } }
setup: [get: /]
teardown: [get: /nothing]
users:
  member:
    wait: 10ms
    tasks: [both]
tasks:
  both:
    - group: together
      do:
        - get: '/?n={{ names.name }}'
          name: list
        - meet: { name: gate, users: 2, timeout: 100ms }
    - get: /nothing
    - if: 'user.id == 100'
      then: [get: /never]
    - log: hello
load: { users: 2, duration: 1s }
thresholds:
  - p95 of \"list\" < 1s over 10s
  - errors of group together < 1%
  - max in stage hold < 1us abort
";

/// All that a report can hold, in some runs.
#[test]
fn reports_of_all_kinds_validate() {
    let folder = Folder::new().file("rich.yaml", RICH);
    let ended = folder.plan(&[
        "run",
        "rich.yaml",
        "--demo",
        "-q",
        "--out",
        "kept",
        "--json",
        "s.json",
    ]);
    assert!(ended.code.is_some_and(|code| code < 2), "{}", ended.stderr);
    let report = parsed(&folder.text("s.json"));
    validates(&report);
    for present in ["setup", "teardown"] {
        assert!(report[present].is_object(), "{present}");
    }
    for filled in [
        "groups", "meetings", "data", "failures", "events", "timeline",
    ] {
        assert!(!report[filled].as_array().unwrap().is_empty(), "{filled}");
    }
    let part = folder.plan(&[
        "report", "kept", "--from", "0s", "--to", "1s", "--json", "-",
    ]);
    validates(&parsed(&part.stdout));

    const FIND: &str = "
plan: 1
name: find
users: { visitor: { wait: none, sequence: [get: /] } }
load: { max_users: 50, find: { max: arrivals, from: 5/s, to: 20/s, while: [p95 < 1s], hold: 2s } }
";
    let folder = Folder::new().file("find.yaml", FIND);
    let ended = folder.plan(&[
        "simulate",
        "find.yaml",
        "-q",
        "--out",
        "kept",
        "--json",
        "s.json",
    ]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report = parsed(&folder.text("s.json"));
    assert!(report["capacity"].is_object());
    validates(&report);
    let shown = folder.plan(&["report", "kept"]);
    assert!(
        shown.stdout.contains("FOUND: "),
        "{}{}",
        shown.stdout,
        shown.stderr
    );
}
