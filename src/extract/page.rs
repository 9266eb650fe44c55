//! One response, read as a page or as JSON.

use std::{borrow::Cow, cell::OnceCell};

use crate::exchange::{Charset, Cookie, Failure, Response};

use super::{
    JsonPath, Selector,
    document::{Document, Need},
    json::likeness,
};

/// One response, as selectors and paths see it; its body is parsed when first asked.
#[derive(Debug)]
pub struct Page<'r> {
    response: &'r Response,
    cookies: Vec<Cookie>,
    text: OnceCell<Cow<'r, str>>,
    document: Document,
    json: OnceCell<Result<serde_json::Value, String>>,
}

/// How many bytes of a page are looked at before all of it is.
const MAX_BEGINNING_BYTES: usize = 16 << 10;

/// How many characters of a page's text a message repeats.
///
/// A flash message or a title fits; a stack trace is not worth keeping.
const MAX_EXCERPT_CHARS: usize = 120;

impl<'r> Page<'r> {
    /// Looks at a response's body as a page; costs nothing yet.
    pub fn new(response: &'r Response) -> Page<'r> {
        Page {
            response,
            cookies: Vec::new(),
            text: OnceCell::new(),
            document: Document::default(),
            json: OnceCell::new(),
        }
    }

    /// The same, beside the cookies that go with the next request there.
    #[must_use]
    pub fn with_cookies(mut self, cookies: Vec<Cookie>) -> Page<'r> {
        self.cookies = cookies;
        self
    }

    /// Decompresses the body, if it is compressed and has not been read before.
    /// Who reads it calls this first: without its success, the page is empty.
    ///
    /// # Errors
    ///
    /// As [`Response::content`].
    pub fn open(&self) -> Result<(), Failure> {
        self.response.content().map(|_| ()).map_err(Failure::clone)
    }

    /// The body as text, see [`Response::text`].
    pub fn text(&self) -> &str {
        self.text
            .get_or_init(|| self.response.text().unwrap_or_default())
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

    /// That a header is missing, and which are there.
    pub fn lacks_header(&self, name: &str) -> String {
        let names = self.response.headers.iter().map(|(name, _)| name);
        format!(
            "the answer has no header `{name}`; it has {}",
            some_of(names)
        )
    }

    /// That a path finds nothing, and what there is.
    pub fn lacks_json(&self, path: &JsonPath) -> String {
        let instead = self.json().map_or_else(|why| why, likeness);
        format!("`{}` matched 0 values; {instead}", path.source())
    }

    pub(super) fn lacks_cookie(&self, name: &str) -> String {
        let names = self.cookies.iter().map(|cookie| &*cookie.name);
        format!(
            "the user has no cookie `{name}` for `{}`; it has {} there",
            excerpt(self.url()),
            some_of(names)
        )
    }

    /// The values of all headers of a name, which is written in lower case.
    pub fn header<'p>(&'p self, name: &'p str) -> impl Iterator<Item = Cow<'p, str>> {
        let values = self.response.headers.all(name);
        values.map(String::from_utf8_lossy)
    }

    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        let known = self.cookies.iter().find(|cookie| *cookie.name == *name);
        known.map(|cookie| &*cookie.value)
    }

    /// Where it came from.
    pub(super) fn address(&self) -> &url::Url {
        &self.response.url
    }

    /// The charset that forms on it are sent in.
    pub(super) fn charset(&self) -> Charset {
        self.response.charset()
    }

    /// All elements, in the order of the page.
    pub(super) fn elements(&self) -> impl Iterator<Item = scraper::ElementRef<'_>> {
        let nodes = self.document().tree.root().descendants();
        nodes.filter_map(scraper::ElementRef::wrap)
    }

    pub(super) fn url(&self) -> &str {
        self.response.url.as_str()
    }

    pub(super) fn status(&self) -> u16 {
        self.response.status
    }

    pub(super) fn json(&self) -> Result<&serde_json::Value, String> {
        let parsed = self.json.get_or_init(|| {
            let bytes = self.response.json_bytes().unwrap_or_default();
            serde_json::from_slice(bytes).map_err(|why| why.to_string())
        });
        parsed
            .as_ref()
            .map_err(|why| format!("the body is not JSON ({why}); {}", self.likeness()))
    }

    /// The elements that a selector matches, in the order of the page.
    pub(super) fn select<'p, 's>(
        &'p self,
        selector: &'s Selector,
    ) -> scraper::html::Select<'p, 's> {
        self.document().select(selector.compiled())
    }

    /// What `read` makes of the first element that a selector matches. The page is parsed
    /// no further than it takes.
    pub(super) fn first<R>(
        &self,
        selector: &Selector,
        need: Need,
        read: impl Fn(scraper::ElementRef<'_>) -> R,
    ) -> Option<R> {
        // Of a long page mostly the beginning is enough, also to be read as text.
        if self.text.get().is_none()
            && let Some(beginning) = self.response.beginning_of_text(MAX_BEGINNING_BYTES)
            && let found @ Some(_) = self
                .document
                .first_of_part(beginning, selector, need, &read)
        {
            return found;
        }
        self.document.first(self.text(), selector, need, read)
    }

    /// How many bytes are parsed of a page that is not parsed whole.
    #[cfg(test)]
    pub(super) fn parsed_bytes(&self) -> Option<usize> {
        self.document.parsed_bytes()
    }

    #[cfg(test)]
    pub(super) fn is_parsed_as_page(&self) -> bool {
        self.document.is_whole() || self.document.parsed_bytes().is_some()
    }

    #[cfg(test)]
    pub(super) fn is_parsed_as_json(&self) -> bool {
        self.json.get().is_some()
    }

    fn document(&self) -> &scraper::Html {
        self.document.whole(self.text())
    }
}

/// How many names a message repeats.
const MAX_NAMES: usize = 8;

/// The first of some names, each once: "`a`, `b` and more".
pub(super) fn some_of<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut shown: Vec<String> = Vec::new();
    for name in names {
        let name = format!("`{}`", excerpt(name));
        if shown.contains(&name) {
            continue;
        }
        if shown.len() == MAX_NAMES {
            return format!("{} and more", shown.join(", "));
        }
        shown.push(name);
    }
    if shown.is_empty() {
        return "none".to_owned();
    }
    shown.join(", ")
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
