//! What a path of a document is called by people.

use super::{
    Document,
    area::area,
    change::{Area, Part},
    meaning::{SCENES, STEP_LISTS},
    path::{Key, STEP, names},
    steps::label,
};

/// Items that have names of their own.
const ITEMS: [(&str, &str); 4] = [
    ("users", "class"),
    ("tasks", "task"),
    ("data", "data"),
    ("environments", "environment"),
];

/// What a place of a document belongs to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Subject {
    pub(super) area: Area,
    /// From the outside in.
    pub(super) parts: Vec<Part>,
    /// The key of the innermost; empty for itself.
    pub(super) what: String,
}

/// The subject of what is at a path of a document.
pub(super) fn subject(document: &Document, path: &[Key]) -> Subject {
    let mut parts = Vec::new();
    let mut rest = path;
    if let [Key::Name(items), Key::Name(name), inner @ ..] = path
        && let Some((_, word)) = ITEMS.iter().find(|(key, _)| key == items)
    {
        parts.push(Part {
            word: (*word).to_owned(),
            name: name.clone(),
        });
        rest = inner;
    }
    while let [Key::Name(list), Key::At(at), inner @ ..] = rest {
        let at_step = &path[..path.len() - inner.len()];
        let list = match list.as_str() {
            // There is no other list in a task, or none that goes on.
            "steps" | "sequence" => String::new(),
            other => format!("{other} "),
        };
        parts.push(Part {
            word: format!("{list}step {}", at + 1),
            name: document.get(at_step).map_or(String::new(), label),
        });
        rest = inner;
    }
    let what = names(rest).join(".");
    Subject {
        area: area(&names(path)),
        parts,
        what,
    }
}

/// Whether a path is that of a list of steps.
pub(super) fn is_steps(names: &[&str], lists_within: &[&str]) -> bool {
    match names {
        [list] => SCENES.contains(list),
        ["users" | "tasks", _, list] => STEP_LISTS.contains(list),
        [.., STEP, list] => lists_within.contains(list),
        _ => false,
    }
}
