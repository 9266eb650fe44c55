//! One tree for both formats: what stands where, before anything means anything.

use crate::source::{Span, Spanned, in_ticks};

/// How deep lists and mappings may lie within each other.
///
/// The deepest plan that means anything has some ten levels. What reads the
/// tree calls itself once per level, and this keeps its stack small.
pub(in crate::plan) const MAX_DEPTH: usize = 64;

/// How many nodes the aliases of a file may stand for, all together.
///
/// What is written out is bounded by the size of the file. A plan with a step
/// shared a thousand times stays below this; nine lines of aliases to aliases,
/// which would stand for a billion nodes, do not.
pub(in crate::plan) const MAX_ALIASED_NODES: usize = 100_000;

/// A value of a file and the bytes it stands on.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Node {
    pub(in crate::plan) span: Span,
    pub(in crate::plan) kind: NodeKind,
}

/// What a node is, in the words of both formats.
#[derive(Clone, Debug)]
pub(in crate::plan) enum NodeKind {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<Entry>),
    /// Already reported where it was found; whoever meets it stays silent.
    Broken,
}

/// A key and its value. Keys of one mapping differ.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Entry {
    pub(in crate::plan) key: Spanned<String>,
    pub(in crate::plan) value: Node,
}

impl Entry {
    /// A key in braces that has neither `:` nor value: told of where it was found.
    pub(in crate::plan) fn is_bare(&self) -> bool {
        matches!(self.value.kind, NodeKind::Broken) && self.value.span == self.key.span
    }
}

/// A single value.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Scalar {
    /// The text as written, without quotes and with escapes resolved: `007`
    /// stays `007` although it is the number seven.
    pub(in crate::plan) text: String,
    pub(in crate::plan) kind: ScalarKind,
}

/// What a scalar is by the rules of its format.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::plan) enum ScalarKind {
    /// Nothing at all after the key.
    Empty,
    /// A null that is written out.
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text,
}

impl Node {
    /// What it is, for "expected …, found …".
    pub(in crate::plan) fn describe(&self) -> String {
        match &self.kind {
            NodeKind::Scalar(scalar) => match scalar.kind {
                ScalarKind::Empty => "nothing".to_owned(),
                ScalarKind::Null => "null".to_owned(),
                ScalarKind::Bool(_) | ScalarKind::Int(_) | ScalarKind::Float(_) => {
                    format!("`{}`", scalar.text)
                }
                ScalarKind::Text => {
                    format!("the text {}", in_ticks(&shortened(&scalar.text)))
                }
            },
            NodeKind::List(items) if items.is_empty() => "an empty list".to_owned(),
            NodeKind::List(_) => "a list".to_owned(),
            NodeKind::Map(entries) if entries.is_empty() => "an empty mapping".to_owned(),
            NodeKind::Map(_) => "a mapping".to_owned(),
            NodeKind::Broken => "something unreadable".to_owned(),
        }
    }

    /// The nodes and the levels of this tree, itself included.
    ///
    /// Calls itself once per level, of which a finished tree has few.
    pub(in crate::plan) fn measure(&self) -> Measure {
        let mut nodes = 1;
        let mut depth = 0;
        let mut add = |node: &Node| {
            let inner = node.measure();
            nodes += inner.nodes;
            depth = depth.max(inner.depth);
        };
        match &self.kind {
            NodeKind::Scalar(_) | NodeKind::Broken => {}
            NodeKind::List(items) => items.iter().for_each(&mut add),
            NodeKind::Map(entries) => entries.iter().for_each(|entry| add(&entry.value)),
        }
        Measure {
            nodes,
            depth: depth + 1,
        }
    }
}

/// The size of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) struct Measure {
    pub(in crate::plan) nodes: usize,
    pub(in crate::plan) depth: usize,
}

/// The first words of a text, for a message that stays on one line.
pub(in crate::plan) fn shortened(text: &str) -> String {
    const LETTERS: usize = 40;
    let line = text.lines().next().unwrap_or("");
    if line.len() == text.len() && text.chars().count() <= LETTERS {
        return text.to_owned();
    }
    let start: String = line.chars().take(LETTERS).collect();
    format!("{start}…")
}

/// The place of a scalar's text: without its quotes, if nothing in it is escaped.
///
/// Then the place is as long as the text, and a part of the text can be shown
/// at its own place. With escapes it is the place of the whole scalar.
pub(in crate::plan) fn content_span(whole: Span, source: &str, text: &str) -> Span {
    if source == text || text.is_empty() {
        return whole;
    }
    for quotes in [1, 3] {
        let inner = quotes..source.len().saturating_sub(quotes);
        if source.get(inner.clone()) == Some(text) {
            return whole.within(inner);
        }
    }
    whole
}
