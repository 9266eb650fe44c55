//! A template that cannot be compiled.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0201",
    severity: Severity::Error,
    summary: "a template that cannot be understood",
    explanation: "\
`{{ … }}` holds an expression: a name, a function such as `uuid()`, a filter such as
`| default('none')`. This one cannot be understood: it is not closed, or it calls
what does not exist.

All functions and filters are listed by the help where one is misspelt. A text that
is to hold two braces as they are writes them as an expression: {{ '{{' }}.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: '/{{ user.id }' }] }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: '/{{ user.id }}' }] }
load: { users: 5, duration: 1m }
",
};
