//! TOML with its comments to the tree of neither format.

use std::collections::HashMap;

use toml_parser::lexer::TokenKind;

use super::{
    super::{toml as layout, yaml::Above},
    tree::{Collection, Item, Value},
};
use crate::{
    plan::read::node::{self, Node, NodeKind},
    source::Span,
};

/// The entries of a file; `None` if something in it is not where it was read.
pub(super) fn entries(text: &str, root: &Node) -> Option<Collection> {
    let mut leaves = HashMap::new();
    gather(root, &mut leaves);
    let mut builder = Builder {
        leaves,
        root: Collection {
            is_block: true,
            ..Collection::default()
        },
        here: Vec::new(),
        above: Vec::new(),
    };
    let mut reader = layout::Reader::new(text);
    while let Some(kind) = reader.peek() {
        match kind {
            TokenKind::Whitespace => reader.at += 1,
            TokenKind::Newline => {
                reader.at += 1;
                if reader.begins_empty_line() {
                    builder.above.push(Above::Blank);
                }
            }
            TokenKind::Comment => {
                let comment = reader.take().trim_end().to_owned();
                builder.above.push(Above::Comment(comment));
            }
            TokenKind::LeftSquareBracket => {
                let header = reader.header()?;
                let behind = reader.behind_line().map(|behind| behind.text);
                builder.header(&header, behind)?;
            }
            _ => {
                let key = reader.key()?;
                let value = reader.value()?;
                let behind = reader.behind_line().map(|behind| behind.text);
                builder.pair(&key, value, behind)?;
            }
        }
    }
    let below = std::mem::take(&mut builder.above);
    builder.root.below.extend(below);
    Some(builder.root)
}

/// All single values by the byte at which they begin.
fn gather<'n>(node: &'n Node, leaves: &mut HashMap<usize, (&'n node::Scalar, Span)>) {
    match &node.kind {
        NodeKind::Scalar(scalar) => {
            leaves.insert(node.span.range().start, (scalar, node.span));
        }
        NodeKind::List(items) => items.iter().for_each(|item| gather(item, leaves)),
        NodeKind::Map(entries) => entries
            .iter()
            .for_each(|entry| gather(&entry.value, leaves)),
        NodeKind::Broken => {}
    }
}

struct Builder<'n> {
    leaves: HashMap<usize, (&'n node::Scalar, Span)>,
    root: Collection,
    /// The keys of the table that the last header began.
    here: Vec<String>,
    /// Comments and empty lines that belong to what comes next.
    above: Vec<Above>,
}

impl Builder<'_> {
    fn header(&mut self, header: &str, behind: Option<String>) -> Option<()> {
        let is_list = header.starts_with("[[");
        let path = keys(header.trim_matches(['[', ']']))?;
        let (last, within) = path.split_last()?;
        let mut above = std::mem::take(&mut self.above);
        let collection = table_at(&mut self.root, within, &mut above)?;
        let made = match is_list {
            true => Value::List(block()),
            false => Value::Map(block()),
        };
        let item = match find(collection, last) {
            Some(at) => &mut collection.items[at],
            None => push(collection, last, made, std::mem::take(&mut above)),
        };
        let item = match (&mut item.value, is_list) {
            (Value::List(list), true) => {
                // The empty line before each is TOML's own.
                if matches!(above.first(), Some(Above::Blank)) {
                    above.remove(0);
                }
                push(list, "", Value::Map(block()), std::mem::take(&mut above))
            }
            (Value::Map(_), false) => item,
            (Value::Scalar(..) | Value::List(_) | Value::Map(_), _) => return None,
        };
        match behind {
            Some(comment) if item.behind.is_none() => item.behind = Some(comment),
            Some(comment) => above.push(Above::Comment(comment)),
            None => {}
        }
        self.above = above;
        self.here = path;
        Some(())
    }

    fn pair(&mut self, key: &str, value: layout::Value, behind: Option<String>) -> Option<()> {
        let value = self.value(value)?;
        let path = keys(key)?;
        let table = table_at(&mut self.root, &self.here, &mut Vec::new())?;
        let mut above = std::mem::take(&mut self.above);
        let is_first = table.items.is_empty() && !self.here.is_empty();
        if is_first && matches!(above.first(), Some(Above::Blank)) {
            above.remove(0);
        }
        let item = Item {
            above,
            key: String::new(),
            value,
            behind,
        };
        insert(table, &path, item)
    }

    fn value(&self, written: layout::Value) -> Option<Value> {
        let (is_table, is_open, items, below) = match written {
            layout::Value::Scalar(_, at) => {
                let (scalar, span) = self.leaves.get(&at)?;
                return Some(Value::Scalar((*scalar).clone(), *span));
            }
            layout::Value::Brackets {
                is_table,
                is_open,
                items,
                below,
            } => (is_table, is_open, items, below),
        };
        let mut collection = Collection {
            is_block: is_open && !is_table,
            below: below.into_iter().map(Above::Comment).collect(),
            ..Collection::default()
        };
        for item in items {
            let made = Item {
                above: item.above.into_iter().map(Above::Comment).collect(),
                key: String::new(),
                value: self.value(item.value)?,
                behind: item.behind.map(|behind| behind.text),
            };
            match is_table {
                true => insert(&mut collection, &keys(&item.key)?, made)?,
                false => collection.items.push(made),
            }
        }
        Some(match is_table {
            true => Value::Map(collection),
            false => Value::List(collection),
        })
    }
}

