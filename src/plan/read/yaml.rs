//! YAML text to a tree.
//!
//! The parser brings events with their bytes; this file nests them, replaces
//! aliases within bounds, applies `<<`, and refuses what plans do not have: keys
//! that are no texts, tags, a second document. After a syntax error the tree
//! holds what stood before it, so that mistakes up there are reported too.

use std::collections::HashMap;

use granit_parser::{Event, Parser, Tag};

use super::{
    codes,
    node::{Entry, MAX_DEPTH, MAX_NODES, Measure, Node, NodeKind, Scalar, ScalarKind},
    plain,
    tree::Tree,
    yaml_syntax::{self, line_of},
};
use crate::source::{Diagnostic, Diagnostics, FileId, Span, Spanned};

/// Builds the tree of a YAML file.
pub(super) fn tree(file: FileId, text: &str, found: &mut Diagnostics) -> Tree {
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        // Our own limit comes first and has the better message.
        flow_nesting_limit: 2 * MAX_DEPTH,
        block_nesting_limit: 2 * MAX_DEPTH,
    };
    let mut builder = Builder {
        file,
        text,
        open: Vec::new(),
        anchors: HashMap::new(),
        nodes: 0,
        last_braces: None,
        tree: Tree::default(),
        found,
    };
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                builder.syntax_error(error.kind(), at);
                break;
            }
        };
        let range = span.byte_range().unwrap_or(0..0);
        if matches!(event, Event::DocumentStart(..)) {
            documents += 1;
            if documents > 1 {
                builder.second_document(range);
                break;
            }
        }
        let tag_range = span.tag_span().and_then(|tag| tag.byte_range());
        if builder.event(event, range, tag_range).is_break() {
            break;
        }
    }
    builder.finish()
}

type Range = std::ops::Range<usize>;
type Flow = std::ops::ControlFlow<()>;

struct Builder<'a> {
    file: FileId,
    text: &'a str,
    /// Lists and mappings that have begun, outermost first.
    open: Vec<Open>,
    /// By the parser's number; numbers are never reused.
    anchors: HashMap<usize, (Node, Measure)>,
    nodes: usize,
    /// Where the last unquoted `{{` began: what follows it is often torn too.
    last_braces: Option<usize>,
    tree: Tree,
    found: &'a mut Diagnostics,
}

struct Open {
    start: usize,
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map(OpenMap),
}

#[derive(Default)]
struct OpenMap {
    entries: Vec<Entry>,
    places: HashMap<String, Span>,
    key: Option<Key>,
    merged: Vec<Node>,
    /// A key that is no text, and whether it is a mapping itself.
    odd_key: Option<(Span, OddKey)>,
}

enum Key {
    Named(Spanned<String>),
    Merge(Span),
    /// Reported, or about to be; its value is dropped.
    Broken,
}

