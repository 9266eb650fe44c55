//! Taking one value out of a page.

use std::sync::Arc;

use regex::Regex;

use super::{Page, PatternError, Selector, page::excerpt, selector::text_of};
use crate::base::value::Value;

/// Takes one value out of a response.
#[derive(Clone, Debug)]
pub struct Extractor {
    selector: Selector,
    attr: Option<Arc<str>>,
    regex: Option<Regex>,
}

impl Extractor {
    /// Takes the first element that `selector` matches: its attribute `attr`, or
    /// its text; from that, group 1 of `regex` (the whole match if it has no group).
    ///
    /// # Errors
    ///
    /// [`PatternError`] if `regex` is not one.
    pub fn css(
        selector: Selector,
        attr: Option<&str>,
        regex: Option<&str>,
    ) -> Result<Extractor, PatternError> {
        let regex = regex
            .map(Regex::new)
            .transpose()
            .map_err(|error| explain(&error))?;
        Ok(Extractor {
            selector,
            attr: attr.map(Arc::from),
            regex,
        })
    }

    /// Takes the value out.
    ///
    /// # Errors
    ///
    /// A sentence that tells what was looked for and what was there instead:
    /// "`a.action` matched 0 elements; the page's title is `Log In`".
    pub fn extract(&self, page: &Page<'_>) -> Result<Value, String> {
        let css = self.selector.source();
        let Some(element) = page.select(&self.selector).next() else {
            return Err(format!("`{css}` matched 0 elements; {}", page.likeness()));
        };
        match &self.attr {
            None => self.refine(&text_of(element)),
            Some(name) => match element.attr(name) {
                Some(text) => self.refine(text),
                None => Err(format!(
                    "the first `{}` that `{css}` matched has no attribute `{name}`",
                    element.value().name(),
                )),
            },
        }
    }

    fn refine(&self, text: &str) -> Result<Value, String> {
        let Some(regex) = &self.regex else {
            return Ok(Value::text(text));
        };
        let found = regex
            .captures(text)
            .and_then(|groups| groups.get(usize::from(groups.len() > 1)));
        match found {
            Some(found) => Ok(Value::text(found.as_str())),
            None => Err(format!(
                "`{regex}` does not match `{}`, which `{}` gave",
                excerpt(text),
                self.selector.source(),
            )),
        }
    }
}

fn explain(error: &regex::Error) -> PatternError {
    let message = match error {
        regex::Error::CompiledTooBig(_) => "the regex is too big".to_owned(),
        error => {
            // The library draws a picture of the pattern; its last line is the reason.
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default();
            reason.strip_prefix("error: ").unwrap_or(reason).to_owned()
        }
    };
    PatternError::new(message, None)
}
