//! Taking one value out of a response.

use std::sync::Arc;

use scraper::ElementRef;

use super::{
    JsonPath, Page, Pattern, Selector, document::Need, json::likeness, page::excerpt,
    selector::text_of,
};
use crate::{
    base::{
        pick::Pick,
        random::Stream,
        value::{MAX_VALUE_BYTES, Value},
    },
    exchange::{Failure, FailureKind, json::value_of},
};

/// Takes one value out of a response.
#[derive(Clone, Debug)]
pub struct Extractor {
    pub source: Source,
    /// Refines what the source gives: group 1, or all that it matches.
    pub regex: Option<Pattern>,
    /// Which of several matches of the source; that one is refined.
    pub pick: Pick,
    pub if_missing: IfMissing,
}

/// Where a value is taken from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The elements that match: of each an attribute, or its text.
    Css {
        selector: Selector,
        attr: Option<Arc<str>>,
    },
    /// The matches in the body: of each group 1, or all of it.
    Regex(Pattern),
    JsonPath(JsonPath),
    /// The headers of a name in lower case.
    Header(Arc<str>),
    /// The cookie that goes with the next request to where the answer came from.
    Cookie(Arc<str>),
    /// Where the answer came from.
    Url,
    Status,
    Body,
}

/// What a missing value leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum IfMissing {
    /// The request fails.
    Fail,
    /// The variable is not set, whatever it was before.
    Unset,
    /// This is the value.
    Default(Value),
}

/// Why there is no value, in a sentence.
enum Lack {
    /// It is not there, which a plan can allow.
    Missing(String),
    /// It is there and of no use.
    Unfit(String),
}

/// What a [`Pick`] picked.
enum Picked<T> {
    One(T),
    All(Vec<T>),
}

impl Extractor {
    /// Whether it looks at the body, which then has to be kept.
    pub fn reads_body(&self) -> bool {
        match self.source {
            Source::Css { .. } | Source::Regex(_) | Source::JsonPath(_) | Source::Body => true,
            Source::Header(_) | Source::Cookie(_) | Source::Url | Source::Status => false,
        }
    }

    /// Whether it looks at the cookies of the user.
    pub fn reads_cookies(&self) -> bool {
        matches!(self.source, Source::Cookie(_))
    }

    /// What it takes out of an answer that is taken for granted: the text `1`.
    pub fn granted(&self) -> Value {
        let value = Value::text("1");
        match self.pick {
            Pick::All => Value::List([value].into()),
            Pick::First | Pick::Last | Pick::Random | Pick::Number(_) => value,
        }
    }

    /// Takes the value out; `None` if there is none and the variable is to be
    /// unset. Only a random pick draws from `picks`.
    ///
    /// # Errors
    ///
    /// Of kind `extraction`, with what was looked for and what was there instead:
    /// "`a.action` matched 0 elements; the page's title is `Log In`". As
    /// [`Page::open`] where the body cannot be read, also where a value may be
    /// missing.
    pub fn extract(&self, page: &Page<'_>, picks: &mut Stream) -> Result<Option<Value>, Failure> {
        if self.reads_body() {
            page.open()?;
        }
        let taken = self.take(page, picks).and_then(|value| {
            if value.weight_bytes() > MAX_VALUE_BYTES {
                return Err(self.too_heavy());
            }
            Ok(value)
        });
        match (taken, &self.if_missing) {
            (Ok(value), _) => Ok(Some(value)),
            (Err(Lack::Missing(_)), IfMissing::Unset) => Ok(None),
            (Err(Lack::Missing(_)), IfMissing::Default(value)) => Ok(Some(value.clone())),
            (Err(Lack::Missing(why)), IfMissing::Fail) | (Err(Lack::Unfit(why)), _) => {
                Err(Failure::new(FailureKind::Extraction, why))
            }
        }
    }

    fn take(&self, page: &Page<'_>, picks: &mut Stream) -> Result<Value, Lack> {
        match &self.source {
            Source::Css { selector, attr } if self.pick == Pick::First => {
                let need = match attr {
                    Some(_) => Need::Tag,
                    None => Need::Content,
                };
                let read = |element: ElementRef<'_>| self.read(element, selector, attr.as_deref());
                page.first(selector, need, read).unwrap_or_else(|| {
                    let found = self.matched(selector.source(), 0, ["element", "elements"]);
                    Err(Lack::Missing(format!("{found}; {}", page.likeness())))
                })
            }
            Source::Css { selector, attr } => {
                let picked = self.choose(page.select(selector), picks).map_err(|count| {
                    let found = self.matched(selector.source(), count, ["element", "elements"]);
                    Lack::Missing(format!("{found}; {}", page.likeness()))
                })?;
                let read = |element: ElementRef<'_>| self.read(element, selector, attr.as_deref());
                self.finish(picked, read)
            }
            Source::Regex(pattern) => {
                let found = self.choose(pattern.find_in(page.text()), picks);
                let picked = found.map_err(|count| {
                    let found = self.matched(pattern.source(), count, ["time", "times"]);
                    Lack::Missing(format!("{found} in the body; {}", page.likeness()))
                })?;
                self.finish(picked, |text| self.refine_text(text))
            }
            Source::JsonPath(path) => {
                let found = path.find(page).map_err(Lack::Missing)?;
                let picked = self.choose(found.into_iter(), picks).map_err(|count| {
                    let found = self.matched(path.source(), count, ["value", "values"]);
                    let instead = page.json().map_or_else(|why| why, likeness);
                    Lack::Missing(format!("{found}; {instead}"))
                })?;
                self.finish(picked, |json| self.refine(value_of(json)))
            }
            Source::Header(name) => {
                let picked = self.choose(page.header(name), picks).map_err(|count| {
                    Lack::Missing(match count {
                        0 => page.lacks_header(name),
                        count => self.matched(&format!("header {name}"), count, ["time", "times"]),
                    })
                })?;
                self.finish(picked, |text| self.refine_text(&text))
            }
            Source::Cookie(name) => match page.cookie(name) {
                Some(text) => self.refine_text(text),
                None => Err(Lack::Missing(page.lacks_cookie(name))),
            },
            Source::Url => self.refine_text(page.url()),
            Source::Status => self.refine(Value::Int(page.status().into())),
            Source::Body => self.refine_text(page.text()),
        }
    }

