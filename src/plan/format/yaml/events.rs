//! What stands where: the parser's events as a tree of byte ranges.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

/// A file as it is written.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) root: Raw,
    pub(super) comments: Vec<Comment>,
}

/// A value and where it is written.
#[derive(Debug)]
pub(super) struct Raw {
    /// Without its marks.
    pub(super) range: Range<usize>,
    /// Its anchor and its tag.
    pub(super) marks: Vec<Range<usize>>,
    pub(super) kind: RawKind,
}

#[derive(Debug)]
pub(super) enum RawKind {
    Scalar {
        style: ScalarStyle,
        value: String,
    },
    Alias,
    List(StructureStyle, Vec<Raw>),
    /// Keys and values in turn.
    Map(StructureStyle, Vec<Raw>),
}

/// A comment from its `#` to the end of its line.
#[derive(Debug)]
pub(super) struct Comment {
    pub(super) start: usize,
    pub(super) text: String,
}

impl Raw {
    /// Where it begins, marks included.
    pub(super) fn start(&self) -> usize {
        let marks = self.marks.iter().map(|mark| mark.start);
        marks.fold(self.range.start, usize::min)
    }
}

/// Reads a text with one document; `None` if it has none, or cannot be read.
pub(super) fn read(text: &str) -> Option<Document> {
    let options = granit_parser::options! {
        emit_comments: true,
        emit_anchor_events: true,
    };
    let mut reader = Reader::default();
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.ok()?;
        let range = span.byte_range().unwrap_or(0..0);
        let tag = span.tag_span().and_then(|tag| tag.byte_range());
        reader.event(text, event, range, tag)?;
    }
    let mut comments = reader.comments;
    comments.sort_by_key(|comment| comment.start);
    Some(Document {
        root: reader.root?,
        comments,
    })
}

#[derive(Default)]
struct Reader {
    open: Vec<Raw>,
    root: Option<Raw>,
    comments: Vec<Comment>,
}

impl Reader {
    fn event(
        &mut self,
        text: &str,
        event: Event<'_>,
        range: Range<usize>,
        tag: Option<Range<usize>>,
    ) -> Option<()> {
        let marks = Vec::from_iter(tag);
        let raw = |kind| Raw {
            range: range.clone(),
            marks: marks.clone(),
            kind,
        };
        match event {
            Event::Scalar(value, style, _, _) => {
                let value = value.into_owned();
                let mut raw = raw(RawKind::Scalar { style, value });
                if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                    raw.range.start = header(text, raw.range.start)?;
                }
                self.place(raw)?;
            }
            Event::Alias(_) => self.place(raw(RawKind::Alias))?,
            Event::SequenceStart(style, _, _) => {
                self.open.push(raw(RawKind::List(style, Vec::new())));
            }
            Event::MappingStart(style, _, _) => {
                self.open.push(raw(RawKind::Map(style, Vec::new())));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let mut closed = self.open.pop()?;
                closed.range.end = range.end.max(closed.range.start);
                self.place(closed)?;
            }
            Event::Anchor(..) => self.last()?.marks.insert(0, range),
            Event::Comment(..) => self.comments.push(Comment {
                start: range.start,
                text: text.get(range)?.to_owned(),
            }),
            // Beginnings and ends; the parser's enum may grow.
            _ => {}
        }
        Some(())
    }

    /// The value that the last event was about.
    fn last(&mut self) -> Option<&mut Raw> {
        let Some(open) = self.open.last_mut() else {
            return self.root.as_mut();
        };
        let is_empty = match &open.kind {
            RawKind::List(_, items) | RawKind::Map(_, items) => items.is_empty(),
            RawKind::Scalar { .. } | RawKind::Alias => true,
        };
        if is_empty {
            return Some(open);
        }
        match &mut open.kind {
            RawKind::List(_, items) | RawKind::Map(_, items) => items.last_mut(),
            RawKind::Scalar { .. } | RawKind::Alias => None,
        }
    }

    fn place(&mut self, raw: Raw) -> Option<()> {
        match self.open.last_mut().map(|open| &mut open.kind) {
            None if self.root.is_some() => return None,
            None => self.root = Some(raw),
            Some(RawKind::List(_, items) | RawKind::Map(_, items)) => items.push(raw),
            Some(RawKind::Scalar { .. } | RawKind::Alias) => return None,
        }
        Some(())
    }
}

/// Where the `|` or `>` stands of a block whose text begins at byte `at`.
fn header(text: &str, at: usize) -> Option<usize> {
    let mut end = at;
    loop {
        let start = text[..end].rfind('\n').map_or(0, |newline| newline + 1);
        let line = &text[start..end];
        let sign = line.match_indices(['|', '>']).map(|(sign, _)| sign);
        if let Some(sign) = sign.into_iter().find(|sign| ends_line(&line[sign + 1..])) {
            return Some(start + sign);
        }
        if !line.trim().is_empty() {
            return None;
        }
        // Only empty lines lie between.
        end = start.checked_sub(1)?;
    }
}

/// Whether this is all that may stand behind the sign of a block.
fn ends_line(rest: &str) -> bool {
    let rest = rest.trim_start_matches(|sign: char| sign.is_ascii_digit() || "+-".contains(sign));
    rest.trim().is_empty() || rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#')
}
