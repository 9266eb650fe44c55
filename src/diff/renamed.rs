//! Classes and tasks that have a new name and are otherwise the same.

use serde_json::{Map, Value};

use super::{
    Document,
    meaning::{DRAWS, SCENES, STEP_LISTS},
    path::{Key, Path},
};
use crate::plan::STEPS_IN_STEPS;

/// Something that has a new name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Renaming {
    /// `users` or `tasks`.
    pub(super) items: &'static str,
    pub(super) old: String,
    pub(super) new: String,
}

/// The old document with the names of the new one, and what was renamed for that.
pub(super) fn renamed(old: &Document, new: &Document) -> (Document, Vec<Renaming>) {
    let mut old = old.clone();
    let mut renamings = Vec::new();
    // A task that runs a renamed one is the same only once that has its new name.
    for items in ["tasks", "users"] {
        while let Some(renaming) = next(&old, new, items) {
            old.rename(&renaming);
            renamings.push(renaming);
        }
    }
    (old, renamings)
}

fn next(old: &Document, new: &Document, items: &'static str) -> Option<Renaming> {
    let (Some(Value::Object(before)), Some(Value::Object(after))) =
        (old.root.get(items), new.root.get(items))
    else {
        return None;
    };
    let gone = before.iter().filter(|(name, _)| !after.contains_key(*name));
    let mut come = after.iter().filter(|(name, _)| !before.contains_key(*name));
    gone.into_iter().find_map(|(old, was)| {
        let (new, _) = come.find(|(_, is)| same(was, is))?;
        Some(Renaming {
            items,
            old: old.clone(),
            new: new.clone(),
        })
    })
}

/// Equal but for the share, which a change elsewhere may have made another number.
fn same(one: &Value, other: &Value) -> bool {
    let without = |value: &Value| {
        let mut value = value.clone();
        if let Value::Object(keys) = &mut value {
            keys.shift_remove("weight");
        }
        value
    };
    without(one) == without(other)
}

impl Document {
    /// Gives an item another name, wherever it is called by it.
    fn rename(&mut self, renaming: &Renaming) {
        let Renaming { items, old, new } = renaming;
        if let Some(Value::Object(named)) = self.root.get_mut(*items) {
            rename_key(named, old, new);
        }
        if *items == "tasks" {
            in_steps(&mut self.root, &SCENES, old, new);
            for owners in ["users", "tasks"] {
                if let Some(Value::Object(owners)) = self.root.get_mut(owners) {
                    for owner in owners.values_mut() {
                        in_owner(owner, old, new);
                    }
                }
            }
        }
        let places = std::mem::take(&mut self.places).into_iter();
        let places = places.map(|(path, place)| (rename_path(path, renaming), place));
        self.places = places.collect();
    }
}

/// The keys stay in their order.
fn rename_key(keys: &mut Map<String, Value>, old: &str, new: &str) {
    let renamed = std::mem::take(keys).into_iter().map(|(key, value)| {
        let key = if key == old { new.to_owned() } else { key };
        (key, value)
    });
    *keys = renamed.collect();
}

fn in_owner(owner: &mut Value, old: &str, new: &str) {
    for key in DRAWS {
        if let Some(Value::Object(drawn)) = owner.get_mut(key) {
            rename_key(drawn, old, new);
        }
    }
    in_steps(owner, &STEP_LISTS, old, new);
}

fn in_steps(owner: &mut Value, lists: &[&str], old: &str, new: &str) {
    for key in lists {
        if let Some(Value::Array(steps)) = owner.get_mut(key) {
            for step in steps {
                in_step(step, old, new);
            }
        }
    }
}

fn in_step(step: &mut Value, old: &str, new: &str) {
    if step.get("task").and_then(Value::as_str) == Some(old) {
        step["task"] = new.into();
    }
    if let Some(Value::Object(drawn)) = step.get_mut("choose") {
        rename_key(drawn, old, new);
    }
    in_steps(step, &STEPS_IN_STEPS, old, new);
}

fn rename_path(mut path: Path, renaming: &Renaming) -> Path {
    let Renaming { items, old, new } = renaming;
    let is = |key: &Key, what: &str| matches!(key, Key::Name(name) if name == what);
    let is_of_items = path.len() > 1 && is(&path[0], items);
    if is_of_items && is(&path[1], old) {
        path[1] = Key::Name(new.clone());
    }
    let draws = path.len() == 4 && DRAWS.iter().any(|key| is(&path[2], key));
    if *items == "tasks" && draws && is(&path[3], old) {
        path[3] = Key::Name(new.clone());
    }
    path
}
