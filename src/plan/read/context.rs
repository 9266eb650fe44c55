//! What every reading function needs: where it is, and whom to tell.

use std::collections::HashSet;

use super::{
    codes,
    node::{Node, NodeKind, ScalarKind},
    yaml_syntax::line_of,
};
use crate::source::{Diagnostic, Diagnostics, FileId, Source, Span, Spanned};

/// The file being read, the path of keys to where reading is, and the list of
/// what was found.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) file: FileId,
    text: &'a str,
    path: Vec<Segment>,
    /// Lines with syntax errors, and places already complained of.
    torn_lines: Vec<std::ops::Range<usize>>,
    told: HashSet<(&'static str, Span, String)>,
    names_lost: bool,
    found: &'a mut Diagnostics,
}

#[derive(Debug)]
enum Segment {
    Key(Spanned<String>),
    Item(usize),
}

impl<'a> Context<'a> {
    pub(super) fn new(
        file: FileId,
        source: &'a Source,
        torn: &[Span],
        found: &'a mut Diagnostics,
    ) -> Context<'a> {
        Context {
            file,
            text: &source.text,
            path: Vec::new(),
            torn_lines: torn
                .iter()
                .map(|place| line_of(&source.text, place.range().start))
                .collect(),
            told: HashSet::new(),
            names_lost: false,
            found,
        }
    }

    /// Reads something below `key`; messages name the path with it.
    pub(super) fn under<T>(
        &mut self,
        key: &Spanned<String>,
        read: impl FnOnce(&mut Context<'a>) -> T,
    ) -> T {
        self.path.push(Segment::Key(key.clone()));
        let value = read(self);
        self.path.pop();
        value
    }

    /// Reads the item `index` of a list.
    pub(super) fn item<T>(&mut self, index: usize, read: impl FnOnce(&mut Context<'a>) -> T) -> T {
        self.path.push(Segment::Item(index));
        let value = read(self);
        self.path.pop();
        value
    }

    /// The path of keys, as in `users.editor.on_start[0]`.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for segment in &self.path {
            match segment {
                Segment::Key(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                }
                Segment::Item(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }

    /// The place of the key that is being read, if it is a key.
    pub(super) fn key_span(&self) -> Option<Span> {
        match self.path.last()? {
            Segment::Key(key) => Some(key.span),
            Segment::Item(_) => None,
        }
    }

    /// Notes that names which others refer to could not be read. To check such a
    /// plan would be to complain of names that its author did write.
    pub(super) fn lose_names(&mut self) {
        self.names_lost = true;
    }

    /// Whether names were lost.
    pub(super) fn names_lost(&self) -> bool {
        self.names_lost
    }

    /// The place of a node's scalar text, without quotes where they can be left out.
    pub(super) fn content_span(&self, node: &Node, text: &str) -> Span {
        super::node::content_span(node.span, &self.text[node.span.range()], text)
    }

    /// Tells of a mistake: once per place, and not where text is torn anyway.
    pub(super) fn tell(&mut self, diagnostic: Diagnostic) {
        // In a torn file, what is missing may stand in the part that was not read.
        if !self.torn_lines.is_empty() && diagnostic.code == codes::MISSING {
            return;
        }
        if let Some(label) = diagnostic.labels.first() {
            let start = label.span.range().start;
            if label.span.file == self.file
                && self
                    .torn_lines
                    .iter()
                    .any(|line| line.start <= start && start <= line.end)
            {
                return;
            }
            // An alias brings the same mistake to several paths; one report is enough.
            let last = match self.path.last() {
                Some(Segment::Key(key)) => key.value.clone(),
                Some(Segment::Item(_)) | None => String::new(),
            };
            if !self.told.insert((diagnostic.code, label.span, last)) {
                return;
            }
        }
        self.found.push(diagnostic);
    }

    /// Tells that a node is of the wrong type: `expected` ends "should be …".
    pub(super) fn wrong_type(&mut self, node: &Node, expected: &str) {
        if matches!(node.kind, NodeKind::Broken) {
            return;
        }
        if self.is_empty(node) {
            return self.empty(node, expected);
        }
        let found = node.describe();
        let diagnostic = Diagnostic::error(
            codes::WRONG_TYPE,
            format!("`{}` should be {expected}, not {found}", self.path()),
        )
        .at(self.first_line(node.span), format!("expected {expected}"));
        self.tell(diagnostic);
    }

    /// As [`wrong_type`](Context::wrong_type) for lists: a single value is often
    /// meant as a list of one.
    pub(super) fn not_a_list(&mut self, node: &Node, expected: &str) {
        let NodeKind::Scalar(scalar) = &node.kind else {
            return self.wrong_type(node, expected);
        };
        if self.is_empty(node) {
            return self.empty(node, expected);
        }
        let diagnostic = Diagnostic::error(
            codes::WRONG_TYPE,
            format!(
                "`{}` should be {expected}, not {}",
                self.path(),
                node.describe()
            ),
        )
        .at(self.first_line(node.span), format!("expected {expected}"))
        .help(format!("write it in brackets: `[{}]`", scalar.text));
        self.tell(diagnostic);
    }

    /// Tells that a file holds something, but no mapping.
    pub(super) fn not_a_plan(&mut self, root: &Node) {
        if matches!(root.kind, NodeKind::Broken) {
            return;
        }
        let diagnostic = Diagnostic::error(
            codes::WRONG_TYPE,
            format!(
                "a plan is a mapping of keys to values, not {}",
                root.describe()
            ),
        )
        .at(self.first_line(root.span), "expected a mapping")
        .help("begin it with `plan: 1`");
        self.tell(diagnostic);
    }

    /// A place without what is below its first line: half a file underlined
    /// says nothing.
    fn first_line(&self, place: Span) -> Span {
        let range = place.range();
        let end = line_of(self.text, range.start).end.min(range.end);
        Span::new(self.file, range.start..end)
    }

    /// Whether a key has nothing after it.
    pub(super) fn is_empty(&self, node: &Node) -> bool {
        matches!(&node.kind, NodeKind::Scalar(scalar) if scalar.kind == ScalarKind::Empty)
    }

    /// Tells of a key with nothing after it; often `#` began a comment there.
    pub(super) fn empty(&mut self, node: &Node, expected: &str) {
        let path = self.path();
        let line = line_of(self.text, node.span.range().end);
        let rest = &self.text[node.span.range().end..line.end];
        let comment = rest.trim_start_matches(':').trim();
        // `css: #main` leaves no space after the sign, where a comment has one.
        let diagnostic = if comment.starts_with('#') {
            let start = line.end - rest.len() + rest.find('#').unwrap_or(0);
            let place = Span::new(self.file, start..start + comment.len());
            Diagnostic::error(
                codes::WRONG_TYPE,
                format!("`{path}` is empty: YAML reads `{comment}` as a comment"),
            )
            .at(place, "a comment, not a value")
            .help(format!("if it is the value, write `'{comment}'`"))
        } else {
            Diagnostic::error(codes::WRONG_TYPE, format!("`{path}` is empty"))
                .at(node.span, format!("expected {expected}"))
                .help("give it a value, or leave the key out")
        };
        self.tell(diagnostic);
    }
}
