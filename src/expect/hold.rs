//! Holding a response against a check.

use std::time::Duration;

use super::{Check, json};
use crate::{
    base::{duration, figures, value::Value},
    exchange::{Failure, FailureKind, Response},
    extract::{JsonPath, Page, Selector, excerpt},
};

impl Check {
    /// Holds a response against the check; the exchange has taken `took`.
    /// `operand` is the rendered text that `FinalPath`, `Header` and `Contains`
    /// compare with, and empty for the others.
    ///
    /// # Errors
    ///
    /// A [`Failure`] of kind `status` or `expectation` that says what was
    /// expected and what came; as [`Page::open`] where the body cannot be read.
    pub fn hold(
        &self,
        response: &Response,
        took: Duration,
        page: &Page<'_>,
        operand: &str,
    ) -> Result<(), Failure> {
        if let Check::Status(expected) = self {
            return if expected.contains(response.status) {
                Ok(())
            } else {
                let detail = format!("expected status {expected}, got {}", response.status);
                Err(Failure::new(FailureKind::Status, detail))
            };
        }
        if self.reads_body() {
            page.open()?;
        }
        match self.broken(response, took, page, operand) {
            None => Ok(()),
            Some(detail) => Err(Failure::new(FailureKind::Expectation, detail)),
        }
    }

    /// What is wrong; `None` if nothing is.
    fn broken(
        &self,
        response: &Response,
        took: Duration,
        page: &Page<'_>,
        operand: &str,
    ) -> Option<String> {
        match self {
            Check::Status(_) => None,
            Check::FinalPath => (!ends_at(response, operand)).then(|| {
                let ended = excerpt(response.url.path());
                format!(
                    "expected to end at `{}`, ended at `{ended}`",
                    excerpt(operand)
                )
            }),
            Check::HasHeader(name) => {
                let is_there = response.header(name).is_some();
                (!is_there).then(|| page.lacks_header(name))
            }
            Check::Header(name) => other_header(name, page, operand),
            Check::Contains => (!page.text().contains(operand)).then(|| {
                let (wanted, page) = (excerpt(operand), page.likeness());
                format!("the page does not contain `{wanted}`; {page}")
            }),
            Check::Matches(pattern) => (!pattern.is_in(page)).then(|| {
                let (pattern, page) = (pattern.source(), page.likeness());
                format!("`{pattern}` matches nothing in the body; {page}")
            }),
            Check::Present(selector) => (!selector.is_on(page)).then(|| none_of(selector, page)),
            Check::Count(selector, wanted) => other_count(selector, *wanted, page),
            Check::Shows(selector, wanted) => other_text(selector, wanted, page),
            Check::Absent(selector) => is_there(selector, page),
            Check::HasJson(path) => match path.values(page) {
                Ok(found) if found.is_empty() => Some(page.lacks_json(path)),
                Ok(_) => None,
                Err(why) => Some(why),
            },
            Check::Json(path, wanted) => other_json(path, wanted, page),
            Check::Size(range) => (!range.contains(response.body_bytes))
                .then(|| format!("the body has {}, not {range}", bytes(response.body_bytes))),
            Check::Within(longest) => (took > *longest).then(|| {
                let (took, longest) = (figures::time(took), duration::text(*longest));
                format!("the answer took {took}, longer than {longest}")
            }),
        }
    }
}

fn other_header(name: &str, page: &Page<'_>, wanted: &str) -> Option<String> {
    let mut found = page.header(name).peekable();
    let Some(first) = found.peek() else {
        return Some(page.lacks_header(name));
    };
    let told = format!(
        "the header `{name}` is `{}`, not `{}`",
        excerpt(first),
        excerpt(wanted)
    );
    (!found.any(|value| value == wanted)).then_some(told)
}

fn none_of(selector: &Selector, page: &Page<'_>) -> String {
    format!(
        "`{}` matched 0 elements; {}",
        selector.source(),
        page.likeness()
    )
}

fn other_count(selector: &Selector, wanted: u32, page: &Page<'_>) -> Option<String> {
    let count = selector.count(page);
    let elements = if count == 1 { "element" } else { "elements" };
    (count != wanted as usize).then(|| {
        format!(
            "`{}` matched {count} {elements}, not {wanted}; {}",
            selector.source(),
            page.likeness()
        )
    })
}

fn other_text(selector: &Selector, wanted: &str, page: &Page<'_>) -> Option<String> {
    let Some(text) = selector.first_text(page) else {
        return Some(none_of(selector, page));
    };
    let is_same = text.split_whitespace().eq(wanted.split_whitespace());
    (!is_same).then(|| {
        let (text, wanted) = (excerpt(&text), excerpt(wanted));
        format!("`{}` says `{text}`, not `{wanted}`", selector.source())
    })
}

fn is_there(selector: &Selector, page: &Page<'_>) -> Option<String> {
    let text = selector.first_text(page)?;
    let selector = selector.source();
    Some(if text.is_empty() {
        format!("`{selector}` is there")
    } else {
        format!("`{selector}` is there: `{}`", excerpt(&text))
    })
}

fn other_json(path: &JsonPath, wanted: &Value, page: &Page<'_>) -> Option<String> {
    let found = match path.values(page) {
        Ok(found) => found,
        Err(why) => return Some(why),
    };
    let is_same = match (found.as_slice(), wanted) {
        ([], _) => return Some(page.lacks_json(path)),
        ([one], _) if json::is_same(one, wanted) => true,
        (all, Value::List(wanted)) => {
            all.len() == wanted.len()
                && all
                    .iter()
                    .zip(&**wanted)
                    .all(|(one, other)| json::is_same(one, other))
        }
        (_, _) => false,
    };
    (!is_same).then(|| {
        let found = match found.as_slice() {
            [one] => json::text(one),
            all => json::text(&Value::List(all.into())),
        };
        let (found, wanted) = (excerpt(&found), excerpt(&json::text(wanted)));
        format!("`{}` is `{found}`, not `{wanted}`", path.source())
    })
}

fn bytes(size_bytes: u64) -> String {
    match size_bytes {
        1 => "1 byte".to_owned(),
        size_bytes => format!("{size_bytes} bytes"),
    }
}

/// Whether the chain of redirects ended at a path.
fn ends_at(response: &Response, path: &str) -> bool {
    if response.url.path() == path {
        return true;
    }
    // A plan writes `/żaba`; the URL of the answer has it percent-encoded.
    let mut wanted = response.url.clone();
    wanted.set_path(path);
    path.starts_with('/') && response.url.path() == wanted.path()
}
