//! TOML text to a tree.
//!
//! The parser goes on after every syntax error, so all of them are reported; an
//! unquoted value is reported and taken for the text that was meant.

use std::ops::Range;

use ::toml::{
    Spanned as TomlSpanned,
    de::{DeTable, DeValue, Error},
};

use super::{
    codes,
    node::{Entry, MAX_DEPTH, MAX_NODES, Node, NodeKind, Scalar, ScalarKind},
    tree::Tree,
    yaml_syntax::line_of,
};
use crate::source::{Diagnostic, Diagnostics, FileId, Span, Spanned};

/// Builds the tree of a TOML file.
pub(super) fn tree(file: FileId, text: &str, found: &mut Diagnostics) -> Tree {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut builder = Builder {
        file,
        text,
        nodes: 0,
        tree: Tree::default(),
        found,
    };
    for error in errors {
        builder.syntax_error(&error);
    }
    // A table without a key is a file without a plan: comments, or nothing.
    if !table.get_ref().is_empty() {
        let kind = builder.table(table.get_ref(), 1);
        let whole = builder.span(0..text.len());
        builder.tree.root = Some(Node { span: whole, kind });
    }
    builder.tree
}

struct Builder<'a> {
    file: FileId,
    text: &'a str,
    nodes: usize,
    tree: Tree,
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
        self.nodes += 1;
        if depth > MAX_DEPTH || self.nodes > MAX_NODES {
            self.limit(depth, span);
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

    /// Says once that a limit is passed; further values are dropped silently.
    fn limit(&mut self, depth: usize, place: Span) {
        if !self.tree.torn.is_empty() {
            return;
        }
        let message = if depth > MAX_DEPTH {
            format!("lists and tables lie more than {MAX_DEPTH} deep within each other")
        } else {
            format!("the file has more than {MAX_NODES} values")
        };
        self.found
            .push(Diagnostic::error(codes::LIMIT, message).at(place, "the limit is passed here"));
        self.tree.torn.push(place);
    }

    fn syntax_error(&mut self, error: &Error) {
        let range = error.span().unwrap_or(0..0);
        let range = range.start.min(self.text.len())..range.end.min(self.text.len());
        let place = self.span(range.clone());
        let written = self.text.get(range.clone()).unwrap_or("");
        let message = error.message();
        let diagnostic = if message.starts_with("duplicate key") {
            let again = Diagnostic::error(codes::DUPLICATE, format!("`{written}` is there twice"))
                .at(place, "again here");
            match self.first_place(&range) {
                Some(first) => again.at(first, "first here"),
                None => again,
            }
        } else if message.starts_with("string values must be quoted") && written.is_empty() {
            Diagnostic::error(codes::SYNTAX, "a value is missing after `=`")
                .at(place, "nothing stands here")
        } else if message.starts_with("string values must be quoted") {
            Diagnostic::error(codes::SYNTAX, format!("`{written}` needs quotes"))
                .at(place, "a text without quotes")
                .help(format!("write `\"{written}\"`"))
        } else if message.starts_with("key with no value") {
            Diagnostic::error(codes::SYNTAX, "a key without `=` after it")
                .at(place, "`=` is missing here")
                .help("write `KEY = VALUE`; if the file is YAML, its name has to end in .yaml")
        } else {
            Diagnostic::error(codes::SYNTAX, format!("not valid TOML: {message}")).at(place, "here")
        };
        self.found.push(diagnostic);
        self.tree.torn.push(place);
    }

    /// Where the key at `again` stood before: the nearest line above that begins
    /// like its own. The parser forgets the first place, its text does not.
    fn first_place(&self, again: &Range<usize>) -> Option<Span> {
        let line = line_of(self.text, again.start);
        let begins = &self.text[line.start..again.end];
        let indent = begins.len() - begins.trim_start().len();
        let begins = begins.trim_start();
        let key_offset = again.start - line.start - indent;
        let mut end = line.start;
        while end > 0 {
            let above = line_of(self.text, end - 1);
            let written = &self.text[above.clone()];
            let trimmed = written.trim_start();
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
