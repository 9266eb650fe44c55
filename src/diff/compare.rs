//! Two documents, key by key.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Change, Difference, Document, Kind, Part, Risk,
    align::{Pairing, align},
    change::Area,
    meaning::DRAWS,
    path::{Key, Path, STEP, below, name, names},
    renamed::renamed,
    rules::{Rules, Turn},
    steps::{head, kind, label},
    subject::{is_steps, subject},
    words,
};
use crate::plan::{ORDERED_FIELDS, STEPS_IN_STEPS};

/// Says what `new` says otherwise than `old`.
pub fn diff(old: &Document, new: &Document) -> Difference {
    let (called, renamings) = renamed(old, new);
    let mut comparison = Comparison {
        old: &called,
        new,
        changes: Vec::new(),
    };
    for renaming in renamings {
        let path = vec![name(renaming.items), name(&renaming.new)];
        let mut change = comparison.change(Kind::Renamed, Some(&path), Some(&path));
        let word = change.subject.pop().expect("it has a name").word;
        change.what = word;
        change.values = [Some(renaming.old.into()), Some(renaming.new.into())];
        comparison.show(change);
    }
    let root = Pair::default();
    comparison.keys(&root);
    comparison.files();
    let mut changes = comparison.changes;
    changes.sort_by_key(|change| change.area);
    Difference { changes }
}

/// The same thing in both documents, which may stand elsewhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Pair {
    pub(super) old: Path,
    pub(super) new: Path,
}

impl Pair {
    pub(super) fn key(&self, key: &str) -> Pair {
        Pair {
            old: below(&self.old, name(key)),
            new: below(&self.new, name(key)),
        }
    }
}

pub(super) struct Comparison<'a> {
    pub(super) old: &'a Document,
    pub(super) new: &'a Document,
    pub(super) changes: Vec<Change>,
}

/// How values at a path are compared.
enum Role {
    /// Items with names, which come and go as a whole.
    Items,
    Steps,
    /// Weights of tasks.
    Draws,
    Thresholds,
    /// Of a load.
    Stages,
    /// Names in any order.
    Set,
    /// Fields in the order in which they are sent.
    Fields,
    /// As a whole.
    Leaf,
    Keys,
}

fn role(names: &[&str]) -> Role {
    match names {
        ["users" | "tasks" | "data" | "environments"] => Role::Items,
        ["thresholds"] | ["environments", _, "thresholds"] => Role::Thresholds,
        ["load", "find", "while"] | ["environments", _, "load", "find", "while"] => {
            Role::Thresholds
        }
        ["load", "stages"] | [_, _, "load", "stages"] => Role::Stages,
        ["secrets"] | ["users" | "tasks", _, "tags"] => Role::Set,
        ["users" | "tasks", _, key] if DRAWS.contains(key) => Role::Draws,
        [.., STEP, "choose"] => Role::Draws,
        [.., STEP, key] if ORDERED_FIELDS.contains(key) => Role::Fields,
        _ if is_steps(names, &STEPS_IN_STEPS) => Role::Steps,
        [.., "wait"] => Role::Leaf,
        _ => Role::Keys,
    }
}

