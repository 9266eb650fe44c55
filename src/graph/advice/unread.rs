//! Variables that are set and never read, and data that nobody draws from.

use super::Known;
use crate::{
    base::ids::FeedId,
    graph::{codes, vars::SetBy},
    source::{Diagnostic, Diagnostics},
};

pub(super) fn check(known: &Known<'_>, found: &mut Diagnostics) {
    for var in known.names.vars() {
        let (place, by) = known.names.first_set(var);
        // A file of tasks is there for several plans; another one may read it.
        let shared = place.file != known.plan.top.file;
        if shared || known.seen.has(var) {
            continue;
        }
        let name = known.names.name_of(var);
        let (message, help) = match by {
            // Something may be done as often as there are items.
            SetBy::Item => continue,
            SetBy::Vars | SetBy::Step(_) => (
                format!("`{name}` is set and never read"),
                format!("leave it out, or read it as `{{{{ {name} }}}}`"),
            ),
            SetBy::Extract(_) => (
                format!("`{name}` is extracted and never read"),
                format!(
                    "read it as `{{{{ {name} }}}}`, or leave it out; to check that it is there, say so in `expect`"
                ),
            ),
            SetBy::Argument => (
                format!("parameter `{name}` is never read"),
                format!("leave it out, or read it in the task as `{{{{ {name} }}}}`"),
            ),
        };
        let diagnostic =
            Diagnostic::warning(codes::NEVER_READ, message).at(place, "nothing comes of it");
        let diagnostic = match known.seen.own_set(var) {
            Some(read) => diagnostic.at(read, "read here, but only to set it anew"),
            None => diagnostic,
        };
        found.push(diagnostic.help(help));
    }
    for (at, secret) in (0..).zip(&known.plan.secrets) {
        if !known.seen.has_secret(at) {
            let name = &secret.value;
            found.push(
                Diagnostic::warning(
                    codes::NEVER_READ,
                    format!("the secret `{name}` is never read"),
                )
                .at(secret.span, "nothing comes of it")
                .help(format!(
                    "leave it out, or read it as `{{{{ secret.{name} }}}}`"
                )),
            );
        }
    }
    for (index, data) in known.plan.data.iter().enumerate() {
        let shared = data.name.span.file != known.plan.top.file;
        if !shared && !known.seen.has_feed(FeedId::at(index)) {
            let name = &data.name.value;
            found.push(
                Diagnostic::warning(
                    codes::NEVER_READ,
                    format!("no row of `{name}` is ever read"),
                )
                .at(data.name.span, "nothing comes of it")
                .help(format!(
                    "leave it out, or read a column as `{{{{ {name}.COLUMN }}}}`"
                )),
            );
        }
    }
}
