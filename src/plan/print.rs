//! A plan as one document again: the effective plan, for people and for the
//! fingerprint.
//!
//! Includes are merged in, every form has its one canonical spelling, and keys
//! come in the order in which the language is explained. What `plan::parse`
//! makes of the document is the plan it was printed from.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::ast::{
    Body, Class, DataRows, DataSource, Defaults, Environment, Literal, OnStartFail, Parameter,
    Plan, Record, Rounds, Set, Share, Step, StepKind, Task, TaskKind, Text, Timeout, Tls, Variable,
    Weighted,
};
use super::keys::{FOREVER, TAB};
use crate::{
    base::{
        dealing::{AtEnd, Dealing, Order, SharedBy},
        duration,
        redirects::Redirects,
        value,
        wait::Wait,
    },
    source::{Sources, Spanned},
};
use answer::expect;

mod answer;
mod connecting;
mod find;
mod flow;
mod load;
mod request;

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
    out.list(
        "secrets",
        plan.secrets.iter().map(|name| name.value.as_str().into()),
    );
    out.mapping(
        "data",
        named(&plan.data, |data| (&data.name, data_source(data, sources))),
    );
    out.mapping("defaults", defaults(&plan.defaults, sources));
    out.list("setup", steps(&plan.setup, sources));
    out.list("teardown", steps(&plan.teardown, sources));
    out.mapping(
        "users",
        named(&plan.users, |each| (&each.name, class(each, sources))),
    );
    out.mapping(
        "tasks",
        named(&plan.tasks, |each| (&each.name, task(each, sources))),
    );
    out.mapping("load", load::load(&plan.load));
    out.list(
        "thresholds",
        plan.thresholds.iter().map(|each| each.to_string().into()),
    );
    out.mapping(
        "environments",
        named(&plan.environments, |each| {
            (&each.name, environment(each, sources))
        }),
    );
    Value::Object(out.0)
}