#[derive(Clone, Copy)]
enum OddKey {
    Mapping,
    Other,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, range: Range, tag: Option<Range>) -> Flow {
        match event {
            Event::Scalar(text, style, anchor, tag_name) => {
                let written = self.text.get(range.clone()).unwrap_or("");
                let quoted = style != granit_parser::ScalarStyle::Plain;
                let scalar = if quoted || self.is_text_tag(tag_name.as_deref(), tag) {
                    Scalar {
                        text: text.into_owned(),
                        kind: ScalarKind::Text,
                    }
                } else if written.is_empty() {
                    Scalar {
                        text: String::new(),
                        kind: ScalarKind::Empty,
                    }
                } else {
                    let kind = plain::resolve(&text);
                    Scalar {
                        text: text.into_owned(),
                        kind,
                    }
                };
                // A block scalar's bytes end with the empty lines after it.
                let end = range.start + written.trim_end().len();
                self.add(
                    self.span(range.start..end),
                    NodeKind::Scalar(scalar),
                    anchor,
                )
            }
            Event::SequenceStart(_, anchor, tag_name) => {
                self.is_text_tag(tag_name.as_deref(), tag);
                self.begin(range, anchor, Content::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag_name) => {
                self.is_text_tag(tag_name.as_deref(), tag);
                self.begin(range, anchor, Content::Map(OpenMap::default()))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let open = self.open.pop().expect("ends match their beginnings");
                self.end(open, range)
            }
            Event::Alias(id) => self.alias(id, range),
            Event::UnresolvedAlias(name) => {
                let written = self.slice(&range).to_owned();
                self.report(
                    Diagnostic::error(
                        codes::SYNTAX,
                        format!("`{written}` needs quotes: YAML reads `*` as an alias"),
                    )
                    .at(
                        self.span(range.clone()),
                        format!("there is no anchor `&{name}`"),
                    )
                    .help(format!("write `'{written}'`")),
                );
                self.add(self.span(range), NodeKind::Broken, 0)
            }
            // Beginnings, ends and comments; the parser's enum may grow.
            _ => Flow::Continue(()),
        }
    }

    fn begin(&mut self, range: Range, anchor: usize, content: Content) -> Flow {
        if self.open.len() >= MAX_DEPTH {
            let place = self.span(range);
            return self.too_deep(place);
        }
        self.open.push(Open {
            start: range.start,
            anchor,
            content,
        });
        Flow::Continue(())
    }

    fn end(&mut self, open: Open, range: Range) -> Flow {
        let (last, kind) = match open.content {
            Content::List(items) => (items.last().map(|item| item.span), NodeKind::List(items)),
            Content::Map(map) => {
                let last = map.entries.last().map(|entry| entry.value.span);
                match map.odd_key {
                    Some(odd) => {
                        self.odd_key(odd, open.start..range.end);
                        (None, NodeKind::Broken)
                    }
                    None => (last, NodeKind::Map(self.merge(map))),
                }
            }
        };
        // Block collections end where the next thing begins; flow ones with a bracket.
        let end = if range.is_empty() {
            last.map_or(open.start, |last| last.range().end)
        } else {
            range.end
        };
        let span = self.span(open.start..end.max(open.start));
        self.add(span, kind, open.anchor)
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, span: Span, kind: NodeKind, anchor: usize) -> Flow {
        self.nodes += 1;
        let node = Node { span, kind };
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), node.measure()));
        }
        self.place(node);
        if self.nodes > MAX_NODES {
            return self.too_many(span);
        }
        Flow::Continue(())
    }

    fn place(&mut self, mut node: Node) {
        let text = self.text;
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.tree.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map(map)) => match map.key.take() {
                None => map.key = Some(key_of(node, text, &mut map.odd_key)),
                Some(Key::Broken) => {}
                Some(Key::Merge(place)) => {
                    if let Some(wrong) = map.merge_from(node) {
                        self.found.push(
                            Diagnostic::error(
                                codes::WRONG_TYPE,
                                "`<<` takes in a mapping, or a list of mappings",
                            )
                            .at(place, format!("this is {wrong}")),
                        );
                    }
                }
                Some(Key::Named(key)) => {
                    // Nothing has no place of its own; its key has.
                    if let NodeKind::Scalar(scalar) = &node.kind
                        && scalar.kind == ScalarKind::Empty
                    {
                        node.span = key.span;
                    }
                    if let Some(first) = map.places.get(&key.value) {
                        self.found.push(duplicate_key(&key, *first));
                    } else {
                        map.places.insert(key.value.clone(), key.span);
                        map.entries.push(Entry { key, value: node });
                    }
                }
            },
        }
    }

    /// The entries of a mapping with those that `<<` takes in; its own win.
    fn merge(&mut self, map: OpenMap) -> Vec<Entry> {
        let OpenMap {
            mut entries,
            mut places,
            merged,
            ..
        } = map;
        for source in merged {
            let NodeKind::Map(taken) = source.kind else {
                continue;
            };
            for entry in taken {
                if !places.contains_key(&entry.key.value) {
                    places.insert(entry.key.value.clone(), entry.key.span);
                    entries.push(entry);
                }
            }
        }
        entries
    }

    fn alias(&mut self, id: usize, range: Range) -> Flow {
        let place = self.span(range.clone());
        let Some((node, measure)) = self.anchors.get(&id) else {
            let written = self.slice(&range);
            let diagnostic = Diagnostic::error(
                codes::SYNTAX,
                format!("`{written}` stands inside of what it is an alias for"),
            )
            .at(place, "this would never end");
            self.report(diagnostic);
            return self.add(place, NodeKind::Broken, 0);
        };
        if self.nodes + measure.nodes > MAX_NODES {
            return self.too_many(place);
        }
        if self.open.len() + measure.depth > MAX_DEPTH {
            return self.too_deep(place);
        }
        self.nodes += measure.nodes;
        let copy = node.clone();
        self.place(copy);
        Flow::Continue(())
    }

    fn too_deep(&mut self, place: Span) -> Flow {
        self.give_up(
            Diagnostic::error(
                codes::LIMIT,
                format!("lists and mappings lie more than {MAX_DEPTH} deep within each other"),
            )
            .at(place, "one level too many begins here"),
            place,
        )
    }

    fn too_many(&mut self, place: Span) -> Flow {
        self.give_up(
            Diagnostic::error(
                codes::LIMIT,
                format!("the file has more than {MAX_NODES} values, its aliases replaced"),
            )
            .at(place, "the limit is passed here"),
            place,
        )
    }

    fn give_up(&mut self, diagnostic: Diagnostic, place: Span) -> Flow {
        self.found.push(diagnostic);
        self.tree.torn.push(place);
        Flow::Break(())
    }

    fn second_document(&mut self, range: Range) {
        let place = self.span(range);
        let diagnostic = Diagnostic::error(codes::SYNTAX, "a file holds one plan, this one more")
            .at(place, "a second YAML document begins here")
            .help("put the second one into a file of its own");
        let _ = self.give_up(diagnostic, place);
    }

    /// `get: {{ url }}` is, to YAML, a mapping whose only key is a mapping.
    fn odd_key(&mut self, (key, kind): (Span, OddKey), range: Range) {
        if !self.tree.torn.is_empty() {
            return;
        }
        let written = self.slice(&range);
        let diagnostic = match kind {
            OddKey::Mapping if written.starts_with("{{") => {
                let rest = self.text[range.end..line_of(self.text, range.end).end].trim_start();
                let help = if rest.is_empty() || rest.starts_with([',', '}', ']', '#']) {
                    format!("write `'{written}'`")
                } else {
                    "put the whole value in single quotes".to_owned()
                };
                let diagnostic = Diagnostic::error(
                    codes::SYNTAX,
                    format!("`{written}` needs quotes: YAML reads it as a mapping"),
                )
                .at(
                    self.span(range.clone()),
                    "read as a mapping within a mapping",
                )
                .help(help);
                self.last_braces = Some(range.start);
                diagnostic
            }
            OddKey::Mapping | OddKey::Other => {
                Diagnostic::error(codes::SYNTAX, "a key has to be a text").at(key, "this is none")
            }
        };
        self.report(diagnostic);
    }

    /// Whether a tag makes a scalar a text. Any but YAML's own tags is a mistake.
    fn is_text_tag(&mut self, tag: Option<&Tag>, range: Option<Range>) -> bool {
        let Some(tag) = tag else {
            return false;
        };
        // `!` alone says "no resolving", which is a text too.
        if tag.is_yaml_core_schema_tag("str") || tag.original() == "!" {
            return true;
        }
        if tag.is_custom() {
            let place = self.span(range.unwrap_or(0..0));
            let diagnostic = Diagnostic::error(
                codes::SYNTAX,
                format!("plans have no tags such as `{}`", tag.original()),
            )
            .at(place, "a YAML tag")
            .help("leave it out, or put the text in quotes");
            self.report(diagnostic);
        }
        false
    }

    fn syntax_error(&mut self, kind: &granit_parser::ErrorKind, at: usize) {
        let bracket = self
            .open
            .iter()
            .rev()
            .map(|open| open.start)
            .find(|start| self.text[*start..].starts_with(['[', '{']));
        let slip = yaml_syntax::explain(kind, self.text, at, bracket);
        let place = self.span(slip.range);
        if let Some(braces) = self.last_braces
            && line_of(self.text, braces) == line_of(self.text, place.range().start)
        {
            self.tree.torn.push(place);
            return;
        }
        let diagnostic = Diagnostic::error(slip.code, slip.message).at(place, slip.label);
        let diagnostic = match slip.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        };
        let _ = self.give_up(diagnostic, place);
    }

    /// Closes what a syntax error left open, and leaves out a key without value.
    fn finish(mut self) -> Tree {
        while let Some(open) = self.open.pop() {
            let end = open.start;
            if let Flow::Break(()) = self.end(open, end..end) {
                self.open.clear();
            }
        }
        self.tree
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    fn slice(&self, range: &Range) -> &str {
        self.text.get(range.clone()).unwrap_or("")
    }

    fn span(&self, range: Range) -> Span {
        Span::new(self.file, range)
    }
}

