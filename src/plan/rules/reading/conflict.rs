//! Keys that exclude each other.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0009",
    severity: Severity::Error,
    summary: "keys that exclude each other",
    explanation: "\
Each of these keys alone says what happens; together they say two different
things, and there is no order of precedence to remember. A class has a `weight` or
a `count`; it has `tasks`, a `sequence` or `choose_once`; a step does one thing.

Keep the one that you mean. Two things that one task does are two steps: begin the
second with a dash of its own.
",
    example: "\
plan: 1
users:
  visitor:
    weight: 1
    count: 3
    wait: 1s
    sequence: [{ get: / }]
load: { users: 3, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor:
    count: 3
    wait: 1s
    sequence: [{ get: / }]
load: { users: 3, duration: 1m }
",
};
