//! What is printed reads back as the same plan, and equal plans have one
//! fingerprint, however they are spelled.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

use std::path::Path;

use plan::{
    plan::{ast::Plan, fingerprint, parse, print},
    source::{
        Colour, Diagnostics, FolderLoader, Format, MemoryLoader, Source, Sources, read, render_text,
    },
};

#[test]
fn the_flagship_reads_back_as_itself() {
    for path in ["plans/flaskr_endurance.yaml", "plans/flaskr_endurance.toml"] {
        let (plan, sources) = flagship(path);
        let text = serde_yaml::to_string(&print(&plan, &sources)).unwrap();
        let (again, _) = from_text("again.yaml", &text);
        // Not `assert_eq!`: nobody reads two plans printed in one line each.
        assert!(plan == again, "{text}");
    }
}

#[test]
fn answers_read_back_as_themselves_in_their_one_spelling() {
    let answers = "
plan: 1
users:
  x:
    wait: none
    sequence:
      - get: /
        expect:
          jsonpath: { $.b: { y: null } }
          header: [{ x-a: '1' }, x-b, { x-c: '{{ user.id }}' }]
          css: ['h1']
          size: 1024
          within: 1000ms
          matches: 'a|b'
        extract:
          a: { status: true }
          b: { url: true, regex: '\\d+' }
          c: { jsonpath: $.c, pick: 2, default: [1, x] }
          d: { header: etag, optional: true }
          e: { cookie: session, optional: false }
          f: { regex: x, pick: random }
          g: body
load: { users: 1, duration: 1s }
";
    let (plan, sources) = from_text("plan.yaml", answers);
    let document = print(&plan, &sources);
    let request = &document["users"]["x"]["sequence"][0];
    assert_eq!(
        serde_yaml::to_string(request).unwrap(),
        "\
get: /
expect:
  header:
  - x-b
  - x-a: '1'
    x-c: '{{ user.id }}'
  matches: a|b
  css: h1
  jsonpath:
    $.b:
      y: null
  size: 1KiB
  within: 1s
extract:
  a: status
  b:
    url: true
    regex: \\d+
  c:
    jsonpath: $.c
    pick: 2
    default:
    - 1
    - x
  d:
    header: etag
    optional: true
  e:
    cookie: session
  f:
    regex: x
    pick: random
  g: body
"
    );
    let text = serde_yaml::to_string(&document).unwrap();
    let (again, _) = from_text("again.yaml", &text);
    assert!(plan == again, "{text}");
}

#[test]
fn one_expectation_has_one_fingerprint_in_all_its_spellings() {
    let of = |expect: &str| {
        let text = format!(
            "plan: 1\nusers: {{ x: {{ wait: none, sequence: [{{ get: /, expect: {{ {expect} }} }}] }} }}\nload: {{ users: 1, duration: 1s }}\n"
        );
        let (plan, sources) = from_text("plan.yaml", &text);
        fingerprint(&plan, &sources)
    };
    let same = [
        ("css: h1", "css: ['h1']"),
        ("header: { a: 1, b: 2 }", "header: [{ b: 2 }, { a: '1' }]"),
        ("header: [c, { a: 1 }]", "header: [{ a: 1 }, c]"),
        (
            "jsonpath: { $.a: { x: 1, y: 2 } }",
            "jsonpath: [{ $.a: { y: 2, x: 1 } }]",
        ),
        ("size: 1024..2048", "size: 1KiB..2KiB"),
        ("within: 1000ms", "within: 1s"),
    ];
    for (one, other) in same {
        assert_eq!(of(one), of(other), "{one} and {other}");
    }
    let different = [
        ("css: { h1: 10 }", "css: { h1: '10' }"),
        ("jsonpath: { $.a: 1 }", "jsonpath: { $.a: '1' }"),
        ("header: a", "header: { a: a }"),
        ("size: 1kB", "size: ..1kB"),
    ];
    for (one, other) in different {
        assert_ne!(of(one), of(other), "{one} and {other}");
    }
}

