//! Comments and empty lines, to the values that they are about.
//!
//! A comment behind something is about that. One on a line of its own is about
//! what follows; only if it stands further right than that, it closes the
//! collection in whose column it stands.

use granit_parser::StructureStyle;

use super::{
    Above, Collection, Content, Item, Kind, Node, Style,
    comments::Comments,
    events::{Document, Raw, RawKind},
    scalar::{self, Quotes},
};
use crate::plan::{
    keys::{self, Shape},
    read::{node::ScalarKind, resolve_plain},
};

/// A document with its comments where they belong.
pub(super) fn attach(text: &str, document: Document) -> Option<Node> {
    let mut attacher = Attacher {
        text,
        comments: Comments::new(text, document.comments),
    };
    let place = Place {
        column: 0,
        after: After::END,
        bound: usize::MAX,
        shape: Some(&PLAN),
    };
    let mut above = Vec::new();
    let root = attacher.node(&document.root, 0, &place, &mut above);
    let all_done = attacher.comments.are_done() && above.is_empty();
    all_done.then_some(root)
}

static PLAN: Shape = Shape::Section(&keys::PLAN);

struct Attacher<'a> {
    text: &'a str,
    comments: Comments<'a>,
}

/// What comes after a value: where it begins, and in which column.
#[derive(Clone, Copy)]
struct After {
    start: usize,
    /// `None` at the end of the file.
    column: Option<usize>,
}

impl After {
    const END: After = After {
        start: usize::MAX,
        column: None,
    };
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place {
    /// The column of the collection that it is in.
    column: usize,
    after: After,
    /// Where the next thing on the same line begins, at the earliest.
    bound: usize,
    shape: Option<&'static Shape>,
}

impl Attacher<'_> {
    /// A value whose key, or dash, ends at byte `from`. Comments that have to
    /// stand above all of it go to `above`.
    fn node(&mut self, raw: &Raw, from: usize, place: &Place, above: &mut Vec<Above>) -> Node {
        let marks: Vec<&str> = raw
            .marks
            .iter()
            .map(|mark| &self.text[mark.clone()])
            .collect();
        let mut node = Node {
            marks: marks.join(" "),
            head: None,
            content: Content::Scalar(Vec::new()),
            tail: None,
        };
        match &raw.kind {
            RawKind::List(style, items) | RawKind::Map(style, items) => {
                let kind = match raw.kind {
                    RawKind::Map(..) => Kind::Map,
                    RawKind::List(..) | RawKind::Scalar { .. } | RawKind::Alias => Kind::List,
                };
                let first = items.first();
                let is_block = *style == StructureStyle::Block;
                if is_block {
                    let start = first.map_or(raw.range.start, Raw::start);
                    node.head = self.comments.behind(from, start);
                } else {
                    let before = self.comments.before(raw.range.start);
                    above.extend(before);
                }
                let collection = match is_block {
                    true => self.block(raw, items, kind, place),
                    false => self.brackets(raw, items, kind, place, above),
                };
                node.content = Content::Collection(collection);
                if !is_block {
                    node.tail = self.comments.behind(raw.range.end, place.bound);
                }
            }
            RawKind::Alias => {
                above.extend(self.comments.before(raw.range.start));
                let written = self.text[raw.range.clone()].to_owned();
                node.content = Content::Scalar(vec![written]);
                node.tail = self.comments.behind(raw.range.end, place.bound);
            }
            RawKind::Scalar { style, value } => {
                let quotes = quotes(place.shape, value);
                let written = &self.text[raw.range.clone()];
                node.content = scalar::spell(written, *style, value, place.column, quotes);
                self.around_scalar(raw, from, place, above, &mut node);
            }
        }
        node
    }

    /// The comments before a scalar, in its head, and behind it.
    fn around_scalar(
        &mut self,
        raw: &Raw,
        from: usize,
        place: &Place,
        above: &mut Vec<Above>,
        node: &mut Node,
    ) {
        let written = &self.text[raw.range.clone()];
        let is_block = matches!(node.content, Content::Block(..));
        if written.is_empty() {
            node.tail = self.comments.behind(from, place.bound);
            return;
        }
        let head = self.comments.behind(from, raw.range.start);
        above.extend(self.comments.before(raw.range.start));
        if is_block {
            let header = written.lines().next().unwrap_or("");
            if header.split('#').next().unwrap_or("").contains('+') {
                self.comments.keep_blanks_to(raw.range.end);
            }
            let header_end = self.comments.line_end(raw.range.start);
            node.head = self.comments.behind(raw.range.start, header_end);
        } else {
            let end = raw.range.start + written.trim_end().len();
            node.tail = self.comments.behind(end, place.bound);
        }
        match head {
            Some(head) if node.head.is_none() && node.tail.is_none() && above.is_empty() => {
                match is_block {
                    true => node.head = Some(head),
                    false => node.tail = Some(head),
                }
            }
            Some(head) => above.insert(0, Above::Comment(head.text)),
            None => {}
        }
    }

