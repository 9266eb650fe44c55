//! Lists and mappings that have begun.

use std::collections::HashMap;

use super::reject;
use crate::{
    plan::read::{
        codes,
        node::{Entry, Node, NodeKind},
        slip::Slip,
    },
    source::{Diagnostic, Span, Spanned},
};

pub(super) struct Open {
    pub(super) start: usize,
    pub(super) anchor: usize,
    pub(super) content: Content,
}

pub(super) enum Content {
    List(Vec<Node>),
    Map(OpenMap),
}

#[derive(Default)]
pub(super) struct OpenMap {
    pub(super) entries: Vec<Entry>,
    pub(super) places: HashMap<String, Span>,
    pub(super) key: Option<Key>,
    /// Where `<<` stands, and what it takes in.
    pub(super) merge_key: Option<Span>,
    pub(super) merged: Vec<Node>,
    /// A key that is no text, and whether it is a mapping itself.
    pub(super) odd_key: Option<(Span, OddKey)>,
}

pub(super) enum Key {
    Named(Spanned<String>),
    Merge,
    /// Reported, or about to be; its value is dropped.
    Broken,
}

#[derive(Clone, Copy)]
pub(super) enum OddKey {
    Mapping,
    Other,
}

impl OpenMap {
    /// The entries with those that `<<` takes in; its own win, then the first.
    pub(super) fn merged_entries(mut self) -> Vec<Entry> {
        for source in self.merged {
            let NodeKind::Map(taken) = source.kind else {
                continue;
            };
            for entry in taken {
                if !self.places.contains_key(&entry.key.value) {
                    self.places.insert(entry.key.value.clone(), entry.key.span);
                    self.entries.push(entry);
                }
            }
        }
        self.entries
    }

    /// What a key without `:` and value is; nothing, if the one before it is
    /// bare too, and was told of with it.
    pub(super) fn take_bare(&mut self, text: &str, key: &Spanned<String>) -> Option<Slip> {
        if self.entries.last().is_some_and(Entry::is_bare) {
            return None;
        }
        let slip = reject::bare_key(text, key, self);
        // What the value before it is, the comma has hidden.
        if let Some(before) = self.entries.last_mut()
            && slip.range.start == before.value.span.range().start
        {
            before.value.kind = NodeKind::Broken;
        }
        Some(slip)
    }

    /// Takes in what stands after `<<`; returns what cannot be taken in.
    pub(super) fn merge_from(&mut self, node: Node) -> Option<Node> {
        match node.kind {
            NodeKind::Map(_) => self.merged.push(node),
            NodeKind::List(items) => {
                for item in items {
                    match item.kind {
                        NodeKind::Map(_) => self.merged.push(item),
                        NodeKind::Broken => {}
                        NodeKind::Scalar(_) | NodeKind::List(_) => return Some(item),
                    }
                }
            }
            NodeKind::Broken => {}
            NodeKind::Scalar(_) => return Some(node),
        }
        None
    }
}

pub(super) fn key_of(node: Node, text: &str, odd: &mut Option<(Span, OddKey)>) -> Key {
    match node.kind {
        NodeKind::Scalar(_) if &text[node.span.range()] == "<<" => Key::Merge,
        NodeKind::Scalar(scalar) => Key::Named(Spanned::new(scalar.text, node.span)),
        NodeKind::Broken => Key::Broken,
        NodeKind::Map(_) => {
            *odd = Some((node.span, OddKey::Mapping));
            Key::Broken
        }
        NodeKind::List(_) => {
            *odd = Some((node.span, OddKey::Other));
            Key::Broken
        }
    }
}

/// The second of two equal keys; the first one is kept.
pub(super) fn duplicate_key(key: &Spanned<String>, first: Span) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE, format!("`{}` is there twice", key.value))
        .at(key.span, "again here")
        .at(first, "first here")
        .help("leave one of them out")
}
