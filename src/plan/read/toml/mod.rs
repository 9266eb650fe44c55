//! TOML text to a tree.
//!
//! The parser goes on after every syntax error, so all of them are reported; an
//! unquoted value is reported and taken for the text that was meant.

mod slips;
mod value;

use std::ops::Range;

use ::toml::{
    Spanned as TomlSpanned,
    de::{DeTable, DeValue, Error},
};

use super::{
    codes,
    node::{Entry, MAX_DEPTH, Node, NodeKind, Scalar, ScalarKind},
    slip::Slip,
    tree::Tree,
    yaml::line_of,
};
use crate::source::{Diagnostic, Diagnostics, FileId, Span, Spanned};

/// Builds the tree of a TOML file.
pub(super) fn tree(file: FileId, text: &str, found: &mut Diagnostics) -> Tree {
    let whole = text;
    let (mut table, mut errors) = DeTable::parse_recoverable(text);
    let mut text = text;
    let cut = swallowed_from(text, &errors);
    if let Some(cut) = cut {
        text = text[..cut].trim_end();
        (table, errors) = DeTable::parse_recoverable(text);
    }
    let mut builder = Builder {
        file,
        text,
        tree: Tree::default(),
        is_yaml: false,
        told: Vec::new(),
        again_until: 0,
        found,
    };
    for error in errors {
        builder.syntax_error(&error);
    }
    if let Some(cut) = cut {
        builder.tree.torn.push(builder.span(cut..whole.len()));
    }
    // A table without a key is a file without a plan: comments, or nothing.
    if !table.get_ref().is_empty() {
        let kind = builder.table(table.get_ref(), 1);
        let whole = builder.span(0..text.len());
        builder.tree.root = Some(Node { span: whole, kind });
    }
    builder.tree
}

/// Where the keys begin that an array or table without its end has swallowed.
///
/// The parser takes them for values and misses a comma before each.
fn swallowed_from(text: &str, errors: &[Error]) -> Option<usize> {
    if !errors
        .iter()
        .any(|error| error.message().starts_with("unclosed"))
    {
        return None;
    }
    errors
        .iter()
        .filter(|error| error.message().starts_with("missing comma"))
        .filter_map(|error| Some(error.span()?.start))
        .filter(|at| {
            let line = &text[line_of(text, *at)];
            let begins_line = text[line_of(text, *at).start..*at].trim().is_empty();
            let key = line.split('=').next().unwrap_or("").trim();
            begins_line
                && (line.starts_with('[')
                    || line.contains('=') && !key.contains([' ', '"', '\'', '{', ',']))
        })
        .min()
}

struct Builder<'a> {
    file: FileId,
    text: &'a str,
    tree: Tree,
    /// Whether the file turned out to be no TOML at all.
    is_yaml: bool,
    /// What was shown of syntax errors.
    told: Vec<Range<usize>>,
    /// The end of a table that is there twice.
    again_until: usize,
    found: &'a mut Diagnostics,
}

