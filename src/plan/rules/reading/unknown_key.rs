//! A key that nothing reads.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0002",
    severity: Severity::Error,
    summary: "a key that is not known here",
    explanation: "\
Nothing reads this key, so whatever you meant by it would not happen, and nobody
would notice before the run is over. Most often it is a slip of the finger, or the
key belongs one level higher or lower: `timeout` is a key of a request and of
`defaults`, and not of `load`.

Take the proposed key, or move it where it belongs. With the first line
`# yaml-language-server: $schema=plan.schema.json` (see `plan schema`), editors
mark such slips while you type.
",
    example: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence:
      - get: /
        tiemout: 5s
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence:
      - get: /
        timeout: 5s
load: { users: 5, duration: 1m }
",
};
