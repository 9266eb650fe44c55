//! The whole document, to the character.

use std::path::Path;

use super::*;
use crate::{
    plan::{
        ast::{Absent, DataRows, Expect, Extract, ExtractFrom, IfMissing},
        testing::{at, class, draws, plan, run, step, text, variable},
    },
    source::{FileId, Format, Source, Span},
};

#[test]
fn every_form_has_its_spelling_and_every_key_its_place() {
    let mut plan = plan(vec![editor(), reader()], vec![post(), pause()]);
    plan.thresholds = vec![at("p95<300ms".parse().unwrap())];
    plan.target = Some(at("http://localhost:5000".parse().unwrap()));
    plan.description = Some(text("Says what."));
    plan.name = Some(text("flaskr"));
    plan.vars = vec![
        Variable {
            name: text("list"),
            value: at(Literal::List(vec![
                at(Literal::Text("{{ user.id }}".to_owned())),
                at(Literal::Plain(value::Value::Float(0.5))),
                at(Literal::Plain(value::Value::Null)),
                at(Literal::Map(vec![(
                    text("no"),
                    at(Literal::Plain(value::Value::Bool(false))),
                )])),
            ])),
        },
        variable("one"),
    ];
    plan.data = vec![of_a_fragment()];
    plan.defaults.timeout.total = Some(at(Duration::from_secs(90)));
    plan.defaults.expect.absent = Some(at(Absent::Css("div.flash".to_owned())));
    plan.load.graceful_stop = Some(at(Duration::from_secs(72 * 3600)));
    assert_eq!(
        serde_yaml::to_string(&print(&plan, &sources())).unwrap(),
        "\
plan: 1
name: flaskr
description: Says what.
target: http://localhost:5000/
vars:
  list:
  - '{{ user.id }}'
  - 0.5
  - null
  - no: false
  one: 1
data:
  accounts:
    csv: more/accounts.csv
defaults:
  timeout: 1m30s
  expect:
    absent: div.flash
users:
  editor:
    weight: 1
    wait: 5s..10s
    on_start:
    - pause
    tasks:
      post: 4
      pause: 0
  reader:
    count: 3
    wait: none
    tags:
    - write
    - slow
    vars:
      one: 1
    defaults:
      headers:
        Accept: '*/*'
    sequence:
    - wait
    - wait: 2s
    on_stop:
    - post
    on_start_fail: stop_run
tasks:
  post:
  - post: /create
    name: create
    query:
      page: '2'
    form:
      title: '007'
    timeout:
      total: 500ms
      connect: 100ms
    redirects: each
    expect:
      status:
      - 200
      - 3xx
      - ok
      final_path: /
      contains: yes
      absent: none
    extract:
      id:
        css: a
        attr: href
        regex: ^/(\\d+)$
    on_fail: continue
  - get: /
    form: {}
    expect:
      status: 404
    on_fail: continue
  pause:
    tags:
    - slow
    steps:
    - wait
load:
  users: 10
  duration: 1m
  graceful_stop: 3d
thresholds:
- p95 < 300ms
"
    );
}

/// The file of the fragment stands in a folder of its own.
fn of_a_fragment() -> DataSource {
    DataSource {
        name: text("accounts"),
        rows: DataRows::Csv {
            file: Spanned::new("accounts.csv".to_owned(), Span::top_of(FileId(1))),
            delimiter: b',',
        },
        dealing: Dealing::default(),
    }
}

fn editor() -> Class {
    let mut editor = class("editor", draws(&[("post", 4), ("pause", 0)]));
    editor.wait = at(Wait::Uniform {
        from: Duration::from_secs(5),
        to: Duration::from_secs(10),
    });
    editor.on_start = vec![run("pause")];
    editor
}

fn reader() -> Class {
    let waits = [None, Some(at(Wait::Fixed(Duration::from_secs(2))))];
    let steps = waits.map(|wait| step(StepKind::Wait(wait)));
    let mut reader = class("reader", Body::Sequence(steps.into()));
    reader.share = Share::Count(at(3));
    reader.tags = vec![text("write"), text("slow")];
    reader.vars = vec![variable("one")];
    reader.defaults.headers = vec![(text("Accept"), text("*/*"))];
    reader.on_stop = vec![run("post")];
    reader.on_start_fail = OnStartFail::StopRun;
    reader
}

fn post() -> Task {
    use crate::base::{method::Method, redirects::Redirects, status::StatusSet};
    let codes = ["200", "3xx", "ok"].map(|code| code.parse().unwrap());
    let full = Request {
        aim: Aim::Url {
            method: Method::Post,
            url: text("/create"),
        },
        name: Some(text("create")),
        headers: Vec::new(),
        query: vec![(text("page"), text("2"))],
        payload: Some(Payload::Form(vec![(text("title"), text("007"))])),
        redirects: Some(at(Redirects::Each)),
        timeout: Timeout {
            total: Some(at(Duration::from_millis(500))),
            connect: Some(at(Duration::from_millis(100))),
            response: None,
        },
        expect: Expect {
            status: Some(at(StatusSet::any_of(codes))),
            final_path: Some(text("/")),
            absent: Some(at(Absent::Nothing)),
            contains: Some(text("yes")),
            ..Expect::default()
        },
        extract: vec![Extract {
            name: text("id"),
            from: ExtractFrom::Css {
                selector: text("a"),
                attr: Some(text("href")),
            },
            regex: Some(text(r"^/(\d+)$")),
            pick: None,
            if_missing: IfMissing::Fail,
        }],
        on_fail: OnFail::Continue,
    };
    let short = Request {
        aim: Aim::Url {
            method: Method::Get,
            url: text("/"),
        },
        name: None,
        query: Vec::new(),
        payload: Some(Payload::Form(Vec::new())),
        redirects: None,
        timeout: Timeout::default(),
        expect: Expect {
            status: Some(at("404".parse().unwrap())),
            ..Expect::default()
        },
        extract: Vec::new(),
        ..full.clone()
    };
    let requests = [full, short].map(|request| step(StepKind::Request(Box::new(request))));
    Task {
        name: text("post"),
        tags: Vec::new(),
        params: Vec::new(),
        kind: TaskKind::Steps(requests.into()),
    }
}

fn pause() -> Task {
    Task {
        tags: vec![text("slow")],
        ..crate::plan::testing::task("pause", &[])
    }
}

fn sources() -> Sources {
    let file = |path: &str| Source {
        path: Path::new(path).into(),
        format: Format::Yaml,
        text: String::new(),
    };
    let mut sources = Sources::new(file("./plans/plan.yaml"));
    sources.add(file("plans/more/tasks.yaml"));
    sources
}
