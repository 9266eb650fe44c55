//! `plan graph`: what is drawn, and that those can read it who show it.
//!
//! `tests/drawings/setup` installs them; `PLAN_DRAWINGS` says where, as `tests/run`
//! does.

use std::{
    env, fs,
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{repository, shell::Folder};

const FLAGSHIP: &str = "plans/flaskr_endurance.yaml";

/// Everything that a drawing can hold, in names that would like to be more.
const ODD: &str = r##"
plan: 1
name: "odd \"]; %%{init: {'theme':'dark'}}%% <b>end</b> & #quot; `x` style:x#1;"
target: http://target
vars: { n: 3 }
users:
  end: { weight: 3, wait: 1s, tasks: { sub: 1, odd: 2 } }
  one: { count: 1, wait: none, choose_once: { odd: 1, sub: 1 } }
tasks:
  sub: { rounds: 3, on_start: [{ get: /in }], tasks: [leaf], on_stop: [{ get: /out }] }
  leaf: [{ get: '/{{ n }}?q=%%{a}' , when: n > 1 }]
  unused: [{ get: /unused }]
  odd:
    - get: "/a\"b;c&lt;#d|e|`f`\\N"
    - if: n < 3 and "x" == 'y'
      then: [{ delete: /x }, { stop: user }]
      else: [leaf, { set: { n: 4 } }]
    - submit: 'form[name="a"] > input'
    - wait: 2s
    - record: { type: note, name: 'a|b' }
    - log: hello
load: { users: 4, duration: 1m }
"##;

fn drawn(path: &str, format: &str) -> String {
    let ended = Folder::new()
        .file("odd.yaml", ODD)
        .plan(&["graph", path, "--format", format]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    ended.stdout
}

/// A drawing of the flagship, held against a file beside this one.
fn flagship(format: &str, file: &str) {
    let path = repository(FLAGSHIP);
    let expected = repository("tests/review/drawn").join(file);
    let expected = fs::read_to_string(expected).unwrap();
    assert_eq!(drawn(path.to_str().unwrap(), format), expected);
}

#[test]
fn the_flagship_as_mermaid() {
    flagship("mermaid", "flagship.mmd");
}

#[test]
fn the_flagship_for_graphviz() {
    flagship("dot", "flagship.dot");
}

#[test]
fn the_flagship_as_text() {
    flagship("text", "flagship.txt");
}

#[test]
fn mermaid_is_what_is_drawn_unless_told_otherwise() {
    let folder = Folder::new().file("odd.yaml", ODD);
    let ended = folder.plan(&["graph", "odd.yaml"]);
    assert_eq!(ended.stdout, drawn("odd.yaml", "mermaid"));
}

#[test]
fn every_kind_of_step_is_drawn_and_what_nobody_runs_is_not() {
    let expected = r##"
plan odd "]; %%{init: {'theme':'dark'}}%% <b>end</b> & #quot; `x` style:x#1;, 4 users, 1m
  75%, 3 users  end
  25%, 1 user   one

class end, wait 1s
  66.7%  odd
  33.3%  sub

class one, wait none
  50% for life  odd
  50% for life  sub

task leaf
  1 when n > 1  GET /{{ n }}?q=%%{a}

task odd
  1  GET /a"b;c&lt;#d|e|`f`\N
  2  if n < 3 and "x" == 'y'
      then 1  DELETE /x, writes
      then 2  stop user
      else 1  leaf
      else 2  set n
  3  submit form[name="a"] > input, writes
  4  wait 2s
  5  record note a|b
  6  log

task sub, 3 rounds
  start 1  GET /in
  100%     leaf
  stop 1   GET /out
"##;
    assert_eq!(drawn("odd.yaml", "text"), expected.trim_start());
}

#[test]
fn shares_of_users_follow_the_options_of_the_command_line() {
    let folder = Folder::new().file("odd.yaml", ODD);
    let ended = folder.plan(&["graph", "odd.yaml", "--format", "text", "--users", "5"]);
    let users: Vec<_> = ended.stdout.lines().skip(1).take(2).collect();
    assert_eq!(users, ["  80%, 4 users  end", "  20%, 1 user   one"]);
}

#[test]
fn a_plan_with_mistakes_and_a_fragment_are_not_drawn() {
    let folder = Folder::new()
        .file("odd.yaml", ODD.replace("rounds: 3", "rounds: three"))
        .file("part.yaml", "plan: 1\ntasks: { a: [{ get: / }] }\n");
    for path in ["odd.yaml", "part.yaml"] {
        let ended = folder.plan(&["graph", path]);
        assert_eq!((ended.code, &*ended.stdout), (Some(2), ""), "{path}");
        assert_ne!(ended.stderr, "");
    }
}

/// What a program shows of a drawing, or else is skipped: the texts of its nodes and
/// of its lines.
fn shown(format: &str, drawing: &str) -> Option<[Vec<String>; 2]> {
    let Some(home) = env::var_os("PLAN_DRAWINGS") else {
        eprintln!("skipped: PLAN_DRAWINGS is not set; tests/run installs what shows drawings");
        return None;
    };
    let mut child = Command::new(repository(".cache/editor/node/bin/node"))
        .arg(repository("").join(home).join("labels.js"))
        .arg(format)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(drawing.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{format} does not read\n{drawing}");
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();
    Some(["nodes", "edges"].map(|part| {
        let labels = read[part].as_array().unwrap().iter();
        let mut texts: Vec<_> = labels
            .map(|label| {
                assert_eq!(label["elements"], 0, "no text becomes HTML: {label}");
                label["text"].as_str().unwrap().trim().to_owned()
            })
            .collect();
        texts.sort();
        texts
    }))
}

/// The texts that a drawing of [`ODD`] has to show.
fn odd_texts() -> [Vec<String>; 2] {
    let nodes = [
        "odd \"]; %%{init: {'theme':'dark'}}%% <b>end</b> & #quot; `x` style:x#1;\n4 users, 1m",
        "end\nwait 1s",
        "one\nwait none",
        "leaf",
        "odd",
        "sub\n3 rounds",
        "GET /{{ n }}?q=%%{a}",
        "GET /a\"b;c&lt;#d|e|`f`\\N",
        "if n < 3 and \"x\" == 'y'",
        "DELETE /x\nwrites",
        "stop user",
        "set n",
        "submit form[name=\"a\"] > input\nwrites",
        "wait 2s",
        "record note a|b",
        "log",
        "GET /in",
        "GET /out",
    ];
    let edges = [
        "75%, 3 users",
        "25%, 1 user",
        "66.7%",
        "33.3%",
        "50% for life",
        "50% for life",
        "1 when n > 1",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "start 1",
        "100%",
        "stop 1",
        "then 1",
        "then 2",
        "else 1",
        "else 2",
    ];
    [&nodes[..], &edges[..]].map(|texts| {
        let mut texts: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
        texts.sort();
        texts
    })
}

#[test]
fn mermaid_and_graphviz_show_every_text_as_it_is() {
    for format in ["mermaid", "dot"] {
        if let Some(texts) = shown(format, &drawn("odd.yaml", format)) {
            assert_eq!(texts, odd_texts(), "{format}");
        }
    }
}

#[test]
fn mermaid_and_graphviz_read_the_flagship_in_both_formats() {
    for path in ["plans/flaskr_endurance.yaml", "plans/flaskr_endurance.toml"] {
        let path = repository(path);
        for format in ["mermaid", "dot"] {
            let drawing = drawn(path.to_str().unwrap(), format);
            if let Some([nodes, edges]) = shown(format, &drawing) {
                assert_eq!((nodes.len(), edges.len()), (20, 27), "{format}");
            }
        }
    }
}
