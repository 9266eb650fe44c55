//! Laws of differences, held against every plan of the repository and every change
//! of one thing in it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use plan::{
    diff::{Difference, Document, diff},
    plan::{check, fingerprint, parse, print},
    source::{Diagnostics, FolderLoader, Format, MemoryLoader, Source, Sources, read},
};
use serde_json::{Map, Value};

use super::repository;

/// A plan as it is compared, and its fingerprint.
struct Read {
    document: Document,
    printed: Value,
    fingerprint: String,
}

fn from_file(path: &Path) -> Read {
    let mut sources = Sources::new(read(path).unwrap());
    let mut found = Diagnostics::new();
    let plan = parse(&mut sources, &mut FolderLoader::beside(path), &mut found);
    let plan = plan.unwrap_or_else(|| panic!("{} is a plan", path.display()));
    Read {
        document: Document::of(&plan, &sources),
        printed: print(&plan, &sources),
        fingerprint: fingerprint(&plan, &sources),
    }
}

/// A printed plan, if it is one without mistakes.
fn from_value(printed: &Value) -> Option<Read> {
    let text = serde_yaml::to_string(printed).unwrap();
    let mut sources = Sources::new(Source {
        path: PathBuf::from("plan.yaml"),
        format: Format::Yaml,
        text,
    });
    let mut found = Diagnostics::new();
    let plan = parse(&mut sources, &mut MemoryLoader::new(), &mut found)?;
    check(plan.clone(), &mut found);
    let read = Read {
        document: Document::of(&plan, &sources),
        printed: print(&plan, &sources),
        fingerprint: fingerprint(&plan, &sources),
    };
    (!found.has_errors()).then_some(read)
}

fn plans() -> Vec<PathBuf> {
    let mut plans = vec![repository("plans/flaskr_endurance.yaml")];
    for folder in ["examples", "plans/flaskr"] {
        for entry in fs::read_dir(repository(folder)).unwrap() {
            let path = entry.unwrap().path();
            if Format::of(&path).is_some() {
                plans.push(path);
            }
        }
    }
    plans.sort();
    assert!(plans.len() > 10);
    plans
}

fn difference(old: &Read, new: &Read) -> Difference {
    diff(&old.document, &new.document)
}

#[test]
fn a_plan_does_not_differ_from_itself_however_it_is_spelled() {
    for path in plans() {
        let plan = from_file(&path);
        assert!(difference(&plan, &plan).is_empty(), "{}", path.display());
        let Some(printed) = from_value(&plan.printed) else {
            continue;
        };
        let found = difference(&plan, &printed);
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
        let turned = from_value(&turned(&plan.printed, &mut Vec::new())).unwrap();
        let found = difference(&plan, &turned);
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
    }
}

/// The same with the keys of every mapping the other way round, but for fields, which
/// are sent in their order.
fn turned(value: &Value, path: &mut Vec<String>) -> Value {
    match value {
        Value::Object(keys) => {
            let entry = |(key, value): (&String, &Value)| {
                path.push(key.clone());
                let value = turned(value, path);
                path.pop();
                (key.clone(), value)
            };
            let mut entries: Vec<_> = keys.iter().map(entry).collect();
            let fields = ["form", "query", "multipart"];
            if !path
                .last()
                .is_some_and(|key| fields.contains(&key.as_str()))
            {
                entries.reverse();
            }
            entries.into_iter().collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(|item| turned(item, path)).collect(),
        scalar => scalar.clone(),
    }
}

/// Whatever is changed, taken away or done twice: where the fingerprint differs, so
/// does the meaning, unless it is a share or the default threshold; and where it does
/// not, nothing is told.
#[test]
fn no_change_of_a_plan_goes_unnoticed() {
    let (mut changed, mut told) = (0, BTreeSet::new());
    for path in plans() {
        let plan = from_file(&path);
        let mut mutants = Vec::new();
        mutate(&plan.printed, &mut Vec::new(), &mut |mutant, place| {
            mutants.push((mutant, place));
        });
        for (change, place) in mutants {
            let Some(mutant) = from_value(&apply(&plan.printed, &place, &change)) else {
                continue;
            };
            let found = difference(&plan, &mutant);
            let backwards = difference(&mutant, &plan);
            let what = format!("{}: {change:?} at {place:?}", path.display());
            assert_eq!(found.is_empty(), backwards.is_empty(), "{what}");
            if plan.fingerprint == mutant.fingerprint && place != ["target"] {
                let is_target = place.last().is_some_and(|key| key == "target");
                assert!(found.is_empty() || is_target, "{what}: {found:#?}");
                continue;
            }
            let means_the_same = [
                "weight",
                "tasks",
                "choose_once",
                "choose",
                "thresholds",
                "tags",
            ];
            let may_mean_the_same = place
                .iter()
                .any(|key| means_the_same.contains(&key.as_str()));
            assert!(!found.is_empty() || may_mean_the_same, "{what}");
            changed += 1;
            told.extend(found.changes.iter().map(|change| change.area.word()));
        }
    }
    assert!(changed > 500, "only {changed} changes were plans");
    let areas = [
        "data",
        "expectations",
        "load",
        "options",
        "shares",
        "steps",
        "variables",
    ];
    assert!(areas.iter().all(|area| told.contains(area)), "{told:?}");
}

/// What is done to a value.
#[derive(Clone, Debug)]
enum Change {
    Remove,
    Replace(Value),
}

/// Every change of one value of a document, with its place.
fn mutate(value: &Value, path: &mut Vec<String>, add: &mut dyn FnMut(Change, Vec<String>)) {
    let mut inside: Vec<(String, &Value)> = Vec::new();
    match value {
        Value::Object(keys) => inside.extend(keys.iter().map(|(key, value)| (key.clone(), value))),
        Value::Array(items) => {
            inside.extend(
                items
                    .iter()
                    .enumerate()
                    .map(|(at, value)| (at.to_string(), value)),
            );
            let reversed: Vec<_> = items.iter().rev().cloned().collect();
            add(Change::Replace(reversed.into()), path.clone());
            let twice: Vec<_> = items.iter().chain(items).cloned().collect();
            add(Change::Replace(twice.into()), path.clone());
        }
        Value::String(text) => {
            add(Change::Replace(format!("{text}x").into()), path.clone());
            add(Change::Replace(format!("1{text}").into()), path.clone());
        }
        Value::Number(number) => {
            let more = number
                .as_u64()
                .map_or(Value::from(1.5), |number| (number + 1).into());
            add(Change::Replace(more), path.clone());
        }
        Value::Bool(flag) => add(Change::Replace((!flag).into()), path.clone()),
        Value::Null => add(Change::Replace("x".into()), path.clone()),
    }
    for (key, value) in inside {
        path.push(key);
        add(Change::Remove, path.clone());
        mutate(value, path, add);
        path.pop();
    }
}

fn apply(value: &Value, place: &[String], change: &Change) -> Value {
    let Some((key, rest)) = place.split_first() else {
        let Change::Replace(value) = change else {
            panic!("a whole document is not removed");
        };
        return value.clone();
    };
    let removes = rest.is_empty() && matches!(change, Change::Remove);
    let mut value = value.clone();
    match &mut value {
        Value::Object(keys) if removes => {
            keys.shift_remove(key);
        }
        Value::Object(keys) => {
            let changed = apply(&keys[key], rest, change);
            keys[key] = changed;
        }
        Value::Array(items) => {
            let at: usize = key.parse().unwrap();
            if removes {
                items.remove(at);
            } else {
                items[at] = apply(&items[at], rest, change);
            }
        }
        scalar => panic!("{scalar} has no {key}"),
    }
    value
}
