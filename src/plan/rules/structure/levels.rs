//! The levels of a load do not go together.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0120",
    severity: Severity::Error,
    summary: "levels of a load that do not go together",
    explanation: "\
A load counts either users who are there (`100 users`) or arrivals in a time
(`50/s`), and all its levels are of that kind: nobody can say what lies between ten
users and ten arrivals a second. Some level is above 0 and some stage takes time,
stages have names of their own, at most one hold is `steady`, and a staircase goes
up.

Where some visitors are a fixed number and others just arrive, give their class a
`load` of its own.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load:
  max_users: 100
  stages:
    - { to: 10 users, over: 30s }
    - { to: 50/s, over: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load:
  max_users: 100
  stages:
    - { to: 10/s, over: 30s }
    - { to: 50/s, over: 1m }
",
};
