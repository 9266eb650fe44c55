//! Parts of URLs that are never sent.

use super::Known;
use crate::{
    graph::codes,
    plan::ast::{Aim, Step},
    source::{Diagnostic, Diagnostics},
    template::{Escape, Template},
};

pub(super) fn check(known: &Known<'_>, found: &mut Diagnostics) {
    for request in known.plan.steps().filter_map(Step::request) {
        let Aim::Url { url, .. } = &request.aim else {
            continue;
        };
        let written = Template::parse(url, Escape::Url);
        if written.is_ok_and(|written| written.outline().contains('#')) {
            found.push_once(
                Diagnostic::warning(codes::FRAGMENT, "what follows the `#` is never sent")
                    .at(url.span, "it is for browsers, to find a place in the page")
                    .help("leave it out, or write `%23` if it belongs to the path or the query"),
            );
        }
    }
}
