//! Changing the tree of a plan before it is read: environments, `--set`, `--var`,
//! `--threshold`.
//!
//! A value takes the place of what it replaces, or of the mapping it is put into:
//! messages about it point there, and the reader tells of it as of anything else. A
//! path that leads nowhere is told of here.

use super::{
    codes,
    node::{Entry, Node, NodeKind, Scalar},
    yaml,
};
use crate::{
    plan::{
        edits::{Assignment, Edits},
        keys::{self, Section, Shape},
    },
    source::{Diagnostic, Diagnostics, FileId, Replaced, Span, Spanned, With, nearest},
};

/// Makes all changes in the tree of the root file; what cannot be made is `found`.
/// Returns where options speak in place of the file.
pub(super) fn apply(root: &mut Node, edits: &Edits, found: &mut Diagnostics) -> Vec<Replaced> {
    let mut replaced = Vec::new();
    if let Some(name) = &edits.environment {
        environment(root, name, found);
    }
    for set in &edits.sets {
        let option = format!("--set {}", set.path);
        let made = value(set, root.span).and_then(|value| {
            let segments = segments(&set.path)?;
            put(root, Some(Shape::Section(&keys::PLAN)), &segments, value)
        });
        match made {
            Ok((span, with)) => replaced.push(Replaced {
                span,
                with,
                by: option,
            }),
            Err(wrong) => found.push(wrong.diagnostic(&option)),
        }
    }
    for var in &edits.vars {
        let places = variable(root, var, found);
        replaced.extend(places.into_iter().map(|span| Replaced {
            span,
            with: With::Another,
            by: format!("--var {}", var.path),
        }));
    }
    if !edits.thresholds.is_empty() {
        thresholds(root, &edits.thresholds);
        replaced.push(Replaced {
            span: root.span,
            with: With::More,
            by: "--threshold".to_owned(),
        });
    }
    replaced
}

/// Why a change cannot be made, and what to do.
struct Wrong {
    message: String,
    near: Option<String>,
}

impl Wrong {
    fn new(message: impl Into<String>) -> Wrong {
        Wrong {
            message: message.into(),
            near: None,
        }
    }

    fn near<'n>(mut self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Wrong {
        self.near = nearest(name, known).map(str::to_owned);
        self
    }

    /// Without a place: it stands in no file.
    fn diagnostic(self, option: &str) -> Diagnostic {
        Diagnostic::error(codes::UNKNOWN_KEY, format!("{option}: {}", self.message))
            .did_you_mean(self.near.as_deref())
    }
}

/// Lays an environment over the plan: mappings are merged key by key, all else is
/// replaced.
fn environment(root: &mut Node, name: &str, found: &mut Diagnostics) {
    let known = match child(root, "environments").map(|node| &node.kind) {
        Some(NodeKind::Map(entries)) => entries.as_slice(),
        Some(NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken) | None => &[],
    };
    match known.iter().find(|entry| entry.key.value == name) {
        Some(entry) => {
            let over = entry.value.clone();
            if let NodeKind::Map(entries) = &mut root.kind {
                entries.retain(|entry| entry.key.value != "environments");
            }
            merge(root, Some(Shape::Section(&keys::PLAN)), over);
        }
        None => {
            let wrong = match known {
                [] => Wrong::new("the plan has no `environments`"),
                known => Wrong::new(format!("the plan has no environment `{name}`"))
                    .near(name, known.iter().map(|entry| entry.key.as_str())),
            };
            found.push(wrong.diagnostic(&format!("--env {name}")));
        }
    }
}

/// Of keys that exclude each other, those of the environment stay; of loads of two
/// kinds, that of the environment.
fn merge(base: &mut Node, shape: Option<Shape>, over: Node) {
    let (NodeKind::Map(below_it), true) = (&mut base.kind, matches!(over.kind, NodeKind::Map(_)))
    else {
        *base = over;
        return;
    };
    let NodeKind::Map(entries) = over.kind else {
        return;
    };
    let section = shape.and_then(section);
    let is_load = section.is_some_and(|section| section.name == keys::LOAD.name);
    if is_load {
        drop_another_kind(below_it, &entries);
    }
    let groups = section.filter(|_| !is_load).map_or(&[][..], |it| it.groups);
    for group in groups {
        let is_in = |entry: &Entry| group.keys.contains(&entry.key.as_str());
        if entries.iter().any(is_in) {
            let stays = |old: &Entry| entries.iter().any(|new| new.key.value == old.key.value);
            below_it.retain(|old| !is_in(old) || stays(old));
        }
    }
    for entry in entries {
        let mut old = below_it.iter_mut();
        match old.find(|old| old.key.value == entry.key.value) {
            Some(old) => {
                let shape = shape.and_then(|shape| below(shape, &entry.key.value));
                merge(&mut old.value, shape, entry.value);
            }
            None => below_it.push(entry),
        }
    }
}

