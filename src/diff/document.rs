//! A plan as it is compared.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    Content, Standing,
    meaning::meaning,
    path::{Key, Path},
    places,
};
use crate::{
    plan::{ast::Plan, print},
    source::{Sources, Span},
};

/// A plan, printed, with the places of what it says and what is in its files.
#[derive(Clone, Debug)]
pub struct Document {
    pub(super) root: Value,
    pub(super) places: BTreeMap<Path, Standing>,
    /// By name, as the root plan would name them.
    pub(super) files: BTreeMap<String, Content>,
}

impl Document {
    /// The document of a plan, of whose files nothing is known yet.
    pub fn of(plan: &Plan, sources: &Sources) -> Document {
        let root = meaning(print(plan, sources));
        let standing = |span: Span| Standing {
            file: sources.get(span.file).path.clone(),
            line: sources.line_and_column(span).0,
        };
        let places = places::of(plan).into_iter();
        let places = places.map(|(path, span)| (path, standing(span))).collect();
        Document {
            root,
            places,
            files: BTreeMap::new(),
        }
    }

    /// The files that it names, as the root plan would name them.
    pub fn file_names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        collect(&self.root, "", &mut names);
        names
    }

    /// Tells what is in a file that it names.
    pub fn has_file(&mut self, name: String, content: Content) {
        self.files.insert(name, content);
    }

    /// The place of what is at a path, or of what that is in; nowhere for the plan
    /// as a whole.
    pub(super) fn place(&self, path: &[Key]) -> Option<Standing> {
        (1..=path.len())
            .rev()
            .find_map(|length| self.places.get(&path[..length]))
            .cloned()
    }

    /// What is at a path, if there is something.
    pub(super) fn get(&self, path: &[Key]) -> Option<&Value> {
        path.iter().try_fold(&self.root, |value, key| match key {
            Key::Name(name) => value.get(name),
            Key::At(at) => value.get(at),
        })
    }
}

/// Keys whose values are names of files, wherever they stand.
const FILES: [&str; 8] = [
    "csv",
    "json",
    "jsonl",
    "ca",
    "cert",
    "key",
    "body_file",
    "file",
];

/// A key that looks like one and is none, as in a JSON body, names a file that is not
/// there, of which then nothing is told.
fn collect(value: &Value, key: &str, names: &mut BTreeSet<String>) {
    match value {
        Value::String(name) if FILES.contains(&key) => {
            names.insert(name.clone());
        }
        Value::Object(keys) => {
            for (key, value) in keys {
                collect(value, key, names);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(item, "", names);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
