//! One response's body, read as a page.

use std::{borrow::Cow, cell::OnceCell};

use crate::exchange::Response;

use super::Selector;

/// The body of one response, as selectors see it; parsed when first asked.
#[derive(Debug)]
pub struct Page<'r> {
    response: &'r Response,
    text: OnceCell<Cow<'r, str>>,
    document: OnceCell<scraper::Html>,
}

/// How many characters of a page's text a message repeats.
///
/// A flash message or a title fits; a stack trace is not worth keeping.
const MAX_EXCERPT_CHARS: usize = 120;

impl<'r> Page<'r> {
    /// Looks at a response's body as a page; costs nothing yet.
    pub fn new(response: &'r Response) -> Page<'r> {
        Page {
            response,
            text: OnceCell::new(),
            document: OnceCell::new(),
        }
    }

    /// The body as text; bytes that are not UTF-8 are U+FFFD.
    pub fn text(&self) -> &str {
        self.text.get_or_init(|| self.response.text())
    }

    /// What page this is, to follow a semicolon: "the page's title is `Log In`".
    pub fn likeness(&self) -> String {
        let title = self
            .document()
            .tree
            .nodes()
            .filter_map(scraper::ElementRef::wrap)
            .find(|element| element.value().name() == "title");
        if let Some(title) = title {
            let title: String = title.text().collect();
            return format!("the page's title is `{}`", excerpt(&title));
        }
        let beginning = excerpt(self.text());
        if beginning.is_empty() {
            "the page is empty".to_owned()
        } else {
            format!("the page begins with `{beginning}`")
        }
    }

    /// The elements that a selector matches, in the order of the page.
    pub(super) fn select<'p, 's>(
        &'p self,
        selector: &'s Selector,
    ) -> scraper::html::Select<'p, 's> {
        self.document().select(selector.compiled())
    }

    fn document(&self) -> &scraper::Html {
        self.document
            .get_or_init(|| scraper::Html::parse_document(self.text()))
    }
}

/// A text on one line and cut to a length that a message can bear.
pub fn excerpt(text: &str) -> String {
    let mut line = String::new();
    let mut length_chars = 0;
    for word in text.split_whitespace() {
        let gap = if line.is_empty() { "" } else { " " };
        for c in gap.chars().chain(word.chars()) {
            line.push(c);
            length_chars += 1;
            if length_chars > MAX_EXCERPT_CHARS {
                line.pop();
                line.pop();
                line.push('…');
                return line;
            }
        }
    }
    line
}