impl OpenMap {
    /// Takes in what stands after `<<`; returns what it is if that cannot be.
    fn merge_from(&mut self, node: Node) -> Option<String> {
        match node.kind {
            NodeKind::Map(_) => self.merged.push(node),
            NodeKind::List(items) => {
                for item in items {
                    match item.kind {
                        NodeKind::Map(_) => self.merged.push(item),
                        NodeKind::Broken => {}
                        NodeKind::Scalar(_) | NodeKind::List(_) => return Some(item.describe()),
                    }
                }
            }
            NodeKind::Broken => {}
            NodeKind::Scalar(_) => return Some(node.describe()),
        }
        None
    }
}

fn key_of(node: Node, text: &str, odd: &mut Option<(Span, OddKey)>) -> Key {
    match node.kind {
        NodeKind::Scalar(_) if &text[node.span.range()] == "<<" => Key::Merge(node.span),
        NodeKind::Scalar(scalar) => Key::Named(Spanned::new(scalar.text, node.span)),
        NodeKind::Broken => Key::Broken,
        NodeKind::Map(_) => {
            *odd = Some((node.span, OddKey::Mapping));
            Key::Broken
        }
        NodeKind::List(_) => {
            *odd = Some((node.span, OddKey::Other));
            Key::Broken
        }
    }
}

/// The second of two equal keys; the first one is kept.
pub(super) fn duplicate_key(key: &Spanned<String>, first: Span) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE, format!("`{}` is there twice", key.value))
        .at(key.span, "again here")
        .at(first, "first here")
}
