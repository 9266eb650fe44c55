//! Which controls belong to a form, which are disabled, and what its links start from.

use scraper::ElementRef;
use url::Url;

use super::super::Page;

/// The namespace of elements that browsers show as controls.
const HTML: &str = "http://www.w3.org/1999/xhtml";

/// Whether an element is a part of the page: what is in a `<template>` is not, nor what
/// is only called as one of HTML, in an `<svg>`.
pub(super) fn is_there(element: ElementRef<'_>) -> bool {
    *element.value().name.ns == *HTML
        && !ancestors(element).any(|above| above.value().name() == "template")
}

/// What a form owns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner<'p> {
    form: ElementRef<'p>,
    /// Its id, where that leads to it and not to an element before it.
    id: Option<&'p str>,
}

impl<'p> Owner<'p> {
    pub(super) fn new(page: &'p Page<'_>, form: ElementRef<'p>) -> Owner<'p> {
        let id = form.attr("id").filter(|id| {
            let mut all = page.elements();
            let first = all.find(|element| element.attr("id") == Some(id));
            !id.is_empty() && first.is_some_and(|first| first.id() == form.id())
        });
        Owner { form, id }
    }

    /// Whether a control is the form's: because it says so, or because it is in it.
    pub(super) fn owns(&self, control: ElementRef<'_>) -> bool {
        match control.attr("form") {
            Some(id) => self.id == Some(id),
            None => {
                let mut above = ancestors(control);
                let nearest = above.find(|above| above.value().name() == "form");
                nearest.is_some_and(|nearest| nearest.id() == self.form.id())
            }
        }
    }
}

/// Whether a control is disabled, by itself or by a `<fieldset>` around it: but not by
/// one whose legend it is in.
pub(super) fn is_disabled(control: ElementRef<'_>) -> bool {
    if control.attr("disabled").is_some() {
        return true;
    }
    let mut within = control;
    for above in ancestors(control) {
        if above.value().name() == "fieldset" && above.attr("disabled").is_some() {
            let mut children = above.child_elements();
            let legend = children.find(|child| child.value().name() == "legend");
            if legend.is_none_or(|legend| legend.id() != within.id()) {
                return true;
            }
        }
        within = above;
    }
    false
}

fn ancestors(element: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    element.ancestors().filter_map(ElementRef::wrap)
}

/// What relative links of a page are relative to: its first `<base>` with an address,
/// or the page itself.
pub(super) fn base(page: &Page<'_>) -> Url {
    let mut bases = page
        .elements()
        .filter(|element| element.value().name() == "base" && is_there(*element));
    let said = bases.find_map(|base| base.attr("href"));
    let said = said.and_then(|href| page.address().join(href).ok());
    let said = said.filter(|url| !matches!(url.scheme(), "data" | "javascript"));
    said.unwrap_or_else(|| page.address().clone())
}
