//! The comments of a file, dealt out from the first to the last.

use super::{super::align::Behind, Above, events::Comment};

pub(super) struct Comments<'a> {
    text: &'a str,
    all: Vec<Comment>,
    /// The first that belongs to nothing yet.
    next: usize,
    /// Empty lines before this byte are part of a text.
    kept_to: usize,
}

impl<'a> Comments<'a> {
    pub(super) fn new(text: &'a str, all: Vec<Comment>) -> Comments<'a> {
        Comments {
            text,
            all,
            next: 0,
            kept_to: 0,
        }
    }

    pub(super) fn are_done(&self) -> bool {
        self.next == self.all.len()
    }

    /// Where the next comment begins.
    pub(super) fn next(&self) -> Option<usize> {
        self.all.get(self.next).map(|comment| comment.start)
    }

    /// Empty lines up to byte `end` are part of a text.
    pub(super) fn keep_blanks_to(&mut self, end: usize) {
        self.kept_to = end;
    }

    /// The comment behind byte `from` on its line, if nothing else is.
    pub(super) fn behind(&mut self, from: usize, bound: usize) -> Option<Behind> {
        let comment = self.all.get(self.next)?;
        if comment.start < from || comment.start >= bound.max(from) {
            return None;
        }
        let start = self.line_start(comment.start);
        let before = &self.text[start..comment.start];
        if start > from || before.trim().is_empty() {
            return None;
        }
        self.next += 1;
        Some(Behind {
            text: comment.text.trim_end().to_owned(),
            column: before.chars().count(),
            gap: before.len() - before.trim_end().len(),
        })
    }

    /// All comments before byte `end` that belong to nothing yet.
    pub(super) fn before(&mut self, end: usize) -> Vec<Above> {
        let mut above = Vec::new();
        while self.next().is_some_and(|start| start < end) {
            self.push(&mut above);
        }
        above
    }

    /// Takes the next comment, and the empty line before it.
    pub(super) fn push(&mut self, above: &mut Vec<Above>) {
        let comment = &self.all[self.next];
        let start = self.line_start(comment.start);
        let is_alone = self.text[start..comment.start].trim().is_empty();
        if is_alone && self.is_after_blank(comment.start) {
            above.push(Above::Blank);
        }
        above.push(Above::Comment(comment.text.trim_end().to_owned()));
        self.next += 1;
    }

    /// Whether the line above that of byte `at` is empty.
    pub(super) fn is_after_blank(&self, at: usize) -> bool {
        let start = self.line_start(at);
        start > self.kept_to && {
            let before = self.line_start(start - 1);
            self.text[before..start].trim().is_empty()
        }
    }

    /// The dash before byte `at`, if only blanks and comments lie between.
    ///
    /// The parser has a list in the column of its key begin elsewhere.
    pub(super) fn dash_before(&self, at: usize) -> Option<usize> {
        let mut end = at;
        loop {
            let before = self.text[..end].trim_end();
            if before.ends_with('-') {
                return Some(before.len() - 1);
            }
            let last = self.all.partition_point(|comment| comment.start < end);
            let comment = &self.all[last.checked_sub(1)?];
            if comment.start + comment.text.trim_end().len() != before.len() {
                return None;
            }
            end = comment.start;
        }
    }

    pub(super) fn column(&self, at: usize) -> usize {
        self.text[self.line_start(at)..at].chars().count()
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    pub(super) fn line_end(&self, at: usize) -> usize {
        self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |length| at + length)
    }
}
