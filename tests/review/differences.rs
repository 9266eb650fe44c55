//! `plan diff`: pairs of plans, and what is told of them.

use std::fs;

use serde_json::Value;

use super::{
    repository,
    shell::{Ended, Folder},
};

/// A plan with something of everything that a rule looks at.
const PLAN: &str = "\
plan: 1
name: blog
target: http://target
secrets: [word]
vars: { base: /a, word: '{{ secret.word }}' }
data:
  people: { csv: people.csv }
defaults:
  timeout: { total: 10s, connect: 2s }
  expect: { absent: div.flash }
  headers: { Accept: text/html }
users:
  editor:
    weight: 3
    wait: 5s..10s
    on_start: [log_in]
    tasks: { edit: 2, look: 1 }
  reader: { weight: 1, wait: 1s, tasks: [look, pages] }
tasks:
  log_in:
    - post: /login
      form: { name: '{{ people.name }}', word: '{{ word }}' }
      expect: { status: 302, final_path: / }
  look:
    - get: '{{ base }}'
      expect: { contains: Blog, within: 2s, css: [h1, nav] }
      extract: { id: { css: a.edit, attr: href } }
    - wait: 2s
    - get: '/{{ id }}'
  edit:
    - get: /edit
    - post: /edit
      form: { title: t, body: b }
      multipart_is_not_here: true
  pages:
    rounds: 2
    sequence: [{ get: /page }]
  unused: [{ delete: /everything }]
load: { users: 10, ramp_up: 1m, duration: 1h, graceful_stop: 10s }
thresholds: [errors < 1%, 'p95 of \"GET /edit\" < 300ms', rate > 5/s]
environments:
  big: { target: 'http://big', load: { duration: 2h } }
";

fn plan() -> String {
    PLAN.replace("      multipart_is_not_here: true\n", "")
}

fn folder(old: &str, new: &str) -> Folder {
    Folder::new()
        .file("people.csv", "name\nann\nbob\n")
        .file("others.csv", "name\ncid\n")
        .file("photo.png", "a photo")
        .file("ca.pem", "an authority")
        .file("old.yaml", old)
        .file("new.yaml", new)
}

fn diff(old: &str, new: &str, more: &[&str]) -> Ended {
    let args = [&["diff", "old.yaml", "new.yaml"], more].concat();
    folder(old, new).plan(&args)
}

/// What is told of a plan in which one text became another.
fn told(from: &str, to: &str, more: &[&str]) -> Ended {
    let old = plan();
    assert!(old.contains(from), "{from}");
    diff(&old, &old.replacen(from, to, 1), more)
}

#[track_caller]
fn is(ended: &Ended, expected: &str) {
    assert_eq!(
        ended.stdout,
        expected.trim_start_matches('\n'),
        "{}",
        ended.stderr
    );
    assert_eq!(ended.code, Some(1));
}

#[test]
fn what_means_nothing_is_no_difference() {
    let plan = plan();
    let turned = plan
        .replace("{ edit: 2, look: 1 }", "{ look: 2, edit: 4 }")
        .replace("weight: 3", "weight: 6")
        .replace(
            "reader: { weight: 1, wait: 1s,",
            "reader: { wait: 1000ms, weight: 2,",
        )
        .replace("[look, pages]", "{ pages: 7, look: 7 }")
        .replace("status: 302, final_path: /", "final_path: /, status: [302]")
        .replace("css: [h1, nav]", "css: [nav, h1]")
        .replace("ramp_up: 1m", "ramp_up: 60s")
        .replace(
            "[errors < 1%, 'p95 of \"GET /edit\" < 300ms', rate > 5/s]",
            "[rate > 5/s, 'p95 of \"GET /edit\" < 300ms', errors < 1%] # a comment",
        )
        .replace("plan: 1\nname: blog\n", "name: blog\nplan: 1\n\n");
    assert_ne!(turned, plan);
    let ended = diff(&plan, &turned, &[]);
    assert_eq!(
        ended.stdout, "no difference in meaning\n",
        "{}",
        ended.stderr
    );
    ended.exit(0);
}

