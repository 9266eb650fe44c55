//! The committed JSON Schema is that of the reader's keys, and does its work.
//!
//! After a change of a key: `UPDATE_SCHEMA=1 cargo test --test schema`.

use std::{env, fs, path::Path};

use plan::source::{Diagnostics, Format, MemoryLoader, Source, Sources};
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
    let mut folders = vec![root().join("plans"), root().join("examples")];
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
const EVERYTHING: &str = include_str!("plans/everything.yaml");

/// Whether the reader has nothing to say about a plan.
fn reads_well(text: &str) -> bool {
    let mut sources = Sources::new(Source {
        path: "plan.yaml".into(),
        format: Format::Yaml,
        text: text.to_owned(),
    });
    let mut found = Diagnostics::new();
    plan::plan::parse(&mut sources, &mut MemoryLoader::new(), &mut found);
    !found.has_errors()
}

#[test]
fn every_key_is_known() {
    assert!(reads_well(EVERYTHING));
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
        ("timeout: 1m30s",          "timeout: 30 s"),
        ("connect: 500ms",          "connect: 5"),
        ("connect: 500ms",          "conect: 500ms"),
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
        ("css: a, attr: href, regex: x", "attr: href"),
        ("css: a, attr: href",      "css: a, cookie: href"),
        ("[etag, {",                "[et ag, {"),
        ("[etag, {",                "[[etag], {"),
        ("Content-Type: ",          "'Content Type': "),
        ("'#main': 2",              "'#main': -2"),
        ("'#main': 2",              "'#main': []"),
        ("1kB..2MiB",               "1KB..2MiB"),
        ("1kB..2MiB",               "-1"),
        ("within: 500ms",           "within: 500"),
        ("pick: 2",                 "pick: 0"),
        ("pick: 2",                 "pick: second"),
        ("optional: false",         "optional: no"),
        ("default: []",             "default: [], optional: true"),
        ("status: true",            "status: 200"),
        ("w8: url",                 "w8: cookies"),
        ("[$.a]",                   "[]"),
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
    refuses(&rows);
    assert!(!validator().is_valid(&yaml("plan: 1\nload: { users: 5 }")), "a fragment with a load");
    assert!(validator().is_valid(&yaml("plan: 1\ntasks: { t: [wait] }")), "a fragment");
}

#[test]
#[rustfmt::skip]
fn wrong_loads_are_refused() {
    refuses(&[
        ("start_after: 1m, arrivals", "start_after: 1m, users: 2, arrivals"),
        ("arrivals: 30/m",          "arrivals: 30"),
        ("arrivals: 30/m",          "arrivals: 30/d"),
        ("spread: poisson",         "spread: random"),
        ("load: { users: 3, per_user: 2 }", "load: { users: 3, per_user: 0 }"),
        ("users: 3, per_user",      "start_after: 5s, users: 3, per_user"),
        ("to: 10 users, over",      "to: 10, over"),
        ("to: 10 users, over",      "to: 10 users, hold: 1s, over"),
        ("hold: 1m, steady: true",  "hold: 1m, steady: maybe"),
        ("pause: 10s, name",        "pause: 10s, over: 1s, name"),
        ("by: 5/s, to: 0.5/s",      "to: 0.5/s"),
        ("max: arrivals",           "max: visitors"),
        ("while: [p95 < 1s]",       "while: []"),
        ("from: 1/s, to: 100/h",    "from: 1/s"),
        ("precision: 2.5%",         "precision: 2.5"),
        ("start_after: 1m, arrivals: 1/s", "start_after: 1m, find: { max: users, from: 1 user, to: 2 users }"),
        ("precision: 2.5% }",       "precision: 2.5% }\n      duration: 1m"),
    ]);
}

#[test]
#[rustfmt::skip]
fn wrong_data_is_refused() {
    refuses(&[
        ("csv: a.csv, delimiter: tab, ", ""),
        ("csv: a.csv, delimiter: tab, ", "delimiter: tab, json: a.json, "),
        ("csv: a.csv",              "csv: a.csv, json: a.json"),
        ("delimiter: tab",          "delimiter: ';;'"),
        ("delimiter: tab",          "delimiter: '\"'"),
        ("order: sequential",       "order: backwards"),
        ("at_end: stop_user",       "at_end: stop"),
        ("[{ mode: fast, weight: 1.5 }]", "[]"),
        ("[{ mode: fast, weight: 1.5 }]", "[{}]"),
        ("[{ mode: fast, weight: 1.5 }]", "[{ a b: fast }]"),
    ]);
}

#[test]
#[rustfmt::skip]
fn wrong_steps_that_hold_steps_are_refused() {
    refuses(&[
        ("stop: user",              "stop: users"),
        ("then: [",                 "do: ["),
        ("then: [{ stop: user, when: a > 2 }]", "then: []"),
        ("else: [{ stop: run }]",   "else: { stop: run }"),
        ("repeat: 3",               "repeat: -1"),
        ("repeat: 3",               "repeat: often"),
        ("while: a < 5, max: 4",    "while: a < 5"),
        ("while: a < 5, max: 4",    "until: a < 5, max: 4"),
        ("choose: { t: 2, u: 1 }",  "choose: {}"),
        ("choose: [t]",             "choose: t"),
        ("for: each",               "for: each one"),
        ("in: [a, { b: null }]",    "of: [a]"),
        ("in: b, do: [wait]",       "in: { a: b }, do: [wait]"),
        ("in: b, do: [wait]",       "in: b"),
    ]);
}

/// What stands in [`EVERYTHING`], and what it is replaced by.
fn refuses(rows: &[(&str, &str)]) {
    for (part, wrong) in rows {
        assert!(EVERYTHING.contains(part), "{part} is not in the plan");
        let text = EVERYTHING.replacen(part, wrong, 1);
        assert!(
            !validator().is_valid(&yaml(&text)),
            "accepted {wrong:?} for {part:?}"
        );
        assert!(
            !reads_well(&text),
            "the reader takes {wrong:?} for {part:?}"
        );
    }
}