fn block() -> Collection {
    Collection {
        is_block: true,
        ..Collection::default()
    }
}

fn find(collection: &Collection, key: &str) -> Option<usize> {
    collection.items.iter().position(|item| item.key == key)
}

fn push<'c>(
    collection: &'c mut Collection,
    key: &str,
    value: Value,
    above: Vec<Above>,
) -> &'c mut Item {
    collection.items.push(Item {
        above,
        key: key.to_owned(),
        value,
        behind: None,
    });
    collection
        .items
        .last_mut()
        .expect("an item has just been added")
}

/// The table of a header, made where it is missing; of a list, its last.
fn table_at<'c>(
    from: &'c mut Collection,
    path: &[String],
    above: &mut Vec<Above>,
) -> Option<&'c mut Collection> {
    let mut collection = from;
    for key in path {
        let at = match find(collection, key) {
            Some(at) => at,
            None => {
                // The empty line comes before it; a comment is about what is in it.
                let blank = matches!(above.first(), Some(Above::Blank));
                let before = blank.then(|| above.remove(0));
                let before = before.into_iter().collect();
                push(collection, key, Value::Map(block()), before);
                collection.items.len() - 1
            }
        };
        collection = match &mut collection.items[at].value {
            Value::Map(inner) => inner,
            Value::List(list) => match &mut list.items.last_mut()?.value {
                Value::Map(inner) => inner,
                Value::Scalar(..) | Value::List(_) => return None,
            },
            Value::Scalar(..) => return None,
        };
    }
    Some(collection)
}

/// Adds an entry whose key may have dots. One entry alone stays on its line.
fn insert(table: &mut Collection, path: &[String], mut entry: Item) -> Option<()> {
    let (first, rest) = path.split_first()?;
    if rest.is_empty() {
        entry.key.clone_from(first);
        table.items.push(entry);
        return Some(());
    }
    if let Some(at) = find(table, first) {
        let item = &mut table.items[at];
        let Value::Map(inner) = &mut item.value else {
            return None;
        };
        if !inner.is_block {
            inner.is_block = true;
            inner.items.first_mut()?.behind = item.behind.take();
        }
        return insert(inner, rest, entry);
    }
    let above = std::mem::take(&mut entry.above);
    let behind = entry.behind.take();
    let mut inner = Collection::default();
    insert(&mut inner, rest, entry)?;
    let item = push(table, first, Value::Map(inner), above);
    item.behind = behind;
    Some(())
}

/// The names of a key with dots; an `=` behind it does not matter.
fn keys(key: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for token in toml_parser::Source::new(key).lex() {
        let written = &key[token.span().start()..token.span().end()];
        match token.kind() {
            TokenKind::LiteralString => names.push(written.trim_matches('\'').to_owned()),
            // The escapes of TOML that can be part of a name are those of JSON.
            TokenKind::BasicString => names.push(serde_json::from_str(written).ok()?),
            TokenKind::Atom => names.push(written.to_owned()),
            TokenKind::Dot | TokenKind::Whitespace | TokenKind::Equals | TokenKind::Eof => {}
            _ => return None,
        }
    }
    Some(names)
}
