//! Events to nodes: nesting, aliases within bounds, and what plans do not have.

use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, ScalarStyle, Tag};

use super::{
    open::{Content, Key, OddKey, Open, OpenMap, duplicate_key, key_of},
    plain, reject,
    syntax::{self, Brackets, line_of},
};
use crate::{
    plan::read::{
        codes,
        node::{Entry, MAX_ALIASED_NODES, MAX_DEPTH, Measure, Node, NodeKind, Scalar, ScalarKind},
        slip::Slip,
    },
    source::{Diagnostic, Diagnostics, FileId, Severity, Span},
};

pub(super) type Range = std::ops::Range<usize>;
pub(super) type Flow = std::ops::ControlFlow<()>;

/// Nests the events of one stretch of a file.
pub(super) struct Builder<'a> {
    file: FileId,
    /// As it is in the file, whatever the parser was given.
    text: &'a str,
    /// Values that were left out for the parser: they could not be read.
    left_out: &'a [Range],
    /// The text before this stretch: its anchors are not known here.
    before: &'a str,
    /// Lists and mappings that have begun, outermost first.
    open: Vec<Open>,
    /// By the parser's number; numbers are never reused.
    anchors: HashMap<usize, (Node, Measure)>,
    /// Their names, in order, and where those stand.
    names: Vec<Anchor>,
    /// Whether the last node was a scalar without quotes.
    plain_scalar: bool,
    /// The anchor of the last node, if that is nothing.
    empty_anchor: Option<usize>,
    /// Nodes that aliases brought.
    aliased_nodes: usize,
    /// Where the last unquoted `{{` began: what follows it is often torn too.
    last_braces: Option<usize>,
    /// The scalar placed last: a slip of indentation makes it swallow a line.
    last_scalar: Option<Span>,
    /// Whether what is open is being closed because the text is torn.
    closing: bool,
    root: Option<Node>,
    torn: Vec<Span>,
    gaps: bool,
    found: &'a mut Diagnostics,
}

struct Anchor {
    id: usize,
    name: String,
    range: Range,
    /// Whether it stands on a text without quotes, or on nothing.
    on_text: bool,
    used: bool,
}

