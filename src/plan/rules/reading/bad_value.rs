//! The right type, but not a value that means anything.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0006",
    severity: Severity::Error,
    summary: "a value that means nothing here",
    explanation: "\
The value has the right type and still cannot be used: a duration without a unit,
a range that ends before it begins, a status that does not exist, a name that is
empty.

Units are required because `10` has been read as seconds by one person and as
minutes by another: write 10s, 500ms, 1h20m, 72h or 3d.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 5, duration: 10 }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 5, duration: 10s }
",
};
