//! The controls of a form, and the state that the page gives them.

use scraper::ElementRef;

use super::{
    super::Page,
    owner::{Owner, is_disabled, is_there},
    sanitize::sanitize,
};
use crate::exchange::multipart::Attachment;

/// One control of a form, in the order of the page.
#[derive(Debug)]
pub(super) struct Control<'p> {
    pub(super) element: ElementRef<'p>,
    /// Empty if it has none: it is not sent then.
    pub(super) name: &'p str,
    pub(super) is_disabled: bool,
    /// Whoever fills in the form wants it left out.
    pub(super) is_left_out: bool,
    pub(super) state: State,
}

/// What a control is, and what it holds.
#[derive(Debug)]
pub(super) enum State {
    Text {
        value: String,
        takes: Takes,
    },
    Hidden(String),
    /// A checkbox, or a radio button.
    Box {
        kind: BoxKind,
        value: String,
        is_checked: bool,
    },
    Select {
        /// Whether several options can be chosen.
        is_multiple: bool,
        options: Vec<Choice>,
    },
    /// Files, of which none is chosen at first.
    File {
        is_multiple: bool,
        chosen: Vec<Attachment>,
    },
    /// A button that submits the form.
    Button {
        value: String,
    },
    /// The same as a picture.
    Image,
    /// A button that does something else.
    Inert,
}

/// What a field of text makes of what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Line,
    Lines,
    /// A line without blanks around it: an address.
    Address,
    /// A colour, in small letters.
    Colour,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BoxKind {
    Checkbox,
    Radio,
}

/// An option of a `<select>`.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) value: String,
    /// What a person sees.
    pub(super) label: String,
    pub(super) is_disabled: bool,
    pub(super) is_selected: bool,
}

impl Control<'_> {
    pub(super) fn is_submit_button(&self) -> bool {
        matches!(self.state, State::Button { .. } | State::Image)
    }
}

impl Choice {
    pub(super) fn is_sent(&self) -> bool {
        self.is_selected && !self.is_disabled
    }
}

/// All controls of a form as a browser shows them at first.
pub(super) fn of_form<'p>(page: &'p Page<'_>, form: ElementRef<'p>) -> Vec<Control<'p>> {
    let owner = Owner::new(page, form);
    let mut controls = Vec::new();
    for element in page.elements() {
        let state = match element.value().name() {
            "input" | "button" | "select" | "textarea" if !owner.owns(element) => continue,
            "input" => input(element),
            "button" => button(element),
            "select" => select(element),
            "textarea" => State::Text {
                value: element.text().collect(),
                takes: Takes::Lines,
            },
            _ => continue,
        };
        if !is_there(element) {
            continue;
        }
        controls.push(Control {
            element,
            name: element.attr("name").unwrap_or_default(),
            is_disabled: is_disabled(element),
            is_left_out: false,
            state,
        });
    }
    only_last_radios(&mut controls);
    controls
}

fn input(element: ElementRef<'_>) -> State {
    let kind = element.attr("type").unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    let value = element.attr("value");
    let checkable = |kind| State::Box {
        kind,
        value: value.unwrap_or("on").to_owned(),
        is_checked: element.attr("checked").is_some(),
    };
    match kind.as_str() {
        "hidden" => State::Hidden(value.unwrap_or_default().to_owned()),
        "checkbox" => checkable(BoxKind::Checkbox),
        "radio" => checkable(BoxKind::Radio),
        "file" => State::File {
            is_multiple: element.attr("multiple").is_some(),
            chosen: Vec::new(),
        },
        // What browsers write on it, they send too.
        "submit" => State::Button {
            value: value.unwrap_or("Submit").to_owned(),
        },
        "image" => State::Image,
        "reset" | "button" => State::Inert,
        kind => State::Text {
            value: sanitize(kind, value.unwrap_or_default(), |name| element.attr(name)),
            takes: match kind {
                "email" | "url" => Takes::Address,
                "color" => Takes::Colour,
                _ => Takes::Line,
            },
        },
    }
}

fn button(element: ElementRef<'_>) -> State {
    let kind = element.attr("type").unwrap_or_default();
    if ["reset", "button"].map(|inert| kind.eq_ignore_ascii_case(inert)) == [false, false] {
        let value = element.attr("value").unwrap_or_default().to_owned();
        State::Button { value }
    } else {
        State::Inert
    }
}

fn select(element: ElementRef<'_>) -> State {
    let is_multiple = element.attr("multiple").is_some();
    let mut options = Vec::new();
    for child in element.child_elements() {
        match child.value().name() {
            "option" => options.push(option(child, false)),
            "optgroup" => {
                let is_disabled = child.attr("disabled").is_some();
                let inner = child.child_elements();
                let inner = inner.filter(|inner| inner.value().name() == "option");
                options.extend(inner.map(|inner| option(inner, is_disabled)));
            }
            _ => {}
        }
    }
    if !is_multiple {
        let last = options.iter().rposition(|option| option.is_selected);
        let shown = element.attr("size").and_then(leading_number).unwrap_or(1);
        // A list of one line shows something, whether it is chosen or not.
        let chosen = last.or_else(|| {
            let mut options = options.iter();
            let first = options.position(|option| !option.is_disabled);
            first.filter(|_| shown <= 1)
        });
        for (index, option) in options.iter_mut().enumerate() {
            option.is_selected = Some(index) == chosen;
        }
    }
    State::Select {
        is_multiple,
        options,
    }
}

fn option(element: ElementRef<'_>, in_disabled_group: bool) -> Choice {
    // A script in it is no text.
    let texts = element.descendants().filter_map(|node| {
        let above = node.parent().and_then(ElementRef::wrap)?;
        let text = node.value().as_text()?;
        (above.value().name() != "script").then_some(&**text)
    });
    let text: String = texts.collect();
    let text: Vec<&str> = text.split_ascii_whitespace().collect();
    let text = text.join(" ");
    let value = element.attr("value").map(str::to_owned);
    let label = element.attr("label").filter(|label| !label.is_empty());
    Choice {
        value: value.unwrap_or_else(|| text.clone()),
        label: label.map_or(text, str::to_owned),
        is_disabled: in_disabled_group || element.attr("disabled").is_some(),
        is_selected: element.attr("selected").is_some(),
    }
}

/// The number that an attribute begins with, as HTML reads it.
fn leading_number(text: &str) -> Option<u32> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let text = text.strip_prefix('+').unwrap_or(text);
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    text[..digits].parse().ok()
}

/// Of radio buttons with one name, the last that the page checks stays checked.
fn only_last_radios(controls: &mut [Control<'_>]) {
    let mut seen: Vec<&str> = Vec::new();
    for control in controls.iter_mut().rev() {
        if let State::Box {
            kind: BoxKind::Radio,
            is_checked,
            ..
        } = &mut control.state
            && *is_checked
        {
            *is_checked = !seen.contains(&control.name);
            seen.push(control.name);
        }
    }
}
