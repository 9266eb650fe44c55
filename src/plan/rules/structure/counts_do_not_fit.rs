//! The exact numbers of classes do not fit the number of users.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0105",
    severity: Severity::Error,
    summary: "the classes' counts do not fit the number of users",
    explanation: "\
A class with a `count` has exactly that many users; classes with a `weight` share
the rest. Here the counts ask for more users than the load has, or for fewer and no
class has a weight to take the others.

Change `load.users` or a count, or give one class a `weight` instead. With
`--users` on the command line the counts have to fit that number too.
",
    example: "\
plan: 1
users:
  monitor: { count: 2, wait: 1s, sequence: [{ get: /health }] }
load: { users: 10, duration: 1m }
",
    mended: "\
plan: 1
users:
  monitor: { count: 2, wait: 1s, sequence: [{ get: /health }] }
  visitor: { weight: 1, wait: 1s, sequence: [{ get: / }] }
load: { users: 10, duration: 1m }
",
};
