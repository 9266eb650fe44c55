//! What every reading function needs: where it is, and whom to tell.

use std::collections::HashSet;

use super::{
    codes,
    node::{Node, NodeKind, ScalarKind},
    yaml::line_of,
};
use crate::source::{Diagnostic, Diagnostics, FileId, Format, Source, Span, Spanned};

/// The file being read, the path of keys to where reading is, and the list of
/// what was found.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) file: FileId,
    text: &'a str,
    format: Format,
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
            format: source.format,
            path: Vec::new(),
            torn_lines: torn
                .iter()
                .map(|place| {
                    let range = place.range();
                    line_of(&source.text, range.start).start..line_of(&source.text, range.end).end
                })
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

    /// A key and its value, spelled as in the file that is being read.
    pub(super) fn spelled(&self, key: &str, value: &str) -> String {
        match self.format {
            Format::Yaml => format!("{key}: {value}"),
            Format::Toml => format!("{key} = {}", self.quoted(value)),
        }
    }

    /// A key and a text that may hold any sign.
    pub(super) fn spelled_text(&self, key: &str, text: &str) -> String {
        match self.format {
            Format::Yaml => format!("{key}: '{text}'"),
            Format::Toml => format!("{key} = '{text}'"),
        }
    }

    /// A value, in quotes if the file's format needs them.
    pub(super) fn quoted(&self, value: &str) -> String {
        let number = value.chars().all(|sign| sign.is_ascii_digit());
        match self.format {
            Format::Toml if !number => format!("\"{value}\""),
            Format::Toml | Format::Yaml => value.to_owned(),
        }
    }

    /// As [`spelled`](Context::spelled), as the item of a list.
    pub(super) fn spelled_item(&self, key: &str, value: &str) -> String {
        let entry = self.spelled(key, value);
        match self.format {
            Format::Yaml => entry,
            Format::Toml => format!("{{ {entry} }}"),
        }
    }

    /// How to make a list item of a mapping at `path`.
    pub(super) fn as_item(&self) -> String {
        match self.format {
            Format::Yaml => "begin it with `- `".to_owned(),
            Format::Toml => format!(
                "make a list of it: `[[{}]]`, or `[…]` around it",
                self.path()
            ),
        }
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
            if self.is_torn(label.span) {
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

    /// Whether a place lies on a line with a syntax error: what was read there is
    /// hardly what was meant.
    pub(super) fn is_torn(&self, place: Span) -> bool {
        let start = place.range().start;
        place.file == self.file
            && self
                .torn_lines
                .iter()
                .any(|line| line.start <= start && start <= line.end)
    }

    /// Tells that a node is of the wrong type: `expected` ends "should be …".
    pub(super) fn wrong_type(&mut self, node: &Node, expected: &str) {
        self.wrong_type_help(node, expected, None);
    }

    /// As [`wrong_type`](Context::wrong_type), with a proposal.
    pub(super) fn wrong_type_help(&mut self, node: &Node, expected: &str, help: Option<String>) {
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
        self.tell(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }

    /// As [`wrong_type`](Context::wrong_type) for lists: a single value is often
    /// meant as a list of one.
    pub(super) fn not_a_list(&mut self, node: &Node, expected: &str) {
        let help = match &node.kind {
            NodeKind::Scalar(scalar) => Some(format!("write it as a list: `['{}']`", scalar.text)),
            NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken => None,
        };
        self.wrong_type_help(node, expected, help);
    }

    /// Tells that a file holds nothing.
    pub(super) fn nothing(&mut self) {
        let diagnostic = Diagnostic::error(codes::MISSING, "the file holds no plan")
            .at(
                Span::top_of(self.file),
                "nothing but comments and empty lines",
            )
            .help(format!("begin it with `{}`", self.spelled("plan", "1")));
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
        .help(format!("begin it with `{}`", self.spelled("plan", "1")));
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
