//! TOML with its comments to the tree of neither format.

use std::collections::HashMap;

use toml_parser::lexer::TokenKind;

use super::{
    super::{toml, yaml::Above},
    tree::{Collection, Item, Value},
};
use crate::{
    plan::read::{
        node::{self, Node, NodeKind},
        tree,
    },
    source::{Diagnostics, FileId, Format, Source, Span},
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
    let mut reader = toml::Reader::new(text);
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
        let above = &mut self.above;
        let collection = descend(&mut self.root, within, above)?;
        let at = place(collection, last, above, || match is_list {
            true => Value::List(block()),
            false => Value::Map(block()),
        });
        let item = match (&mut collection.items[at].value, is_list) {
            (Value::List(list), true) => {
                // The empty line before each is TOML's own.
                let mut above = std::mem::take(above);
                if matches!(above.first(), Some(Above::Blank)) {
                    above.remove(0);
                }
                list.items.push(Item {
                    above,
                    value: Value::Map(block()),
                    ..Item::default()
                });
                list.items.last_mut()?
            }
            (Value::Map(_), false) => &mut collection.items[at],
            (Value::Scalar(..) | Value::List(_) | Value::Map(_), _) => return None,
        };
        match behind {
            Some(comment) if item.behind.is_none() => item.behind = Some(comment),
            Some(comment) => self.above.push(Above::Comment(comment)),
            None => {}
        }
        self.here = path;
        Some(())
    }

    fn pair(&mut self, key: &str, value: toml::Value, behind: Option<String>) -> Option<()> {
        let value = self.value(value)?;
        let path = keys(key)?;
        let (last, within) = path.split_last()?;
        let table = descend(&mut self.root, &self.here, &mut Vec::new())?;
        let collection = descend(table, within, &mut self.above)?;
        let mut above = std::mem::take(&mut self.above);
        if collection.items.is_empty() && matches!(above.first(), Some(Above::Blank)) {
            above.remove(0);
        }
        collection.items.push(Item {
            above,
            key: last.clone(),
            value,
            behind,
        });
        Some(())
    }

    fn value(&self, written: toml::Value) -> Option<Value> {
        match written {
            toml::Value::Scalar(_, at) => {
                let (scalar, span) = self.leaves.get(&at)?;
                Some(Value::Scalar((*scalar).clone(), *span))
            }
            toml::Value::Brackets {
                is_table,
                is_open,
                items,
                below,
            } => {
                let mut collection = Collection {
                    is_block: is_open && !is_table,
                    below: below.into_iter().map(Above::Comment).collect(),
                    ..Collection::default()
                };
                for item in items {
                    let value = self.value(item.value)?;
                    let mut above = item.above.into_iter().map(Above::Comment).collect();
                    let behind = item.behind.map(|behind| behind.text);
                    let path = match is_table {
                        true => keys(item.key.trim_end_matches(['=', ' ']))?,
                        false => vec![String::new()],
                    };
                    let (last, within) = path.split_last()?;
                    let inner = descend(&mut collection, within, &mut above)?;
                    inner.items.push(Item {
                        above,
                        key: last.clone(),
                        value,
                        behind,
                    });
                }
                Some(match is_table {
                    true => Value::Map(collection),
                    false => Value::List(collection),
                })
            }
        }
    }
}

fn block() -> Collection {
    Collection {
        is_block: true,
        ..Collection::default()
    }
}

/// The table at a path, made where it is missing; of a list, its last.
fn descend<'c>(
    from: &'c mut Collection,
    path: &[String],
    above: &mut Vec<Above>,
) -> Option<&'c mut Collection> {
    let mut collection = from;
    for key in path {
        let is_block = collection.is_block;
        let at = place(collection, key, above, || {
            Value::Map(Collection {
                // Dots are for what is small.
                is_block: is_block && above_is_header(path),
                ..Collection::default()
            })
        });
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
