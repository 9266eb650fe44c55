//! A plan as one document again: the effective plan, for people and for the
//! fingerprint.
//!
//! Includes are merged in, every form has its one canonical spelling, and keys
//! come in the order in which the language is explained. What `plan::parse`
//! makes of the document is the plan it was printed from.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::ast::{
    Absent, Body, Class, DataSource, Defaults, Expect, Extract, Literal, Load, OnFail, OnStartFail,
    Plan, Request, Share, Step, StepKind, Task, Text, Variable,
};
use crate::{
    base::{duration, value, wait::Wait},
    source::{Sources, Spanned},
};

/// The plan as one document, in the canonical spelling of every form.
///
/// Files that fragments name are named as the root plan would: the document
/// stands in its place.
pub fn print(plan: &Plan, sources: &Sources) -> Value {
    let mut out = Mapping::new();
    out.put("plan", 1);
    out.text("name", plan.name.as_ref());
    out.text("description", plan.description.as_ref());
    if let Some(target) = &plan.target {
        out.put("target", target.as_str());
    }
    out.mapping("vars", vars(&plan.vars));
    out.mapping(
        "data",
        named(&plan.data, |data| (&data.name, csv(data, sources))),
    );
    out.mapping("defaults", defaults(&plan.defaults));
    out.mapping(
        "users",
        named(&plan.users, |each| (&each.name, class(each))),
    );
    out.mapping("tasks", named(&plan.tasks, |each| (&each.name, task(each))));
    out.mapping("load", load(&plan.load));
    out.list(
        "thresholds",
        plan.thresholds.iter().map(|each| each.to_string().into()),
    );
    Value::Object(out.0)
}

fn vars(vars: &[Variable]) -> Mapping {
    named(vars, |variable| (&variable.name, literal(&variable.value)))
}

fn literal(literal_value: &Literal) -> Value {
    match literal_value {
        Literal::Plain(plain) => scalar(plain),
        Literal::Text(text) => text.as_str().into(),
        Literal::List(items) => items.iter().map(|item| literal(item)).collect(),
        Literal::Map(entries) => {
            Value::Object(named(entries, |(key, item)| (key, literal(item))).0)
        }
    }
}

fn scalar(plain: &value::Value) -> Value {
    match plain {
        value::Value::Null => Value::Null,
        value::Value::Bool(flag) => json!(flag),
        value::Value::Int(number) => json!(number),
        // What JSON has no number for is printed as text; plans cannot hold it.
        value::Value::Float(number) if number.is_finite() => json!(number),
        value::Value::Float(number) => number.to_string().into(),
        value::Value::Text(text) => Value::from(&**text),
        value::Value::List(items) => items.iter().map(scalar).collect(),
        value::Value::Map(entries) => Value::Object(
            entries
                .iter()
                .map(|(key, item)| (key.to_string(), scalar(item)))
                .collect(),
        ),
    }
}

fn csv(data: &DataSource, sources: &Sources) -> Value {
    let path = sources.named_from_root(data.csv.span.file, &data.csv);
    json!({ "csv": path.display().to_string() })
}

fn defaults(defaults: &Defaults) -> Mapping {
    let mut out = Mapping::new();
    out.time("timeout", defaults.timeout.as_ref());
    out.mapping("headers", texts(&defaults.headers));
    out.mapping("expect", expect(&defaults.expect));
    out
}

fn expect(expect: &Expect) -> Mapping {
    let mut out = Mapping::new();
    if let Some(status) = &expect.status {
        let mut codes = status.spellings().map(|code| match code.parse::<u16>() {
            Ok(number) => number.into(),
            Err(_) => Value::String(code),
        });
        let first = codes.next();
        let mut rest: Vec<_> = codes.collect();
        match first {
            Some(one) if rest.is_empty() => out.put("status", one),
            Some(one) => {
                rest.insert(0, one);
                out.put("status", rest);
            }
            None => out.put("status", rest),
        }
    }
    out.text("final_path", expect.final_path.as_ref());
    if let Some(absent) = &expect.absent {
        out.put(
            "absent",
            match &**absent {
                Absent::Nothing => "none",
                Absent::Css(selector) => selector,
            },
        );
    }
    out.text("contains", expect.contains.as_ref());
    out
}

fn class(class: &Class) -> Value {
    let mut out = Mapping::new();
    match &class.share {
        Share::Weight(weight) => out.put("weight", **weight),
        Share::Count(count) => out.put("count", **count),
    }
    out.put("wait", wait(*class.wait));
    out.mapping("vars", vars(&class.vars));
    out.mapping("defaults", defaults(&class.defaults));
    out.list("on_start", class.on_start.iter().map(step));
    match &class.body {
        Body::Tasks(drawn) => {
            let weights = named(drawn, |each| (&each.task, (*each.weight).into()));
            out.put("tasks", Value::Object(weights.0));
        }
        Body::Sequence(steps) => out.put("sequence", steps.iter().map(step).collect::<Value>()),
    }
    out.list("on_stop", class.on_stop.iter().map(step));
    match class.on_start_fail {
        OnStartFail::NewUser => {}
        OnStartFail::StopUser => out.put("on_start_fail", "stop_user"),
        OnStartFail::StopRun => out.put("on_start_fail", "stop_run"),
    }
    Value::Object(out.0)
}

fn wait(wait: Wait) -> Value {
    match wait {
        Wait::None | Wait::Fixed(_) | Wait::Uniform { .. } => wait.to_string().into(),
        Wait::Exponential { mean } => json!({ "exponential": duration::text(mean) }),
        Wait::Normal { mean, deviation } => json!({
            "normal": { "mean": duration::text(mean), "deviation": duration::text(deviation) }
        }),
    }
}

