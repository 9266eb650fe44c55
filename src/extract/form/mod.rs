//! A form of a page, sent as a browser sends it.
//!
//! ```text
//! page ──find──▶ form ──controls──▶ what the page gives ──fill──▶ what a person gives ──▶ entries ──▶ address, method, body
//! ```
//!
//! The rules are those of the HTML standard, "constructing the entry list" and
//! "form submission algorithm": which fields are sent, with which values, in which
//! order, how they are encoded, and where to. What a person could not fill in (a
//! field that the form lacks, an option that it does not offer, what is disabled) is
//! a failure; what only a script could change (a hidden field, one that is read-only)
//! can be filled in.
//!
//! The button that is pressed is the first one of the form that is not disabled, as it
//! is when a person presses Enter, unless another one is asked for.
//!
//! # What is not here
//!
//! Scripts, and so whatever they add to a form or change in it; the checks that browsers
//! make before they send (`required`, `pattern`); `dirname`; `wrap=hard`; elements that a
//! script defines; and fields that belong to a form only by the way the page was parsed,
//! such as those of a form that begins between two rows of a table.

mod control;
mod fill;
mod owner;
mod sanitize;

use std::{borrow::Cow, sync::Arc};

use scraper::ElementRef;
use url::Url;

use self::control::{Control, State};
use super::{Page, Selector};
use crate::{
    base::method::Method,
    exchange::{Body, Charset, Failure, FailureKind, form, multipart},
};

/// What is asked of a form.
#[derive(Clone, Copy, Debug)]
pub struct Filling<'a> {
    /// Which form it is.
    pub form: &'a Selector,
    /// Which of its buttons is pressed, in place of the first one.
    pub button: Option<&'a Selector>,
    /// Fields with values of one's own; without any, a field is left out.
    pub fields: &'a [(Arc<str>, Vec<multipart::Value>)],
    /// A number that nobody foresees, which tells the parts of a body apart.
    pub boundary: u128,
}

/// What a browser sends for a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    pub method: Method,
    pub url: Url,
    pub body: Option<Body>,
}

/// Fills in a form of a page, and sends it off as far as that goes without a network.
///
/// # Errors
///
/// Of kind `form`: there is no such form, or it cannot be filled in like that.
pub fn submission(page: &Page<'_>, filling: &Filling<'_>) -> Result<Submission, Failure> {
    page.open()?;
    let form = find(page, filling.form)?;
    let mut controls = control::of_form(page, form);
    for (name, values) in filling.fields {
        fill::fill(&mut controls, name, values).map_err(failure)?;
    }
    let button = pressed(&controls, filling.button).map_err(failure)?;
    let entries = entries(&controls, button, charset(page, form));
    let button = button.map(|index| &controls[index]);
    send(page, form, button, &entries, filling.boundary).map_err(failure)
}

fn failure(detail: String) -> Failure {
    Failure::new(FailureKind::Form, detail)
}

fn find<'p>(page: &'p Page<'_>, selector: &Selector) -> Result<ElementRef<'p>, Failure> {
    let source = selector.source();
    let Some(found) = page.select(selector).find(|found| owner::is_there(*found)) else {
        let instead = page.likeness();
        return Err(failure(format!("`{source}` matched 0 elements; {instead}")));
    };
    match found.value().name() {
        "form" => Ok(found),
        other => Err(failure(format!(
            "`{source}` matched `<{other}>`, which is no form; {}",
            page.likeness()
        ))),
    }
}

/// The button that is pressed: an index into the controls.
fn pressed(controls: &[Control<'_>], asked: Option<&Selector>) -> Result<Option<usize>, String> {
    let mut buttons = controls
        .iter()
        .enumerate()
        .filter(|(_, control)| control.is_submit_button());
    let Some(selector) = asked else {
        let first = buttons.find(|(_, control)| !control.is_disabled);
        return Ok(first.map(|(index, _)| index));
    };
    let source = selector.source();
    let count = buttons.clone().count();
    match buttons.find(|(_, control)| selector.compiled().matches(&control.element)) {
        Some((_, control)) if control.is_disabled => {
            Err(format!("the button `{source}` is disabled"))
        }
        Some((index, _)) => Ok(Some(index)),
        None if count == 0 => Err(format!("`{source}` is no button of the form; it has none")),
        None => Err(format!(
            "`{source}` matched none of the form's buttons to submit it, of which it has {count}"
        )),
    }
}

/// One field as it is sent, in the order of the page.
struct Entry<'p> {
    name: Cow<'p, str>,
    value: EntryValue<'p>,
}

enum EntryValue<'p> {
    Text(Cow<'p, str>),
    File(&'p multipart::Attachment),
    /// What a field for files sends that none was chosen for.
    NoFile,
}

/// The entries of a form, and the charset that they are sent in.
struct Entries<'p> {
    list: Vec<Entry<'p>>,
    charset: Charset,
}

