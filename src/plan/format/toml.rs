//! The layout of TOML, from its tokens.
//!
//! Keys stand at the beginning of their lines, as headers do; a value in brackets
//! stays in its line. An array that its author began on a new line has an item on
//! each line, as has all that holds a comment.

use std::ops::Range;

use toml_parser::lexer::TokenKind;

use super::{
    MAX_WIDTH,
    align::{self, Behind, Line, width},
};

/// How far an item stands within its brackets.
const INDENT: usize = 4;

/// A text in its layout; `None` if it is no TOML.
pub(super) fn lay_out(text: &str) -> Option<String> {
    let mut reader = Reader::new(text);
    let mut lines = Vec::new();
    while let Some(kind) = reader.peek() {
        match kind {
            TokenKind::Whitespace => reader.at += 1,
            TokenKind::Newline => {
                reader.at += 1;
                if reader.begins_empty_line() && !lines.is_empty() {
                    push_blank(&mut lines);
                }
            }
            TokenKind::Comment => {
                let comment = reader.take().trim_end().to_owned();
                lines.push(Line {
                    text: comment,
                    comment: None,
                });
            }
            TokenKind::LeftSquareBracket => {
                let header = reader.header()?;
                reader.end(header, &mut lines);
            }
            _ => {
                let key = reader.key()?;
                let value = reader.value()?;
                print(&format!("{key} = "), &value, 0, "", &mut lines);
                let last = lines.pop()?;
                reader.end(last.text, &mut lines);
            }
        }
    }
    while lines.last().is_some_and(|line| line.text.is_empty()) {
        lines.pop();
    }
    Some(align::join(&lines))
}

/// The comments of a text in their order, without blanks at their ends.
pub(super) fn comments(text: &str) -> Option<Vec<String>> {
    let mut reader = Reader::new(text);
    let mut comments = Vec::new();
    while let Some(kind) = reader.peek() {
        let token = reader.take();
        if kind == TokenKind::Comment {
            comments.push(token.trim_end().to_owned());
        }
    }
    Some(comments)
}

/// A value and what is in it.
pub(super) enum Value {
    /// As it is written, and the byte at which it begins.
    Scalar(String, usize),
    Brackets {
        /// `[` or `{`.
        is_table: bool,
        /// Whether its first item stands on a line of its own.
        is_open: bool,
        items: Vec<Item>,
        /// Comments behind the last item.
        below: Vec<String>,
    },
}

pub(super) struct Item {
    /// Comments on lines of their own.
    pub(super) above: Vec<String>,
    /// With its `=`; nothing in an array.
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) behind: Option<Behind>,
}

impl Value {
    /// In one line, if its author and its comments let it.
    fn in_line(&self) -> Option<String> {
        match self {
            Value::Brackets {
                is_table: false,
                is_open: true,
                items,
                ..
            } if !items.is_empty() => None,
            Value::Brackets {
                is_table: false, ..
            } => self.joined(Value::in_line),
            // A table may only be broken where it has to be.
            Value::Scalar(..) | Value::Brackets { is_table: true, .. } => {
                self.joined(Value::unbroken)
            }
        }
    }

    /// In one line, unless a comment is in the way.
    fn unbroken(&self) -> Option<String> {
        self.joined(Value::unbroken)
    }

    fn joined(&self, each: fn(&Value) -> Option<String>) -> Option<String> {
        let (is_table, items, below) = match self {
            Value::Scalar(text, _) => return Some(text.clone()),
            Value::Brackets {
                is_table,
                items,
                below,
                ..
            } => (*is_table, items, below),
        };
        let alone = |item: &Item| item.above.is_empty() && item.behind.is_none();
        if !below.is_empty() || !items.iter().all(alone) {
            return None;
        }
        let inner: Option<Vec<String>> = items
            .iter()
            .map(|item| Some(format!("{}{}", item.key, each(&item.value)?)))
            .collect();
        let inner = inner?.join(", ");
        Some(match is_table {
            true if inner.is_empty() => "{}".to_owned(),
            true => format!("{{ {inner} }}"),
            false => format!("[{inner}]"),
        })
    }
}

/// Adds a value behind `start`; `end` follows it.
fn print(start: &str, value: &Value, indent: usize, end: &str, lines: &mut Vec<Line>) {
    let in_line = value.in_line();
    let (is_table, items, below) = match value {
        Value::Scalar(text, _) => return push(format!("{start}{text}{end}"), lines),
        Value::Brackets {
            is_table,
            items,
            below,
            ..
        } => (is_table, items, below),
    };
    if let Some(text) = in_line {
        let fits = width(start) + width(&text) + end.len() <= MAX_WIDTH;
        if fits || *is_table || items.is_empty() {
            return push(format!("{start}{text}{end}"), lines);
        }
    }
    let (open, close) = if *is_table { ('{', '}') } else { ('[', ']') };
    push(format!("{start}{open}"), lines);
    let spaces = " ".repeat(indent + INDENT);
    for item in items {
        for comment in &item.above {
            push(format!("{spaces}{comment}"), lines);
        }
        let start = format!("{spaces}{}", item.key);
        print(&start, &item.value, indent + INDENT, ",", lines);
        if let Some(last) = lines.last_mut() {
            last.comment.clone_from(&item.behind);
        }
    }
    for comment in below {
        push(format!("{spaces}{comment}"), lines);
    }
    push(format!("{}{close}{end}", " ".repeat(indent)), lines);
}

fn push(text: String, lines: &mut Vec<Line>) {
    lines.push(Line {
        text,
        comment: None,
    });
}

