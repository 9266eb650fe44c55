//! Plans made by hand, all at one place, for the tests of this room.

use std::time::Duration;

use super::ast::{
    Aim, Body, Call, Class, DataRows, DataSource, Defaults, Expect, Extract, ExtractFrom,
    IfMissing, Literal, OnFail, OnStartFail, Plan, Request, Share, Step, StepKind, Task, TaskKind,
    Text, Timeout, Variable, Weighted,
};
use crate::{
    base::{dealing::Dealing, method::Method, value::Value, wait::Wait},
    source::{FileId, Span, Spanned},
};

pub fn plan(users: Vec<Class>, tasks: Vec<Task>) -> Plan {
    let mut plan = Plan::empty(FileId(0));
    plan.load.users = Some(at(10));
    plan.load.duration = Some(at(Duration::from_secs(60)));
    plan.load.span = Some(Span::top_of(FileId(0)));
    plan.users = users;
    plan.tasks = tasks;
    plan
}

pub fn class(name: &str, body: Body) -> Class {
    Class {
        name: text(name),
        tags: Vec::new(),
        share: Share::Weight(at(1)),
        wait: at(Wait::None),
        vars: Vec::new(),
        defaults: Defaults::default(),
        on_start: Vec::new(),
        body,
        on_stop: Vec::new(),
        on_start_fail: OnStartFail::NewUser,
        load: None,
    }
}

pub fn draws(weights: &[(&str, u32)]) -> Body {
    let weighted = |(task, weight): &(&str, u32)| Weighted {
        task: text(task),
        weight: at(*weight),
    };
    Body::Tasks(weights.iter().map(weighted).collect())
}

/// A task that runs others, and then waits.
pub fn task(name: &str, runs: &[&str]) -> Task {
    let mut steps: Vec<_> = runs.iter().map(|name| run(name)).collect();
    steps.push(step(StepKind::Wait(None)));
    Task {
        name: text(name),
        tags: Vec::new(),
        params: Vec::new(),
        kind: TaskKind::Steps(steps),
    }
}

pub fn run(name: &str) -> Step {
    step(StepKind::Task(Call {
        name: text(name),
        with: Vec::new(),
    }))
}

pub fn request(extracts: &[&str]) -> Step {
    let extract = |name: &&str| Extract {
        name: text(name),
        from: ExtractFrom::Css {
            selector: text("a"),
            attr: None,
        },
        regex: None,
        pick: None,
        if_missing: IfMissing::Fail,
    };
    step(StepKind::Request(Box::new(Request {
        aim: Aim::Url {
            method: Method::Get,
            url: text("/"),
        },
        name: None,
        query: Vec::new(),
        headers: Vec::new(),
        auth: None,
        payload: None,
        redirects: None,
        timeout: Timeout::default(),
        expect: Expect::default(),
        extract: extracts.iter().map(extract).collect(),
        on_fail: OnFail::LeaveTask,
    })))
}

pub fn step(kind: StepKind) -> Step {
    Step {
        span: Span::top_of(FileId(0)),
        when: None,
        kind,
    }
}

pub fn variable(name: &str) -> Variable {
    Variable {
        name: text(name),
        value: at(Literal::Plain(Value::Int(1))),
    }
}

pub fn source(name: &str) -> DataSource {
    DataSource {
        name: text(name),
        rows: DataRows::Csv {
            file: text("rows.csv"),
            delimiter: b',',
        },
        dealing: Dealing::default(),
    }
}

pub fn text(text: &str) -> Text {
    at(text.to_owned())
}

pub fn at<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::top_of(FileId(0)))
}