fn entries<'p>(
    controls: &'p [Control<'p>],
    button: Option<usize>,
    charset: Charset,
) -> Entries<'p> {
    let mut entries = Entries {
        list: Vec::new(),
        charset,
    };
    for (index, control) in controls.iter().enumerate() {
        if control.is_disabled || control.is_left_out {
            continue;
        }
        match &control.state {
            State::Button { value } if button == Some(index) => entries.text(control.name, value),
            State::Image if button == Some(index) => entries.image(control.name),
            State::Text { value, .. } => entries.text(control.name, value),
            // In this field browsers say which charset they send.
            State::Hidden(_) if control.name.eq_ignore_ascii_case("_charset_") => {
                entries.text(control.name, charset.name());
            }
            State::Hidden(value) => entries.text(control.name, value),
            State::Box {
                value,
                is_checked: true,
                ..
            } => entries.text(control.name, value),
            State::Select { options, .. } => {
                let sent = options.iter().filter(|option| option.is_sent());
                sent.for_each(|option| entries.text(control.name, &option.value));
            }
            State::File { chosen, .. } => {
                if chosen.is_empty() {
                    entries.push(control.name.into(), EntryValue::NoFile);
                }
                for file in chosen {
                    entries.push(control.name.into(), EntryValue::File(file));
                }
            }
            State::Button { .. } | State::Image | State::Box { .. } | State::Inert => {}
        }
    }
    entries
}

impl<'p> Entries<'p> {
    fn text(&mut self, name: &'p str, value: &'p str) {
        self.push(name.into(), EntryValue::Text(value.into()));
    }

    /// Where it was pressed: in its corner, as a keyboard does.
    fn image(&mut self, name: &str) {
        for axis in ["x", "y"] {
            let name = if name.is_empty() {
                axis.to_owned()
            } else {
                format!("{name}.{axis}")
            };
            self.push(name.into(), EntryValue::Text("0".into()));
        }
    }

    fn push(&mut self, name: Cow<'p, str>, value: EntryValue<'p>) {
        if !name.is_empty() {
            self.list.push(Entry { name, value });
        }
    }

    /// Names and values where files are sent by their names alone.
    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list.iter().map(|entry| {
            let value = match &entry.value {
                EntryValue::Text(text) => &**text,
                EntryValue::File(file) => &file.filename,
                EntryValue::NoFile => "",
            };
            (&*entry.name, value)
        })
    }

    fn body(&self, encoding: &str, boundary: u128) -> Body {
        match encoding {
            "multipart/form-data" => {
                let mut parts = multipart::Parts::new(boundary, self.charset);
                for entry in &self.list {
                    match &entry.value {
                        EntryValue::Text(text) => parts.text(&entry.name, text),
                        EntryValue::File(file) => parts.file(&entry.name, file),
                        EntryValue::NoFile => parts.no_file(&entry.name),
                    }
                }
                parts.finish()
            }
            "text/plain" => Body::new(
                Some(form::PLAIN_CONTENT_TYPE),
                form::plain(self.charset, self.pairs()),
            ),
            _ => Body::new(
                Some(form::CONTENT_TYPE),
                form::encode_in(self.charset, self.pairs()),
            ),
        }
    }
}

/// The charset that a form is sent in: one that it accepts, or that of its page.
fn charset(page: &Page<'_>, form: ElementRef<'_>) -> Charset {
    let accepted = form.attr("accept-charset").unwrap_or_default();
    let mut accepted = accepted.split([' ', ',', '\t', '\n', '\r', '\x0c']);
    let accepted = accepted.find_map(Charset::of_label);
    accepted.unwrap_or_else(|| page.charset())
}

fn send(
    page: &Page<'_>,
    form: ElementRef<'_>,
    button: Option<&Control<'_>>,
    entries: &Entries<'_>,
    boundary: u128,
) -> Result<Submission, String> {
    let attribute = |of_button, of_form| {
        let own = button.and_then(|button| button.element.attr(of_button));
        own.or(form.attr(of_form)).unwrap_or_default()
    };
    let mut url = action(page, attribute("formaction", "action"))?;
    url.set_fragment(None);
    let method = attribute("formmethod", "method").to_ascii_lowercase();
    match method.as_str() {
        "post" => {
            let encoding = attribute("formenctype", "enctype").to_ascii_lowercase();
            Ok(Submission {
                method: Method::Post,
                url,
                body: Some(entries.body(&encoding, boundary)),
            })
        }
        "dialog" => Err("the form closes a dialog, and sends nothing".to_owned()),
        _ => {
            let query = form::encode_in(entries.charset, entries.pairs());
            let query = String::from_utf8(query).expect("what is encoded is ASCII");
            url.set_query(Some(&query));
            Ok(Submission {
                method: Method::Get,
                url,
                body: None,
            })
        }
    }
}

/// Where a form leads: relative to the page's `<base>`, or to the page itself.
fn action(page: &Page<'_>, action: &str) -> Result<Url, String> {
    let action = action.trim_matches(|c: char| c.is_ascii_whitespace());
    if action.is_empty() {
        return Ok(page.address().clone());
    }
    let url = owner::base(page).join(action);
    let url = url.map_err(|why| format!("the form leads to `{action}`, which is no URL: {why}"))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(format!(
            "the form leads to `{}`: only http and https can be asked",
            super::excerpt(action)
        )),
    }
}

#[cfg(test)]
mod tests;
