//! A page as a tree, parsed as far as somebody has had to look.
//!
//! What a plan takes out of a page mostly stands near its beginning: the first post, a
//! token in a form, a title. A page is therefore parsed piece by piece, and no further
//! than to the first match; its length behind that costs nothing, and where there can
//! be none it is not parsed at all. The rules of parsing
//! are those of browsers (the HTML standard, section 13.2) for a part as for the whole.

use std::{
    cell::{OnceCell, RefCell},
    fmt,
};

use html5ever::{
    ParseOpts, Parser,
    driver::parse_document,
    tendril::{StrTendril, TendrilSink as _},
};
use memchr::memchr;
use scraper::{ElementRef, Html, HtmlTreeSink};

use super::{Selector, needle::Prospect};

/// The size of the first pieces, in bytes. Each of the others is as long as a part of all
/// before it, so that looking after each of them costs little beside parsing them.
const PIECE_BYTES: usize = 256;
const PIECE_PART: usize = 8;

/// The tree of a page; nothing is parsed before somebody looks.
#[derive(Default)]
pub(super) struct Document {
    going: RefCell<Option<Going>>,
    whole: OnceCell<Html>,
}

/// A page of which a part is parsed.
struct Going {
    parser: Parser<HtmlTreeSink>,
    /// How many bytes of it.
    parsed: usize,
}

/// How much of an element must have come for it to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Its name and its attributes.
    Tag,
    /// All that is in it.
    Content,
}

impl Document {
    /// What `read` makes of the first element that a selector matches; `None` if none
    /// does. `text` is the page, and the same each time.
    pub(super) fn first<R>(
        &self,
        text: &str,
        selector: &Selector,
        need: Need,
        read: impl Fn(ElementRef<'_>) -> R,
    ) -> Option<R> {
        if selector.prospect(text) == Prospect::Nowhere {
            return None;
        }
        self.first_of_part(text, selector, need, &read).or_else(|| {
            self.whole(text)
                .select(selector.compiled())
                .next()
                .map(read)
        })
    }

    /// The same, where only a part of the page is known: its beginning. `None` says nothing
    /// of the rest.
    pub(super) fn first_of_part<R>(
        &self,
        part: &str,
        selector: &Selector,
        need: Need,
        read: impl Fn(ElementRef<'_>) -> R,
    ) -> Option<R> {
        let Prospect::From(from) = selector.prospect(part) else {
            return None;
        };
        if self.whole.get().is_some() || selector.looks_ahead() {
            return None;
        }
        let mut going = self.going.borrow_mut();
        let going = going.get_or_insert_with(Going::new);
        going.parse_to(part, from);
        let mut seen = 0;
        loop {
            let html = going.parser.tokenizer.sink.sink.0.borrow();
            match first_in(&html, &mut seen, selector) {
                Some(found) if need == Need::Tag || is_closed(found) => {
                    return Some(read(found));
                }
                Some(_) | None => drop(html),
            }
            if !going.parse_on(part) {
                return None;
            }
        }
    }

    /// All of it.
    pub(super) fn whole(&self, text: &str) -> &Html {
        self.whole.get_or_init(|| {
            let mut going = self.going.take().unwrap_or_else(Going::new);
            going.parse(&text[going.parsed..]);
            going.parser.finish()
        })
    }

    #[cfg(test)]
    pub(super) fn parsed_bytes(&self) -> Option<usize> {
        self.going.borrow().as_ref().map(|going| going.parsed)
    }

    #[cfg(test)]
    pub(super) fn is_whole(&self) -> bool {
        self.whole.get().is_some()
    }
}

/// The first element that a selector matches, of the nodes from `seen` on, which is then
/// where it stands, or where those begin that are still to come.
fn first_in<'h>(html: &'h Html, seen: &mut usize, selector: &Selector) -> Option<ElementRef<'h>> {
    let before = *seen;
    for node in html.tree.nodes().skip(before) {
        if let Some(element) = ElementRef::wrap(node)
            && element.parent().is_some()
            && selector.compiled().matches(&element)
        {
            return Some(element);
        }
        *seen += 1;
    }
    None
}

/// Whether nothing can come into an element any more: something stands behind it.
fn is_closed(element: ElementRef<'_>) -> bool {
    element.next_sibling().is_some()
        || element
            .ancestors()
            .any(|above| above.next_sibling().is_some())
}

impl Going {
    fn new() -> Going {
        let sink = HtmlTreeSink::new(Html::new_document());
        Going {
            parser: parse_document(sink, ParseOpts::default()),
            parsed: 0,
        }
    }

    /// Parses another piece of the page. Returns whether there was one.
    fn parse_on(&mut self, text: &str) -> bool {
        let piece = PIECE_BYTES.max(self.parsed / PIECE_PART);
        self.parse_to(text, self.parsed + piece)
    }

    /// Parses on to the end of the tag in which that byte is, if it is in one.
    fn parse_to(&mut self, text: &str, byte: usize) -> bool {
        let left = text.get(self.parsed..).unwrap_or_default();
        let piece = byte.saturating_sub(self.parsed).min(left.len());
        let end = memchr(b'>', &left.as_bytes()[piece..]).map(|end| piece + end + 1);
        let end = end.filter(|end| end - piece <= PIECE_BYTES);
        let end = end.or_else(|| (piece..left.len()).find(|end| left.is_char_boundary(*end)));
        if byte > self.parsed {
            self.parse(&left[..end.unwrap_or(left.len())]);
        }
        !left.is_empty()
    }

    fn parse(&mut self, piece: &str) {
        self.parser.process(StrTendril::from_slice(piece));
        self.parsed += piece.len();
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let going = self.going.borrow();
        let parsed = going.as_ref().map(|going| going.parsed);
        f.debug_struct("Document")
            .field("parsed", &parsed)
            .field("whole", &self.whole)
            .finish()
    }
}
