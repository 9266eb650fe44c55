//! What every reading function needs: where it is, and whom to tell.

use std::collections::HashSet;

use super::{
    codes,
    node::{Node, NodeKind, ScalarKind},
    yaml::{self, line_of},
};
use crate::source::{
    Certainty, Diagnostic, Diagnostics, FileId, Format, Source, Span, Spanned, in_ticks,
};

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
    doubts: Vec<(String, Diagnostic)>,
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
            doubts: Vec::new(),
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
        let text = self.quoted_text(text);
        match self.format {
            Format::Yaml => format!("{key}: {text}"),
            Format::Toml => format!("{key} = {text}"),
        }
    }

    /// A text that may hold any sign, in quotes.
    pub(super) fn quoted_text(&self, text: &str) -> String {
        match self.format {
            Format::Yaml => yaml::quoted(text),
            Format::Toml if !text.contains(['\'', '\n']) => format!("'{text}'"),
            Format::Toml => {
                let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
                format!("\"{}\"", escaped.replace('\n', "\\n"))
            }
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

    /// What to write over `place`: in quotes if the format needs them and they
    /// are not there already.
    pub(super) fn quoted_at(&self, place: Span, value: &str) -> String {
        if self.text[..place.range().start].ends_with(['\'', '"']) {
            value.to_owned()
        } else {
            self.quoted(value)
        }
    }

    /// Warns of `css: form #main`, where a comment without a space after its sign
    /// cuts off what may be the rest of the text.
    pub(super) fn cut_by_comment(&mut self, node: &Node) {
        let range = node.span.range();
        let rest = self.text[range.end..].trim_start_matches([' ', '\t']);
        // First, since a line can be the whole file.
        if !rest.starts_with('#') {
            return;
        }
        let written = &self.text[range.clone()];
        let end = line_of(self.text, range.end).end;
        let comment = self.text[range.end..end].trim();
        let is_word = comment
            .strip_prefix('#')
            .and_then(|word| word.chars().next())
            .is_some_and(|sign| !" \t#!-".contains(sign));
        let is_plain = !written.starts_with(['\'', '"', '|', '>']) && !written.contains('\n');
        if self.format != Format::Yaml || !is_word || !is_plain {
            return;
        }
        let whole = Span::new(self.file, range.start..self.text[..end].trim_end().len());
        let meant = self.quoted_text(&self.text[whole.range()]);
        let start = whole.range().end - comment.len();
        let help = format!(
            "if it is part of the text, write {}; if not, put a space after `#`",
            in_ticks(&meant)
        );
        self.tell(
            Diagnostic::warning(
                codes::LOST_TEXT,
                format!(
                    "`{}` ends before `#`: YAML reads a comment there",
                    self.path()
                ),
            )
            .at(
                Span::new(self.file, start..whole.range().end),
                "not part of the text",
            )
            .fix(whole, meant, help),
        );
    }

    /// The place of a text with the quotes around it, if there are any.
    pub(super) fn with_quotes(&self, place: Span) -> Span {
        let range = place.range();
        let before = self.text[..range.start].ends_with(['\'', '"']);
        let behind = self.text[range.end..].starts_with(['\'', '"']);
        match before && behind {
            true => Span::new(self.file, range.start - 1..range.end + 1),
            false => place,
        }
    }

    /// A list or mapping in brackets on one line, as it is written: in YAML it
    /// may be meant as a text.
    pub(super) fn in_brackets(&self, node: &Node) -> Option<&'a str> {
        let written = &self.text[node.span.range()];
        let text = written.starts_with(['[', '{']) && !written.contains('\n');
        (text && self.format == Format::Yaml).then_some(written)
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

    /// Tells of what is a mistake unless there is a task of that name, which is known
    /// once all files have been read.
    pub(super) fn doubt(&mut self, name: &Spanned<String>, diagnostic: Diagnostic) {
        if !self.is_torn(name.span) {
            self.doubts.push((name.value.clone(), diagnostic));
        }
    }

    /// What was doubted, and by the name of which task it would be right.
    pub(super) fn into_doubts(self) -> Vec<(String, Diagnostic)> {
        self.doubts
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
        if let Some(diagnostic) = self.of_wrong_type(node, expected) {
            self.tell(match help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            });
        }
    }

    /// As [`wrong_type`](Context::wrong_type), with what to write instead, and
    /// words for it.
    pub(super) fn wrong_type_fix(
        &mut self,
        node: &Node,
        expected: &str,
        text: &str,
        certainty: Certainty,
        words: impl FnOnce(&str) -> String,
    ) {
        if let Some(diagnostic) = self.of_wrong_type(node, expected) {
            let help = words(&in_ticks(text));
            // A tag can make a text of what needs no other spelling.
            self.tell(match &self.text[node.span.range()] {
                written if written == text => diagnostic,
                _ => match certainty {
                    Certainty::Certain => diagnostic.fix(node.span, text, help).certain(),
                    Certainty::Likely => diagnostic.fix(node.span, text, help),
                },
            });
        }
    }

    fn of_wrong_type(&mut self, node: &Node, expected: &str) -> Option<Diagnostic> {
        if matches!(node.kind, NodeKind::Broken) {
            return None;
        }
        if self.is_empty(node) {
            self.empty(node, expected);
            return None;
        }
        let found = node.describe();
        let diagnostic = Diagnostic::error(
            codes::WRONG_TYPE,
            format!("`{}` should be {expected}, not {found}", self.path()),
        );
        Some(diagnostic.at(self.first_line(node.span), format!("expected {expected}")))
    }

    /// As [`wrong_type`](Context::wrong_type) for lists: a single value is often
    /// meant as a list of one.
    pub(super) fn not_a_list(&mut self, node: &Node, expected: &str) {
        match &node.kind {
            NodeKind::Scalar(scalar) => {
                // Several of them with commas between are not one.
                let certainty = match scalar.text.contains(',') {
                    true => Certainty::Likely,
                    false => Certainty::Certain,
                };
                let list = format!("[{}]", self.quoted_text(&scalar.text));
                self.wrong_type_fix(node, expected, &list, certainty, |list| {
                    format!("write it as a list: {list}")
                });
            }
            NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Broken => {
                self.wrong_type(node, expected);
            }
        }
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
        .at(self.first_line(root.span), "expected a mapping");
        let begins = &self.text[root.span.range()];
        let is_toml =
            self.format == Format::Yaml && begins.lines().any(|line| line.contains(" = "));
        self.tell(if is_toml {
            diagnostic.help("if this is TOML, the file's name has to end in .toml")
        } else {
            diagnostic.help(format!("begin it with `{}`", self.spelled("plan", "1")))
        });
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
        let comment = rest.trim_start_matches([':', '-']).trim();
        // A comment for people has a space after its sign; what follows is one.
        let comment = comment.split(" #").next().unwrap_or(comment).trim_end();
        let is_value = comment.starts_with('#') && !comment[1..].starts_with([' ', '#']);
        // What belongs to the key may stand in the part that was not read.
        if !is_value && !self.torn_lines.is_empty() {
            return;
        }
        let diagnostic = if is_value && comment.len() > 1 {
            let start = line.end - rest.len() + rest.find('#').unwrap_or(0);
            let place = Span::new(self.file, start..start + comment.len());
            let value = self.quoted_text(comment);
            let help = format!("if it is the value, write {}", in_ticks(&value));
            Diagnostic::error(
                codes::WRONG_TYPE,
                format!(
                    "`{path}` is empty: YAML reads {} as a comment",
                    in_ticks(comment)
                ),
            )
            .at(place, "a comment, not a value")
            .fix(place, value, help)
        } else {
            Diagnostic::error(codes::WRONG_TYPE, format!("`{path}` is empty"))
                .at(node.span, format!("expected {expected}"))
                .help(match expected.contains("''") {
                    true => "write `''` for an empty text; one that begins with `#` needs quotes",
                    false => "give it a value, or leave the key out",
                })
        };
        self.tell(diagnostic);
    }
}
