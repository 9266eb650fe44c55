//! The committed JSON Schema is that of the reader's keys, and does its work.
//!
//! After a change of a key: `UPDATE_SCHEMA=1 cargo test --test schema`.

use std::{env, fs, path::Path};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&plan::plan::schema()).expect("the schema is a schema")
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("YAML that an independent parser reads")
}

#[test]
fn the_committed_schema_is_that_of_the_keys() {
    let path = root().join("schemas/plan.schema.json");
    let mut now = serde_json::to_string_pretty(&plan::plan::schema()).unwrap();
    now.push('\n');
    if env::var_os("UPDATE_SCHEMA").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &now).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == now,
        "schemas/plan.schema.json is not that of the keys; run UPDATE_SCHEMA=1 cargo test --test schema"
    );
}

#[test]
fn the_schema_itself_is_valid() {
    assert!(jsonschema::meta::is_valid(&plan::plan::schema()));
}

#[test]
fn every_plan_of_the_repository_validates() {
    let mut folders = vec![root().join("plans")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let document = match path.extension().and_then(|ending| ending.to_str()) {
                _ if path.is_dir() => {
                    folders.push(path);
                    continue;
                }
                Some("yaml" | "yml") => yaml(&fs::read_to_string(&path).unwrap()),
                Some("toml") => {
                    let table: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
                    serde_json::to_value(table).unwrap()
                }
                _ => continue,
            };
            let wrong: Vec<String> = validator()
                .iter_errors(&document)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert_eq!(wrong, Vec::<String>::new(), "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 4, "only {seen} plans");
}

/// A plan in which everything is used, so that no key has a schema of its own
/// that refuses what the reader takes.
const EVERYTHING: &str = "
plan: 1
name: everything
description: all keys
target: http://127.0.0.1:5000/app
include: []
vars: { a: 1, b: [x, { y: null }] }
data: { accounts: { csv: a.csv, order: sequential, share: run, at_end: wrap } }
defaults: { timeout: 1m30s, headers: { X-Pin: 007 }, expect: { absent: none } }
users:
  one:
    weight: 0
    wait: none
    vars: { c: true }
    defaults: { timeout: 1s }
    on_start: [t]
    tasks: { t: 3 }
    on_stop: [wait]
    on_start_fail: stop_run
  two:
    count: 2
    wait: 5s..10s
    sequence:
      - t
      - wait: think
      - wait: 2s
      - task: t
      - get: /
        name: n
        headers: { A: '' }
        timeout: 1s
        expect: { status: [200, 3xx, ok], final_path: /, contains: x, absent: a }
        extract: { v: { css: a, attr: href, regex: x } }
      - post: /
        form: { a: '', b: 1, c: true }
  three: { wait: 1s, tasks: [t] }
tasks:
  t: [{ get: / }]
  u: { steps: [t] }
load: { users: 1, ramp_up: 1s, duration: 1s, ramp_down: 1s, graceful_stop: 1s }
thresholds: [errors < 1%, 'p99.9 of \"GET /\" <= 1s', rate>5/s]
";

#[test]
fn every_key_is_known() {
    let wrong: Vec<String> = validator()
        .iter_errors(&yaml(EVERYTHING))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
#[rustfmt::skip]
fn wrong_documents_are_refused() {
    //  in EVERYTHING               replaced by
    let rows = [
        ("plan: 1",                 "plan: 2"),
        ("plan: 1\n",               ""),
        ("name: everything",        "nme: everything"),
        ("name: everything",        "name: ''"),
        ("name: everything",        "name: [a]"),
        ("http://127.0.0.1:5000/app", "127.0.0.1:5000"),
        ("http://127.0.0.1:5000/app", "http://127.0.0.1:5000/?a=b"),
        ("include: []",             "include: a.yaml"),
        ("vars: { a: 1",            "vars: { user: 1"),
        ("vars: { a: 1",            "vars: { a-b: 1"),
        ("csv: a.csv, ",            ""),
        ("order: sequential",       "order: random"),
        ("timeout: 1m30s",          "timeout: 30"),
        ("timeout: 1m30s",          "timeout: 30 s"),
        ("X-Pin:",                  "'X Pin':"),
        ("absent: none",            "missing: none"),
        ("weight: 0",               "weight: -1"),
        ("weight: 0",               "weight: 0.5"),
        ("weight: 0",               "weight: 1\n    count: 1"),
        ("count: 2",                "count: 0"),
        ("wait: none\n",            "\n"),
        ("wait: 5s..10s",           "wait: 5..10s"),
        ("tasks: { t: 3 }",         "tasks: {}"),
        ("tasks: { t: 3 }",         "tasks: { t: 3 }\n    sequence: [t]"),
        ("    tasks: { t: 3 }\n",   ""),
        ("on_start_fail: stop_run", "on_start_fail: retry"),
        ("wait: think",             "wait: thinking"),
        ("- task: t",               "- task: t\n        get: /"),
        ("- task: t",               "- gte: /"),
        ("- task: t",               "- [t]"),
        ("- get: /",                "- get: /\n        form: { a: b }"),
        ("[200, 3xx, ok]",          "6xx"),
        ("[200, 3xx, ok]",          "[]"),
        ("css: a, ",                ""),
        ("a: '', b: 1",             "a: null, b: 1"),
        ("tasks: [t] }",            "tasks: [t, t] }"),
        ("t: [{ get: / }]",         "wait: [{ get: / }]"),
        ("t: [{ get: / }]",         "t: []"),
        ("{ steps: [t] }",          "{ steps: [t], weight: 2 }"),
        ("load: { users: 1",        "load: { users: 0"),
        ("ramp_up: 1s",             "rampup: 1s"),
        ("errors < 1%",             "error < 1%"),
        ("rate>5/s",                "rate 5/s"),
    ];
    for (part, wrong) in rows {
        assert!(EVERYTHING.contains(part), "{part} is not in the plan");
        let text = EVERYTHING.replacen(part, wrong, 1);
        assert!(!validator().is_valid(&yaml(&text)), "accepted {wrong:?} for {part:?}");
    }
    assert!(!validator().is_valid(&yaml("plan: 1\nload: { users: 5 }")), "a fragment with a load");
    assert!(validator().is_valid(&yaml("plan: 1\ntasks: { t: [wait] }")), "a fragment");
}