impl Builder<'_> {
    fn table(&mut self, table: &DeTable<'_>, depth: usize) -> NodeKind {
        NodeKind::Map(
            table
                .iter()
                .map(|(key, value)| Entry {
                    key: Spanned::new(key.get_ref().to_string(), self.span(key.span())),
                    value: self.value(value, depth + 1),
                })
                .collect(),
        )
    }

    fn value(&mut self, value: &TomlSpanned<DeValue<'_>>, depth: usize) -> Node {
        let span = self.span(value.span());
        if depth > MAX_DEPTH {
            self.too_deep(span);
            return Node {
                span,
                kind: NodeKind::Broken,
            };
        }
        let written = self.text.get(value.span()).unwrap_or("");
        let scalar = |kind, text: &str| {
            NodeKind::Scalar(Scalar {
                text: text.to_owned(),
                kind,
            })
        };
        let kind = match value.get_ref() {
            DeValue::String(text) => scalar(ScalarKind::Text, text),
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => scalar(ScalarKind::Int(number), written),
                    Err(_) => scalar(ScalarKind::Text, written),
                }
            }
            DeValue::Float(number) => match number.as_str().parse() {
                Ok(number) => scalar(ScalarKind::Float(number), written),
                Err(_) => scalar(ScalarKind::Text, written),
            },
            DeValue::Boolean(truth) => scalar(ScalarKind::Bool(*truth), written),
            // Plans have no dates; as a text it is what it looks like.
            DeValue::Datetime(_) => scalar(ScalarKind::Text, written),
            DeValue::Array(items) => NodeKind::List(
                items
                    .iter()
                    .map(|item| self.value(item, depth + 1))
                    .collect(),
            ),
            DeValue::Table(table) => self.table(table, depth),
        };
        Node { span, kind }
    }

    /// Says once that the limit is passed; what is deeper is dropped silently.
    fn too_deep(&mut self, place: Span) {
        if !self.tree.torn.is_empty() {
            return;
        }
        let message = format!("lists and tables lie more than {MAX_DEPTH} deep within each other");
        self.found
            .push(Diagnostic::error(codes::LIMIT, message).at(place, "the limit is passed here"));
        self.tree.torn.push(place);
    }

    /// The first of each line, and others with a proposal of their own: of
    /// `plan: 1` the parser says that the key lacks its `=`, and then that it is
    /// none.
    fn syntax_error(&mut self, error: &Error) {
        let range = error.span().unwrap_or(0..0);
        let range = range.start.min(self.text.len())..range.end.min(self.text.len());
        if self.found.left_out() > 0 {
            let slip = Slip::one_too_many(range);
            self.found.push(slip.diagnostic(self.file));
            return;
        }
        let line = line_of(self.text, range.start);
        let is_first = self
            .tree
            .torn
            .iter()
            .all(|torn| line_of(self.text, torn.range().start) != line);
        self.tree.torn.push(self.span(range.clone()));
        if self.is_yaml {
            return;
        }
        if error.message().starts_with("duplicate key") {
            self.duplicate(&range);
            return;
        }
        let slip = slips::explain(error.message(), self.text, range);
        let is_new = slip.fix.is_some() && !self.told.iter().any(|told| slip.touches(told));
        if !is_first && !is_new {
            return;
        }
        self.told.push(slip.range.clone());
        self.told
            .extend(slip.fix.iter().map(|(range, _)| range.clone()));
        let written = self.text[line.clone()].trim_start();
        if written.starts_with('[') {
            // The keys below belong to a table that nobody knows.
            let below = self.to_next_header(line.end);
            self.tree.torn.push(self.span(line.start..below));
        }
        self.is_yaml = written.starts_with("plan:");
        self.found.push(slip.diagnostic(self.file));
    }

    /// A key that is there twice; of a table's keys, only the table is told of.
    fn duplicate(&mut self, range: &Range<usize>) {
        if range.start < self.again_until {
            return;
        }
        let line = line_of(self.text, range.start);
        if self.text[line.clone()].trim_start().starts_with('[') {
            self.again_until = self.to_next_header(line.end);
        }
        let written = self.text.get(range.clone()).unwrap_or("");
        let again = Diagnostic::error(codes::DUPLICATE, format!("`{written}` is there twice"))
            .at(self.span(range.clone()), "again here");
        let again = match self.first_place(range) {
            Some(first) => again.at(first, "first here"),
            None => again,
        };
        self.found.push(again.help("leave one of them out"));
    }

    /// Where the next line with a table's header begins, or the end of the file.
    fn to_next_header(&self, from: usize) -> usize {
        self.text[from..]
            .find("\n[")
            .map_or(self.text.len(), |offset| from + offset)
    }

    /// Where the key at `again` stood before: the nearest line above that begins
    /// like its own. The parser forgets the first place, its text does not.
    fn first_place(&self, again: &Range<usize>) -> Option<Span> {
        let line = line_of(self.text, again.start);
        let begins = &self.text[line.start..again.end];
        let indent = begins.len() - begins.trim_start().len();
        let begins = begins.trim_start();
        let brackets = begins.len() - begins.trim_start_matches('[').len();
        let begins = &begins[brackets..];
        let key_offset = again.start - line.start - indent - brackets;
        let mut end = line.start;
        while end > 0 {
            let above = line_of(self.text, end - 1);
            let written = &self.text[above.clone()];
            let trimmed = written.trim_start().trim_start_matches('[');
            if let Some(rest) = trimmed.strip_prefix(begins)
                && !rest.starts_with(|sign: char| sign.is_alphanumeric() || "_-".contains(sign))
            {
                let start = above.start + written.len() - trimmed.len() + key_offset;
                return Some(self.span(start..start + again.len()));
            }
            end = above.start;
        }
        None
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }
}
