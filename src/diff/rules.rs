//! Which changes are to be looked at twice: one rule for each kind of key.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Document, Risk,
    compare::Pair,
    loads::{are_more, is_more, is_more_stage},
    path::{Key, Path, STEP, below, in_step, name, names},
    reads::{is_elsewhere, secrets, writes},
    steps::WRITING,
    subject::is_steps,
    words::{amount, mean},
};
use crate::{base::status::StatusSet, plan::STEPS_IN_STEPS};

/// What becomes of what a value is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Stays,
    Comes,
    Goes,
}

/// The rules, and all that they may look at.
pub(super) struct Rules<'a> {
    old: &'a Document,
    new: &'a Document,
}

/// A value that changed.
struct Leaf<'a> {
    old: Option<&'a Value>,
    new: Option<&'a Value>,
    turn: Turn,
}

impl<'a> Rules<'a> {
    pub(super) fn new(old: &'a Document, new: &'a Document) -> Rules<'a> {
        Rules { old, new }
    }

    /// The risks of what stands at a place in both documents.
    pub(super) fn leaf(&self, at: &Pair, turn: Turn) -> BTreeSet<Risk> {
        self.values(at, [self.old.get(&at.old), self.new.get(&at.new)], turn)
    }

    /// The risks of values, and of all that is in them.
    pub(super) fn values(
        &self,
        at: &Pair,
        values: [Option<&Value>; 2],
        turn: Turn,
    ) -> BTreeSet<Risk> {
        let mut risks = BTreeSet::new();
        let [old, new] = values;
        risks.extend(self.judge(at, &Leaf { old, new, turn }));
        if names(&at.new).last() == Some(&"wait") {
            return risks;
        }
        let mut keys: Vec<Key> = Vec::new();
        let steps = is_steps(&names(&at.new), &STEPS_IN_STEPS);
        for value in values.into_iter().flatten() {
            match value {
                Value::Object(of) => keys.extend(of.keys().map(|key| name(key))),
                Value::Array(items) if steps => keys.extend((0..items.len()).map(Key::At)),
                Value::Array(items) => {
                    keys.extend((0..items.len()).map(|at| name(&at.to_string())));
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        keys.sort();
        keys.dedup();
        for key in keys {
            let at = Pair {
                old: below(&at.old, key.clone()),
                new: below(&at.new, key.clone()),
            };
            // What is known of a value's life holds for what is in it.
            let values = values.map(|value| inside(value, &key));
            risks.extend(self.values(&at, values, turn));
        }
        risks
    }

    fn judge(&self, at: &Pair, leaf: &Leaf<'_>) -> Vec<Risk> {
        if leaf.old == leaf.new {
            return Vec::new();
        }
        let path = names(&at.new);
        let (within, environment) = match path.as_slice() {
            ["environments", _, within @ ..] => (within, true),
            all => (all, false),
        };
        let mut risks = Vec::new();
        match within {
            ["load", key @ ..] => risks.extend(self.load(key, at, leaf, environment)),
            ["users", _, "load", key @ ..] => risks.extend(self.load(key, at, leaf, false)),
            ["target"] if leaf.new.is_some() => risks.push(Risk::OtherTarget),
            ["data", _, "csv" | "json" | "jsonl" | "rows"] if leaf.turn == Turn::Stays => {
                risks.push(Risk::DataChanged);
            }
            ["tasks", _, "rounds"] => risks.extend(more_rounds(leaf)),
            [.., STEP, "repeat"] => risks.extend(more_rounds(leaf)),
            [.., STEP, "repeat", "max"] => risks.extend(more_rounds(leaf)),
            [.., "wait"] => risks.extend(shorter_wait(within, leaf)),
            ["defaults", rest @ ..] | ["users", _, "defaults", rest @ ..] => {
                risks.extend(defaults(rest, leaf));
            }
            ["users" | "tasks", _, "tasks" | "choose_once", task] => {
                risks.extend(self.drawn(task, leaf));
            }
            names => {
                let rest = in_step(names);
                risks.extend(rest.and_then(|rest| self.step(at, rest, leaf)));
            }
        }
        risks.extend(self.texts(within, leaf));
        risks
    }

    /// What an environment does not say, its plan does.
    fn load(&self, key: &[&str], at: &Pair, leaf: &Leaf<'_>, environment: bool) -> Option<Risk> {
        let of_plan = |document: &'a Document| {
            let path: Vec<Key> = ["load"].iter().chain(key).map(|key| name(key)).collect();
            document.get(&path).filter(|_| environment)
        };
        let old = leaf.old.or_else(|| of_plan(self.old));
        let new = leaf.new.or_else(|| of_plan(self.new));
        let is_more = match key {
            ["stages"] => {
                let list = |document: &'a Document, path: &Path| match document.get(path) {
                    Some(Value::Array(stages)) => Some(stages),
                    _ => None,
                };
                let lists = list(self.old, &at.old).zip(list(self.new, &at.new));
                lists.is_some_and(|(old, new)| are_more(old, new))
            }
            ["stages", place] => {
                let stage = |document: &'a Document, path: &Path| {
                    let list = document.get(&path[..path.len() - 1])?;
                    list.get(place.parse::<usize>().ok()?)
                };
                let stages = stage(self.old, &at.old).zip(stage(self.new, &at.new));
                stages.is_some_and(|(old, new)| is_more_stage(old, new))
            }
            key => is_more(key, old, new),
        };
        is_more.then_some(Risk::MoreLoad)
    }

    fn step(&self, at: &Pair, rest: &[&str], leaf: &Leaf<'_>) -> Option<Risk> {
        match rest {
            [key] if WRITING.contains(key) && leaf.new.is_some() => Some(Risk::WritingRequest),
            ["task"] => self.drawn(leaf.new?.as_str()?, leaf),
            ["choose", task] => self.drawn(task, leaf),
            ["extract", _, "optional" | "default"] => {
                let owner = &at.old[..at.old.len() - 1];
                let was_there = leaf.turn == Turn::Stays && self.old.get(owner).is_some();
                let is_new = leaf.old.is_none() && was_there;
                is_new.then_some(Risk::ExpectationLoosened)
            }
            ["body_file"] | [.., "file"] => {
                let other = leaf.old.is_some() && leaf.new.is_some();
                other.then_some(Risk::DataChanged)
            }
            _ => of_request(rest, leaf),
        }
    }

    fn drawn(&self, task: &str, leaf: &Leaf<'_>) -> Option<Risk> {
        let is_new = leaf.new.is_some() && writes(self.new, task);
        is_new.then_some(Risk::WritingRequest)
    }

    /// What a text reads, and where it leads.
    fn texts(&self, names: &[&str], leaf: &Leaf<'_>) -> Vec<Risk> {
        let [old, new] =
            [leaf.old, leaf.new].map(|value| value.and_then(Value::as_str).unwrap_or_default());
        let mut risks = Vec::new();
        let known = secrets(old);
        if secrets(new).iter().any(|secret| !known.contains(secret)) {
            risks.push(Risk::SecretUsed);
        }
        if is_elsewhere(names, old, new, self.new) {
            risks.push(Risk::OtherTarget);
        }
        risks
    }
}

