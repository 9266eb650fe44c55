//! The tree of neither format as TOML, for the layout to put straight.
//!
//! What has a name and more than a line gets a header: `[users.visitor]`,
//! `[[tasks.log_in]]` for each of its steps. Deeper down, a mapping over several
//! lines becomes keys with dots, one per line; all else stays in brackets.

use super::{
    super::yaml::Above,
    brackets::{bracketed, settle},
    spelling::{modeline, toml_key},
    tree::{Collection, Item, Value},
};
use crate::{
    plan::keys::{self, Shape},
    source::{Format, Span},
};

static PLAN: Shape = Shape::Section(&keys::PLAN);

/// How many names a table's header has at most, unless lists are in between.
const MAX_NAMES: usize = 2;

/// A whole file; where there is a null, its place.
pub(super) fn write(entries: Collection) -> Result<String, Span> {
    let mut writer = Writer {
        out: String::new(),
        above: Vec::new(),
        is_below_header: false,
    };
    let top = Table {
        path: String::new(),
        names: 0,
        shape: Some(&PLAN),
    };
    writer.table(entries, &top)?;
    writer.flush();
    Ok(writer.out)
}

struct Writer {
    out: String,
    /// Comments and empty lines that wait for the next line.
    above: Vec<Above>,
    /// Whether the line before is a header, behind which no line is empty.
    is_below_header: bool,
}

/// The table that keys without a header of their own belong to.
struct Table {
    /// As it stands in its header.
    path: String,
    names: usize,
    shape: Option<&'static Shape>,
}

impl Table {
    fn below(&self, key: &str) -> Table {
        let dot = if self.path.is_empty() { "" } else { "." };
        Table {
            path: format!("{}{dot}{}", self.path, toml_key(key)),
            names: self.names + 1,
            shape: self.shape.and_then(|shape| shape.under(key)),
        }
    }

    /// Whether an entry gets a header below this one.
    fn has_header(&self, item: &Item) -> bool {
        match &item.value {
            Value::Scalar(..) => false,
            Value::Map(map) if map.items.is_empty() => false,
            Value::Map(map) => {
                let is_long = map.is_block && map.items.len() > 1;
                self.names == 0 || self.names < MAX_NAMES && is_long
            }
            Value::List(list) => is_list_of_tables(list),
        }
    }
}

/// Whether each item is a mapping, and one of them has lines of its own.
fn is_list_of_tables(list: &Collection) -> bool {
    let mut any = false;
    for item in &list.items {
        match &item.value {
            Value::Map(map) if !map.items.is_empty() => any |= map.is_block,
            Value::Map(_) | Value::List(_) | Value::Scalar(..) => return false,
        }
    }
    any && list.is_block
}

impl Writer {
    fn table(&mut self, entries: Collection, table: &Table) -> Result<(), Span> {
        let (tables, pairs): (Vec<Item>, Vec<Item>) = entries
            .items
            .into_iter()
            .partition(|item| table.has_header(item));
        for item in pairs {
            self.pair("", item, table.shape)?;
        }
        for item in tables {
            let below = table.below(&item.key);
            match item.value {
                Value::List(list) => self.list(list, item.above, item.behind, &below)?,
                Value::Map(map) => {
                    let needs_header = map.items.iter().any(|inner| !below.has_header(inner));
                    if needs_header {
                        self.header(item.above, &format!("[{}]", below.path), item.behind);
                    } else {
                        self.above.extend(item.above);
                        self.above.extend(item.behind.map(Above::Comment));
                    }
                    self.table(map, &below)?;
                }
                Value::Scalar(..) => {}
            }
        }
        self.above.extend(entries.below);
        Ok(())
    }

    fn list(
        &mut self,
        list: Collection,
        above: Vec<Above>,
        behind: Option<String>,
        table: &Table,
    ) -> Result<(), Span> {
        self.above.extend(above);
        self.above.extend(behind.map(Above::Comment));
        let within = Table {
            path: table.path.clone(),
            // Below a list, no mapping has a header.
            names: MAX_NAMES,
            shape: table.shape.and_then(Shape::item),
        };
        for item in list.items {
            if let Value::Map(map) = item.value {
                let header = format!("[[{}]]", table.path);
                self.header(item.above, &header, item.behind);
                self.table(map, &within)?;
            }
        }
        self.above.extend(list.below);
        Ok(())
    }

    fn header(&mut self, above: Vec<Above>, header: &str, behind: Option<String>) {
        let waits = std::mem::take(&mut self.above);
        if !self.out.is_empty() {
            self.above.push(Above::Blank);
        }
        self.above.extend(waits);
        self.above.extend(above);
        self.line(header, behind);
        self.is_below_header = true;
    }

    /// A key with its value, or the lines of a mapping with dots in their keys.
    fn pair(
        &mut self,
        prefix: &str,
        item: Item,
        shape: Option<&'static Shape>,
    ) -> Result<(), Span> {
        let shape = shape.and_then(|shape| shape.under(&item.key));
        let key = format!("{prefix}{}", toml_key(&item.key));
        self.above.extend(item.above);
        match item.value {
            Value::Map(mut map) if has_dots(&map) => {
                let prefix = format!("{key}.");
                match map.items.as_mut_slice() {
                    [only] if only.behind.is_none() => only.behind = item.behind,
                    _ => self.above.extend(item.behind.map(Above::Comment)),
                }
                for inner in map.items {
                    self.pair(&prefix, inner, shape)?;
                }
                self.above.extend(map.below);
            }
            value @ (Value::Scalar(..) | Value::Map(_) | Value::List(_)) => {
                let mut bare = Item {
                    value,
                    behind: item.behind,
                    ..Item::default()
                };
                settle(&mut bare);
                self.above.extend(bare.above);
                let text = bracketed(&bare.value, shape)?;
                if matches!(bare.value, Value::List(_)) && text.contains('\n') {
                    self.above.extend(bare.behind.take().map(Above::Comment));
                }
                self.line(&format!("{key} = {text}"), bare.behind);
            }
        }
        Ok(())
    }

    fn line(&mut self, text: &str, behind: Option<String>) {
        self.flush();
        self.out.push_str(text);
        if let Some(comment) = behind {
            self.out.push_str("  ");
            self.out.push_str(&comment);
        }
        self.out.push('\n');
    }

    fn flush(&mut self) {
        let mut above = std::mem::take(&mut self.above);
        let is_below_header = std::mem::take(&mut self.is_below_header);
        if is_below_header && matches!(above.first(), Some(Above::Blank)) {
            above.remove(0);
        }
        for line in above {
            if let Above::Comment(comment) = line {
                self.out.push_str(&modeline(&comment, Format::Toml));
            }
            self.out.push('\n');
        }
    }
}

/// Whether a mapping becomes keys with dots.
fn has_dots(map: &Collection) -> bool {
    map.is_block && !map.items.is_empty() || map.items.len() == 1 && map.below.is_empty()
}
