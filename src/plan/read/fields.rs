//! Reading a mapping key by key, and going on after every mistake.
//!
//! The keys of a mapping are those of its [`Section`]. Asking for one that is
//! not in the table panics in debug builds, and so does closing a mapping with a
//! key of the table that nobody asked for: the table, the reader and the schema
//! cannot drift apart.

use super::{
    codes,
    context::Context,
    node::{Entry, Node, NodeKind},
};
use crate::{
    base::status::StatusSet,
    plan::keys::{Key, Need, Section, Shape},
    source::{Certainty, Diagnostic, Span, nearest},
};

/// A mapping that is being read.
#[derive(Debug)]
pub(super) struct Fields<'n> {
    section: &'static Section,
    entries: &'n [Entry],
    span: Span,
    asked: Vec<&'static str>,
    /// Keys with nothing below them, of which enough is said.
    not_read: Vec<String>,
}

impl<'n> Fields<'n> {
    /// Begins to read `node` as a `section`; unknown keys are told of at once.
    pub(super) fn open(
        section: &'static Section,
        node: &'n Node,
        ctx: &mut Context<'_>,
    ) -> Option<Fields<'n>> {
        let NodeKind::Map(entries) = &node.kind else {
            let keys = section.keys.iter().map(|key| key.name).collect::<Vec<_>>();
            // The keys of a class would fill three lines.
            const FEW: usize = 4;
            let expected = match keys.as_slice() {
                few if few.len() <= FEW => format!("a mapping with {}", one_of(few)),
                _ => "a mapping".to_owned(),
            };
            match short_form(section, node, ctx) {
                Some(meant) => {
                    ctx.wrong_type_fix(node, &expected, &meant, Certainty::Certain, write);
                }
                None => ctx.wrong_type(node, &expected),
            }
            return None;
        };
        let mut fields = Fields {
            section,
            entries,
            span: node.span,
            asked: Vec::new(),
            not_read: Vec::new(),
        };
        for (index, entry) in entries.iter().enumerate() {
            if section.key(&entry.key.value).is_some() || entry.is_bare() {
                continue;
            }
            // The one before it, if that waits for what should be indented below it.
            let above = entries[..index].iter().rev().find(|above| {
                section.key(&above.key.value).is_some() || !ctx.is_empty(&above.value)
            });
            match above.filter(|above| ctx.is_empty(&above.value)) {
                Some(above) if takes(section, &above.key.value, &entry.key.value) => {
                    ctx.tell(not_indented(above, entry));
                    ctx.lose_names();
                    fields.not_read.push(above.key.value.clone());
                }
                Some(_) | None => ctx.tell(unknown_key(section, entry)),
            }
        }
        Some(fields)
    }

    fn ask(&mut self, name: &'static str) {
        debug_assert!(
            self.section.key(name).is_some(),
            "`{name}` is not in the table of {}",
            self.section.title
        );
        self.asked.push(name);
    }

    /// The place of a key.
    pub(super) fn key_span(&self, name: &str) -> Option<Span> {
        self.entries
            .iter()
            .find(|entry| entry.key.value == name)
            .map(|entry| entry.key.span)
    }

    /// Reads the value of a key. `None` if it is not there, or wrong and told of.
    pub(super) fn field<T>(
        &mut self,
        name: &'static str,
        ctx: &mut Context<'_>,
        read: impl FnOnce(&Node, &mut Context<'_>) -> Option<T>,
    ) -> Option<T> {
        self.ask(name);
        let entry = self.entries.iter().find(|entry| entry.key.value == name)?;
        if self.not_read.contains(&entry.key.value) {
            return None;
        }
        ctx.under(&entry.key, |ctx| read(&entry.value, ctx))
    }

    /// Ends the reading of a mapping: tells of required keys that are not there,
    /// and of keys that exclude each other.
    pub(super) fn close(self, ctx: &mut Context<'_>) {
        let title = self.section.title;
        // A class is pointed at by its name, a step by its first key.
        let place = ctx.key_span().unwrap_or_else(|| self.head());
        for key in self.section.keys {
            debug_assert!(
                self.asked.contains(&key.name),
                "nobody reads `{}` of {title}",
                key.name,
            );
            if key.need == Need::Required
                && self.key_span(key.name).is_none()
                && !self.is_misspelt(&[key.name])
            {
                let path = self.path_of(key.name, ctx);
                let missing = Diagnostic::error(
                    codes::MISSING,
                    format!("`{path}` is missing: {}", key.summary),
                )
                .at(place, format!("{title} needs `{}`", key.name));
                ctx.tell(match key.proposal {
                    Some(value) => {
                        missing.help(format!("write `{}`", ctx.spelled(key.name, value)))
                    }
                    None => missing,
                });
            }
        }
        for group in self.section.groups {
            let there: Vec<(&str, Span)> = group
                .keys
                .iter()
                .filter_map(|name| Some((*name, self.key_span(name)?)))
                .collect();
            match there.as_slice() {
                [] if group.need == Need::Optional || self.is_misspelt(group.keys) => {}
                [] => {
                    let names = one_of(group.keys);
                    let subject = match ctx.path() {
                        path if path.is_empty() => title.to_owned(),
                        path => format!("`{path}`"),
                    };
                    ctx.tell(
                        Diagnostic::error(codes::MISSING, format!("{subject} needs {names}"))
                            .at(place, format!("{title} has one of them")),
                    );
                }
                [_] => {}
                [_, ..] if group.need == Need::AtLeastOne => {}
                [(first, first_place), (second, second_place), ..] => {
                    ctx.tell(
                        Diagnostic::error(
                            codes::CONFLICT,
                            format!("`{first}` and `{second}` exclude each other"),
                        )
                        .at(*second_place, format!("{title} has one of them"))
                        .at(*first_place, "the other one is here"),
                    );
                }
            }
        }
    }

    /// Whether an unknown key stands where one of `names` is missed: it was told
    /// of, with the keys that are known.
    fn is_misspelt(&self, names: &[&str]) -> bool {
        let is_unknown = |entry: &&Entry| self.section.key(&entry.key.value).is_none();
        let all_unknown =
            !self.entries.is_empty() && self.entries.iter().all(|entry| is_unknown(&entry));
        let meant = |entry: &Entry| {
            let known = self.section.keys.iter().map(|key| key.name);
            entry.is_bare()
                || nearest(&entry.key.value, known).is_some_and(|near| names.contains(&near))
        };
        all_unknown || self.entries.iter().filter(is_unknown).any(meant)
    }

    fn path_of(&self, name: &str, ctx: &Context<'_>) -> String {
        match ctx.path() {
            path if path.is_empty() => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }

    /// The first key: pointing at a whole mapping would underline half the file.
    pub(super) fn head(&self) -> Span {
        self.entries
            .first()
            .map_or(self.span, |entry| entry.key.span)
    }
}

/// `accounts: a.csv` for `accounts: { csv: a.csv }`, `expect: 200` for
/// `expect: { status: 200 }`: the mapping that is meant.
fn short_form(section: &Section, node: &Node, ctx: &Context<'_>) -> Option<String> {
    let NodeKind::Scalar(scalar) = &node.kind else {
        return None;
    };
    let is_status = scalar.text.parse::<StatusSet>().is_ok();
    let one_of = |key: &Key| {
        let mut groups = section.groups.iter();
        groups.any(|group| group.need == Need::Required && group.keys.contains(&key.name))
    };
    let is_meant = |key: &&Key| {
        matches!(key.shape, Shape::Selector)
            || one_of(key) && matches!(key.shape, Shape::Path)
            || is_status && matches!(key.shape, Shape::Status)
    };
    // A file is named by the key that is its ending, if there is one.
    let ending = scalar
        .text
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending);
    let by_ending = section.key(ending).filter(is_meant);
    let key = by_ending.or_else(|| section.keys.iter().find(is_meant))?;
    let entry = match is_status {
        true => ctx.spelled(key.name, &scalar.text),
        false => ctx.spelled_text(key.name, &scalar.text),
    };
    Some(format!("{{ {entry} }}"))
}