fn environment(environment: &Environment, sources: &Sources) -> Value {
    let mut out = Mapping::new();
    if let Some(target) = &environment.target {
        out.put("target", target.as_str());
    }
    out.mapping("vars", vars(&environment.vars));
    out.mapping("defaults", defaults(&environment.defaults, sources));
    out.mapping("load", load::load(&environment.load));
    if let Some(thresholds) = &environment.thresholds {
        let thresholds: Vec<Value> = thresholds
            .iter()
            .map(|each| each.to_string().into())
            .collect();
        out.put("thresholds", thresholds);
    }
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

/// What is not said, and what is said and holds anyway, is left out.
fn data_source(data: &DataSource, sources: &Sources) -> Value {
    let mut out = Mapping::new();
    match &data.rows {
        DataRows::Csv { file, delimiter } => {
            out.put("csv", named_from_root(file, sources));
            match delimiter {
                b',' => {}
                b'\t' => out.put("delimiter", TAB),
                sign => out.put("delimiter", char::from(*sign).to_string()),
            }
        }
        DataRows::Json(file) => out.put("json", named_from_root(file, sources)),
        DataRows::JsonLines(file) => out.put("jsonl", named_from_root(file, sources)),
        DataRows::Inline(rows) => out.list(
            "rows",
            rows.iter()
                .map(|row| Value::Object(named(row, |(name, value)| (name, literal(value))).0)),
        ),
        DataRows::Unread => {}
    }
    let Dealing {
        order,
        shared_by,
        at_end,
    } = data.dealing;
    if order != Order::default() {
        out.put("order", order.word());
    }
    if shared_by != SharedBy::default() {
        out.put("share", shared_by.word());
    }
    if at_end != AtEnd::default() {
        out.put("at_end", at_end.word());
    }
    Value::Object(out.0)
}

fn defaults(defaults: &Defaults, sources: &Sources) -> Mapping {
    let mut out = Mapping::new();
    out.timeout(&defaults.timeout);
    out.redirects(defaults.redirects.as_ref());
    out.mapping("headers", texts(&defaults.headers));
    out.auth(defaults.auth.as_deref());
    out.mapping("expect", expect(&defaults.expect));
    out.mapping("tls", tls(&defaults.tls, sources));
    connecting::put(&defaults.connecting, &mut out);
    out
}

fn tls(tls: &Tls, sources: &Sources) -> Mapping {
    let mut out = Mapping::new();
    if let Some(insecure) = &tls.insecure {
        out.put("insecure", **insecure);
    }
    for (key, file) in [("ca", &tls.ca), ("cert", &tls.cert), ("key", &tls.key)] {
        if let Some(file) = file {
            out.put(key, named_from_root(file, sources));
        }
    }
    out
}

/// A file as the root plan would name it.
fn named_from_root(file: &Text, sources: &Sources) -> String {
    let path = sources.named_from_root(file.span.file, file);
    path.display().to_string()
}

fn class(class: &Class, sources: &Sources) -> Value {
    let mut out = Mapping::new();
    match (&class.load, &class.share) {
        (Some(load), _) => out.mapping("load", load::load(load)),
        (None, Share::Weight(weight)) => out.put("weight", **weight),
        (None, Share::Count(count)) => out.put("count", **count),
    }
    out.put("wait", wait(*class.wait));
    tags(&class.tags, &mut out);
    out.mapping("vars", vars(&class.vars));
    out.mapping("defaults", defaults(&class.defaults, sources));
    out.list("on_start", steps(&class.on_start, sources));
    body(&class.body, sources, &mut out);
    out.list("on_stop", steps(&class.on_stop, sources));
    match class.on_start_fail {
        OnStartFail::NewUser => {}
        OnStartFail::StopUser => out.put("on_start_fail", "stop_user"),
        OnStartFail::StopRun => out.put("on_start_fail", "stop_run"),
    }
    Value::Object(out.0)
}

fn body(body: &Body, sources: &Sources, out: &mut Mapping) {
    match body {
        Body::Tasks(drawn) => out.put("tasks", weights(drawn)),
        Body::Sequence(steps) => {
            out.put("sequence", self::steps(steps, sources).collect::<Value>());
        }
        Body::ChooseOnce(drawn) => out.put("choose_once", weights(drawn)),
    }
}

fn weights(drawn: &[Weighted]) -> Value {
    Value::Object(named(drawn, |each| (&each.task, (*each.weight).into())).0)
}

fn wait(wait: Wait) -> Value {
    match wait {
        Wait::None | Wait::Fixed(_) | Wait::Uniform { .. } => wait.to_string().into(),
        Wait::Exponential { mean } => json!({ "exponential": duration::text(mean) }),
        Wait::Normal { mean, deviation } => json!({
            "normal": { "mean": duration::text(mean), "deviation": duration::text(deviation) }
        }),
        Wait::Pacing(period) => json!({ "pacing": duration::text(period) }),
    }
}

fn task(task: &Task, sources: &Sources) -> Value {
    let mut out = Mapping::new();
    match &task.kind {
        TaskKind::Steps(steps) if task.params.is_empty() && task.tags.is_empty() => {
            return self::steps(steps, sources).collect();
        }
        TaskKind::Steps(steps) => {
            tags(&task.tags, &mut out);
            params(&task.params, &mut out);
            out.put("steps", self::steps(steps, sources).collect::<Value>());
        }
        TaskKind::Set(set) => {
            tags(&task.tags, &mut out);
            params(&task.params, &mut out);
            nested(set, sources, &mut out);
        }
    }
    Value::Object(out.0)
}

fn tags(tags: &[Text], out: &mut Mapping) {
    out.list("tags", tags.iter().map(|tag| tag.as_str().into()));
}

/// In the short form where that says all of it.
fn params(params: &[Parameter], out: &mut Mapping) {
    let has_default = |param: &Parameter| param.default.is_some();
    if params.iter().any(has_default) {
        let defaults = named(params, |each| {
            let default = each
                .default
                .as_ref()
                .map_or(Value::Null, |default| literal(default));
            (&each.name, default)
        });
        out.mapping("params", defaults);
    } else {
        out.list(
            "params",
            params.iter().map(|each| each.name.as_str().into()),
        );
    }
}

fn nested(set: &Set, sources: &Sources, out: &mut Mapping) {
    out.list("on_start", steps(&set.on_start, sources));
    body(&set.body, sources, out);
    if let Some(own) = &set.wait {
        out.put("wait", wait(**own));
    }
    match set.rounds.as_deref() {
        None => {}
        Some(Rounds::Count(rounds)) => out.put("rounds", *rounds),
        Some(Rounds::Forever) => out.put("rounds", FOREVER),
    }
    out.text("until", set.until.as_ref());
    out.list("on_stop", steps(&set.on_stop, sources));
}

fn steps<'s>(steps: &'s [Step], sources: &'s Sources) -> impl Iterator<Item = Value> + 's {
    steps.iter().map(|each| step(each, sources))
}

/// In the short form where that says all of it.
fn step(step: &Step, sources: &Sources) -> Value {
    let mut out = match &step.kind {
        StepKind::Request(request) => request::step(request, sources),
        StepKind::Task(call) if call.with.is_empty() && step.when.is_none() => {
            return call.name.as_str().into();
        }
        StepKind::Task(call) => {
            let mut out = Mapping::new();
            out.put("task", call.name.as_str());
            out.mapping("with", vars(&call.with));
            out
        }
        StepKind::Wait(None) if step.when.is_none() => return "wait".into(),
        StepKind::Wait(None) => Mapping::with("wait", "think"),
        StepKind::Wait(Some(time)) => Mapping::with("wait", wait(**time)),
        StepKind::Set(variables) => Mapping::with("set", Value::Object(vars(variables).0)),
        StepKind::Unset(names) => Mapping::with(
            "unset",
            names.iter().map(|name| name.as_str()).collect::<Value>(),
        ),
        StepKind::Record(sample) => Mapping::with("record", record(sample)),
        StepKind::Log(line) => Mapping::with("log", line.as_str()),
        StepKind::If(branch) => flow::branch(branch, sources),
        StepKind::Repeat(repeat) => flow::repeat(repeat, sources),
        StepKind::For(each) => flow::each(each, sources),
        StepKind::Choose(ways) => Mapping::with("choose", weights(ways)),
        StepKind::Group(group) => flow::group(group, sources),
        StepKind::Parallel(requests) => {
            let mut out = Mapping::new();
            out.list("parallel", self::steps(requests, sources));
            out
        }
        StepKind::Meet(meet) => flow::meet(meet),
        StepKind::Stop(what) => Mapping::with("stop", what.word()),
    };
    out.text("when", step.when.as_ref());
    Value::Object(out.0)
}

fn record(record: &Record) -> Value {
    let mut out = Mapping::new();
    out.put("type", record.kind.as_str());
    out.put("name", record.name.as_str());
    if let Some(time) = &record.time {
        out.put("time", wait(**time));
    }
    if let Some(ok) = &record.ok {
        out.put("ok", literal(ok));
    }
    Value::Object(out.0)
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

    fn with(key: &str, value: impl Into<Value>) -> Mapping {
        let mut mapping = Mapping::new();
        mapping.put(key, value);
        mapping
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

    /// A limit for everything alone is written as such.
    fn timeout(&mut self, timeout: &Timeout) {
        let mut parts = Mapping::new();
        parts.time("total", timeout.total.as_ref());
        if timeout.connect.is_none() && timeout.response.is_none() {
            self.time("timeout", timeout.total.as_ref());
            return;
        }
        parts.time("connect", timeout.connect.as_ref());
        parts.time("response", timeout.response.as_ref());
        self.mapping("timeout", parts);
    }

    fn redirects(&mut self, redirects: Option<&Spanned<Redirects>>) {
        if let Some(redirects) = redirects {
            self.put("redirects", redirects.word());
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
mod tests;