fn push_blank(lines: &mut Vec<Line>) {
    if lines.last().is_some_and(|line| !line.text.is_empty()) {
        push(String::new(), lines);
    }
}

/// The tokens of a file, and how far they were read.
pub(super) struct Reader<'a> {
    text: &'a str,
    tokens: Vec<(TokenKind, Range<usize>)>,
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Reader<'a> {
        let tokens = toml_parser::Source::new(text).lex();
        let tokens = tokens
            .map(|token| (token.kind(), token.span().start()..token.span().end()))
            .filter(|(kind, _)| *kind != TokenKind::Eof);
        Reader {
            text,
            tokens: tokens.collect(),
            at: 0,
        }
    }

    pub(super) fn peek(&self) -> Option<TokenKind> {
        self.tokens.get(self.at).map(|(kind, _)| *kind)
    }

    pub(super) fn take(&mut self) -> &'a str {
        let (_, range) = &self.tokens[self.at];
        self.at += 1;
        &self.text[range.clone()]
    }

    fn skip_blanks(&mut self) {
        while self.peek() == Some(TokenKind::Whitespace) {
            self.at += 1;
        }
    }

    /// Whether nothing but blanks stands before the end of this line.
    pub(super) fn begins_empty_line(&self) -> bool {
        let rest = self.tokens[self.at..].iter();
        rest.map(|(kind, _)| kind)
            .find(|kind| **kind != TokenKind::Whitespace)
            .is_some_and(|kind| *kind == TokenKind::Newline)
    }

    /// `[a.b]` or `[[a.b]]`, up to the end of its line.
    pub(super) fn header(&mut self) -> Option<String> {
        let mut header = String::new();
        while let Some(kind) = self.peek() {
            match kind {
                TokenKind::Newline | TokenKind::Comment => break,
                TokenKind::Whitespace => self.at += 1,
                _ => header.push_str(self.take()),
            }
        }
        Some(header)
    }

    /// A key, dots and all, and its `=`.
    pub(super) fn key(&mut self) -> Option<String> {
        let mut key = String::new();
        loop {
            match self.peek()? {
                TokenKind::Newline | TokenKind::Comment | TokenKind::Comma => return None,
                TokenKind::Whitespace => self.at += 1,
                TokenKind::Equals => {
                    self.at += 1;
                    return Some(key);
                }
                _ => key.push_str(self.take()),
            }
        }
    }

    pub(super) fn value(&mut self) -> Option<Value> {
        self.skip_blanks();
        match self.peek()? {
            TokenKind::LeftSquareBracket => self.brackets(TokenKind::RightSquareBracket),
            TokenKind::LeftCurlyBracket => self.brackets(TokenKind::RightCurlyBracket),
            _ => {
                let start = self.tokens[self.at].1.start;
                let mut text = String::new();
                while let Some(kind) = self.peek() {
                    match kind {
                        TokenKind::Newline
                        | TokenKind::Comment
                        | TokenKind::Comma
                        | TokenKind::RightSquareBracket
                        | TokenKind::RightCurlyBracket => break,
                        _ => text.push_str(self.take()),
                    }
                }
                Some(Value::Scalar(text.trim_end().to_owned(), start))
            }
        }
    }

    fn brackets(&mut self, close: TokenKind) -> Option<Value> {
        let is_table = close == TokenKind::RightCurlyBracket;
        self.at += 1;
        self.skip_blanks();
        let is_open = matches!(self.peek()?, TokenKind::Newline | TokenKind::Comment);
        let mut items: Vec<Item> = Vec::new();
        let mut above = Vec::new();
        loop {
            match self.peek()? {
                TokenKind::Whitespace | TokenKind::Newline | TokenKind::Comma => self.at += 1,
                TokenKind::Comment => match items.last_mut() {
                    Some(last) if above.is_empty() && last.behind.is_none() && self.is_behind() => {
                        last.behind = self.behind();
                    }
                    Some(_) | None => above.push(self.take().trim_end().to_owned()),
                },
                kind if kind == close => {
                    self.at += 1;
                    return Some(Value::Brackets {
                        is_table,
                        is_open,
                        items,
                        below: above,
                    });
                }
                _ => {
                    let key = match is_table {
                        true => format!("{} = ", self.key()?),
                        false => String::new(),
                    };
                    let value = self.value()?;
                    items.push(Item {
                        above: std::mem::take(&mut above),
                        key,
                        value,
                        behind: None,
                    });
                }
            }
        }
    }

    /// Whether the comment here stands behind something on its line.
    fn is_behind(&self) -> bool {
        let start = self.tokens[self.at].1.start;
        let line = self.text[..start]
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        !self.text[line..start].trim().is_empty()
    }

    fn behind(&mut self) -> Option<Behind> {
        let start = self.tokens[self.at].1.start;
        let line = self.text[..start]
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        let before = &self.text[line..start];
        Some(Behind {
            text: self.take().trim_end().to_owned(),
            column: before.chars().count(),
            gap: before.len() - before.trim_end().len(),
        })
    }

    /// Adds a line with the comment that stands behind it.
    fn end(&mut self, text: String, lines: &mut Vec<Line>) {
        let comment = self.behind_line();
        lines.push(Line { text, comment });
    }

    /// The comment behind what was just read, if there is one.
    pub(super) fn behind_line(&mut self) -> Option<Behind> {
        self.skip_blanks();
        match self.peek() {
            Some(TokenKind::Comment) => self.behind(),
            Some(_) | None => None,
        }
    }
}