/// Whether `key` of a section is a mapping that can have `inner`.
fn takes(section: &Section, key: &str, inner: &str) -> bool {
    match section.key(key).map(|key| key.shape) {
        Some(Shape::Section(below)) => below.key(inner).is_some(),
        Some(Shape::Map(..) | Shape::FullMap(..) | Shape::Drawn) => true,
        Some(_) | None => false,
    }
}

/// A key on the level of the one that it belongs to.
fn not_indented(above: &Entry, entry: &Entry) -> Diagnostic {
    let (above, name) = (&above.key, &entry.key);
    Diagnostic::error(
        codes::UNKNOWN_KEY,
        format!("`{}` is not indented below `{}`", name.value, above.value),
    )
    .at(name.span, format!("on the same level as `{}`", above.value))
    .at(above.span, "nothing is below this")
    .help("indent it by two more spaces, and what is below it too")
}

fn write(text: &str) -> String {
    format!("write {text}")
}

fn unknown_key(section: &Section, entry: &Entry) -> Diagnostic {
    let name = &entry.key.value;
    let known = section.keys.iter().map(|key| key.name);
    let unknown = Diagnostic::error(
        codes::UNKNOWN_KEY,
        format!("`{name}` is not a key of {}", section.title),
    )
    .at(entry.key.span, "unknown key");
    if let Some((_, hint)) = section.hints.iter().find(|(key, _)| key == name) {
        return unknown.help(*hint);
    }
    if let Some(rest) = name.strip_prefix('-')
        && !rest.is_empty()
    {
        let item = format!("- {rest}");
        let help = format!("to begin an item of a list, write `{item}`");
        return unknown.fix(entry.key.span, item, help).certain();
    }
    match nearest(name, known.clone()) {
        Some(near) => unknown.fix(entry.key.span, near, format!("did you mean `{near}`?")),
        None => unknown.help(match known.collect::<Vec<_>>().as_slice() {
            [only] => format!("the only key of {} is `{only}`", section.title),
            keys => format!("the keys of {} are {}", section.title, all_of(keys)),
        }),
    }
}

/// `a, b or c`, each in backticks.
pub(super) fn one_of(names: &[&str]) -> String {
    joined(names, "or")
}

/// `a, b and c`, each in backticks.
pub(super) fn all_of(names: &[&str]) -> String {
    joined(names, "and")
}

fn joined(names: &[&str], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {word} {last}", rest.join(", ")),
    }
}