/// What a stretch of a file came to.
pub(super) struct Built {
    pub(super) root: Option<Node>,
    /// Places with syntax errors, where keys may be missing.
    pub(super) torn: Vec<Span>,
    /// Whether there is a node that could not be read.
    pub(super) gaps: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        file: FileId,
        text: &'a str,
        left_out: &'a [Range],
        before: &'a str,
        found: &'a mut Diagnostics,
    ) -> Builder<'a> {
        Builder {
            file,
            text,
            left_out,
            before,
            open: Vec::new(),
            anchors: HashMap::new(),
            names: Vec::new(),
            plain_scalar: false,
            empty_anchor: None,
            aliased_nodes: 0,
            last_braces: None,
            last_scalar: None,
            closing: false,
            root: None,
            torn: Vec::new(),
            gaps: false,
            found,
        }
    }

    /// Takes the next event; breaks when the rest of the file is not worth reading.
    pub(super) fn event(&mut self, event: Event<'_>, range: Range, tag: Option<Range>) -> Flow {
        match event {
            Event::Scalar(text, style, anchor, tag_name) => {
                let is_plain = style == ScalarStyle::Plain;
                self.plain_scalar = is_plain;
                let tagged = self.tag(tag_name.as_deref(), tag);
                self.scalar(text.into_owned(), is_plain, range, anchor, tagged)
            }
            Event::SequenceStart(_, anchor, tag_name) => {
                self.plain_scalar = false;
                self.tag(tag_name.as_deref(), tag);
                self.begin(range, anchor, Content::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag_name) => {
                self.plain_scalar = false;
                self.tag(tag_name.as_deref(), tag);
                self.begin(range, anchor, Content::Map(OpenMap::default()))
            }
            Event::Anchor(id, name) => {
                // Nothing is there that an alias could stand for.
                if self.empty_anchor.take() == Some(id) {
                    self.tell(&reject::anchor(self.text, range.clone()));
                }
                self.names.push(Anchor {
                    id,
                    name: name.into_owned(),
                    range,
                    on_text: self.plain_scalar,
                    used: false,
                });
                Flow::Continue(())
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let open = self.open.pop().expect("ends match their beginnings");
                self.end(open, range)
            }
            Event::Alias(id) => self.alias(id, range),
            Event::UnresolvedAlias(name) => {
                let place = self.span(range.clone());
                if !self.before.contains(&format!("&{name}")) {
                    let known = self.names.iter().map(|anchor| anchor.name.as_str());
                    self.tell(&reject::alias(self.text, range, known));
                }
                self.add(place, NodeKind::Broken, 0)
            }
            // Beginnings, ends and comments; the parser's enum may grow.
            _ => Flow::Continue(()),
        }
    }

    fn scalar(
        &mut self,
        text: String,
        is_plain: bool,
        range: Range,
        anchor: usize,
        tagged: Tagged,
    ) -> Flow {
        let written = self.text.get(range.clone()).unwrap_or("");
        // A block scalar's bytes end with the empty lines after it.
        let end = range.start + written.trim_end_matches([' ', '\t', '\n', '\r']).len();
        let place = self.span(range.start..end);
        let kind = match tagged {
            _ if !is_plain => ScalarKind::Text,
            Tagged::Text => ScalarKind::Text,
            Tagged::Wrongly => {
                self.last_scalar = Some(place);
                return self.add(place, NodeKind::Broken, anchor);
            }
            Tagged::Not if written.is_empty() => ScalarKind::Empty,
            Tagged::Not => plain::resolve(&text),
        };
        if anchor != 0 && kind == ScalarKind::Empty {
            self.empty_anchor = Some(anchor);
            self.plain_scalar = false;
            return self.add(place, NodeKind::Broken, anchor);
        }
        let left_out = |gap: &Range| gap.start < end && range.start < gap.end;
        if self.left_out.iter().any(left_out) {
            return self.add(place, NodeKind::Broken, anchor);
        }
        self.last_scalar = Some(place);
        self.add(place, NodeKind::Scalar(Scalar { text, kind }), anchor)
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
                        self.odd_key(odd, &(open.start..range.end));
                        (None, NodeKind::Broken)
                    }
                    None => (last, NodeKind::Map(map.merged_entries())),
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
        let node = Node { span, kind };
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), node.measure()));
        }
        self.place(node);
        Flow::Continue(())
    }

    fn place(&mut self, mut node: Node) {
        let text = self.text;
        self.gaps |= matches!(node.kind, NodeKind::Broken);
        let mut told = None;
        let open_start = self.open.last().map(|open| open.start);
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map(map)) => match map.key.take() {
                None => {
                    // Which key it would have been is unknown.
                    if matches!(node.kind, NodeKind::Broken) {
                        self.torn.push(node.span);
                    } else if let Some(slip) = reject::odd_space(text, node.span) {
                        self.torn.push(node.span);
                        told = Some(slip);
                    }
                    let place = node.span;
                    let key = key_of(node, text, &mut map.odd_key);
                    if matches!(key, Key::Merge)
                        && let Some(first) = map.merge_key.replace(place)
                    {
                        self.found.push(reject::merge_twice(place, first));
                    }
                    map.key = Some(key);
                }
                Some(Key::Broken) => {}
                Some(Key::Merge) => {
                    if let Some(wrong) = map.merge_from(node) {
                        let known = self.names.iter().map(|anchor| anchor.name.as_str());
                        self.found.push(reject::merge(&wrong, known));
                    }
                }
                Some(Key::Named(key)) => {
                    // Nothing has no place of its own; its key has.
                    if let NodeKind::Scalar(scalar) = &node.kind
                        && scalar.kind == ScalarKind::Empty
                    {
                        let in_braces =
                            open_start.is_some_and(|start| text[start..].starts_with('{'));
                        if in_braces && reject::is_bare(text, &key) {
                            self.gaps = true;
                            node.kind = NodeKind::Broken;
                            told = map.take_bare(text, &key);
                        }
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
        if let Some(slip) = told {
            self.tell(&slip);
        }
    }

    fn alias(&mut self, id: usize, range: Range) -> Flow {
        let place = self.span(range.clone());
        for anchor in self.names.iter_mut().filter(|anchor| anchor.id == id) {
            anchor.used = true;
        }
        let Some((node, measure)) = self.anchors.get(&id) else {
            let written = self.slice(&range);
            let diagnostic = Diagnostic::error(
                codes::SYNTAX,
                format!("`{written}` stands inside of what it is an alias for"),
            )
            .at(place, "this would never end");
            self.found.push(diagnostic);
            return self.add(place, NodeKind::Broken, 0);
        };
        if self.aliased_nodes + measure.nodes > MAX_ALIASED_NODES {
            return self.too_many(place);
        }
        if self.open.len() + measure.depth > MAX_DEPTH {
            return self.too_deep(place);
        }
        self.aliased_nodes += measure.nodes;
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
                format!("the aliases stand for more than {MAX_ALIASED_NODES} values"),
            )
            .at(place, "the limit is passed here"),
            place,
        )
    }

    fn give_up(&mut self, diagnostic: Diagnostic, place: Span) -> Flow {
        self.found.push(diagnostic);
        self.torn.push(place);
        Flow::Break(())
    }

    /// A file holds one plan, and one document.
    pub(super) fn second_document(&mut self, range: &Range) {
        let slip = reject::second_document(self.text, range.start);
        self.tear(&slip);
    }

    fn odd_key(&mut self, (key, kind): (Span, OddKey), range: &Range) {
        if self.closing {
            return;
        }
        if matches!(kind, OddKey::Mapping) && self.slice(range).starts_with("{{") {
            self.last_braces = Some(range.start);
            let slip = reject::braces(self.text, range);
            self.tell(&slip);
            return;
        }
        self.found.push(
            Diagnostic::error(codes::SYNTAX, "a key has to be a text").at(key, "this is none"),
        );
    }

    /// What a tag makes of a scalar. Any but YAML's own tags is a slip.
    fn tag(&mut self, tag: Option<&Tag>, range: Option<Range>) -> Tagged {
        let Some(tag) = tag else {
            return Tagged::Not;
        };
        if tag.is_yaml_core_schema_tag("str") {
            return Tagged::Text;
        }
        if tag.is_custom() || tag.original() == "!" {
            let slip = reject::tag(self.text, range.unwrap_or(0..0));
            self.tell(&slip);
            return Tagged::Wrongly;
        }
        Tagged::Not
    }

    /// What a syntax error at byte `at` of what the parser was given is.
    pub(super) fn explain(&self, readable: &str, kind: &ErrorKind, at: usize) -> Slip {
        let is_bracket = |start: &usize| readable[*start..].starts_with(['[', '{']);
        let mut brackets = self.open.iter().map(|open| open.start).filter(is_bracket);
        let outermost = brackets.next();
        let brackets = Brackets {
            outermost,
            innermost: brackets.next_back().or(outermost),
        };
        syntax::explain(kind, readable, at, brackets)
    }

    /// Tells of what ends the reading of this stretch.
    pub(super) fn tear(&mut self, slip: &Slip) {
        let place = self.span(slip.range.clone());
        let start = slip.range.start;
        let same_line = |at| line_of(self.text, at) == line_of(self.text, start);
        // A slip of indentation makes the scalar before it swallow a line.
        if let Some(scalar) = self.last_scalar
            && same_line(scalar.range().end)
        {
            self.torn.push(scalar);
        }
        if !self.last_braces.is_some_and(same_line) {
            self.tell(slip);
        }
        self.torn.push(place);
    }

    /// As [`tear`](Builder::tear), where the slip at `range` was told of.
    pub(super) fn tear_silently(&mut self, range: Range) {
        let place = self.span(range);
        self.torn.push(place);
    }

    fn tell(&mut self, slip: &Slip) {
        self.found.push(slip.diagnostic(self.file));
    }

    /// Closes what a syntax error left open, and leaves out a key without value.
    pub(super) fn finish(mut self) -> Built {
        self.closing = true;
        while let Some(open) = self.open.pop() {
            let end = open.start;
            if let Flow::Break(()) = self.end(open, end..end) {
                self.open.clear();
            }
        }
        // In a torn file the alias may stand in a part that was not read.
        if self.torn.is_empty() {
            self.unused_anchors();
        }
        Built {
            root: self.root,
            torn: self.torn,
            gaps: self.gaps,
        }
    }

    fn unused_anchors(&mut self) {
        let unused = |anchor: &&Anchor| anchor.on_text && !anchor.used;
        let slips: Vec<Slip> = self
            .names
            .iter()
            .filter(unused)
            .map(|anchor| reject::anchor(self.text, anchor.range.clone()))
            .collect();
        for slip in &slips {
            self.tell(slip);
            self.gaps |= slip.severity == Severity::Error;
        }
    }

    fn slice(&self, range: &Range) -> &str {
        self.text.get(range.clone()).unwrap_or("")
    }

    fn span(&self, range: Range) -> Span {
        Span::new(self.file, range)
    }
}

/// What a tag says of a scalar.
#[derive(Clone, Copy)]
enum Tagged {
    Not,
    /// A text, whatever it looks like.
    Text,
    /// Something that plans do not have, and that was told of.
    Wrongly,
}