#[test]
fn the_default_threshold_is_the_same_written_out_or_not() {
    let with = "plan: 1\ntarget: http://a\nusers: { a: { wait: 1s, sequence: [{ get: / }] } }\n\
                load: { users: 1, duration: 1m }\nthresholds: [errors < 1%]\n";
    let without = with.replace("thresholds: [errors < 1%]\n", "");
    diff(with, &without, &[]).exit(0);
    let other = with.replace("errors < 1%", "p95 < 1s");
    is(
        &diff(&without, &other, &[]),
        "
thresholds
  + p95 < 1s
      new.yaml:5
  - errors < 1%
    ! a threshold is gone

2 changes, 1 with a risk
",
    );
}

#[test]
fn toml_is_the_same_as_yaml() {
    let files = ["plans/flaskr_endurance.yaml", "plans/flaskr_endurance.toml"];
    let [yaml, toml] = files.map(|file| repository(file).to_str().unwrap().to_owned());
    let ended = Folder::new().plan(&["diff", &yaml, &toml]);
    assert_eq!(ended.stdout, "no difference in meaning\n");
    ended.exit(0);
}

/// What changes, and what is told of it: each kind of change once.
const LINES: &[(&str, &str, &str)] = &[
    (
        "name: blog\n",
        "name: log\n",
        "about\n  ~ name blog → log\n      old.yaml:2 → new.yaml:2\n",
    ),
    (
        "weight: 3",
        "weight: 1",
        "shares\n  ~ class editor: share 75% → 50%\n      old.yaml:14 → new.yaml:14\n  \
             ~ class reader: share 25% → 50%\n      old.yaml:18 → new.yaml:18\n",
    ),
    (
        "weight: 3",
        "count: 3",
        "shares\n  ~ class editor: share 75% → 3 users\n      old.yaml:14 → new.yaml:14\n  \
             ~ class reader: share 25% → 100%\n      old.yaml:18 → new.yaml:18\n",
    ),
    (
        "{ edit: 2, look: 1 }",
        "{ look: 1 }",
        "shares\n  ~ class editor: share of look 33.3% → 100%\n      old.yaml:17 → new.yaml:17\n  \
             - class editor: share of edit 66.7%\n      old.yaml:17\n",
    ),
    (
        "{ title: t, body: b }",
        "{ body: b, title: t }",
        "steps\n  ~ task edit, step 2 POST /edit: form title, body → body, title\n      \
             old.yaml:32 → new.yaml:32\n",
    ),
    (
        "{ title: t, body: b }",
        "{ title: t, text: b }",
        "steps\n  + task edit, step 2 POST /edit: form.text b\n      new.yaml:33\n  \
             - task edit, step 2 POST /edit: form.body b\n      old.yaml:33\n",
    ),
    (
        "    - get: /edit\n    - post: /edit\n      form: { title: t, body: b }\n",
        "    - post: /edit\n      form: { title: t, body: b }\n    - get: /edit\n",
        "steps\n  > task edit, step 2 GET /edit (was step 1)\n      old.yaml:31 → new.yaml:33\n",
    ),
    (
        "    - get: /edit\n",
        "    - get: /edit/{{ id }}\n      name: one\n      when: id is defined\n",
        "steps\n  ~ task edit, step 1 GET /edit/{{ id }}: request GET /edit → GET /edit/{{ id }}\n      \
             old.yaml:31 → new.yaml:31\n  \
             + task edit, step 1 GET /edit/{{ id }}: name one\n      new.yaml:32\n  \
             + task edit, step 1 GET /edit/{{ id }}: when id is defined\n      new.yaml:33\n",
    ),
    (
        "    - get: '/{{ id }}'\n",
        "    - if: id is defined\n      then: [{ get: '/{{ id }}' }, { log: x }]\n",
        "steps\n  - task look, step 3 GET /{{ id }}\n      old.yaml:29\n  \
             + task look, step 3 if id is defined: then: GET /{{ id }}, log x\n      new.yaml:29\n",
    ),
    (
        "  unused: [{ delete: /everything }]\n",
        "",
        "steps\n  - task unused: DELETE /everything\n      old.yaml:37\n",
    ),
    (
        "headers: { Accept: text/html }",
        "headers: { Accept: text/plain, X-A: '1' }",
        "options\n  ~ defaults.headers.Accept text/html → text/plain\n      \
             old.yaml:11 → new.yaml:11\n  + defaults.headers.X-A 1\n      new.yaml:11\n",
    ),
    (
        "users:\n",
        "setup: [look, { get: /a }]\nusers:\n",
        "steps\n  + setup step 1 task look\n      new.yaml:12\n  \
         + setup step 2 GET /a\n      new.yaml:12\n",
    ),
    (
        "    - get: /edit\n",
        "    - get: /edit\n      auth: { bearer: '{{ id }}' }\n",
        "steps\n  + task edit, step 1 GET /edit: auth.bearer {{ id }}\n      new.yaml:32\n",
    ),
    (
        "    - get: /edit\n",
        "    - parallel: [{ get: /edit }, { get: /logo }]\n    - meet: { name: sale, users: 5, timeout: 1m }\n",
        "steps\n  - task edit, step 1 GET /edit\n      old.yaml:31\n  \
         + task edit, step 1 parallel of 2 requests: parallel: GET /edit, GET /logo\n      new.yaml:31\n  \
         + task edit, step 2 meet sale\n      new.yaml:32\n",
    ),
    (
        "graceful_stop: 10s",
        "graceful_stop: 30s",
        "load\n  ~ load.graceful_stop 10s → 30s (×3)\n      old.yaml:38 → new.yaml:38\n",
    ),
    (
        "rate > 5/s",
        "rate > 6/s",
        "thresholds\n  ~ rate > 5/s → rate > 6/s (×1.2)\n      old.yaml:39 → new.yaml:39\n",
    ),
    (
        "{ csv: people.csv }",
        "{ csv: people.csv, order: shuffled }",
        "data\n  + data people: order shuffled\n      new.yaml:7\n",
    ),
    (
        "  big: { target: 'http://big', load: { duration: 2h } }\n",
        "  big: { target: 'http://big', load: { duration: 1h30m } }\n  \
             small: { load: { users: 1 } }\n",
        "environments\n  ~ environment big: load.duration 2h → 1h30m (×0.75)\n      \
             old.yaml:41 → new.yaml:41\n  + environment small\n      new.yaml:42\n",
    ),
];

