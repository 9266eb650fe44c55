//! A file with its comments, in neither format.

use super::super::yaml::Above;
use crate::plan::read::node::{self, NodeKind};
use crate::source::Span;

/// An entry of a mapping or an item of a list.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) above: Vec<Above>,
    /// Empty in a list.
    pub(super) key: String,
    pub(super) value: Value,
    /// The comment behind it; of what goes on below, behind its first line.
    pub(super) behind: Option<String>,
}

#[derive(Debug)]
pub(super) enum Value {
    Scalar(node::Scalar, Span),
    List(Collection),
    Map(Collection),
}

#[derive(Debug, Default)]
pub(super) struct Collection {
    /// Whether it was written over several lines.
    pub(super) is_block: bool,
    pub(super) items: Vec<Item>,
    /// Comments behind the last item.
    pub(super) below: Vec<Above>,
}

impl Default for Value {
    fn default() -> Value {
        Value::Map(Collection::default())
    }
}

impl Value {
    /// A value without its comments, if it has any; `None` for what was torn.
    pub(super) fn of(node: &node::Node) -> Option<Value> {
        let collection = |items: Vec<Item>| Collection {
            // What holds no more than words fits into a line.
            is_block: !items
                .iter()
                .all(|item| matches!(item.value, Value::Scalar(..))),
            items,
            below: Vec::new(),
        };
        Some(match &node.kind {
            NodeKind::Scalar(scalar) => Value::Scalar(scalar.clone(), node.span),
            NodeKind::List(items) => {
                let items = items.iter().map(|item| Item::of("", item));
                Value::List(collection(items.collect::<Option<_>>()?))
            }
            NodeKind::Map(entries) => {
                let items = entries.iter();
                let items = items.map(|entry| Item::of(&entry.key.value, &entry.value));
                Value::Map(collection(items.collect::<Option<_>>()?))
            }
            NodeKind::Broken => return None,
        })
    }

    pub(super) fn has_comments(&self) -> bool {
        match self {
            Value::Scalar(..) => false,
            Value::List(collection) | Value::Map(collection) => {
                let mut items = collection.items.iter();
                has_comment(&collection.below) || items.any(Item::has_comments)
            }
        }
    }
}

impl Item {
    pub(super) fn of(key: &str, node: &node::Node) -> Option<Item> {
        Some(Item {
            above: Vec::new(),
            key: key.to_owned(),
            value: Value::of(node)?,
            behind: None,
        })
    }

    pub(super) fn has_comments(&self) -> bool {
        has_comment(&self.above) || self.behind.is_some() || self.value.has_comments()
    }
}

fn has_comment(above: &[Above]) -> bool {
    above.iter().any(|line| matches!(line, Above::Comment(_)))
}
