//! Where a plan says what is in its document: a place for every item, and for keys
//! of items as far as the plan remembers them.

use std::collections::BTreeMap;

use super::path::{Key, Path, below, name};
use crate::{
    plan::ast::{
        Aim, Body, Class, DataRows, DataSource, Defaults, Environment, Expect, Find, Load,
        Parameter, Payload, Plan, Request, Staircase, Step, StepKind, Task, TaskKind, Text,
        Timeout, Variable, Wanted,
    },
    source::{Span, Spanned},
};

/// The places of a plan, by path.
pub(super) fn of(plan: &Plan) -> BTreeMap<Path, Span> {
    let mut places = Places::default();
    let top = |key: &str| vec![name(key)];
    places.text(&[], "name", plan.name.as_ref());
    places.text(&[], "description", plan.description.as_ref());
    places.at(
        &[],
        "target",
        plan.target.as_ref().map(|target| target.span),
    );
    places.vars(&top("vars"), &plan.vars);
    for secret in &plan.secrets {
        places.item(&top("secrets"), secret);
    }
    for data in &plan.data {
        places.data(&top("data"), data);
    }
    places.defaults(&[], &plan.defaults);
    places.steps(&top("setup"), &plan.setup);
    places.steps(&top("teardown"), &plan.teardown);
    for class in &plan.users {
        places.class(&top("users"), class);
    }
    for task in &plan.tasks {
        places.task(&top("tasks"), task);
    }
    places.load(&[], &plan.load);
    for threshold in &plan.thresholds {
        let key = name(&threshold.to_string());
        places.put(below(&top("thresholds"), key), threshold.span);
    }
    for environment in &plan.environments {
        places.environment(&top("environments"), environment);
    }
    places.0
}

#[derive(Default)]
struct Places(BTreeMap<Path, Span>);

impl Places {
    fn put(&mut self, path: Path, span: Span) {
        self.0.insert(path, span);
    }

    fn at(&mut self, path: &[Key], key: &str, span: Option<Span>) {
        if let Some(span) = span {
            self.put(below(path, name(key)), span);
        }
    }

    fn text(&mut self, path: &[Key], key: &str, text: Option<&Text>) {
        self.at(path, key, text.map(|text| text.span));
    }

    /// Something that is called so; its path.
    fn item(&mut self, path: &[Key], called: &Text) -> Path {
        let path = below(path, name(called));
        self.put(path.clone(), called.span);
        path
    }

    fn vars(&mut self, path: &[Key], vars: &[Variable]) {
        for variable in vars {
            let path = below(path, name(&variable.name));
            self.put(path, variable.name.span);
        }
    }

    fn pairs<T>(&mut self, path: &[Key], key: &str, pairs: &[(Text, T)]) {
        for (called, _) in pairs {
            self.item(&below(path, name(key)), called);
        }
    }

    fn data(&mut self, path: &[Key], data: &DataSource) {
        let path = self.item(path, &data.name);
        match &data.rows {
            DataRows::Csv { file, delimiter: _ } => self.at(&path, "csv", Some(file.span)),
            DataRows::Json(file) => self.at(&path, "json", Some(file.span)),
            DataRows::JsonLines(file) => self.at(&path, "jsonl", Some(file.span)),
            DataRows::Inline(_) | DataRows::Unread => {}
        }
    }

    fn defaults(&mut self, path: &[Key], defaults: &Defaults) {
        let path = below(path, name("defaults"));
        self.timeout(&path, &defaults.timeout);
        let redirects = defaults.redirects.as_ref();
        self.at(
            &path,
            "redirects",
            redirects.map(|redirects| redirects.span),
        );
        self.pairs(&path, "headers", &defaults.headers);
        self.at(&path, "auth", defaults.auth.as_ref().map(|auth| auth.span));
        self.expect(&path, &defaults.expect);
        let tls = below(&path, name("tls"));
        let insecure = defaults.tls.insecure.as_ref();
        self.at(&tls, "insecure", insecure.map(|insecure| insecure.span));
        self.text(&tls, "ca", defaults.tls.ca.as_ref());
        self.text(&tls, "cert", defaults.tls.cert.as_ref());
        self.text(&tls, "key", defaults.tls.key.as_ref());
        let proxy = defaults.connecting.proxy.as_ref();
        self.at(&path, "proxy", proxy.map(|proxy| proxy.span));
        for (from, _) in &defaults.connecting.resolve {
            let resolve = below(&path, name("resolve"));
            self.at(&resolve, &from.to_string(), Some(from.span));
        }
    }

    fn timeout(&mut self, path: &[Key], timeout: &Timeout) {
        let path = below(path, name("timeout"));
        let Timeout {
            total,
            connect,
            response,
        } = timeout;
        for (key, limit) in [
            ("total", total),
            ("connect", connect),
            ("response", response),
        ] {
            self.at(&path, key, limit.as_ref().map(|limit| limit.span));
        }
    }

