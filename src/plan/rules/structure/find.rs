//! A search that cannot be made.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0121",
    severity: Severity::Error,
    summary: "a search for the capacity that cannot be made",
    explanation: "\
`find` looks for the highest level at which the target keeps to its conditions. Its
levels are of what it looks for: `100 users` with `max: users`, `50/s` with
`max: arrivals`. It goes up, from a level above 0. All visitors are part of each
level, so no class has a load of its own.

Something says what the target has to keep to: `while`, or else the plan's
`thresholds`. They are about the time in which a level is held, so that none of them
names a stage.
",
    example: "\
plan: 1
users:
  visitor: { wait: none, sequence: [{ get: / }] }
load:
  max_users: 100
  find: { max: users, while: [p95 < 300ms, errors < 1%], from: 10/s, to: 500/s }
",
    mended: "\
plan: 1
users:
  visitor: { wait: none, sequence: [{ get: / }] }
load:
  max_users: 100
  find: { max: arrivals, while: [p95 < 300ms, errors < 1%], from: 10/s, to: 500/s }
",
};