/// An environment that names another kind of load than the plan brings the whole of
/// it: the plan's times and `max_users` were meant for its own kind, and would stand
/// in the way. One that names none changes what is there.
fn drop_another_kind(plan: &mut Vec<Entry>, over: &[Entry]) {
    const KINDS: [&str; 5] = ["users", "arrivals", "stages", "steps", "find"];
    let kind = |entries: &[Entry]| {
        let mut keys = entries.iter().map(|entry| entry.key.as_str());
        let known = |key: &str| KINDS.into_iter().find(|kind| *kind == key);
        keys.find_map(known)
    };
    if let (Some(new), Some(old)) = (kind(over), kind(plan))
        && new != old
    {
        plan.retain(|entry| entry.key.value == "graceful_stop");
    }
}

/// Gives a variable a value wherever the plan declares it. Returns these places.
fn variable(root: &mut Node, var: &Assignment, found: &mut Diagnostics) -> Vec<Span> {
    let mut known: Vec<String> = Vec::new();
    let mut places = Vec::new();
    let mut set = |vars: Option<&mut Node>| {
        let Some(NodeKind::Map(entries)) = vars.map(|vars| &mut vars.kind) else {
            return;
        };
        for entry in entries {
            known.push(entry.key.value.clone());
            if entry.key.value == var.path {
                places.push(entry.value.span);
                entry.value = text(&var.value, entry.value.span);
            }
        }
    };
    set(child_mut(root, "vars"));
    if let Some(NodeKind::Map(classes)) = child_mut(root, "users").map(|users| &mut users.kind) {
        for class in classes {
            set(child_mut(&mut class.value, "vars"));
        }
    }
    if places.is_empty() {
        let name = &var.path;
        let wrong = Wrong::new(format!("no `vars` of the plan have `{name}`"))
            .near(name, known.iter().map(String::as_str));
        found.push(wrong.diagnostic(&format!("--var {name}")));
    }
    places
}

/// Adds thresholds to those that the plan is judged by. Where they are no list, the
/// reader says so.
fn thresholds(root: &mut Node, texts: &[String]) {
    let span = root.span;
    let more = texts.iter().map(|threshold| text(threshold, span));
    let find = child_mut(root, "load").and_then(|load| child_mut(load, "find"));
    if let Some(conditions) = find.and_then(|find| child_mut(find, "while")) {
        if let NodeKind::List(items) = &mut conditions.kind {
            items.extend(more);
        }
        return;
    }
    if let Some(old) = child_mut(root, "thresholds") {
        if let NodeKind::List(items) = &mut old.kind {
            items.extend(more);
        }
        return;
    }
    if let NodeKind::Map(entries) = &mut root.kind {
        entries.push(Entry {
            key: Spanned::new("thresholds".to_owned(), span),
            value: Node {
                span,
                kind: NodeKind::List(more.collect()),
            },
        });
    }
}

/// A text as it is; a number or `true` if it looks like one, as in YAML.
fn text(value: &str, span: Span) -> Node {
    Node {
        span,
        kind: NodeKind::Scalar(Scalar {
            text: value.to_owned(),
            kind: yaml::resolve(value),
        }),
    }
}

/// What stands behind `=`, read as YAML.
fn value(set: &Assignment, span: Span) -> Result<Node, Wrong> {
    let mut found = Diagnostics::new();
    // A key before it, so that nothing is no document.
    let tree = yaml::tree(FileId(0), &format!("value: {}\n", set.value), &mut found);
    let read = tree.root.and_then(|root| match root.kind {
        NodeKind::Map(entries) => entries.into_iter().next(),
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => None,
    });
    match read {
        Some(entry) if !found.has_errors() && tree.torn.is_empty() => {
            let mut value = entry.value;
            stand_at(&mut value, span);
            Ok(value)
        }
        Some(_) | None => Err(Wrong::new(format!(
            "`{}` is no value of YAML; put a text in quotes",
            set.value
        ))),
    }
}

/// Gives a tree the place of something else.
fn stand_at(node: &mut Node, span: Span) {
    node.span = span;
    match &mut node.kind {
        NodeKind::Scalar(_) | NodeKind::Broken => {}
        NodeKind::List(items) => items.iter_mut().for_each(|item| stand_at(item, span)),
        NodeKind::Map(entries) => {
            for entry in entries {
                entry.key.span = span;
                stand_at(&mut entry.value, span);
            }
        }
    }
}