#[test]
fn the_flagship_has_one_fingerprint_in_both_formats() {
    let [yaml, toml] = ["plans/flaskr_endurance.yaml", "plans/flaskr_endurance.toml"]
        .map(flagship)
        .map(|(plan, sources)| fingerprint(&plan, &sources));
    assert_eq!(yaml, toml);
    assert_eq!(yaml.len(), 16);
}

#[test]
fn spelling_is_nothing_and_meaning_is_all() {
    let of = |text: &str| {
        let (plan, sources) = from_text("plan.yaml", text);
        fingerprint(&plan, &sources)
    };
    let one = "
plan: 1
vars: { a: 1, b: '2' }
users:
  x: { weight: 2, wait: 60s, tasks: [index] }
  y: { wait: none, sequence: [wait: think, index] }
tasks:
  index:
    - get: /
      expect: { status: [200], absent: none }
load: { users: 3, duration: 60m }
thresholds: [p95<1000ms]
";
    let same = "
# Said otherwise.
plan: 1
thresholds:
  - 'p95 < 1s'
load:
  duration: 1h
  users: 3
tasks:
  index:
    steps:
      - expect:
          absent: 'none'
          status: 200
        get: '/'
users:
  y:
    weight: 1
    wait: none
    sequence:
      - wait
      - task: index
  x:
    wait: \"1m\"
    tasks: { index: 1 }
    weight: 2
    on_start: []
vars:
  b: \"2\"
  a: 1
target: http://localhost
";
    assert_eq!(of(one), of(same));
    let changes = [
        ("b: '2'", "b: 2"),
        ("weight: 2", "weight: 3"),
        ("60s", "61s"),
        ("get", "post"),
        ("get: /", "get: /x"),
        ("[200]", "[200, 302]"),
        (", absent: none", ""),
        ("[wait: think, index]", "[index, wait: think]"),
        ("p95", "p99"),
    ];
    for (old, new) in changes {
        assert!(one.contains(old), "{old}");
        assert_ne!(of(one), of(&one.replace(old, new)), "{old} to {new}");
    }
}

/// Texts that a reader of YAML might take for something else.
const ODD: &[&str] = &[
    "007",
    "+3",
    "-0",
    "0x1F",
    "0o17",
    "1_000",
    "1.",
    ".5",
    "1e3",
    ".inf",
    ".nan",
    "~",
    "null",
    "NULL",
    "true",
    "FALSE",
    "no",
    "on",
    "12:30",
    "2026-11-22",
    "",
    " ",
    "  x ",
    "# no",
    "a: b",
    "a #b",
    "- x",
    "? y",
    "*a",
    "&a",
    "!a",
    "%a",
    "@a",
    "`a",
    "{{ x }}",
    "[a",
    "'",
    "\"",
    "\\",
    "a\nb\n",
    "\ta",
    "\u{1F3F9} ŁuczniczQA",
    "\u{7}",
    "\u{85}",
    "=",
    "<<",
    "|",
    ">",
];

#[test]
fn odd_values_keep_their_type() {
    let values: Vec<_> = ODD.iter().map(|text| json_text(text)).collect();
    let fields = ODD.iter().zip(0..);
    let fields: Vec<_> = fields
        .map(|(text, n)| format!("f{n}: {}", json_text(text)))
        .collect();
    let text = format!(
        "
plan: 1
vars:
  texts: [{}]
  others: [null, true, 1, -1, 1.0, 0.1, 1e300, {{ a: {{ b: [] }} }}, {{}}]
users:
  x: {{ wait: none, sequence: [{{ post: /, form: {{ {} }} }}] }}
thresholds: ['p99   of \"GET /\"<1s']
",
        values.join(", "),
        fields.join(", ")
    );
    let (plan, sources) = from_text("plan.yaml", &text);
    let printed = serde_yaml::to_string(&print(&plan, &sources)).unwrap();
    let (again, _) = from_text("again.yaml", &printed);
    assert!(plan == again, "{text}\n{printed}");
}

fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn flagship(path: &str) -> (Plan, Sources) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let mut sources = Sources::new(read(&root).unwrap());
    let mut found = Diagnostics::new();
    let plan = parse(&mut sources, &mut FolderLoader::beside(&root), &mut found);
    (good(plan, &sources, &found), sources)
}