#[test]
fn changes_are_told_in_a_line_with_their_places() {
    for (from, to, expected) in LINES {
        let ended = told(from, to, &[]);
        let number = expected.matches("\n  ").count() - expected.matches("\n      ").count();
        let changes = if number == 1 {
            "1 change".to_owned()
        } else {
            format!("{number} changes")
        };
        is(
            &ended,
            &format!("{expected}\n{changes}, none with a risk\n"),
        );
    }
}

#[test]
fn a_task_or_class_with_a_new_name_was_renamed() {
    let plan = plan();
    let new = plan
        .replace("look", "watch")
        .replace("reader:", "visitor:")
        .replace("log_in", "enter");
    is(
        &diff(&plan, &new, &[]),
        "
users
  > class reader → visitor
      old.yaml:18 → new.yaml:18

steps
  > task log_in → enter
      old.yaml:20 → new.yaml:20
  > task look → watch
      old.yaml:24 → new.yaml:24

3 changes, none with a risk
",
    );
}

/// Every risk, by what brings it; and what looks like it and is none.
#[rustfmt::skip]
const RISKS: &[(&str, &str, &str)] = &[
    // More load.
    ("users: 10",                    "users: 20",                        "more_load"),
    ("users: 10",                    "users: 5",                         ""),
    ("duration: 1h",                 "duration: 3h",                     "more_load"),
    ("duration: 1h,",                "iterations: 5,",                   "more_load"),
    ("duration: 1h",                 "duration: 30m",                    ""),
    ("ramp_up: 1m",                  "ramp_up: 10s",                     "more_load"),
    ("ramp_up: 1m, ",                "",                                 "more_load"),
    ("ramp_up: 1m",                  "ramp_up: 10m",                     ""),
    ("wait: 5s..10s",                "wait: 1s..10s",                    "more_load"),
    ("wait: 5s..10s",                "wait: none",                       "more_load"),
    ("wait: 5s..10s",                "wait: { exponential: 1s }",        "more_load"),
    ("wait: 5s..10s",                "wait: { pacing: 8s }",             ""),
    ("    - wait: 2s\n",             "",                                 "more_load"),
    ("    - wait: 2s\n",             "    - wait: 1s\n",                 "more_load"),
    ("    - wait: 2s\n",             "    - wait: 3s\n",                 ""),
    ("rounds: 2",                    "rounds: 3",                        "more_load"),
    ("rounds: 2",                    "until: iteration > 3",             ""),
    ("load: { duration: 2h }",       "load: { duration: 4h }",           "more_load"),
    ("load: { duration: 2h }",       "load: { duration: 2h, users: 11 }", "more_load"),
    ("load: { duration: 2h }",       "load: { duration: 2h, users: 9 }", ""),
    // Requests that write.
    ("    - get: /edit\n",           "    - get: /edit\n    - put: /x\n", "writing_request"),
    ("    - get: /edit\n",           "    - patch: /edit\n",             "writing_request"),
    ("    - get: /edit\n",           "    - submit: form\n",             "writing_request"),
    ("    - post: /edit\n",          "    - post: /other\n",             "writing_request"),
    ("    - post: /edit\n      form: { title: t, body: b }\n", "    - get: /edit/2\n", ""),
    ("    - get: /edit\n",           "    - get: /edit\n    - unused\n", "writing_request"),
    ("[look, pages]",                "[look, pages, unused]",            "writing_request"),
    ("[look, pages]",                "[look]",                           ""),
    ("  unused:",                    "  more: [{ post: /more }]\n  unused:", "writing_request"),
    ("  unused:",                    "  more: [{ get: /more }]\n  unused:",  ""),
    ("[{ get: /page }]",             "[{ if: iteration > 1, then: [{ delete: /page }] }]", "writing_request"),
    ("load: {",                      "teardown: [{ delete: /all }]\nload: {", "writing_request"),
    ("load: {",                      "setup: [{ get: /all }]\nload: {",  ""),
    ("    - get: /edit\n",           "    - parallel: [{ get: /edit }, { delete: /edit }]\n", "writing_request"),
    ("    - get: /edit\n",           "    - group: edit\n      do: [{ get: /edit }]\n", ""),
    // Where it goes.
    ("target: http://target",        "target: http://other",             "other_target"),
    ("http://big",                   "http://bigger",                    "other_target"),
    ("    - get: /edit\n",           "    - get: http://other/edit\n",   "other_target"),
    ("    - get: /edit\n",           "    - get: http://target/edit\n",  ""),
    ("base: /a",                     "base: 'https://other/a'",          "other_target"),
    ("Accept: text/html",            "Referer: http://other/",           ""),
    ("  headers:",                   "  proxy: http://127.0.0.1:3128\n  headers:", "other_route"),
    ("  headers:",                   "  resolve: { 'target:80': '127.0.0.1:81' }\n  headers:", "other_route"),
    ("  headers:",                   "  tls: { insecure: true }\n  headers:", "unverified"),
    ("  headers:",                   "  tls: { insecure: false }\n  headers:", ""),
    ("wait: 5s..10s",                "wait: 5s..10s\n    defaults: { tls: { insecure: true } }", "unverified"),
    ("  headers:",                   "  tls: { ca: ca.pem }\n  headers:", "other_trust"),
    // Secrets.
    ("secrets: [word]",              "secrets: [word, key]",             "secret_used"),
    ("Accept: text/html",            "Accept: '{{ secret.word }}'",      "secret_used"),
    ("body: b",                      "body: '{{ secret[\"word\"] }}'",   "secret_used"),
    ("word: '{{ secret.word }}'",    "word: 'a{{ secret.word }}'",       ""),
    // Thresholds.
    ("errors < 1%",                  "errors < 2%",                      "threshold_loosened"),
    ("errors < 1%",                  "errors <= 1%",                     "threshold_loosened"),
    ("errors < 1%",                  "errors < 0.5%",                    ""),
    ("< 300ms",                      "< 400ms",                          "threshold_loosened"),
    ("rate > 5/s",                   "rate > 4/s",                       "threshold_loosened"),
    ("rate > 5/s",                   "rate >= 5/s",                      "threshold_loosened"),
    ("errors < 1%, ",                "",                                 "threshold_removed"),
    ("rate > 5/s]",                  "rate > 5/s, max < 9s]",            ""),
    ("errors < 1%",                  "errors < 1% over 5m",              ""),
    ("errors < 1%",                  "errors < 1% abort",                ""),
    ("errors < 1%",                  "errors of class editor < 1%",      "threshold_removed"),
    ("< 300ms",                      "< 300ms over 5m",                  ""),
    ("'p95 of",                      "'service p95 of",                  "threshold_removed"),
    ("\" < 300ms",                   "\" in stage hold < 300ms",         "threshold_removed"),
    ("{ target: 'http://big',",      "{ thresholds: [errors < 5%], target: 'http://big',", "threshold_loosened threshold_removed"),
    // Expectations.
    ("contains: Blog, ",             "",                                 "expectation_removed"),
    ("contains: Blog",               "contains: B",                      ""),
    ("within: 2s",                   "within: 3s",                       "expectation_loosened"),
    ("within: 2s",                   "within: 1s",                       ""),
    (", within: 2s",                 "",                                 "expectation_removed"),
    ("css: [h1, nav]",               "css: h1",                          "expectation_removed"),
    ("css: [h1, nav]",               "css: [h1, { nav: 2 }]",            ""),
    ("status: 302",                  "status: [302, 200]",               "expectation_loosened"),
    ("status: 302",                  "status: [500]",                    "expectation_loosened"),
    ("status: 302",                  "status: 303",                      ""),
    ("status: 302, ",                "",                                 "expectation_removed"),
    ("absent: div.flash",            "absent: none",                     "expectation_removed"),
    ("final_path: / }",              "final_path: /, absent: none }",    "expectation_removed"),
    ("attr: href }",                 "attr: href, optional: true }",     "expectation_loosened"),
    ("attr: href }",                 "attr: href, default: '1' }",       "expectation_loosened"),
    ("attr: href } }",               "attr: href }, b: { css: b, optional: true } }", ""),
    ("    - get: '{{ base }}'\n      expect: { contains: Blog, within: 2s, css: [h1, nav] }\n      extract: { id: { css: a.edit, attr: href } }\n",
                                     "    - set: { id: 1 }\n",           ""),
    // Limits.
    ("total: 10s",                   "total: 20s",                       "limit_loosened"),
    ("total: 10s",                   "total: 5s",                        ""),
    (", connect: 2s",                "",                                 "limit_loosened"),
    // Data.
    ("csv: people.csv",              "csv: others.csv",                  "data_changed"),
    ("csv: people.csv",              "rows: [{ name: x }]",              "data_changed"),
];