    fn expect(&mut self, path: &[Key], expect: &Expect) {
        let path = below(path, name("expect"));
        self.at(&path, "status", expect.status.as_ref().map(|set| set.span));
        self.text(&path, "final_path", expect.final_path.as_ref());
        self.text(&path, "contains", expect.contains.as_ref());
        self.text(&path, "matches", expect.matches.as_ref());
        self.at(
            &path,
            "absent",
            expect.absent.as_ref().map(|absent| absent.span),
        );
        self.at(&path, "size", expect.size.as_ref().map(|size| size.span));
        self.at(
            &path,
            "within",
            expect.within.as_ref().map(|time| time.span),
        );
        self.wanted(&path, "header", expect.header.as_ref());
        self.wanted(&path, "css", expect.css.as_ref());
        self.wanted(&path, "jsonpath", expect.jsonpath.as_ref());
    }

    fn wanted<T>(&mut self, path: &[Key], key: &str, wanted: Option<&Wanted<T>>) {
        if let Some(wanted) = wanted {
            for called in &wanted.there {
                self.item(&below(path, name(key)), called);
            }
            self.pairs(path, key, &wanted.equal);
        }
    }

    fn class(&mut self, path: &[Key], class: &Class) {
        let path = self.item(path, &class.name);
        self.at(&path, "weight", Some(class.share.number().span));
        if let Some(load) = &class.load {
            self.load(&path, load);
        }
        self.at(&path, "wait", Some(class.wait.span));
        self.vars(&below(&path, name("vars")), &class.vars);
        self.defaults(&path, &class.defaults);
        self.steps(&below(&path, name("on_start")), &class.on_start);
        self.body(&path, &class.body);
        self.steps(&below(&path, name("on_stop")), &class.on_stop);
    }

    fn body(&mut self, path: &[Key], body: &Body) {
        let (key, drawn) = match body {
            Body::Sequence(steps) => return self.steps(&below(path, name("sequence")), steps),
            Body::Tasks(drawn) => ("tasks", drawn),
            Body::ChooseOnce(drawn) => ("choose_once", drawn),
        };
        for way in drawn {
            self.item(&below(path, name(key)), &way.task);
        }
    }

    fn task(&mut self, path: &[Key], task: &Task) {
        let path = self.item(path, &task.name);
        for Parameter { name: called, .. } in &task.params {
            self.item(&below(&path, name("params")), called);
        }
        match &task.kind {
            TaskKind::Steps(steps) => self.steps(&below(&path, name("steps")), steps),
            TaskKind::Set(set) => {
                self.steps(&below(&path, name("on_start")), &set.on_start);
                self.body(&path, &set.body);
                self.at(&path, "wait", set.wait.as_ref().map(|wait| wait.span));
                self.at(
                    &path,
                    "rounds",
                    set.rounds.as_ref().map(|rounds| rounds.span),
                );
                self.text(&path, "until", set.until.as_ref());
                self.steps(&below(&path, name("on_stop")), &set.on_stop);
            }
        }
    }

    fn steps(&mut self, path: &[Key], steps: &[Step]) {
        for (at, step) in steps.iter().enumerate() {
            self.step(&below(path, Key::At(at)), step);
        }
    }

    /// A kind of step without keys of its own here stands where the whole step does.
    fn step(&mut self, path: &[Key], step: &Step) {
        self.put(path.to_vec(), step.span);
        self.text(path, "when", step.when.as_ref());
        match &step.kind {
            StepKind::Request(request) => self.request(path, request),
            StepKind::If(branch) => {
                self.steps(&below(path, name("then")), &branch.then);
                self.steps(&below(path, name("else")), &branch.otherwise);
            }
            StepKind::Set(variables) => self.vars(&below(path, name("set")), variables),
            StepKind::Task(call) => self.vars(&below(path, name("with")), &call.with),
            StepKind::Repeat(repeat) => self.steps(&below(path, name("do")), &repeat.steps),
            StepKind::For(each) => self.steps(&below(path, name("do")), &each.steps),
            StepKind::Choose(ways) => {
                for way in ways {
                    self.item(&below(path, name("choose")), &way.task);
                }
            }
            StepKind::Group(group) => {
                self.at(path, "group", Some(group.name.span));
                self.steps(&below(path, name("do")), &group.steps);
            }
            StepKind::Parallel(requests) => self.steps(&below(path, name("parallel")), requests),
            StepKind::Meet(meet) => {
                let path = below(path, name("meet"));
                self.at(&path, "users", Some(meet.users.span));
                self.at(&path, "timeout", Some(meet.timeout.span));
            }
            StepKind::Wait(_)
            | StepKind::Unset(_)
            | StepKind::Record(_)
            | StepKind::Log(_)
            | StepKind::Stop(_) => {}
        }
    }

