//! A list where a number should be, and the like.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0003",
    severity: Severity::Error,
    summary: "a value of the wrong type",
    explanation: "\
A text stands where a number has to be, or one value where a list has to be, or
nothing at all. The message says what was expected and what is there.

Two things make this happen without being visible. A `#` begins a comment in YAML,
so `css: #main` is an empty key; quote it: '#main'. And braces begin a mapping, so
`get: {{ url }}` is no text; quote it: '{{ url }}'.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: fifty, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 50, duration: 1m }
",
};