fn task(task: &Task) -> Value {
    task.steps.iter().map(step).collect()
}

fn step(step: &Step) -> Value {
    match &step.kind {
        StepKind::Request(request) => request_step(request),
        StepKind::Task(name) => name.as_str().into(),
        StepKind::Wait(None) => "wait".into(),
        StepKind::Wait(Some(wait)) => json!({ "wait": self::wait(**wait) }),
    }
}

fn request_step(request: &Request) -> Value {
    let mut out = Mapping::new();
    out.put(
        &request.method.as_str().to_ascii_lowercase(),
        request.url.as_str(),
    );
    out.text("name", request.name.as_ref());
    out.mapping("headers", texts(&request.headers));
    if let Some(form) = &request.form {
        // An empty form is a body too.
        out.put("form", Value::Object(texts(form).0));
    }
    out.time("timeout", request.timeout.as_ref());
    out.mapping("expect", expect(&request.expect));
    out.mapping(
        "extract",
        named(&request.extract, |each| (&each.name, extract(each))),
    );
    match request.on_fail {
        OnFail::LeaveTask => {}
        OnFail::Continue => out.put("on_fail", "continue"),
        OnFail::StopUser => out.put("on_fail", "stop_user"),
        OnFail::StopRun => out.put("on_fail", "stop_run"),
    }
    Value::Object(out.0)
}

fn extract(extract: &Extract) -> Value {
    let mut out = Mapping::new();
    out.put("css", extract.css.as_str());
    out.text("attr", extract.attr.as_ref());
    out.text("regex", extract.regex.as_ref());
    Value::Object(out.0)
}

fn load(load: &Load) -> Mapping {
    let mut out = Mapping::new();
    if let Some(users) = &load.users {
        out.put("users", **users);
    }
    out.time("ramp_up", load.ramp_up.as_ref());
    out.time("duration", load.duration.as_ref());
    out.time("ramp_down", load.ramp_down.as_ref());
    out.time("graceful_stop", load.graceful_stop.as_ref());
    out
}

fn texts(entries: &[(Text, Text)]) -> Mapping {
    named(entries, |(key, text)| (key, text.as_str().into()))
}

fn named<T>(items: &[T], entry: impl Fn(&T) -> (&Text, Value)) -> Mapping {
    let entries = items.iter().map(|item| {
        let (name, value) = entry(item);
        (name.value.clone(), value)
    });
    Mapping(entries.collect())
}

/// A mapping in the making: what is not there, or empty, is left out.
struct Mapping(Map<String, Value>);

impl Mapping {
    fn new() -> Mapping {
        Mapping(Map::new())
    }

    fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    fn text(&mut self, key: &str, text: Option<&Text>) {
        if let Some(text) = text {
            self.put(key, text.as_str());
        }
    }

    fn time(&mut self, key: &str, time: Option<&Spanned<Duration>>) {
        if let Some(time) = time {
            self.put(key, duration::text(**time));
        }
    }

    fn mapping(&mut self, key: &str, mapping: Mapping) {
        if !mapping.0.is_empty() {
            self.put(key, Value::Object(mapping.0));
        }
    }

    fn list(&mut self, key: &str, items: impl Iterator<Item = Value>) {
        let items: Vec<_> = items.collect();
        if !items.is_empty() {
            self.put(key, items);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{
        plan::testing::{at, class, draws, plan, run, step, text, variable},
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
        // The file of the fragment stands in a folder of its own.
        plan.data = vec![DataSource {
            name: text("accounts"),
            csv: Spanned::new("accounts.csv".to_owned(), Span::top_of(FileId(1))),
        }];
        plan.defaults.timeout = Some(at(Duration::from_secs(90)));
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
    form:
      title: '007'
    timeout: 500ms
    expect:
      status:
      - 200
      - 3xx
      - ok
      final_path: /
      absent: none
      contains: yes
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
        reader.vars = vec![variable("one")];
        reader.defaults.headers = vec![(text("Accept"), text("*/*"))];
        reader.on_stop = vec![run("post")];
        reader.on_start_fail = OnStartFail::StopRun;
        reader
    }

    fn post() -> Task {
        use crate::base::{method::Method, status::StatusSet};
        let codes = ["200", "3xx", "ok"].map(|code| code.parse().unwrap());
        let full = Request {
            method: Method::Post,
            url: text("/create"),
            name: Some(text("create")),
            headers: Vec::new(),
            form: Some(vec![(text("title"), text("007"))]),
            timeout: Some(at(Duration::from_millis(500))),
            expect: Expect {
                status: Some(at(StatusSet::any_of(codes))),
                final_path: Some(text("/")),
                absent: Some(at(Absent::Nothing)),
                contains: Some(text("yes")),
            },
            extract: vec![Extract {
                name: text("id"),
                css: text("a"),
                attr: Some(text("href")),
                regex: Some(text(r"^/(\d+)$")),
            }],
            on_fail: OnFail::Continue,
        };
        let short = Request {
            method: Method::Get,
            url: text("/"),
            name: None,
            form: Some(Vec::new()),
            timeout: None,
            expect: Expect {
                status: Some(at("404".parse().unwrap())),
                ..Expect::default()
            },
            extract: Vec::new(),
            ..full.clone()
        };
        Task {
            name: text("post"),
            steps: [full, short]
                .map(|request| step(StepKind::Request(Box::new(request))))
                .into(),
        }
    }

    fn pause() -> Task {
        crate::plan::testing::task("pause", &[])
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
}