    fn request(&mut self, path: &[Key], request: &Request) {
        match &request.aim {
            Aim::Url { method, url } => {
                self.at(path, &method.as_str().to_ascii_lowercase(), Some(url.span));
            }
            Aim::Form(submit) => {
                self.at(path, "submit", Some(submit.form.span));
                self.pairs(path, "fields", &submit.fields);
            }
        }
        self.text(path, "name", request.name.as_ref());
        self.pairs(path, "query", &request.query);
        self.pairs(path, "headers", &request.headers);
        self.at(path, "auth", request.auth.as_ref().map(|auth| auth.span));
        match &request.payload {
            Some(Payload::Form(fields)) => self.pairs(path, "form", fields),
            Some(Payload::Multipart(parts)) => self.pairs(path, "multipart", parts),
            Some(Payload::Json(value)) => self.at(path, "json", Some(value.span)),
            Some(Payload::Text(text)) => self.at(path, "body", Some(text.span)),
            Some(Payload::File(file)) => self.at(path, "body_file", Some(file.span)),
            None => {}
        }
        self.timeout(path, &request.timeout);
        self.expect(path, &request.expect);
        for extract in &request.extract {
            self.item(&below(path, name("extract")), &extract.name);
        }
    }

    fn load(&mut self, path: &[Key], load: &Load) {
        let path = below(path, name("load"));
        let counts = [
            ("users", &load.users),
            ("max_users", &load.max_users),
            ("iterations", &load.iterations),
            ("per_user", &load.per_user),
        ];
        for (key, number) in counts {
            self.at(&path, key, number.as_ref().map(|number| number.span));
        }
        let times = [
            ("ramp_up", &load.ramp_up),
            ("duration", &load.duration),
            ("ramp_down", &load.ramp_down),
            ("graceful_stop", &load.graceful_stop),
            ("start_after", &load.start_after),
        ];
        for (key, time) in times {
            self.at(&path, key, time.as_ref().map(|time| time.span));
        }
        let others = [
            ("arrivals", load.arrivals.as_ref().map(|rate| rate.span)),
            ("spread", load.spread.as_ref().map(|spread| spread.span)),
            ("stages", load.stages.as_ref().map(|stages| stages.span)),
            ("steps", load.steps.as_ref().map(|steps| steps.span)),
        ];
        for (key, span) in others {
            self.at(&path, key, span);
        }
        let stages = load.stages.iter().flat_map(|stages| stages.iter());
        for (place, stage) in stages.enumerate() {
            let key = place.to_string();
            self.at(&below(&path, name("stages")), &key, Some(stage.span));
        }
        if let Some(steps) = &load.steps {
            let within = below(&path, name("steps"));
            let Staircase {
                from,
                by,
                to,
                over,
                hold,
            } = &steps.value;
            self.at(&within, "from", from.as_ref().map(|from| from.span));
            self.at(&within, "by", Some(by.span));
            self.at(&within, "to", Some(to.span));
            self.at(&within, "over", over.as_ref().map(|over| over.span));
            self.at(&within, "hold", Some(hold.span));
        }
        if let Some(find) = &load.find {
            self.find(&path, find);
        }
        if let Some(span) = load.span {
            self.put(path, span);
        }
    }

    fn find(&mut self, path: &[Key], find: &Spanned<Find>) {
        self.at(path, "find", Some(find.span));
        let path = below(path, name("find"));
        let Find {
            max,
            conditions,
            from,
            to,
            settle,
            hold,
            cool_down,
            precision,
        } = &find.value;
        self.at(&path, "max", Some(max.span));
        for condition in conditions.iter().flatten() {
            let key = name(&condition.to_string());
            self.put(below(&below(&path, name("while")), key), condition.span);
        }
        self.at(&path, "from", Some(from.span));
        self.at(&path, "to", Some(to.span));
        for (key, time) in [("settle", settle), ("hold", hold), ("cool_down", cool_down)] {
            self.at(&path, key, time.as_ref().map(|time| time.span));
        }
        self.at(
            &path,
            "precision",
            precision.as_ref().map(|share| share.span),
        );
    }

    fn environment(&mut self, path: &[Key], environment: &Environment) {
        let path = self.item(path, &environment.name);
        let target = environment.target.as_ref();
        self.at(&path, "target", target.map(|target| target.span));
        self.vars(&below(&path, name("vars")), &environment.vars);
        self.defaults(&path, &environment.defaults);
        self.load(&path, &environment.load);
        for threshold in environment.thresholds.iter().flatten() {
            let key = name(&threshold.to_string());
            let path = below(&path, name("thresholds"));
            self.put(below(&path, key), threshold.span);
        }
    }
}
