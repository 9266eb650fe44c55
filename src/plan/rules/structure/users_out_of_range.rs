//! The number of users is 0, or more than one run can have.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0108",
    severity: Severity::Error,
    summary: "a number of users that no run can have",
    explanation: "\
A run has at least one user and at most a million: nobody would send anything, or
one machine could not be all of them. A number beyond the limit is more often the
number of visits in a day than the number of visitors at one time; a thousand users
who wait a second after each task are already a busy site.

Write the number of users who are there at the same time.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 2000000, duration: 5m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 2000, duration: 5m }
",
};
