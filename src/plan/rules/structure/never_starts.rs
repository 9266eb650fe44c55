//! A start or an end that never ends.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0114",
    severity: Severity::Error,
    summary: "a start or an end that never ends",
    explanation: "\
`on_start` comes before the first round, and `on_stop` after the last. With a
set in them that is never left, users would never come to what they are there
for, or never be gone.

Give the set a number of `rounds`, or an `until`.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, on_start: [warm_up], sequence: [{ get: / }] }
tasks:
  warm_up:
    sequence: [{ get: /health }]
    rounds: forever
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, on_start: [warm_up], sequence: [{ get: / }] }
tasks:
  warm_up:
    sequence: [{ get: /health }]
    rounds: 3
load: { users: 5, duration: 1m }
",
};
