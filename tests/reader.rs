//! What reading finds in a plan, told by code, place and words.

use std::{path::Path, time::Instant};

use plan::{
    plan::{
        ast::{Aim, Payload, Plan, PlanKind, Share, StepKind},
        keys, parse,
    },
    source::{Diagnostics, FolderLoader, Format, MemoryLoader, Source, Sources, read},
};

/// Reads a plan of the repository.
fn from_folder(path: &str) -> (Option<Plan>, Vec<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let mut loader = FolderLoader::beside(&root);
    let mut sources = Sources::new(read(&root).expect("a plan of the repository"));
    let mut found = Diagnostics::new();
    let plan = parse(&mut sources, &mut loader, &mut found);
    (plan, told(&sources, &found))
}

/// A line per diagnostic: `plan.yaml:3:5 P0002 message`, then its other places
/// and proposals, indented.
fn told(sources: &Sources, found: &Diagnostics) -> Vec<String> {
    found
        .sorted()
        .into_iter()
        .map(|diagnostic| {
            let place = |label: &plan::source::Label| {
                let (line, column) = sources.line_and_column(label.span);
                let file = &sources.get(label.span.file).path;
                format!("{}:{line}:{column}", file.display())
            };
            let (first, others) = diagnostic.labels.split_first().expect("a place");
            let mut text = format!(
                "{} {} {}",
                place(first),
                diagnostic.code,
                diagnostic.message
            );
            for label in others {
                text.push_str(&format!("\n  {} {}", place(label), label.text));
            }
            for help in &diagnostic.help {
                text.push_str(&format!("\n  help: {help}"));
            }
            text
        })
        .collect()
}

#[test]
fn the_flagship_reads_without_a_word() {
    let (plan, told) = from_folder("plans/flaskr_endurance.yaml");
    assert_eq!(told, Vec::<String>::new());
    let plan = plan.unwrap();
    assert_eq!((plan.users.len(), plan.tasks.len()), (3, 8));
}

#[test]
fn the_flagship_in_toml_is_the_same_plan() {
    let (yaml, _) = from_folder("plans/flaskr_endurance.yaml");
    let (toml, told) = from_folder("plans/flaskr_endurance.toml");
    assert_eq!(told, Vec::<String>::new());
    // Not `assert_eq!`: nobody reads two plans printed in one line each.
    assert!(yaml.is_some() && yaml == toml);
}

/// Reads a plan and its files from memory.
fn from_memory(name: &str, text: &str, files: &[(&str, &str)]) -> (Option<Plan>, Vec<String>) {
    let mut loader = MemoryLoader::new();
    for (path, text) in files {
        loader = loader.with(path, text);
    }
    let mut sources = Sources::new(Source {
        path: name.into(),
        format: Format::of(Path::new(name)).expect("a name with an ending"),
        text: text.to_owned(),
    });
    let mut found = Diagnostics::new();
    let plan = parse(&mut sources, &mut loader, &mut found);
    (plan, told(&sources, &found))
}

/// Reads a plan and compares all that is told of it.
#[track_caller]
fn expect(name: &str, text: &str, files: &[(&str, &str)], expected: &str) -> Option<Plan> {
    let (plan, told) = from_memory(name, text, files);
    assert_eq!(told.join("\n"), expected.trim(), "\n{text}");
    plan
}