/// `tasks."a.b".0.timeout`, `tasks.login[0].timeout`: the keys of a path.
fn segments(path: &str) -> Result<Vec<String>, Wrong> {
    let mut segments = vec![String::new()];
    let mut quoted = false;
    for sign in path.chars() {
        let last = segments.last_mut().expect("there is one from the start");
        match sign {
            '"' => quoted = !quoted,
            '.' | '[' if !quoted => segments.push(String::new()),
            ']' if !quoted => {}
            sign => last.push(sign),
        }
    }
    if quoted || segments.iter().any(String::is_empty) {
        return Err(Wrong::new(
            "a path is keys with dots between them, such as `load.users`",
        ));
    }
    Ok(segments)
}

/// Puts a value where a path leads, and returns that place. `shape` is what the table of keys says of `node`,
/// as far as it says anything.
fn put(
    node: &mut Node,
    shape: Option<Shape>,
    path: &[String],
    mut value: Node,
) -> Result<(Span, With), Wrong> {
    let Some((name, rest)) = path.split_first() else {
        stand_at(&mut value, node.span);
        *node = value;
        return Ok((node.span, With::Another));
    };
    let place = node.span;
    match &mut node.kind {
        NodeKind::List(items) => {
            let count = items.len();
            let at: Option<usize> = name.parse().ok();
            match at.and_then(|at| items.get_mut(at)) {
                Some(item) => put(item, shape.and_then(of_items), rest, value),
                None => Err(Wrong::new(format!(
                    "`{name}` is no item of this list; it has {count}, counted from 0"
                ))),
            }
        }
        NodeKind::Map(entries) => {
            let below = shape.and_then(|shape| below(shape, name));
            if let Some(entry) = entries.iter_mut().find(|entry| entry.key.value == *name) {
                return put(&mut entry.value, below, rest, value);
            }
            if !may_be_new(shape, name, rest) {
                return Err(nowhere(shape, name, entries));
            }
            let mut new = Node {
                span: place,
                kind: NodeKind::Map(Vec::new()),
            };
            put(&mut new, below, rest, value)?;
            entries.push(Entry {
                key: Spanned::new(name.clone(), place),
                value: new,
            });
            Ok((place, With::More))
        }
        NodeKind::Scalar(_) | NodeKind::Broken => Err(Wrong::new(format!(
            "there is nothing below it that `{name}` could be: set it as a whole"
        ))),
    }
}

/// Whether a key that is not there can be put into a mapping. What is named by the
/// author has to be there, unless it is itself what is set; what nobody knows of is
/// left to the reader.
fn may_be_new(shape: Option<Shape>, name: &str, rest: &[String]) -> bool {
    match shape.and_then(section) {
        Some(section) => section.key(name).is_some(),
        None => rest.is_empty(),
    }
}

fn nowhere(shape: Option<Shape>, name: &str, entries: &[Entry]) -> Wrong {
    let there = entries.iter().map(|entry| entry.key.as_str());
    let known = shape.and_then(section).into_iter();
    let known = known.flat_map(|section| section.keys.iter().map(|key| key.name));
    let title = shape.and_then(section).map(|section| section.title);
    let message = match title {
        Some(title) => format!("`{name}` is not a key of {title}"),
        None => format!("there is no `{name}`"),
    };
    Wrong::new(message).near(name, there.chain(known))
}

fn section(shape: Shape) -> Option<&'static Section> {
    if let Shape::Section(section) = shape {
        return Some(section);
    }
    // These are mappings where they are not a word or a list.
    if matches!(shape, Shape::Auth) {
        return Some(&keys::AUTH);
    }
    matches!(shape, Shape::Task).then_some(&keys::TASK)
}

/// The shape of what a mapping has under a key.
fn below(shape: Shape, name: &str) -> Option<Shape> {
    if let Shape::Map(_, value) | Shape::FullMap(_, value) = shape {
        return Some(*value);
    }
    Some(section(shape)?.key(name)?.shape)
}

/// The shape of the items of a list.
fn of_items(shape: Shape) -> Option<Shape> {
    let (Shape::List(item) | Shape::FullList(item)) = shape else {
        return None;
    };
    Some(*item)
}

fn child<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    match &node.kind {
        NodeKind::Map(entries) => entries
            .iter()
            .find(|entry| entry.key.value == name)
            .map(|entry| &entry.value),
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => None,
    }
}

fn child_mut<'n>(node: &'n mut Node, name: &str) -> Option<&'n mut Node> {
    match &mut node.kind {
        NodeKind::Map(entries) => entries
            .iter_mut()
            .find(|entry| entry.key.value == name)
            .map(|entry| &mut entry.value),
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Broken => None,
    }
}
