//! The part of a URL that is never sent.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0412",
    severity: Severity::Warning,
    summary: "a `#` in a URL, and what follows it",
    explanation: "\
What follows a `#` in a URL is for browsers, which look for it in the page; it never
reaches a server, and this program does not send it either.

Leave it out, or write `%23` if the `#` is a part of the path or of the query.
",
    example: "\
plan: 1
users: { visitor: { wait: 1s, sequence: [{ get: /search?tag=#rust }] } }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users: { visitor: { wait: 1s, sequence: [{ get: /search?tag=%23rust }] } }
load: { users: 5, duration: 1m }
",
};