impl Comparison<'_> {
    /// Whatever stands there. Something is told of everything that differs.
    pub(super) fn node(&mut self, at: &Pair) {
        let (old, new) = (self.old.get(&at.old), self.new.get(&at.new));
        if old == new {
            return;
        }
        let told = self.changes.len();
        match role(&names(&at.new)) {
            Role::Items => self.items(at),
            Role::Steps => self.steps(at),
            Role::Draws => self.draws(at),
            Role::Thresholds => self.thresholds(at),
            Role::Stages => self.stages(at),
            Role::Set => self.set(at),
            Role::Fields => self.fields(at),
            Role::Leaf => self.leaf(at),
            Role::Keys => match (old, new) {
                (None | Some(Value::Object(_)), None | Some(Value::Object(_))) => self.keys(at),
                _ => self.leaf(at),
            },
        }
        if self.changes.len() == told {
            self.leaf(at);
        }
    }

    /// The keys of either, those of the new one first.
    pub(super) fn keys_at(&self, at: &Pair) -> Vec<String> {
        let keys = |value: Option<&Value>| match value {
            Some(Value::Object(of)) => of.keys().cloned().collect(),
            _ => Vec::new(),
        };
        let mut all = keys(self.new.get(&at.new));
        for key in keys(self.old.get(&at.old)) {
            if !all.contains(&key) {
                all.push(key);
            }
        }
        all
    }

    fn keys(&mut self, at: &Pair) {
        for key in self.keys_at(at) {
            self.node(&at.key(&key));
        }
    }

    fn items(&mut self, at: &Pair) {
        if at.new == [name("users")] {
            self.user_shares();
        }
        for key in self.keys_at(at) {
            let at = at.key(&key);
            match (self.old.get(&at.old), self.new.get(&at.new)) {
                (None, Some(_)) => self.unit(Kind::Added, None, Some(&at.new)),
                (Some(_), None) => self.unit(Kind::Removed, Some(&at.old), None),
                (Some(_), Some(_)) => self.item(&at),
                (None, None) => {}
            }
        }
    }

    fn item(&mut self, at: &Pair) {
        let is_class = at.new[0] == name("users");
        for key in self.keys_at(at) {
            // Told of as shares, all classes together.
            if !(is_class && ["weight", "count"].contains(&key.as_str())) {
                self.node(&at.key(&key));
            }
        }
    }

    fn steps(&mut self, at: &Pair) {
        let list = |value: Option<&Value>| match value {
            Some(Value::Array(steps)) => steps.clone(),
            _ => Vec::new(),
        };
        let (old, new) = (list(self.old.get(&at.old)), list(self.new.get(&at.new)));
        for pairing in align(&old, &new) {
            let old_at = |place| below(&at.old, Key::At(place));
            let new_at = |place| below(&at.new, Key::At(place));
            match pairing {
                Pairing::Comes { new } => self.unit(Kind::Added, None, Some(&new_at(new))),
                Pairing::Goes { old } => self.unit(Kind::Removed, Some(&old_at(old)), None),
                Pairing::Stays { old, new } => self.step(&Pair {
                    old: old_at(old),
                    new: new_at(new),
                }),
                Pairing::Moves { old, new } => {
                    let at = Pair {
                        old: old_at(old),
                        new: new_at(new),
                    };
                    self.moved(&at, [old, new]);
                    self.step(&at);
                }
            }
        }
    }

    fn moved(&mut self, at: &Pair, places: [usize; 2]) {
        let mut change = self.change(Kind::Moved, Some(&at.old), Some(&at.new));
        change.values = places.map(|place| Some((place + 1).into()));
        change.note = Some(format!("was step {}", places[0] + 1));
        self.changes.push(change);
    }

    /// The same step, or one that became another of its kind.
    fn step(&mut self, at: &Pair) {
        let (Some(old), Some(new)) = (self.old.get(&at.old), self.new.get(&at.new)) else {
            return;
        };
        if old == new {
            return;
        }
        let ((was, before), (is, after)) = (head(old), head(new));
        let whole = ["request", "task"].contains(&kind(is)) && (was, before) != (is, after);
        if whole {
            let mut change = self.change(Kind::Changed, Some(&at.old), Some(&at.new));
            change.what = kind(is).to_owned();
            change.values = [Some(label(old).into()), Some(label(new).into())];
            let rules = Rules::new(self.old, self.new);
            let (was, is) = (was.to_owned(), is.to_owned());
            for key in BTreeSet::from([was, is]) {
                let at = at.key(&key);
                change.risks.extend(rules.leaf(&at, Turn::Stays));
            }
            self.show(change);
        }
        let heads = [head(old).0.to_owned(), head(new).0.to_owned()];
        for key in self.keys_at(at) {
            if !(whole && heads.contains(&key)) {
                self.node(&at.key(&key));
            }
        }
    }

    fn set(&mut self, at: &Pair) {
        let list = |value: Option<&Value>| match value {
            Some(Value::Array(items)) => items.clone(),
            _ => Vec::new(),
        };
        let (old, new) = (list(self.old.get(&at.old)), list(self.new.get(&at.new)));
        let is_secrets = at.new == [name("secrets")];
        for (kind, items, others) in [(Kind::Added, &new, &old), (Kind::Removed, &old, &new)] {
            for item in items.iter().filter(|item| !others.contains(item)) {
                let mut change = self.change(kind, None, None);
                let path = below(&at.new, name(item.as_str().unwrap_or_default()));
                let told = subject(self.new, &at.new);
                (change.area, change.subject, change.what) = (told.area, told.parts, told.what);
                let slot = usize::from(kind == Kind::Added);
                change.values[slot] = Some(item.clone());
                change.places[slot] = [self.old, self.new][slot].place(&path);
                if is_secrets && kind == Kind::Added {
                    change.risks.insert(Risk::SecretUsed);
                }
                self.show(change);
            }
        }
    }

    /// Fields by their names; and their order, where that is all that differs.
    fn fields(&mut self, at: &Pair) {
        let fields = |value: Option<&Value>| -> Vec<(String, Value)> {
            let Some(Value::Array(pairs)) = value else {
                return Vec::new();
            };
            let field = |pair: &Value| {
                (
                    pair[0].as_str().unwrap_or_default().to_owned(),
                    pair[1].clone(),
                )
            };
            pairs.iter().map(field).collect()
        };
        let old = fields(self.old.get(&at.old));
        let new = fields(self.new.get(&at.new));
        let find = |fields: &[(String, Value)], name: &str| {
            let mut values = fields.iter().filter(|(field, _)| field == name);
            values.next().map(|(_, value)| value.clone())
        };
        let gone = old.iter().filter(|(name, _)| find(&new, name).is_none());
        for (field, _) in new.iter().chain(gone) {
            let values = [find(&old, field), find(&new, field)];
            if values[0] != values[1] {
                self.value(&at.key(field), values);
            }
        }
        let order = [old, new]
            .map(|fields| -> Vec<String> { fields.into_iter().map(|(field, _)| field).collect() });
        let is_turned = order[0] != order[1]
            && BTreeSet::from_iter(&order[0]) == BTreeSet::from_iter(&order[1]);
        if is_turned {
            let values = order.map(|fields| Some(fields.join(", ").into()));
            self.value(at, values);
        }
    }

    /// Something with a value of its own.
    fn leaf(&mut self, at: &Pair) {
        let values = [
            self.old.get(&at.old).cloned(),
            self.new.get(&at.new).cloned(),
        ];
        self.value(at, values);
    }

    pub(super) fn value(&mut self, at: &Pair, values: [Option<Value>; 2]) {
        let kind = match &values {
            [None, _] => Kind::Added,
            [_, None] => Kind::Removed,
            [Some(_), Some(_)] => Kind::Changed,
        };
        let mut change = self.change(kind, Some(&at.old), Some(&at.new));
        let rules = Rules::new(self.old, self.new);
        change.risks = rules.values(at, [values[0].as_ref(), values[1].as_ref()], Turn::Stays);
        change.values = values;
        let amounts = change.values.each_ref().map(|value| {
            let value = value.as_ref()?;
            words::amount(value)
        });
        if let ([Some(old), Some(new)], [Some(was), Some(is)]) = (amounts, &change.values)
            && words::alike(was, is)
        {
            change.note = words::factor(old, new);
        }
        self.show(change);
    }

    /// An item or a step that comes or goes with all that is in it.
    fn unit(&mut self, kind: Kind, old: Option<&Path>, new: Option<&Path>) {
        let mut change = self.change(kind, old, new);
        let values = [
            old.and_then(|path| self.old.get(path)),
            new.and_then(|path| self.new.get(path)),
        ];
        let turn = if new.is_some() {
            Turn::Comes
        } else {
            Turn::Goes
        };
        let path = new.or(old).expect("one of them is there").clone();
        let at = Pair {
            old: path.clone(),
            new: path,
        };
        change.risks = Rules::new(self.old, self.new).values(&at, values, turn);
        change.shown = values.map(|value| value.and_then(super::summary::summary));
        change.values = values.map(Option::<&Value>::cloned);
        self.changes.push(change);
    }

    /// What is in files of the same name.
    fn files(&mut self) {
        let names: BTreeSet<_> = self.old.files.keys().chain(self.new.files.keys()).collect();
        for name in names {
            let contents = [self.old.files.get(name), self.new.files.get(name)];
            let is_named =
                [self.old, self.new].map(|document| document.file_names().contains(name));
            if contents[0] == contents[1] || is_named != [true, true] {
                continue;
            }
            let mut change = self.change(Kind::Changed, None, None);
            change.area = Area::Data;
            change.subject = vec![Part {
                word: "file".to_owned(),
                name: words::one_line(name),
            }];
            change.what = "content".to_owned();
            change.values = contents.map(|content| {
                let told = content.map_or_else(|| "not there".to_owned(), super::Content::told);
                Some(told.into())
            });
            change.risks.insert(Risk::DataChanged);
            self.show(change);
        }
    }

    /// A change of what is at these paths, of which nothing else is told yet.
    pub(super) fn change(&self, kind: Kind, old: Option<&Path>, new: Option<&Path>) -> Change {
        let told = match (old, new) {
            // A key that is gone is told of where it was.
            (Some(old), Some(new)) if self.new.get(new).is_none() => subject(self.old, old),
            (_, Some(new)) => subject(self.new, new),
            (Some(old), None) => subject(self.old, old),
            (None, None) => subject(self.new, &[]),
        };
        let place = |document: &Document, path: Option<&Path>| {
            let path = path.filter(|path| {
                kind == Kind::Changed || document.get(path).is_some() || is_field(path)
            });
            path.and_then(|path| document.place(path))
        };
        let mut places = [place(self.old, old), place(self.new, new)];
        match kind {
            Kind::Added => places[0] = None,
            Kind::Removed => places[1] = None,
            Kind::Changed | Kind::Moved | Kind::Renamed => {}
        }
        Change {
            area: told.area,
            kind,
            subject: told.parts,
            what: told.what,
            values: [None, None],
            shown: [None, None],
            note: None,
            places,
            risks: BTreeSet::new(),
        }
    }

    /// Adds a change whose values are shown as they are.
    pub(super) fn show(&mut self, mut change: Change) {
        change.shown = change
            .values
            .each_ref()
            .map(|value| value.as_ref().map(words::short));
        self.changes.push(change);
    }
}

/// Fields stand in a list of pairs, not under their names.
fn is_field(path: &[Key]) -> bool {
    match names(path).as_slice() {
        [.., STEP, key, _] => ORDERED_FIELDS.contains(key),
        _ => false,
    }
}
