//! YAML with its comments to the tree of neither format.
//!
//! Aliases and merge keys have no counterpart: what they stand for is written out.

use super::{
    super::yaml::{self, Above, Content, Kind, Style},
    tree::{Collection, Item, Value},
};
use crate::plan::read::node::{Node, NodeKind};

/// The key that takes other mappings in.
const MERGE: &str = "<<";

/// The entries of a file; `None` if it is no mapping.
pub(super) fn entries(text: &str, root: &Node) -> Option<Collection> {
    let mut item = Item::default();
    value(yaml::attached(text)?, root, &mut item)?;
    match item.value {
        Value::Map(entries) => Some(entries),
        Value::Scalar(..) | Value::List(_) => None,
    }
}

/// Puts a value and the comments around it into `item`.
fn value(written: yaml::Node, read: &Node, item: &mut Item) -> Option<()> {
    let mut comments = [written.head, written.tail].into_iter().flatten();
    item.behind = comments.next().map(|behind| behind.text);
    item.above
        .extend(comments.map(|behind| Above::Comment(behind.text)));
    let collection = match written.content {
        Content::Collection(collection) => collection,
        // An alias may stand for a collection.
        Content::Scalar(_) | Content::Block(..) => {
            item.value = Value::of(read)?;
            return Some(());
        }
    };
    let is_block = collection.style == Style::Block;
    let (kind, items, mut below) = match &read.kind {
        NodeKind::List(read) => (Kind::List, listed(collection.items, read)?, Vec::new()),
        NodeKind::Map(read) => {
            let (items, rest) = mapped(collection.items, read)?;
            (Kind::Map, items, rest)
        }
        NodeKind::Scalar(_) | NodeKind::Broken => return None,
    };
    below.extend(collection.below);
    let collection = Collection {
        is_block,
        items,
        below,
    };
    item.value = match kind {
        Kind::List => Value::List(collection),
        Kind::Map => Value::Map(collection),
    };
    Some(())
}

fn listed(written: Vec<yaml::Item>, read: &[Node]) -> Option<Vec<Item>> {
    if written.len() != read.len() {
        return None;
    }
    let items = written.into_iter().zip(read);
    items
        .map(|(written, read)| {
            let mut item = Item {
                above: written.above,
                ..Item::default()
            };
            value(written.node, read, &mut item)?;
            Some(item)
        })
        .collect()
}

/// The entries, and comments that are left over.
fn mapped(
    written: Vec<yaml::Item>,
    read: &[crate::plan::read::node::Entry],
) -> Option<(Vec<Item>, Vec<Above>)> {
    let names: Vec<String> = written
        .iter()
        .filter_map(|item| item.name.clone())
        .collect();
    let mut items = Vec::new();
    let mut above = Vec::new();
    for written in written {
        let name = written.name?;
        above.extend(written.above);
        if let Some(entry) = read.iter().find(|entry| entry.key.value == name) {
            let mut item = Item {
                above: std::mem::take(&mut above),
                key: name,
                ..Item::default()
            };
            value(written.node, &entry.value, &mut item)?;
            items.push(item);
        } else if name == MERGE {
            let around = [written.node.head, written.node.tail];
            let around = around.into_iter().flatten();
            above.extend(around.map(|behind| Above::Comment(behind.text)));
            let taken = read
                .iter()
                .filter(|entry| !names.contains(&entry.key.value));
            for entry in taken {
                let mut item = Item::of(&entry.key.value, &entry.value)?;
                item.above = std::mem::take(&mut above);
                items.push(item);
            }
        } else {
            return None;
        }
    }
    Some((items, above))
}