/// The test that decided how plans are read: all of it, in one go.
#[test]
fn eight_mistakes_are_eight_diagnostics_each_in_its_place() {
    let text = "\
plan: 1
nmae: shop
target: 127.0.0.1:5000
users:
  buyer:
    weight: many
    tasks: [browse]
tasks:
  browse:
    - get: {{ url }}
      timeout: 10
    - post: /buy
      extract:
        id:
          css: #main
load: { users: 5, duration: 1h }
thresholds: [error < 1%]
";
    let plan = expect(
        "plan.yaml",
        text,
        &[],
        "
plan.yaml:2:1 P0002 `nmae` is not a key of a plan
  help: did you mean `name`?
plan.yaml:3:9 P0006 `target`: `127.0.0.1:5000` is not a base URL
  help: valid are http://127.0.0.1:5000 and https://example.org/app
plan.yaml:5:3 P0004 `users.buyer.wait` is missing: the time that a user thinks after each task, `none` if you mean it
  help: write `wait: 5s..10s`
plan.yaml:6:13 P0003 `users.buyer.weight` should be a whole number, not the text `many`
plan.yaml:10:12 P0001 `{{ url }}` needs quotes
  help: write `'{{ url }}'`
plan.yaml:11:16 P0006 `tasks.browse[0].timeout`: `10` is not a duration
  help: write `10s` for seconds, or with another unit: 500ms, 7s, 1m, 1h20m, 72h, 3d
plan.yaml:15:16 P0003 `tasks.browse[1].extract.id.css` is empty: YAML reads `#main` as a comment
  help: if it is the value, write `'#main'`
plan.yaml:17:14 P0006 `thresholds[0]`: `error` is no metric; there are errors, rate, p1 … p99.99, mean, max, min, dropped, skipped and bytes
  help: did you mean `errors`?",
    );
    // Which variables the URL reads is unknown, so later checks would only guess.
    assert!(plan.is_none());

    let plan = from_memory("plan.yaml", &text.replace("{{ url }}", "'{{ url }}'"), &[]).0;
    let plan = plan.expect("names hold, so the plan can be checked");
    // What others refer to is there, whatever is wrong with it.
    assert_eq!(plan.users[0].name.value, "buyer");
    assert_eq!(plan.tasks[0].steps().count(), 2);
    assert_eq!(plan.load.users.map(|users| users.value), Some(5));
}

