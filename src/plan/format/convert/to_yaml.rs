//! The tree of neither format as YAML, for the layout to put straight.

use super::{
    super::yaml::Above,
    spelling::{modeline, yaml_block, yaml_key, yaml_scalar},
    tree::{Collection, Item, Value},
};
use crate::{
    plan::keys::{self, Shape},
    source::Format,
};

static PLAN: Shape = Shape::Section(&keys::PLAN);

/// How far a level stands within the one around it.
const INDENT: usize = 2;

/// A whole file.
pub(super) fn write(entries: Collection) -> String {
    let mut writer = Writer {
        out: String::new(),
        begun: None,
    };
    writer.map(entries, 0, Some(&PLAN));
    writer.out
}

struct Writer {
    out: String,
    /// The dash of a list, behind which the next line goes on.
    begun: Option<String>,
}

impl Writer {
    fn map(&mut self, entries: Collection, indent: usize, shape: Option<&'static Shape>) {
        for item in entries.items {
            self.above(item.above, indent);
            let start = self.start(indent) + &yaml_key(&item.key) + ":";
            let shape = shape.and_then(|shape| shape.under(&item.key));
            self.value(&start, item.value, item.behind, indent, shape);
        }
        self.above(entries.below, indent);
    }

    fn list(&mut self, items: Collection, indent: usize, shape: Option<&'static Shape>) {
        let shape = shape.and_then(Shape::item);
        for mut item in items.items {
            let mut above = std::mem::take(&mut item.above);
            if is_block(&item.value) {
                // It begins on the line of the dash, where no comment has room.
                above.extend(item.behind.take().map(Above::Comment));
                lift(&mut item.value, &mut above);
            }
            self.above(above, indent);
            let start = self.start(indent) + "-";
            match item.value {
                Value::Map(inner) if is_written_out(&inner) => {
                    self.begun = Some(start + " ");
                    self.map(inner, indent + INDENT, shape);
                }
                Value::List(inner) if is_written_out(&inner) => {
                    self.begun = Some(start + " ");
                    self.list(inner, indent + INDENT, shape);
                }
                value @ (Value::Scalar(..) | Value::Map(_) | Value::List(_)) => {
                    self.value(&start, value, item.behind, indent, shape);
                }
            }
        }
        self.above(items.below, indent);
    }

    /// What stands behind a key or a dash.
    fn value(
        &mut self,
        start: &str,
        value: Value,
        behind: Option<String>,
        indent: usize,
        shape: Option<&'static Shape>,
    ) {
        if let Some((sign, lines)) = yaml_block(&value) {
            self.line(&format!("{start} {sign}"), behind);
            for line in lines {
                self.line(&format!("{}{line}", " ".repeat(indent + INDENT)), None);
            }
            return;
        }
        match value {
            Value::Map(inner) if is_written_out(&inner) => {
                self.line(start, behind);
                self.map(inner, indent + INDENT, shape);
            }
            Value::List(inner) if is_written_out(&inner) => {
                self.line(start, behind);
                self.list(inner, indent + INDENT, shape);
            }
            value @ (Value::Scalar(..) | Value::Map(_) | Value::List(_)) => {
                let text = in_line(&value, shape);
                self.line(&format!("{start} {text}"), behind);
                if let Value::Map(empty) | Value::List(empty) = value {
                    self.above(empty.below, indent);
                }
            }
        }
    }

    fn above(&mut self, above: Vec<Above>, indent: usize) {
        for line in above {
            match line {
                Above::Blank => self.out.push('\n'),
                Above::Comment(text) => self.line(
                    &format!("{}{}", " ".repeat(indent), modeline(&text, Format::Yaml)),
                    None,
                ),
            }
        }
    }

    fn line(&mut self, text: &str, behind: Option<String>) {
        self.out.push_str(text);
        if let Some(comment) = behind {
            self.out.push_str("  ");
            self.out.push_str(&comment);
        }
        self.out.push('\n');
    }

    /// What a line begins with: its indentation, or the dash that waits for it.
    fn start(&mut self, indent: usize) -> String {
        self.begun.take().unwrap_or_else(|| " ".repeat(indent))
    }
}

/// Takes the comments above what comes first in a value, at every level.
fn lift(value: &mut Value, above: &mut Vec<Above>) {
    let (Value::Map(inner) | Value::List(inner)) = value else {
        return;
    };
    let is_list = inner.items.first().is_some_and(|item| item.key.is_empty());
    if let Some(first) = inner.items.first_mut() {
        above.append(&mut first.above);
        if is_list && is_block(&first.value) {
            above.extend(first.behind.take().map(Above::Comment));
            lift(&mut first.value, above);
        }
    }
}

fn is_block(value: &Value) -> bool {
    match value {
        Value::Scalar(..) => false,
        Value::Map(collection) | Value::List(collection) => is_written_out(collection),
    }
}

/// Whether each of its items has a line of its own.
fn is_written_out(collection: &Collection) -> bool {
    !collection.items.is_empty()
        && (collection.is_block || !collection.below.is_empty() || {
            let mut items = collection.items.iter();
            items.any(|item| item.has_comments() || is_block(&item.value))
        })
}

fn in_line(value: &Value, shape: Option<&'static Shape>) -> String {
    match value {
        Value::Scalar(scalar, _) => yaml_scalar(scalar, shape),
        Value::List(list) => {
            let shape = shape.and_then(Shape::item);
            let items = list.items.iter().map(|item| in_line(&item.value, shape));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Value::Map(map) if map.items.is_empty() => "{}".to_owned(),
        Value::Map(map) => {
            let entry = |item: &Item| {
                let shape = shape.and_then(|shape| shape.under(&item.key));
                format!("{}: {}", yaml_key(&item.key), in_line(&item.value, shape))
            };
            let entries: Vec<String> = map.items.iter().map(entry).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}
