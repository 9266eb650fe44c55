//! Places in source files.

use std::ops::{Deref, Range};

/// One file of a plan: the root plan is the first, includes follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u16);

/// Bytes `start..end` of a file. In the order of files, and of places in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// A span over `range`, which lies below [`MAX_SOURCE_BYTES`].
    ///
    /// [`MAX_SOURCE_BYTES`]: super::MAX_SOURCE_BYTES
    pub fn new(file: FileId, range: Range<usize>) -> Span {
        let offset = |at: usize| u32::try_from(at).expect("sources are at most 1 MiB");
        Span {
            file,
            start: offset(range.start),
            end: offset(range.end),
        }
    }

    /// The bytes, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The part `inner` of this span, counted from its start.
    pub fn within(self, inner: Range<usize>) -> Span {
        let whole = self.range();
        let start = (whole.start + inner.start).min(whole.end);
        let end = (whole.start + inner.end).clamp(start, whole.end);
        Span::new(self.file, start..end)
    }

    /// An empty span at the start of a file: for what is missing as a whole.
    pub fn top_of(file: FileId) -> Span {
        Span {
            file,
            start: 0,
            end: 0,
        }
    }
}

/// A value and where it was written. Two are equal when their values are.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

impl<T> Spanned<T> {
    pub fn new(value: T, span: Span) -> Spanned<T> {
        Spanned { value, span }
    }

    /// The same place, another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned {
            value: change(self.value),
            span: self.span,
        }
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Spanned<T>) -> bool {
        self.value == other.value
    }
}