#[test]
fn syntax_errors_are_told_in_our_words_and_do_not_hide_the_rest() {
    expect(
        "plan.yaml",
        "\
plan: 1
name: \"x\" y
target: 'http://a' # fine
tasks:
	a: [wait]
load: { users: many }
vars: { a: [1, 2 }
defaults:
  headers: { Accept: */* }
  timeout: 5
users:
  a:
    wait: 5s
     weight: 5
thresholds: @errors
description: a: b
",
        &[],
        "
plan.yaml:2:11 P0001 nothing may follow the closing quote
  help: write `'\"x\" y'`
plan.yaml:5:1 P0001 a tab where YAML wants spaces
  help: indent with spaces
plan.yaml:6:16 P0003 `load.users` should be a whole number, not the text `many`
plan.yaml:7:12 P0001 `[` is closed with `}`
  plan.yaml:7:18 closed here
  help: close it with `]`
plan.yaml:9:22 P0001 `*/*` needs quotes
  help: write `'*/*'`
plan.yaml:10:12 P0006 `defaults.timeout`: `5` is not a duration
  help: write `5s` for seconds, or with another unit: 500ms, 7s, 1m, 1h20m, 72h, 3d
plan.yaml:14:6 P0001 this key is indented deeper than its neighbours
  help: align it with `wait` above: 4 spaces
plan.yaml:15:13 P0001 `@errors` needs quotes
  help: write `'@errors'`
plan.yaml:16:14 P0001 `a: b` needs quotes
  help: write `'a: b'`",
    );
}

#[test]
fn yaml_slips_that_everybody_makes_once() {
    let rows = [
        (
            "plan: 1\ntasks: { a: [{ get: /{{ id }}/x }] }",
            "p.yaml:2:21 P0001 `/{{ id }}/x` needs quotes\n  help: write `'/{{ id }}/x'`",
        ),
        (
            "plan: 1\ntasks: { a: [{ get: {{ url }}/x }] }",
            "p.yaml:2:21 P0001 `{{ url }}/x` needs quotes\n  help: write `'{{ url }}/x'`",
        ),
        (
            "plan: 1\ntasks: { a: [{ get: #top }] }",
            "p.yaml:2:21 P0001 `#top }] }` is read as a comment, to the end of the line\n  help: if it is a value, write `'#top'`",
        ),
        (
            "plan: 1\ntasks:\n  a: [{ get: \"/\\d\" }]",
            "p.yaml:3:16 P0001 `\\d` means nothing in double quotes\n  help: in single quotes a backslash is just a backslash: write `'/\\d'`",
        ),
        (
            "plan: 1\ntasks:\n  a:\n    - get /",
            "p.yaml:4:7 P0006 `get /` is read as the name of a task\n  help: write `get: /`",
        ),
        (
            "plan: 1\ntasks:\n  a: { get: / }",
            "p.yaml:3:8 P0003 `tasks.a` should be a list of steps, not a single step\n  help: begin it with `- `",
        ),
        (
            "plan: 1\ntasks: { a: [",
            "p.yaml:2:13 P0001 `[` is opened and not closed\n  help: close it with `]`",
        ),
        (
            "plan: 1\ninclude: ['x",
            "p.yaml:2:11 P0001 a quote is opened and not closed\n  help: write `'x'`",
        ),
        (
            "plan: 1\nincl",
            "p.yaml:2:1 P0001 a key without `:` after it\n  help: write `KEY: VALUE`",
        ),
        (
            "plan: 1\ntasks:\n  - a\n  b: [wait]",
            "p.yaml:3:3 P0003 `tasks` should be a mapping of task names to steps, not a list\np.yaml:4:3 P0001 a list goes on with `- `, and this is not an item\n  help: begin it with `- `, or indent it differently from the list if it does not belong to it",
        ),
        (
            "plan: 1\ninclude: [!file x.yaml]",
            "p.yaml:2:11 P0001 `!file x.yaml` needs quotes\n  help: write `'!file x.yaml'`, or leave `!file` out: plans have no tags",
        ),
        (
            "plan: 1\n---\nplan: 1",
            "p.yaml:2:1 P0001 a file holds one plan, and this one goes on\n  help: put the second one into a file of its own",
        ),
        (
            "plan: 1\n? [a]\n: 5",
            "p.yaml:2:3 P0001 a key has to be a text",
        ),
    ];
    for (text, expected) in rows {
        expect("p.yaml", text, &[], expected);
    }
}

#[test]
fn a_task_may_be_called_like_a_step_and_stand_anywhere() {
    let text = "\
plan: 1
include: [more.yaml]
users: { a: { wait: none, sequence: [log in, set up, get out] } }
tasks: { log in: [{ get: / }] }
load: { users: 1, per_user: 1 }
";
    let more = "plan: 1\ntasks: { set up: [wait] }\n";
    let expected =
        "p.yaml:3:54 P0006 `get out` is read as the name of a task\n  help: write `get: out`";
    expect("p.yaml", text, &[("more.yaml", more)], expected);
}

#[test]
fn toml_goes_on_after_every_syntax_error() {
    expect(
        "plan.toml",
        r#"plan = 1
name = shop
plan = 2
target = "http://a
description =
include = [1 2

[load]
users = 5s
ramp_up = 5
[load]
duration = "1s"
[users.a]
wait = "none"
tasks = { x = 1 y = 2 }
[tasks
"#,
        &[],
        "
plan.toml:2:8 P0001 `shop` needs quotes
  help: write `\"shop\"`
plan.toml:3:1 P0005 `plan` is there twice
  plan.toml:1:1 first here
  help: leave one of them out
plan.toml:4:10 P0001 a quote is opened and not closed
  help: write `\"http://a\"`
plan.toml:5:14 P0001 a value is missing after `=`
plan.toml:6:15 P0001 an array is opened and not closed
",
    );
    expect(
        "plan.toml",
        "plan: 1\n",
        &[],
        "plan.toml:1:5 P0001 a `:` where TOML wants `=`\n  help: write `plan = 1`; if this is YAML, the file's name has to end in .yaml",
    );
}

#[test]
fn proposals_are_spelled_as_the_file_is() {
    expect(
        "p.toml",
        r#"plan = 2
[users.a]
tasks = ["x"]
[defaults]
timeout = 5
[data]
accounts = "a.csv"
[tasks.x]
get = "/"
[tasks]
y = ["post /"]
"#,
        &[],
        "
p.toml:1:8 P0006 `plan: 2` is a format that this program does not know
  help: write `plan = 1`, or use a newer program
p.toml:2:8 P0004 `users.a.wait` is missing: the time that a user thinks after each task, `none` if you mean it
  help: write `wait = \"5s..10s\"`
p.toml:5:11 P0006 `defaults.timeout`: `5` is not a duration
  help: write `\"5s\"` for seconds, or with another unit: 500ms, 7s, 1m, 1h20m, 72h, 3d
p.toml:7:12 P0003 `data.accounts` should be a mapping, not the text `a.csv`
  help: write `{ csv = 'a.csv' }`
p.toml:9:1 P0003 `tasks.x` should be a list of steps, not a single step
  help: make a list of it: `[[tasks.x]]`, or `[…]` around it
p.toml:11:7 P0006 `post /` is read as the name of a task
  help: write `{ post = \"/\" }`",
    );
}

#[test]
fn steps_say_one_thing() {
    let kinds = keys::STEPS
        .iter()
        .map(|section| format!("`{}`", section.keys[0].name));
    let kinds: Vec<_> = kinds.collect();
    let (last, all) = kinds.split_last().unwrap();
    let plan = expect(
        "p.yaml",
        "\
plan: 1
tasks:
  a:
    - get: /
      form: { a: b }
    - get: /
      post: /
    - gte: /
    - frobnicate: 3
    - wait: 10s..5s
    - wait: 5..10s
    - []
    - task:
    - wait: think
    - wait
    - task: a
      timeout: 5s
",
        &[],
        &"
p.yaml:5:7 P0002 `form` is not a key of a GET request
  help: a GET request has no form; write the fields under `query`, or use `post`
p.yaml:7:7 P0009 a step does one thing, and this one has `get` and `post`
  p.yaml:6:7 the first thing
  help: make two steps of it
p.yaml:8:7 P0002 `gte` is not a key of a step
  help: did you mean `get`?
p.yaml:9:7 P0004 this step does not say what it does
  help: a step needs one of ALL and LAST
p.yaml:10:13 P0006 `tasks.a[4].wait`: `10s..5s` begins with the longer time
  help: write `5s..10s`
p.yaml:11:13 P0006 `tasks.a[5].wait`: `5..10s` is not a wait
  help: write `5s..10s`
p.yaml:12:7 P0003 `tasks.a[6]` should be a step: a task's name, or a mapping with ALL or LAST, not an empty list
p.yaml:13:7 P0003 `tasks.a[7].task` is empty
  help: give it a value, or leave the key out
p.yaml:17:7 P0002 `timeout` is not a key of a `task` step
  help: the keys of a `task` step are `task`, `with` and `when`"
            .replace("ALL", &all.join(", "))
            .replace("LAST", last),
    )
    .unwrap();
    assert_eq!(plan.kind, PlanKind::Fragment);
    let kinds: Vec<_> = plan.tasks[0].steps().map(|step| &step.kind).collect();
    assert!(matches!(
        kinds[..],
        [
            StepKind::Request(_),
            StepKind::Wait(None),
            StepKind::Wait(None),
            StepKind::Task(_),
        ]
    ));
}

#[test]
fn classes_say_what_they_do_once() {
    expect(
        "p.yaml",
        "\
plan: 1
users:
  a: { wait: 5s, tasks: [x], sequence: [x], weight: 1, count: 2 }
  b: { wait: { pace: 5s } }
  c: 5
  d:
  e: { wait: 1s, tasks: [x, x], on_start_fail: new_usr }
  f: { wait: 1s, tasks: {}, vars: 7 }
  g: { wait: 1s, tasks: x, on_start: x, think_time: 5s }
tasks: { x: [], y: {}, wait: [wait] }
load: { users: 0, duration: 3 days, graceful_stop: -1s }
",
        &[],
        "
p.yaml:3:30 P0009 `tasks` and `sequence` exclude each other
  p.yaml:3:18 the other one is here
p.yaml:3:56 P0009 `weight` and `count` exclude each other
  p.yaml:3:45 the other one is here
p.yaml:4:3 P0004 `users.b` needs `tasks`, `sequence` or `choose_once`
p.yaml:4:16 P0002 `pace` is not a key of a wait as a mapping
  help: the keys of a wait as a mapping are `exponential`, `normal` and `pacing`
p.yaml:5:6 P0003 `users.c` should be a mapping, not `5`
p.yaml:6:3 P0003 `users.d` is empty
  help: give it a value, or leave the key out
p.yaml:7:29 P0005 the task `x` is there twice
  p.yaml:7:26 first here
  help: give weights instead: `x: 2`
p.yaml:7:48 P0006 `users.e.on_start_fail` should be `new_user`, `stop_user` or `stop_run`, not `new_usr`
  help: did you mean `new_user`?
p.yaml:8:25 P0004 `users.f.tasks` is empty
p.yaml:8:35 P0003 `users.f.vars` should be a mapping of variables to their values, not `7`
p.yaml:9:25 P0003 `users.g.tasks` should be a mapping of task names to weights, or a list of task names, not the text `x`
  help: write it as a list: `['x']`
p.yaml:9:38 P0003 `users.g.on_start` should be a list of steps, not the text `x`
  help: write it as a list: `['x']`
p.yaml:9:41 P0002 `think_time` is not a key of a class of users
  help: it is called `wait`
p.yaml:10:13 P0004 `tasks.x` is empty
p.yaml:10:20 P0004 `tasks.y` is empty
p.yaml:10:24 P0006 a task cannot be called `wait`
  help: give it another name
p.yaml:11:16 P0006 `load.users` should be at least 1, not 0
p.yaml:11:29 P0006 `load.duration`: `3 days` is not a duration
  help: write `3d`
p.yaml:11:52 P0006 `load.graceful_stop`: `-1s` is not a duration
  help: valid are 500ms, 7s, 1m, 1h20m, 72h, 3d
",
    );
}

#[test]
fn a_value_has_a_reason_when_it_is_refused() {
    expect(
        "p.yaml",
        "\
plan: 2
name: ''
target: ftp://example.org
vars: { user: 1, a-b: 2, 1a: 3, ok: , list: [1, { x: ~ }] }
defaults:
  headers: { accept: a, Accept: b, 'a b': c, D: null }
  expect: { status: [200, 700], absent: [], ping: 5 }
users:
  u: { wait: 1s, tasks: [x] }
tasks:
  x:
    - post: /
      name: [a]
      form: { a: , b: '' }
      extract: { a: 'h1', run: { css: h1 }, c: { attr: x } }
thresholds: errors < 1%
",
        &[],
        "
p.yaml:1:7 P0006 `plan: 2` is a format that this program does not know
  help: write `plan: 1`, or use a newer program
p.yaml:2:7 P0006 `name` should not be empty
p.yaml:3:9 P0006 `target`: `ftp://example.org` is not a base URL
  help: valid are http://127.0.0.1:5000 and https://example.org/app
p.yaml:4:9 P0006 `user` cannot be the name of a variable
  help: call it `the_user`
p.yaml:4:18 P0006 `a-b` cannot be the name of a variable
  help: call it `a_b`
p.yaml:4:26 P0006 `1a` cannot be the name of a variable
p.yaml:4:33 P0003 `vars.ok` is empty
  help: give it a value, or leave the key out
p.yaml:6:25 P0005 the header `Accept` is there twice
  p.yaml:6:14 first here
p.yaml:6:36 P0006 `a b` cannot be the name of a header
p.yaml:6:49 P0003 `defaults.headers.D` should be a text (`''` for an empty one), not null
  help: write `''` for an empty text, `'null'` for the word
p.yaml:7:27 P0006 `defaults.expect.status[1]`: `700` is not a status
  help: a status is a code like 200, a class like 2xx, `ok` (below 400), or a list of these
p.yaml:7:41 P0003 `defaults.expect.absent` should be a text, not an empty list
p.yaml:7:45 P0002 `ping` is not a key of `expect`
  help: the keys of `expect` are `status`, `final_path`, `header`, `contains`, `matches`, `css`, `absent`, `jsonpath`, `size` and `within`
p.yaml:13:13 P0003 `tasks.x[0].name` should be a text, not a list
  help: if it is the text, write `'[a]'`
p.yaml:14:15 P0003 `tasks.x[0].form.a` is empty
  help: write `''` for an empty text; one that begins with `#` needs quotes
p.yaml:15:21 P0003 `tasks.x[0].extract.a` should be a mapping, not the text `h1`
  help: write `{ css: 'h1' }`
p.yaml:15:27 P0006 `run` cannot be the name of a variable
  help: call it `the_run`
p.yaml:15:45 P0004 `tasks.x[0].extract.c` needs `css`, `regex`, `jsonpath`, `header`, `cookie`, `url`, `status` or `body`
p.yaml:16:13 P0003 `thresholds` should be a list of thresholds, not the text `errors < 1%`
  help: write it as a list: `['errors < 1%']`
",
    );
}

#[test]
fn data_has_a_reason_when_it_is_refused() {
    expect(
        "p.yaml",
        "\
plan: 1
data:
  q: x.csv
  r: { csv: a.csv, order: rnadom, delimiter: ';;' }
  s: { jsonl: x, delimiter: ',' }
  t: { xml: x }
  u: { rows: [{ a b: 1, c: '{{ x }}' }, 7, {}], order: random, at_end: fail }
  v: x.jsonl
  w: { rows: [] }
",
        &[],
        "
p.yaml:3:6 P0003 `data.q` should be a mapping, not the text `x.csv`
  help: write `{ csv: 'x.csv' }`
p.yaml:4:27 P0006 `data.r.order` should be `sequential`, `shuffled` or `random`, not `rnadom`
  help: did you mean `random`?
p.yaml:4:47 P0006 `data.r.delimiter`: `;;` is no delimiter
  help: write `';'`, `'|'` or `tab`
p.yaml:5:18 P0009 `jsonl` and `delimiter` exclude each other
  p.yaml:5:8 the other one is here
p.yaml:6:8 P0002 `xml` is not a key of a data source
  help: the keys of a data source are `csv`, `json`, `jsonl`, `rows`, `delimiter`, `order`, `share` and `at_end`
p.yaml:7:17 P0006 `a b` cannot be the name of a column
p.yaml:7:29 P0006 a row is not templated
  help: read the column in a template, next to what else it is made of
p.yaml:7:41 P0003 `data.u.rows[1]` should be a row: a mapping of columns to values, not `7`
p.yaml:7:44 P0004 `data.u.rows[2]` is empty
p.yaml:7:64 P0009 `order: random` and `at_end: fail` exclude each other
  help: `order: shuffled` takes each row once
p.yaml:8:6 P0003 `data.v` should be a mapping, not the text `x.jsonl`
  help: write `{ jsonl: 'x.jsonl' }`
p.yaml:9:14 P0004 `data.w.rows` is empty",
    );
}

#[test]
fn a_scalar_keeps_its_source_text() {
    let (plan, told) = from_memory(
        "p.yaml",
        "plan: 1\nvars: { pin: 007, no: no, t: true, q: '7', f: 1.50, n: null }\ntasks:\n  a: [{ post: 5, form: { pin: 007, t: True, f: 1.50, no: no, q: \"a\\tb\", y: yes, on: off, o: 0o7, u: 1_000, e: 1e3, x: 0xF, i: .inf, n: nan, h: 12:30 } }]\n",
        &[],
    );
    assert_eq!(told.len(), 1, "{told:?}");
    let (fragment, told) = from_memory(
        "p.yaml",
        "plan: 1\ntasks:\n  a: [{ post: 5, form: { pin: 007, t: True, f: 1.50, no: no, q: \"a\\tb\", y: yes, on: off, o: 0o7, u: 1_000, e: 1e3, x: 0xF, i: .inf, n: nan, h: 12:30 } }]\n",
        &[],
    );
    assert_eq!((plan, told), (None, vec![]));
    let fragment = fragment.unwrap();
    let StepKind::Request(request) = &fragment.tasks[0].steps().next().expect("a step").kind else {
        panic!("a request");
    };
    let Some(Payload::Form(fields)) = &request.payload else {
        panic!("a form");
    };
    let form: Vec<&str> = fields.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(
        form,
        [
            "007", "True", "1.50", "no", "a\tb", "yes", "off", "0o7", "1_000", "1e3", "0xF",
            ".inf", "nan", "12:30"
        ]
    );
    let Aim::Url { url, .. } = &request.aim else {
        panic!("it has a URL");
    };
    assert_eq!(url.value, "5");
}

#[test]
fn a_text_is_as_long_as_its_place_unless_it_is_escaped() {
    let text =
        "plan: 1\ntasks:\n  a: [{ get: '/é' }, { get: \"/x\" }, { get: 'a''b' }, { get: /y }]\n";
    let (plan, _) = from_memory("p.yaml", text, &[]);
    let plan = plan.unwrap();
    let places: Vec<&str> = plan.tasks[0]
        .steps()
        .map(|step| match &step.kind {
            StepKind::Request(request) => &text[request.place().range()],
            _ => panic!("a request"),
        })
        .collect();
    assert_eq!(places, ["/é", "/x", "'a''b'", "/y"]);
}

#[test]
fn includes_are_read_once_and_cycles_are_told() {
    let a = "plan: 1\ninclude: [b.yaml]\ntasks: { a: [wait] }\n";
    let b = "plan: 1\ninclude: [a.yaml]\ntasks: { b: [wait] }\n";
    expect(
        "plan.yaml",
        "plan: 1\ninclude: [sub/a.yaml, sub/b.yaml, ./sub/a.yaml]\ntasks: { c: [a, b] }\n",
        &[("sub/a.yaml", a), ("sub/b.yaml", b)],
        "
sub/b.yaml:2:11 P0007 `sub/a.yaml` includes itself
  plan.yaml:2:11 first included here
  help: leave it out; each file is read once, wherever it is named",
    );

    let leaf = "plan: 1\ntasks: { leaf: [wait] }\n";
    let branch = "plan: 1\ninclude: [leaf.yaml]\n";
    let plan = expect(
        "plan.yaml",
        "plan: 1\ninclude: [x.yaml, leaf.yaml, y.yaml]\n",
        &[("x.yaml", branch), ("y.yaml", branch), ("leaf.yaml", leaf)],
        "",
    );
    assert_eq!(plan.unwrap().tasks.len(), 1);
}

#[test]
fn what_cannot_be_included_is_told_where_it_is_named() {
    let whole = "plan: 1\nusers: { u: { wait: none, tasks: [q] } }\nload: { users: 1 }\ntasks: { q: [wait] }\n";
    let plan = expect(
        "plan.yaml",
        "plan: 1\ninclude: [nope.yaml, whole.yaml, x.txt, bad.yaml, extra.yaml, plan.yaml]\ntasks: { q: [wait] }\n",
        &[
            ("whole.yaml", whole),
            ("bad.yaml", "- a\n"),
            ("extra.yaml", "tasks: {}\nload: { users: 1 }\n"),
        ],
        "
plan.yaml:2:11 P0007 cannot read `nope.yaml`: entity not found
plan.yaml:2:22 P0007 `whole.yaml` is a plan of its own and cannot be included
  whole.yaml:2:1 it has users
  help: move the tasks that both need into a file without `users`, and include that
plan.yaml:2:34 P0007 cannot read `x.txt`: its name has no known ending; use .yaml, .yml or .toml
plan.yaml:2:63 P0007 `plan.yaml` includes itself
  plan.yaml:1:1 this file is the root plan
  help: leave it out; each file is read once, wherever it is named
bad.yaml:1:1 P0003 a plan is a mapping of keys to values, not a list
  help: begin it with `plan: 1`
extra.yaml:1:1 P0004 `plan` is missing: the version of the format
  help: write `plan: 1`
extra.yaml:2:1 P0002 `load` is not a key of an included file
  help: the keys of an included file are `plan`, `include`, `data` and `tasks`",
    );
    assert!(plan.is_none(), "tasks of unread files are not unknown");
}

#[test]
fn a_file_without_users_is_a_fragment_unless_it_says_more() {
    let plan = expect("p.yaml", "plan: 1\ntasks: { a: [wait] }\n", &[], "");
    assert_eq!(plan.unwrap().kind, PlanKind::Fragment);
    expect(
        "p.yaml",
        "plan: 1\nname: x\nload: { users: 5 }\n",
        &[],
        "
p.yaml:1:1 P0004 `users` is missing: nobody does anything
  help: a file for others to include has no users, but only `plan`, `include`, `data` and `tasks`; this one has `name` and `load` too",
    );
}

#[test]
fn files_that_are_no_plan() {
    let nothing = "p.yaml:1:1 P0004 the file holds no plan\n  help: begin it with `plan: 1`";
    expect("p.yaml", "", &[], nothing);
    expect("p.yaml", "# only\n# comments\n", &[], nothing);
    expect(
        "p.toml",
        "# a comment\n",
        &[],
        &nothing
            .replace("yaml", "toml")
            .replace("plan: 1", "plan = 1"),
    );
    let list = "p.yaml:1:1 P0003 a plan is a mapping of keys to values, not a list\n  help: begin it with `plan: 1`";
    expect("p.yaml", "- a\n- b\n", &[], list);
}

#[test]
fn duplicate_keys_have_two_places() {
    expect(
        "p.yaml",
        "plan: 1\ntasks:\n  a: [{ get: /, get: /x }]\n  b: [wait]\n  a: [wait]\n",
        &[],
        "
p.yaml:3:17 P0005 `get` is there twice
  p.yaml:3:9 first here
  help: leave one of them out
p.yaml:5:3 P0005 `a` is there twice
  p.yaml:3:3 first here
  help: leave one of them out",
    );
}

#[test]
fn merge_keys_fill_in_what_is_not_said() {
    let plan = expect(
        "p.yaml",
        "\
plan: 1
users:
  a: &a { wait: 1s, tasks: [x], weight: 3, count: &five 5 }
",
        &[],
        "
p.yaml:3:44 P0009 `weight` and `count` exclude each other
  p.yaml:3:33 the other one is here
p.yaml:3:51 P0010 `&five 5` needs quotes
  help: write `'&five 5'`",
    );
    assert!(plan.is_some());

    let plan = expect(
        "p.yaml",
        "\
plan: 1
users:
  a: &a { wait: 1s, tasks: &t [x], weight: 3 }
  b: { <<: *a, weight: 5 }
  c: { <<: [{ wait: 2s }, *a], tasks: *t }
tasks: { x: [wait] }
",
        &[],
        "",
    )
    .unwrap();
    let said: Vec<String> = plan
        .users
        .iter()
        .map(|class| format!("{} {}", class.wait.value, share(&class.share)))
        .collect();
    assert_eq!(said, ["1s 3", "1s 5", "2s 3"]);
    expect(
        "p.yaml",
        "plan: 1\ntasks:\n  a: [{ get: /, <<: *x }, { get: /, expect: &x { status: 200 } }]\n  b: [{ get: /, expect: { <<: *x, <<: *x } }]\n",
        &[],
        "
p.yaml:3:21 P0001 `*x` stands before its anchor
  p.yaml:3:45 the anchor is here
  help: write the value where it is first needed, and the alias below it
p.yaml:4:35 P0005 `<<` is there twice
  p.yaml:4:27 first here
  help: take in a list, `<<: [*ONE, *OTHER]`: the first that has a key wins",
    );
    expect(
        "p.yaml",
        "plan: 1\ntasks: { <<: 5, a: [wait] }\n",
        &[],
        "p.yaml:2:14 P0003 `<<` takes in a mapping, or a list of mappings\n  help: give the mapping an anchor, `&NAME`, and write `<<: *NAME`",
    );
}

fn share(share: &Share) -> u32 {
    match share {
        Share::Weight(weight) => weight.value,
        Share::Count(count) => count.value,
    }
}

#[test]
fn a_mistake_behind_an_anchor_is_told_once() {
    expect(
        "p.yaml",
        "\
plan: 1
tasks:
  a: [{ get: /, expect: &e { status: 1000 } }]
  b: [{ get: /, expect: *e }, { get: /, expect: { <<: *e } }]
",
        &[],
        "
p.yaml:3:38 P0006 `tasks.a[0].expect.status`: `1000` is not a status
  help: a status is a code like 200, a class like 2xx, `ok` (below 400), or a list of these",
    );
}

#[test]
fn bombs_are_limits_not_swap() {
    let mut bomb = String::from("plan: 1\nvars:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("  a{level}: &a{level} [{aliases}]\n"));
    }
    let (_, told) = from_memory("p.yaml", &bomb, &[]);
    assert_eq!(
        told,
        ["p.yaml:7:47 P0008 the aliases stand for more than 100000 values"]
    );

    let deep = format!(
        "plan: 1\nvars: {{ a: {}{} }}\n",
        "[".repeat(200),
        "]".repeat(200)
    );
    let (_, told) = from_memory("p.yaml", &deep, &[]);
    assert_eq!(
        told,
        ["p.yaml:2:139 P0008 lists and mappings lie more than 64 deep within each other"]
    );
    let deep = format!("plan = 1\nvars.a = {}{}\n", "[".repeat(70), "]".repeat(70));
    let (_, told) = from_memory("p.toml", &deep, &[]);
    assert_eq!(
        told,
        ["p.toml:2:72 P0008 lists and tables lie more than 64 deep within each other"]
    );

    let mut chain = String::from("plan: 1\nvars:\n  a0: &a0 [x]\n");
    for level in 1..100 {
        chain.push_str(&format!("  a{level}: &a{level} [*a{}]\n", level - 1));
    }
    let (_, told) = from_memory("p.yaml", &chain, &[]);
    assert_eq!(
        told,
        ["p.yaml:64:14 P0008 lists and mappings lie more than 64 deep within each other"]
    );

    expect(
        "p.yaml",
        "plan: 1\ntasks: { a: &a [*a] }\n",
        &[],
        "p.yaml:2:17 P0001 `*a` stands inside of what it is an alias for",
    );
}

#[test]
fn lines_may_end_as_on_windows() {
    let text = "plan: 1\r\ntasks:\r\n  a:\r\n    - gte: /\r\n    - get: #x\r\n";
    expect(
        "p.yaml",
        text,
        &[],
        "
p.yaml:4:7 P0002 `gte` is not a key of a step
  help: did you mean `get`?
p.yaml:5:12 P0003 `tasks.a[1].get` is empty: YAML reads `#x` as a comment
  help: if it is the value, write `'#x'`",
    );
}

#[test]
fn a_megabyte_is_read_in_a_moment() {
    let mut text = String::from("plan: 1\ntasks:\n");
    let mut task = 0;
    while text.len() < 1_000_000 {
        text.push_str(&format!(
            "  task_{task}:\n    - get: /item/{task}\n      expect: {{ status: 200, contains: 'item {task}' }}\n"
        ));
        task += 1;
    }
    let begun = Instant::now();
    let (plan, told) = from_memory("p.yaml", &text, &[]);
    assert_eq!(told, Vec::<String>::new());
    assert_eq!(plan.unwrap().tasks.len(), task);
    // Some 0.3 s without optimization; quadratic reading would take minutes.
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}