    fn block(&mut self, raw: &Raw, items: &[Raw], kind: Kind, place: &Place) -> Collection {
        let column = self.comments.column(match kind {
            Kind::Map => items.first().map_or(raw.range.start, Raw::start),
            Kind::List => items
                .first()
                .and_then(|first| self.comments.dash_before(first.start()))
                .unwrap_or(raw.range.start),
        });
        let step = kind.step();
        let mut done = Vec::new();
        for (at, pair) in items.chunks(step).enumerate() {
            let after = match items.get((at + 1) * step) {
                Some(next) => After {
                    start: next.start(),
                    column: Some(column),
                },
                None => place.after,
            };
            let within = Place {
                column,
                after,
                bound: usize::MAX,
                shape: place.shape,
            };
            done.push(self.item(pair, at == 0, &within));
        }
        let mut below = Vec::new();
        while let Some(comment) = self.comments.next() {
            let stands = self.comments.column(comment);
            let further = place.after.column.is_none_or(|next| stands > next);
            if comment > place.after.start || stands < column || !further {
                break;
            }
            self.comments.push(&mut below);
        }
        Collection {
            style: Style::Block,
            kind,
            items: done,
            below,
        }
    }

    fn brackets(
        &mut self,
        raw: &Raw,
        items: &[Raw],
        kind: Kind,
        place: &Place,
        above: &mut Vec<Above>,
    ) -> Collection {
        let has_braces = self.text[raw.range.start..].starts_with(['{', '[']);
        let end = raw.range.end;
        let step = kind.step();
        let head = match items.first() {
            // Behind the bracket that opens.
            Some(first) => self.comments.behind(raw.range.start, first.start()),
            None => None,
        };
        let mut done = Vec::new();
        for (at, pair) in items.chunks(step).enumerate() {
            let bound = items.get((at + 1) * step).map_or(end, Raw::start);
            let within = Place {
                column: place.column,
                after: After {
                    start: bound,
                    column: Some(0),
                },
                bound,
                shape: place.shape,
            };
            done.push(self.item(pair, at == 0, &within));
        }
        if let Some(head) = head
            && let Some(first) = done.first_mut()
        {
            first.above.insert(0, Above::Comment(head.text));
        }
        let mut below = self.comments.before(end);
        if done.is_empty() {
            above.append(&mut below);
        }
        let style = if has_braces {
            Style::Brackets
        } else {
            Style::Bare
        };
        Collection {
            style,
            kind,
            items: done,
            below,
        }
    }

    fn item(&mut self, pair: &[Raw], is_first: bool, place: &Place) -> Item {
        let first = &pair[0];
        let mut above = self.comments.before(first.start());
        let line = &self.text[self.comments.line_start(first.start())..first.start()];
        let begins_line = line.chars().all(|sign| sign == ' ' || sign == '-');
        if begins_line && self.comments.is_after_blank(first.start()) {
            above.push(Above::Blank);
        }
        if is_first && matches!(above.first(), Some(Above::Blank)) {
            above.remove(0);
        }
        let (key, value) = match pair {
            [key, value] => (Some(key), value),
            _ => (None, first),
        };
        let shape = match (place.shape, key) {
            (None, _) => None,
            (Some(shape), None) => shape.item(),
            (Some(shape), Some(key)) => match &key.kind {
                RawKind::Scalar { value, .. } => shape.under(value),
                RawKind::Alias | RawKind::List(..) | RawKind::Map(..) => None,
            },
        };
        let within = Place { shape, ..*place };
        let spelled = key.map(|key| self.key(key));
        let name = key.and_then(|key| match &key.kind {
            RawKind::Scalar { value, .. } => Some(value.clone()),
            RawKind::Alias | RawKind::List(..) | RawKind::Map(..) => None,
        });
        let from = key.map_or(first.start(), |key| key.range.end);
        let mut inner = Vec::new();
        let mut node = self.node(value, from, &within, &mut inner);
        above.append(&mut inner);
        if key.is_none() {
            lift(&mut node, &mut above);
        }
        Item {
            above,
            key: spelled,
            name,
            node,
        }
    }

    fn key(&self, key: &Raw) -> String {
        let mut spelled: Vec<String> = key
            .marks
            .iter()
            .map(|mark| self.text[mark.clone()].to_owned())
            .collect();
        let written = &self.text[key.range.clone()];
        let content = match &key.kind {
            RawKind::Scalar { style, value } => {
                scalar::spell(written, *style, value, 0, Quotes::AsWritten)
            }
            // An alias may hold the colon behind it.
            RawKind::Alias => Content::Scalar(vec![format!("{} ", written.trim_end())]),
            RawKind::List(..) | RawKind::Map(..) => Content::Scalar(vec![written.to_owned()]),
        };
        match content {
            Content::Scalar(lines) => spelled.extend(lines),
            Content::Block(..) | Content::Collection(_) => spelled.push(written.to_owned()),
        }
        spelled.join(" ")
    }
}

impl Kind {
    /// How many values make an item.
    fn step(self) -> usize {
        match self {
            Kind::List => 1,
            Kind::Map => 2,
        }
    }
}

/// An item that begins on the line of its dash has no room for comments of its own.
fn lift(node: &mut Node, above: &mut Vec<Above>) {
    let Content::Collection(collection) = &mut node.content else {
        return;
    };
    let has_inner = collection.has_comments();
    if let Some(head) = node.head.take() {
        above.push(Above::Comment(head.text));
    }
    let is_block = collection.style == Style::Block || has_inner;
    if is_block && let Some(first) = collection.items.first_mut() {
        above.append(&mut first.above);
    }
}

fn quotes(shape: Option<&'static Shape>, value: &str) -> Quotes {
    match shape {
        Some(shape) if shape.is_code(value) && resolve_plain(value) == ScalarKind::Text => {
            Quotes::Single
        }
        Some(_) | None => Quotes::AsWritten,
    }
}