    /// What is wanted of an element that a selector matched.
    fn read(
        &self,
        element: ElementRef<'_>,
        selector: &Selector,
        attr: Option<&str>,
    ) -> Result<Value, Lack> {
        let Some(name) = attr else {
            return self.refine_text(&text_of(element));
        };
        match element.attr(name) {
            Some(text) => self.refine_text(text),
            None => Err(Lack::Missing(format!(
                "the `{}` that `{}` matched has no attribute `{name}`",
                element.value().name(),
                selector.source(),
            ))),
        }
    }

    /// What of several matches is meant; or how many there are, if too few.
    fn choose<T>(
        &self,
        mut matches: impl Iterator<Item = T>,
        picks: &mut Stream,
    ) -> Result<Picked<T>, usize> {
        match self.pick {
            Pick::First => matches.next().map(Picked::One).ok_or(0),
            Pick::Last => matches.last().map(Picked::One).ok_or(0),
            Pick::Number(number) => {
                let mut count = 0;
                for found in matches {
                    count += 1;
                    if count == number as usize {
                        return Ok(Picked::One(found));
                    }
                }
                Err(count)
            }
            Pick::Random => {
                let mut all: Vec<T> = matches.collect();
                let most = all.len().checked_sub(1).ok_or(0_usize)?;
                let at = usize::try_from(picks.up_to(most as u64)).expect("below a length");
                Ok(Picked::One(all.swap_remove(at)))
            }
            Pick::All => {
                let all: Vec<T> = matches.collect();
                if all.is_empty() {
                    Err(0)
                } else {
                    Ok(Picked::All(all))
                }
            }
        }
    }

    fn matched(&self, pattern: &str, count: usize, [one, many]: [&str; 2]) -> String {
        let noun = if count == 1 { one } else { many };
        let few = match self.pick {
            Pick::Number(number) if count > 0 => format!(", too few for `pick: {number}`"),
            Pick::Number(_) | Pick::First | Pick::Last | Pick::Random | Pick::All => String::new(),
        };
        format!("`{pattern}` matched {count} {noun}{few}")
    }

    /// Reads what was picked; a list is given up once it weighs too much.
    fn finish<T>(
        &self,
        picked: Picked<T>,
        read: impl Fn(T) -> Result<Value, Lack>,
    ) -> Result<Value, Lack> {
        match picked {
            Picked::One(found) => read(found),
            Picked::All(all) => {
                let mut values = Vec::with_capacity(all.len());
                let mut total_bytes = 0;
                for found in all {
                    let value = read(found)?;
                    total_bytes += value.weight_bytes();
                    if total_bytes > MAX_VALUE_BYTES {
                        return Err(self.too_heavy());
                    }
                    values.push(value);
                }
                Ok(Value::List(values.into()))
            }
        }
    }

    fn refine(&self, value: Value) -> Result<Value, Lack> {
        match value {
            value if self.regex.is_none() => Ok(value),
            Value::Text(text) => self.refine_text(&text),
            value => {
                let mut text = String::new();
                value.print_into(&mut text).map_err(|why| {
                    let source = self.source_text();
                    Lack::Unfit(format!("`regex` needs a text, and {source} gave {}", why.0))
                })?;
                self.refine_text(&text)
            }
        }
    }

    /// The text may be a whole body: what is not taken of it is not copied.
    fn refine_text(&self, text: &str) -> Result<Value, Lack> {
        let found = match &self.regex {
            None => Some(text),
            Some(pattern) => pattern.first_in(text),
        };
        match (found, &self.regex) {
            (Some(found), _) if found.len() > MAX_VALUE_BYTES => Err(self.too_heavy()),
            (Some(found), _) => Ok(Value::text(found)),
            (None, pattern) => Err(Lack::Missing(format!(
                "`{}` does not match `{}`, which {} gave",
                pattern.as_ref().map_or("", Pattern::source),
                excerpt(text),
                self.source_text(),
            ))),
        }
    }

    fn too_heavy(&self) -> Lack {
        Lack::Unfit(format!(
            "{} gave more than {} MiB, which is the most that a variable holds",
            self.source_text(),
            MAX_VALUE_BYTES >> 20,
        ))
    }

    fn source_text(&self) -> String {
        match &self.source {
            Source::Css { selector, .. } => format!("`{}`", selector.source()),
            Source::Regex(pattern) => format!("`{}`", pattern.source()),
            Source::JsonPath(path) => format!("`{}`", path.source()),
            Source::Header(name) => format!("the header `{name}`"),
            Source::Cookie(name) => format!("the cookie `{name}`"),
            Source::Url => "the URL".to_owned(),
            Source::Status => "the status".to_owned(),
            Source::Body => "the body".to_owned(),
        }
    }
}
