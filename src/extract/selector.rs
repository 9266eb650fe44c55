//! CSS selectors.

use std::{ops::Range, sync::Arc};

use scraper::error::SelectorErrorKind;

use super::{
    Page, PatternError,
    document::Need,
    needle::{Needles, Prospect},
};

/// A compiled CSS selector.
#[derive(Clone, Debug)]
pub struct Selector {
    source: Arc<str>,
    compiled: scraper::Selector,
    /// Whether what follows an element can decide over it.
    looks_ahead: bool,
    needles: Needles,
}

impl Selector {
    /// Compiles a selector.
    ///
    /// # Errors
    ///
    /// [`PatternError`] if it is not CSS, or empty.
    pub fn new(css: &str) -> Result<Selector, PatternError> {
        if css.trim().is_empty() {
            return Err(PatternError::new("a selector cannot be empty", None));
        }
        if let Some(at) = left_open(css) {
            let sign = &css[at..=at];
            let message = format!("`{sign}` is not closed");
            return Err(PatternError::new(message, Some(at..at + 1)));
        }
        let compiled = scraper::Selector::parse(css).map_err(|kind| explain(css, &kind))?;
        Ok(Selector {
            source: css.into(),
            compiled,
            needles: Needles::of(css),
            looks_ahead: LOOKING_AHEAD.iter().any(|part| css.contains(part)),
        })
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether an element of the page matches.
    pub fn is_on(&self, page: &Page<'_>) -> bool {
        page.first(self, Need::Tag, |_| ()).is_some()
    }

    /// How many elements of the page match.
    pub fn count(&self, page: &Page<'_>) -> usize {
        match self.needles.in_page(page.text()) {
            Prospect::Nowhere => 0,
            Prospect::From(_) => page.select(self).count(),
        }
    }

    /// The text of the first element that matches, white space at its ends
    /// removed; `None` if none matches.
    pub fn first_text(&self, page: &Page<'_>) -> Option<String> {
        page.first(self, Need::Content, text_of)
    }

    /// Whether only a whole page tells what it matches.
    pub(super) fn looks_ahead(&self) -> bool {
        self.looks_ahead
    }

    /// How far a page is from a match.
    pub(super) fn prospect(&self, text: &str) -> Prospect {
        self.needles.in_page(text)
    }

    pub(super) fn compiled(&self) -> &scraper::Selector {
        &self.compiled
    }
}

/// In selectors that ask for something behind an element. Where one of them only stands
/// in a text, a whole page is parsed for nothing.
const LOOKING_AHEAD: [&str; 4] = [":has", ":empty", ":only-", "last-"];

/// All text within an element, white space at its ends removed.
pub(super) fn text_of(element: scraper::ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.trim().to_owned()
}

/// The first bracket or quotation mark that is never closed.
fn left_open(css: &str) -> Option<usize> {
    let mut open: Vec<(usize, u8)> = Vec::new();
    let mut quote = None;
    let mut bytes = css.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match (quote, byte) {
            (_, b'\\') => drop(bytes.next()),
            (Some((_, mark)), byte) if mark == byte => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some((at, byte)),
            (None, b'(') => open.push((at, b')')),
            (None, b'[') => open.push((at, b']')),
            (None, byte) => drop(open.pop_if(|(_, closing)| *closing == byte)),
        }
    }
    quote.or(open.first().copied()).map(|(at, _)| at)
}

fn explain(css: &str, kind: &SelectorErrorKind) -> PatternError {
    let message = match kind {
        SelectorErrorKind::EndOfLine => "it ends where something is still missing",
        SelectorErrorKind::InvalidAtRule
        | SelectorErrorKind::InvalidAtRuleBody
        | SelectorErrorKind::QualRuleInvalid
        | SelectorErrorKind::UnexpectedToken => "something in it cannot stand where it stands",
        SelectorErrorKind::TooManyNestedBlocks => "it is nested too deeply",
        SelectorErrorKind::ExpectedColonOnPseudoElement
        | SelectorErrorKind::ExpectedIdentityOnPseudoElement => "a `:` needs a name after it",
        // The type of what is inside belongs to a crate that is not ours to name.
        SelectorErrorKind::UnexpectedSelectorParseError(inner) => match &*format!("{inner:?}") {
            "EmptySelector" => "an element's name, a class, an id or an attribute is missing",
            "DanglingCombinator" => "nothing follows its last `>`, `+` or `~`",
            "ClassNeedsIdent" => "a `.` needs the name of a class after it",
            "NoIdentForPseudo" => "a `:` needs a name after it",
            "ExpectedNamespace" => "it names a namespace, and pages have none",
            "UnsupportedPseudoClassOrElement" => {
                return PatternError::new(
                    "it asks for something that a page alone does not tell",
                    only_pseudo(css),
                );
            }
            "NoQualifiedNameInAttributeSelector"
            | "UnexpectedTokenInAttributeSelector"
            | "ExpectedBarInAttr"
            | "BadValueInAttr"
            | "InvalidQualNameInAttr" => "what stands in `[…]` is no condition on an attribute",
            _ => "it is not a CSS selector",
        },
    };
    PatternError::new(message, None)
}

/// Where `:hover` stands, if it is the only one.
fn only_pseudo(css: &str) -> Option<Range<usize>> {
    let start = css.find(':')?;
    let after = css[start..].trim_start_matches(':');
    let name = after.len()
        - after
            .trim_start_matches(|c: char| c.is_alphanumeric() || c == '-')
            .len();
    let end = css.len() - after.len() + name;
    (!css[end..].contains(':')).then_some(start..end)
}