fn from_text(path: &str, text: &str) -> (Plan, Sources) {
    let mut sources = Sources::new(Source {
        path: path.into(),
        format: Format::Yaml,
        text: text.to_owned(),
    });
    let mut found = Diagnostics::new();
    let plan = parse(&mut sources, &mut MemoryLoader::new(), &mut found);
    (good(plan, &sources, &found), sources)
}

#[track_caller]
fn good(plan: Option<Plan>, sources: &Sources, found: &Diagnostics) -> Plan {
    assert_eq!(render_text(sources, found, Colour::Plain), "");
    plan.expect("nothing is wrong with it")
}

#[test]
fn waits_that_are_drawn_read_back_as_themselves() {
    let (plan, sources) = from_text(
        "plan.yaml",
        "
plan: 1
users:
  x: { wait: { exponential: 7s }, sequence: [wait: { normal: { mean: 60s, deviation: 500ms } }] }
load: { users: 1, duration: 1h }
",
    );
    let text = serde_yaml::to_string(&print(&plan, &sources)).unwrap();
    assert!(text.contains("exponential: 7s"), "{text}");
    assert!(text.contains("mean: 1m"), "{text}");
    let (again, _) = from_text("again.yaml", &text);
    assert!(plan == again, "{text}");
}

/// Loads of every kind, none of which means the same as another.
const LOADS: [&str; 22] = [
    "{ users: 5, duration: 1m }",
    "{ users: 5, duration: 1m, ramp_up: 1s }",
    "{ users: 5, duration: 1m, ramp_down: 1s }",
    "{ users: 5, per_user: 2 }",
    "{ users: 5, iterations: 2 }",
    "{ arrivals: 5/s, max_users: 5, duration: 1m }",
    "{ arrivals: 5/m, max_users: 5, duration: 1m }",
    "{ arrivals: 5/s, max_users: 6, duration: 1m }",
    "{ arrivals: 5/s, max_users: 5, duration: 1m, spread: poisson }",
    "{ stages: [{ to: 5 users, over: 1s }, { hold: 1m }] }",
    "{ stages: [{ to: 5 users, over: 2s }, { hold: 1m }] }",
    "{ stages: [{ to: 6 users, over: 1s }, { hold: 1m }] }",
    "{ stages: [{ to: 5 users, over: 1s }, { hold: 1m, steady: true }] }",
    "{ stages: [{ to: 5 users, over: 1s }, { hold: 1m, name: full }] }",
    "{ stages: [{ to: 5 users, over: 1s }, { pause: 1m }] }",
    "{ max_users: 5, stages: [{ to: 5/s, over: 1s }, { hold: 1m }] }",
    "{ steps: { by: 1 user, to: 5 users, hold: 1m } }",
    "{ steps: { by: 1 user, to: 5 users, hold: 1m, over: 1s } }",
    "{ steps: { from: 2 users, by: 1 user, to: 5 users, hold: 1m } }",
    "{ find: { max: users, while: [errors < 1%], from: 1 user, to: 9 users } }",
    "{ find: { max: users, while: [errors < 2%], from: 1 user, to: 9 users } }",
    "{ find: { max: users, while: [errors < 1%], from: 1 user, to: 9 users, settle: 1s, hold: 2s, cool_down: 3s, precision: 7% } }",
];

#[test]
fn loads_read_back_as_themselves_and_none_is_another() {
    let mut seen = Vec::new();
    for load in LOADS {
        for own in [false, true] {
            // A class cannot look for what all share.
            if own && load.contains("find") {
                continue;
            }
            let place = match own {
                false => format!("  x: {{ wait: none, sequence: [{{ get: / }}] }}\nload: {load}\n"),
                true => format!("  x: {{ wait: none, load: {load}, sequence: [{{ get: / }}] }}\n"),
            };
            let (plan, sources) = from_text("plan.yaml", &format!("plan: 1\nusers:\n{place}"));
            let text = serde_yaml::to_string(&print(&plan, &sources)).unwrap();
            let (again, _) = from_text("again.yaml", &text);
            assert!(plan == again, "{load}: {text}");
            let fingerprint = fingerprint(&plan, &sources);
            assert!(!seen.contains(&fingerprint), "{load}");
            seen.push(fingerprint);
        }
    }
}
