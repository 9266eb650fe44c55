//! Whether two plans mean the same.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{ast::Plan, print};
use crate::source::Sources;

/// 16 hexadecimal digits that are equal for plans that mean the same.
///
/// Format, comments, the order of keys and what is in which file mean nothing;
/// nor does the target, so that a run against the test machine and one against
/// the next machine can be compared.
pub fn fingerprint(plan: &Plan, sources: &Sources) -> String {
    let mut document = print(plan, sources);
    if let Value::Object(keys) = &mut document {
        keys.shift_remove("target");
        if let Some(Value::Object(environments)) = keys.get_mut("environments") {
            for environment in environments.values_mut() {
                if let Value::Object(keys) = environment {
                    keys.shift_remove("target");
                }
            }
        }
    }
    let canonical = sorted(document, &mut Vec::new()).to_string();
    let digest = Sha256::digest(canonical.as_bytes());
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The plan as one document in which only that is in order whose order means
/// something; its target is part of it.
pub(super) fn meaning(plan: &Plan, sources: &Sources) -> Value {
    sorted(print(plan, sources), &mut Vec::new())
}

/// The same document with its keys in byte order, wherever order means nothing.
fn sorted(value: Value, path: &mut Vec<String>) -> Value {
    match value {
        Value::Object(keys) if order_matters(path) => {
            let pair = |(key, value)| Value::Array(vec![Value::String(key), value]);
            keys.into_iter().map(pair).collect()
        }
        Value::Object(keys) => {
            let mut entries: Vec<_> = keys.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            let entry = |(key, value): (String, Value)| {
                path.push(key.clone());
                let value = sorted(value, path);
                path.pop();
                (key, value)
            };
            Value::Object(entries.into_iter().map(entry).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(|item| sorted(item, path)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

/// Where steps stand in another step.
pub const STEPS_IN_STEPS: [&str; 4] = ["then", "else", "do", "parallel"];

/// Keys of a step whose fields are sent in the order in which they are written.
pub const ORDERED_FIELDS: [&str; 3] = ["form", "query", "multipart"];

/// Whether the order of keys at a path means something.
fn order_matters(path: &[String]) -> bool {
    let Some((last, above)) = path.split_last() else {
        return false;
    };
    let above: Vec<_> = above.iter().map(String::as_str).collect();
    let ([
        "tasks",
        _,
        "steps" | "on_start" | "sequence" | "on_stop",
        within @ ..,
    ]
    | ["tasks", _, within @ ..]
    | ["setup" | "teardown", within @ ..]
    | ["users", _, "on_start" | "sequence" | "on_stop", within @ ..]) = &above[..]
    else {
        return false;
    };
    let in_a_step = within.iter().all(|key| STEPS_IN_STEPS.contains(key));
    in_a_step && ORDERED_FIELDS.contains(&last.as_str())
}

#[cfg(test)]
mod tests {
    use std::{path::PathBuf, time::Duration};

    use super::*;
    use crate::{
        plan::{
            ast::{Body, Payload, Request, Step, StepKind, Task, TaskKind, Text},
            testing::{at, class, draws, plan, request, run, source, task, text, variable},
        },
        source::{Format, Source},
    };

    type Change = fn(&mut Plan);

    #[test]
    fn it_is_stable() {
        // Archived runs are compared by it: a change of this number is a break.
        assert_eq!(of(|_| {}), "8c29ee3e93f64aa9");
    }

    #[test]
    fn what_means_nothing_does_not_change_it() {
        let same: [(&str, Change); 7] = [
            ("target", |plan| {
                plan.target = Some(at("http://other/".parse().unwrap()));
            }),
            ("vars", |plan| plan.vars.reverse()),
            ("data", |plan| plan.data.reverse()),
            ("users", |plan| plan.users.reverse()),
            ("tasks", |plan| plan.tasks.reverse()),
            ("draws", |plan| match &mut plan.users[0].body {
                Body::Tasks(drawn) => drawn.reverse(),
                Body::Sequence(_) | Body::ChooseOnce(_) => panic!("it draws"),
            }),
            ("extract", |plan| request_of(plan).extract.reverse()),
        ];
        for (what, change) in same {
            assert_eq!(of(change), of(|_| {}), "{what}");
        }
    }

    #[test]
    fn everything_else_changes_it() {
        let other: [(&str, Change); 15] = [
            ("name", |plan| plan.name = Some(text("x"))),
            ("wait", |plan| {
                plan.users[0].wait = at(crate::base::wait::Wait::Fixed(Duration::from_secs(1)));
            }),
            ("users", |plan| plan.load.users = Some(at(11))),
            ("steps", |plan| steps_of(&mut plan.tasks[0]).reverse()),
            ("sequence", |plan| match &mut plan.users[1].body {
                Body::Sequence(steps) => steps.reverse(),
                Body::Tasks(_) | Body::ChooseOnce(_) => panic!("it is a sequence"),
            }),
            ("form", |plan| fields(plan).reverse()),
            ("an empty form", |plan| fields(plan).clear()),
            ("no form", |plan| request_of(plan).payload = None),
            ("thresholds", |plan| {
                plan.thresholds = vec![at("errors < 1%".parse().unwrap())];
            }),
            ("insecure", |plan| {
                plan.defaults.tls.insecure = Some(at(true));
            }),
            ("ca", |plan| plan.defaults.tls.ca = Some(text("a.pem"))),
            ("ca of a class", |plan| {
                plan.users[0].defaults.tls.ca = Some(text("a.pem"));
            }),
            ("keep_alive", |plan| {
                plan.defaults.connecting.keep_alive = Some(at(false));
            }),
            ("dns_ttl", |plan| {
                plan.defaults.connecting.dns_ttl = Some(at(Duration::from_secs(5)));
            }),
            ("one task less", |plan| {
                plan.tasks.pop();
            }),
        ];
        let mut seen = vec![of(|_| {})];
        for (what, change) in other {
            let fingerprint = of(change);
            assert!(!seen.contains(&fingerprint), "{what}");
            seen.push(fingerprint);
        }
    }

    fn of(change: Change) -> String {
        let drawing = class("a", draws(&[("one", 1), ("two", 2)]));
        let sequence = class("b", Body::Sequence(vec![run("one"), run("two")]));
        let mut one = task("one", &["two"]);
        steps_of(&mut one).insert(0, request(&["x", "y"]));
        let mut plan = plan(vec![drawing, sequence], vec![one, task("two", &[])]);
        plan.vars = vec![variable("v"), variable("w")];
        plan.data = vec![source("d"), source("e")];
        fields(&mut plan).extend([(text("b"), text("1")), (text("a"), text("2"))]);
        change(&mut plan);
        let sources = Sources::new(Source {
            path: PathBuf::from("plan.yaml"),
            format: Format::Yaml,
            text: String::new(),
        });
        fingerprint(&plan, &sources)
    }

    fn fields(plan: &mut Plan) -> &mut Vec<(Text, Text)> {
        match request_of(plan)
            .payload
            .get_or_insert(Payload::Form(Vec::new()))
        {
            Payload::Form(fields) => fields,
            Payload::Json(_) | Payload::Text(_) | Payload::Multipart(_) | Payload::File(_) => {
                panic!("it is a form")
            }
        }
    }

    fn steps_of(task: &mut Task) -> &mut Vec<Step> {
        match &mut task.kind {
            TaskKind::Steps(steps) => steps,
            TaskKind::Set(_) => panic!("it is a list of steps"),
        }
    }

    /// The first request of task `one`.
    fn request_of(plan: &mut Plan) -> &mut Request {
        let steps = plan.tasks.iter_mut().flat_map(steps_of);
        let mut requests = steps.filter_map(|step| match &mut step.kind {
            StepKind::Request(request) => Some(&mut **request),
            _ => None,
        });
        requests.next().expect("there is one")
    }
}
