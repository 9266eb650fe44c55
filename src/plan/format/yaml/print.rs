//! A tree with its comments, as lines.
//!
//! A collection in brackets stays in them if it fits into its line and has no
//! comment in it; otherwise it is written out as a block. One that is a block
//! stays one.

use super::{
    super::{
        MAX_WIDTH,
        align::{Behind, Line, width},
    },
    Above, Collection, Content, Item, Kind, Node, Style,
};

/// How far a level stands within the one around it.
const INDENT: usize = 2;

/// The lines of a whole file.
pub(super) fn lines(root: Node) -> Vec<Line> {
    let mut printer = Printer {
        lines: Vec::new(),
        begun: None,
    };
    match root.content {
        Content::Collection(collection) if collection.is_block(0) => {
            if !root.marks.is_empty() {
                printer.line(root.marks, root.head);
            }
            printer.collection(collection, 0);
        }
        Content::Collection(_) | Content::Scalar(_) | Content::Block(..) => {
            let start = printer.start(0);
            printer.node(start, root, 0);
        }
    }
    printer.lines
}

struct Printer {
    lines: Vec<Line>,
    /// The dash of a list, behind which the next line goes on.
    begun: Option<String>,
}

impl Printer {
    fn collection(&mut self, collection: Collection, indent: usize) {
        for item in collection.items {
            self.item(item, indent);
        }
        self.above(collection.below, indent);
    }

    fn item(&mut self, item: Item, indent: usize) {
        self.above(item.above, indent);
        let mut start = self.start(indent);
        match item.key {
            Some(key) => {
                start.push_str(&key);
                start.push(':');
                self.node(start, item.node, indent);
            }
            None => {
                start.push('-');
                self.listed(start, item.node, indent);
            }
        }
    }

    /// What stands behind a dash: a collection begins on the same line.
    fn listed(&mut self, start: String, node: Node, indent: usize) {
        let before = width(&start) + 1;
        match node.content {
            Content::Collection(collection)
                if node.marks.is_empty() && collection.is_block(before) =>
            {
                if let Some(tail) = node.tail {
                    self.end(collection, tail, start, indent);
                } else {
                    self.begun = Some(start + " ");
                    self.collection(collection, indent + INDENT);
                }
            }
            Content::Collection(_) | Content::Scalar(_) | Content::Block(..) => {
                self.node(start, node, indent);
            }
        }
    }

    /// A list's item whose brackets go, with the comment that stood behind them.
    fn end(&mut self, mut collection: Collection, tail: Behind, start: String, indent: usize) {
        // Above a list in a list it would stand in the column of the inner one.
        let is_nested = start.trim_start() != "-";
        if is_nested || collection.has_comments() {
            collection.below.push(Above::Comment(tail.text));
        } else {
            self.above(vec![Above::Comment(tail.text)], indent);
        }
        self.begun = Some(start + " ");
        self.collection(collection, indent + INDENT);
    }

    /// A value behind `start`, and below it what does not fit there.
    fn node(&mut self, mut start: String, node: Node, indent: usize) {
        let Node {
            marks,
            mut head,
            content,
            mut tail,
        } = node;
        push_word(&mut start, &marks);
        match content {
            Content::Scalar(lines) => {
                let mut lines = lines.into_iter();
                push_word(&mut start, &lines.next().unwrap_or_default());
                self.line(start, None);
                for line in lines {
                    let line = match line.is_empty() {
                        true => line,
                        false => " ".repeat(indent + INDENT) + &line,
                    };
                    self.line(line, None);
                }
                self.last().comment = tail;
            }
            Content::Block(header, lines) => {
                push_word(&mut start, &header);
                self.line(start, head);
                for line in lines {
                    let line = match line.is_empty() {
                        true => line,
                        false => " ".repeat(indent + INDENT) + &line,
                    };
                    self.line(line, None);
                }
            }
            Content::Collection(mut collection) => {
                if collection.is_block(width(&start) + 1) {
                    if head.is_none() && !collection.has_comments() {
                        head = tail.take();
                    }
                    if let Some(tail) = tail {
                        collection.below.push(Above::Comment(tail.text));
                    }
                    self.line(start, head);
                    self.collection(collection, indent + INDENT);
                } else {
                    push_word(&mut start, &collection.in_brackets().unwrap_or_default());
                    self.line(start, tail);
                }
            }
        }
    }

    fn above(&mut self, above: Vec<Above>, indent: usize) {
        for line in above {
            match line {
                Above::Blank => self.line(String::new(), None),
                Above::Comment(text) => self.line(" ".repeat(indent) + &text, None),
            }
        }
    }

    /// What a line begins with: its indentation, or the dash that waits for it.
    fn start(&mut self, indent: usize) -> String {
        self.begun.take().unwrap_or_else(|| " ".repeat(indent))
    }

    fn line(&mut self, text: String, comment: Option<Behind>) {
        self.lines.push(Line { text, comment });
    }

    fn last(&mut self) -> &mut Line {
        self.lines.last_mut().expect("a line has just been added")
    }
}

fn push_word(line: &mut String, word: &str) {
    if !word.is_empty() {
        if !line.is_empty() && !line.ends_with(' ') {
            line.push(' ');
        }
        line.push_str(word);
    }
}

impl Collection {
    /// Whether it is written as a block behind that many letters.
    fn is_block(&self, before: usize) -> bool {
        match self.style {
            Style::Block => true,
            Style::Brackets | Style::Bare => self
                .in_brackets()
                .is_none_or(|text| before + width(&text) > MAX_WIDTH && !self.items.is_empty()),
        }
    }

    /// In one line, if that is possible.
    fn in_brackets(&self) -> Option<String> {
        if !self.below.is_empty() {
            return None;
        }
        let items: Option<Vec<String>> = self.items.iter().map(Item::in_brackets).collect();
        let inner = items?.join(", ");
        let inner = inner.trim_end();
        Some(match (self.style, self.kind) {
            (Style::Bare, _) => inner.to_owned(),
            (_, Kind::Map) if inner.is_empty() => "{}".to_owned(),
            (_, Kind::Map) => format!("{{ {inner} }}"),
            (_, Kind::List) => format!("[{inner}]"),
        })
    }

    /// Whether a comment stands anywhere in it.
    pub(super) fn has_comments(&self) -> bool {
        let is_comment = |above: &Above| matches!(above, Above::Comment(_));
        self.below.iter().any(is_comment)
            || self.items.iter().any(|item| {
                let inner = match &item.node.content {
                    Content::Collection(inner) => inner.has_comments(),
                    Content::Scalar(_) | Content::Block(..) => false,
                };
                let node = &item.node;
                inner
                    || node.head.is_some()
                    || node.tail.is_some()
                    || item.above.iter().any(is_comment)
            })
    }
}

impl Item {
    fn in_brackets(&self) -> Option<String> {
        let has_comment = self
            .above
            .iter()
            .any(|line| matches!(line, Above::Comment(_)));
        if has_comment || self.node.head.is_some() || self.node.tail.is_some() {
            return None;
        }
        let mut text = match &self.key {
            Some(key) => format!("{key}:"),
            None => String::new(),
        };
        push_word(&mut text, &self.node.marks);
        match &self.node.content {
            Content::Scalar(lines) => match lines.as_slice() {
                // A colon before a bracket or a comma would be part of the key.
                [] if self.key.is_some() => text.push(' '),
                [] => {}
                [line] => push_word(&mut text, line),
                _ => return None,
            },
            Content::Collection(inner) => push_word(&mut text, &inner.in_brackets()?),
            Content::Block(..) => return None,
        }
        Some(text)
    }
}