fn inside<'v>(value: Option<&'v Value>, key: &Key) -> Option<&'v Value> {
    match key {
        Key::Name(name) => match value? {
            Value::Array(items) => items.get(name.parse::<usize>().ok()?),
            value => value.get(name),
        },
        Key::At(at) => value?.get(at),
    }
}

fn more_rounds(leaf: &Leaf<'_>) -> Option<Risk> {
    let rounds = |value: Option<&Value>| match value {
        None => Some(1.0),
        Some(Value::String(_)) => Some(f64::INFINITY),
        Some(value) => value.as_f64(),
    };
    let is_more = leaf.turn == Turn::Stays && rounds(leaf.new)? > rounds(leaf.old)?;
    is_more.then_some(Risk::MoreLoad)
}

/// A wait between steps that is gone is none.
fn shorter_wait(names: &[&str], leaf: &Leaf<'_>) -> Option<Risk> {
    let is_step = matches!(names, [.., STEP, "wait"]);
    let is_shorter = match (leaf.old, leaf.new) {
        (Some(old), Some(new)) => mean(new)? < mean(old)?,
        (Some(old), None) => is_step && mean(old) != Some(0.0),
        (None, _) => false,
    };
    is_shorter.then_some(Risk::MoreLoad)
}

fn defaults(rest: &[&str], leaf: &Leaf<'_>) -> Option<Risk> {
    match rest {
        ["tls", "insecure"] => {
            let is_off = leaf.new == Some(&Value::Bool(true));
            is_off.then_some(Risk::Unverified)
        }
        ["tls", "ca"] => leaf.new.map(|_| Risk::OtherTrust),
        ["proxy"] | ["resolve", _] => Some(Risk::OtherRoute),
        _ => of_request(rest, leaf),
    }
}

/// What defaults and requests have in common. What goes with its request is not gone.
fn of_request(rest: &[&str], leaf: &Leaf<'_>) -> Option<Risk> {
    if leaf.turn != Turn::Stays {
        return None;
    }
    match rest {
        ["timeout", _] => {
            let old = leaf.old.and_then(amount)?;
            let is_longer = leaf.new.and_then(amount).is_none_or(|new| new > old);
            is_longer.then_some(Risk::LimitLoosened)
        }
        ["expect", "status"] => status(leaf),
        ["expect", "within"] => match (leaf.old.and_then(amount), leaf.new.and_then(amount)) {
            (Some(old), Some(new)) => (new > old).then_some(Risk::ExpectationLoosened),
            (Some(_), None) => Some(Risk::ExpectationRemoved),
            (None, _) => None,
        },
        ["expect", "absent"] => {
            let is_off = leaf.new.is_none_or(|new| new == "none");
            is_off.then_some(Risk::ExpectationRemoved)
        }
        ["expect", "header" | "css" | "jsonpath", _, "is"] => {
            let is_gone = leaf.old.is_some() && leaf.new.is_none();
            is_gone.then_some(Risk::ExpectationLoosened)
        }
        ["expect", _] | ["expect", "header" | "css" | "jsonpath", _] => {
            let is_gone = leaf.old.is_some() && leaf.new.is_none();
            is_gone.then_some(Risk::ExpectationRemoved)
        }
        _ => None,
    }
}

/// Whether more codes are taken for success than before.
fn status(leaf: &Leaf<'_>) -> Option<Risk> {
    let set = |value: Option<&Value>| match value {
        Some(Value::Array(codes)) => {
            let texts = codes.iter().map(|code| match code {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            StatusSet::any_of(texts.filter_map(|text| text.parse().ok()))
        }
        _ => StatusSet::ok(),
    };
    let (old, new) = (set(leaf.old), set(leaf.new));
    if leaf.old.is_some() && leaf.new.is_none() {
        return Some(Risk::ExpectationRemoved);
    }
    let codes = 100..600;
    let keeps_all = codes
        .clone()
        .all(|code| new.contains(code) || !old.contains(code));
    let takes_more = codes
        .clone()
        .any(|code| new.contains(code) && !old.contains(code));
    let takes_errors = (400..600).any(|code| new.contains(code) && !old.contains(code));
    (takes_errors || (keeps_all && takes_more)).then_some(Risk::ExpectationLoosened)
}