#[test]
fn what_is_to_be_looked_at_twice_is_marked() {
    for (from, to, risks) in RISKS {
        let ended = told(from, to, &["--format", "json"]);
        assert_eq!(ended.code, Some(1), "{from} → {to}\n{}", ended.stderr);
        let json: Value = serde_json::from_str(&ended.stdout).unwrap();
        let mut found: Vec<_> = json["risks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|risk| risk.as_str().unwrap())
            .collect();
        found.sort_unstable();
        assert_eq!(found.join(" "), *risks, "{from} → {to}\n{}", ended.stdout);
    }
}

#[test]
fn a_data_file_with_other_rows_is_a_change_of_the_plan() {
    let folder = Folder::new()
        .file("a/plan.yaml", plan())
        .file("a/people.csv", "name\nann\nbob\n")
        .file("b/plan.yaml", plan())
        .file("b/people.csv", "name\nann\nbob\ncid\n");
    is(
        &folder.plan(&["diff", "a/plan.yaml", "b/plan.yaml"]),
        "
data
  ~ file people.csv: content 3 lines, 13 bytes → 4 lines, 17 bytes
    ! other data

1 change, 1 with a risk
",
    );
    let folder = folder.file("b/people.csv", "name\nann\nbob\n");
    folder.plan(&["diff", "a/plan.yaml", "b/plan.yaml"]).exit(0);
}

#[test]
fn a_difference_for_programs() {
    let ended = told("users: 10", "users: 20", &["--format", "json"]);
    let found: Value = serde_json::from_str(&ended.stdout).unwrap();
    let expected = serde_json::json!({
        "same": false,
        "risks": ["more_load"],
        "changes": [{
            "area": "load",
            "kind": "changed",
            "subject": [],
            "key": "load.users",
            "old": 10,
            "new": 20,
            "note": "×2",
            "old_place": { "file": "old.yaml", "line": 38 },
            "new_place": { "file": "new.yaml", "line": 38 },
            "risks": ["more_load"],
        }],
    });
    assert_eq!(found, expected);
    ended.exit(1);
}

#[test]
fn a_difference_as_a_comment_shows_whatever_a_plan_says_as_text() {
    let old = plan();
    let new = old
        .replace(
            "contains: Blog",
            "contains: '`x` | <b> {{ id | default(1) }}'",
        )
        .replace("- get: /edit", "- put: '/`a|b`'");
    is(
        &diff(&old, &new, &["--format", "markdown"]),
        "
## `old.yaml → new.yaml`

2 changes, 1 with a risk.

| risk | change | place |
|---|---|---|
| a request that writes is new here | task `edit`, step 1 `` PUT /`a\\|b` ``: `request` `GET /edit` → `` PUT /`a\\|b` `` | `old.yaml:31 → new.yaml:31` |

### Steps

- ⚠ changed task `edit`, step 1 `` PUT /`a|b` ``: `request` `GET /edit` → `` PUT /`a|b` ``

### Expectations

- changed task `look`, step 1 `GET {{ base }}`: `expect.contains` `Blog` → `` `x` | <b> {{ id | default(1) }} ``
",
    );
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let plain = told("users: 10", "users: 20", &[]).stdout;
    let coloured = told("users: 10", "users: 20", &["--color", "always"]).stdout;
    assert!(!plain.contains('\u{1b}'));
    assert!(coloured.contains("\u{1b}[1mload\u{1b}[0m"), "{coloured}");
}

#[test]
fn what_cannot_be_compared_is_told_with_the_code_of_wrong_input() {
    let plan = plan();
    let ended = diff(&plan, &plan.replace("users: 10", "users: ten"), &[]);
    assert!(ended.stderr.contains("new.yaml:38"), "{}", ended.stderr);
    assert!(
        ended.stderr.ends_with("error: `new.yaml` has mistakes\n"),
        "{}",
        ended.stderr
    );
    ended.exit(2);
    folder(&plan, &plan)
        .plan(&["diff", "old.yaml", "none.yaml"])
        .exit(2);
    let fragments = [
        "plan: 1\ntasks: { a: [{ get: / }] }\n",
        "plan: 1\ntasks: { a: [{ get: /b }] }\n",
    ];
    diff(fragments[0], fragments[0], &[]).exit(0);
    diff(fragments[0], fragments[1], &[]).exit(1);
}

/// A repository with the flagship in it.
fn flagship() -> Folder {
    let mut folder = Folder::new();
    for file in ["flaskr_endurance.yaml", "flaskr/tasks.yaml"] {
        let text = fs::read_to_string(repository("plans").join(file)).unwrap();
        folder = folder.file(&format!("plans/{file}"), text);
    }
    folder.git(&["init", "--quiet"]);
    folder.commit();
    folder
}

fn edit(folder: &Folder, file: &str, from: &str, to: &str) {
    let text = folder.text(file);
    assert!(text.contains(from), "{from}");
    fs::write(folder.path(file), text.replacen(from, to, 1)).unwrap();
}

const FLAGSHIP: &str = "plans/flaskr_endurance.yaml";

#[test]
fn two_revisions_of_the_flagship() {
    let folder = flagship();
    edit(&folder, FLAGSHIP, "users: 50", "users: 100");
    edit(&folder, FLAGSHIP, "p95 < 300ms", "p95 < 500ms");
    edit(
        &folder,
        "plans/flaskr/tasks.yaml",
        "    - get: /\n",
        "    - get: /\n    - post: /search\n      form: { q: '{{ username }}' }\n",
    );
    folder.commit();
    let expected = "
load
  ~ load.users 50 → 100 (×2)
    ! more load
      plans/flaskr_endurance.yaml:43

steps
  + task index, step 2 POST /search
    ! a request that writes is new here
      plans/flaskr/tasks.yaml:6

thresholds
  ~ p95 < 300ms → p95 < 500ms (×1.67)
    ! a threshold is looser
      plans/flaskr_endurance.yaml:49

3 changes, 3 with a risk
";
    let old = format!("HEAD~1:{FLAGSHIP}");
    // Two revisions; a revision and the file; relative to where one is.
    for new in [
        format!("HEAD:{FLAGSHIP}"),
        FLAGSHIP.to_owned(),
        format!("HEAD:./{FLAGSHIP}"),
    ] {
        is(&folder.plan(&["diff", &old, &new]), expected);
    }
    let same = folder.plan(&["diff", &old, &old]);
    assert_eq!(same.stdout, "no difference in meaning\n");
    same.exit(0);
}

#[test]
fn what_git_does_not_know_is_told() {
    let folder = flagship();
    for (old, code, told) in [
        (
            "v7:plans/flaskr_endurance.yaml",
            3,
            "error: cannot find the revision `v7`: git knows none of that name\n",
        ),
        (
            "--help:plans/flaskr_endurance.yaml",
            3,
            "error: cannot find the revision `--help`: git knows none of that name\n",
        ),
        (
            "HEAD:plans/none.yaml",
            2,
            "error: cannot read `plans/none.yaml`: path 'plans/none.yaml' does not exist in",
        ),
        (
            "HEAD:plans/flaskr",
            2,
            "error: cannot read `plans/flaskr`: its name has no known ending",
        ),
    ] {
        let ended = folder.plan(&["diff", "--", old, FLAGSHIP]);
        assert!(ended.stderr.starts_with(told), "{}", ended.stderr);
        ended.exit(code);
    }
    let nowhere = Folder::new().file("plan.yaml", plan());
    let ended = nowhere.plan(&["diff", "HEAD:plan.yaml", "plan.yaml"]);
    assert!(
        ended.stderr.contains("not a git repository"),
        "{}",
        ended.stderr
    );
    ended.exit(3);
    let ended = folder.plan_where(&[("PATH", "/nowhere")], &["diff", "HEAD:a.yaml", FLAGSHIP]);
    assert!(
        ended.stderr.starts_with("error: cannot run `git`"),
        "{}",
        ended.stderr
    );
    ended.exit(3);
}

#[test]
fn a_revision_reads_only_what_is_below_its_plan() {
    let folder = flagship().file("secret.yaml", "plan: 1\ntasks: { a: [{ get: / }] }\n");
    edit(
        &folder,
        FLAGSHIP,
        "include: [flaskr/tasks.yaml]",
        "include: [../secret.yaml]",
    );
    folder.commit();
    let ended = folder.plan(&["diff", &format!("HEAD:{FLAGSHIP}"), FLAGSHIP]);
    assert!(
        ended
            .stderr
            .contains("a plan reads only files below its own folder"),
        "{}",
        ended.stderr
    );
    ended.exit(2);
}

/// A plan with loads of some kinds.
const LOADS: &str = "\
plan: 1
target: http://target
users:
  a: { wait: 1s, sequence: [{ get: / }] }
  b:
    wait: 1s
    load: { arrivals: 5/s, max_users: 10, duration: 1m, start_after: 5s }
    sequence: [{ get: /b }]
load:
  stages:
    - { to: 10 users, over: 10s }
    - { hold: 1m, name: before }
    - { pause: 20s }
    - { to: 0 users, over: 10s }
thresholds: [errors < 1%]
";

#[test]
fn stages_and_arrivals_are_more_load_or_not() {
    let more = LOADS
        .replace("10 users", "20 users")
        .replace("hold: 1m", "hold: 2m")
        .replace("pause: 20s", "pause: 5s")
        .replace("5/s", "8/s")
        .replace("max_users: 10", "max_users: 30")
        .replace("start_after: 5s", "start_after: 1s");
    let ended = diff(LOADS, &more, &[]);
    is(
        &ended,
        "
load
  ~ class b: load.start_after 5s → 1s (×0.2)
      old.yaml:7 → new.yaml:7
  ~ class b: load.arrivals 5/s → 8/s (×1.6)
    ! more load
      old.yaml:7 → new.yaml:7
  ~ class b: load.max_users 10 → 30 (×3)
    ! more load
      old.yaml:7 → new.yaml:7
  ~ load.stages.0 to 10 users over 10s → to 20 users over 10s
    ! more load
      old.yaml:11 → new.yaml:11
  ~ load.stages.1 hold 1m (before) → hold 2m (before)
    ! more load
      old.yaml:12 → new.yaml:12
  ~ load.stages.2 pause 20s → pause 5s
    ! more load
      old.yaml:13 → new.yaml:13

6 changes, 5 with a risk
",
    );
    // The other way round none of it is.
    let ended = diff(&more, LOADS, &[]);
    assert!(ended.stdout.ends_with("6 changes, none with a risk\n"));
    // Other stages are told of all together.
    let longer = LOADS.replace("    - { pause: 20s }\n", "    - { hold: 20s }\n");
    is(
        &diff(LOADS, &longer, &[]),
        "
load
  ~ load.stages to 10 users over 10s, hold 1m (before), pause 20s, to 0 users over 10s → to 10 users over 10s, hold 1m (before), hold 20s, to 0 users over 10s
    ! more load
      old.yaml:11 → new.yaml:11

1 change, 1 with a risk
",
    );
}

#[test]
fn staircases_and_searches_are_compared_key_by_key() {
    let of = |load: &str| {
        let at = LOADS.find("    load: {").unwrap();
        let end = LOADS[at..].find('\n').unwrap() + at + 1;
        let (head, rest) = (&LOADS[..at], &LOADS[end..]);
        let stages = rest.find("load:\n").unwrap();
        format!(
            "{head}{}load:\n{load}thresholds: [errors < 1%]\n",
            &rest[..stages]
        )
    };
    let old = of("  steps: { by: 10 users, to: 50 users, hold: 1m }\n");
    let new = of("  steps: { by: 10 users, to: 80 users, hold: 30s }\n");
    is(
        &diff(&old, &new, &[]),
        "
load
  ~ load.steps.to 50 users → 80 users (×1.6)
    ! more load
      old.yaml:9 → new.yaml:9
  ~ load.steps.hold 1m → 30s (×0.5)
      old.yaml:9 → new.yaml:9

2 changes, 1 with a risk
",
    );
    let old = of(
        "  max_users: 10\n  find: { max: arrivals, while: [errors < 1%, p95 < 1s], from: 10/s, to: 500/s }\n",
    );
    let new = of(
        "  max_users: 10\n  find: { max: arrivals, while: [errors < 1%, p95 < 2s], from: 5/s, to: 900/s }\n",
    );
    is(
        &diff(&old, &new, &[]),
        "
load
  ~ p95 < 1s → p95 < 2s (×2)
    ! a threshold is looser
      old.yaml:10 → new.yaml:10
  ~ load.find.from 10/s → 5/s (×0.5)
      old.yaml:10 → new.yaml:10
  ~ load.find.to 500/s → 900/s (×1.8)
    ! more load
      old.yaml:10 → new.yaml:10

3 changes, 2 with a risk
",
    );
    // Users and arrivals cannot be compared.
    let users = of("  steps: { by: 10 users, to: 50 users, hold: 1m }\n");
    let rates = of("  max_users: 9\n  steps: { by: 10/s, to: 50/s, hold: 1m }\n");
    let ended = diff(&users, &rates, &[]);
    assert!(
        ended.stdout.contains("load.steps.to 50 users → 50/s\n"),
        "{}",
        ended.stdout
    );
}
