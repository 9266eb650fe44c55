//! A class has a share, and yet gets no user at the planned number.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0106",
    severity: Severity::Warning,
    summary: "a class that gets no user",
    explanation: "\
Users are whole: they are dealt to the classes by an exact split, and a class
whose share is less than one user at the planned number gets none. Whatever only
its users would do is then not tested at all, and the report cannot show that.

Plan more users, give the class a larger `weight`, or a `count` if there has to be
one of it however few the others are.
",
    example: "\
plan: 1
users:
  reader: { weight: 99, wait: 1s, sequence: [{ get: / }] }
  admin: { weight: 1, wait: 1s, sequence: [{ get: /admin }] }
load: { users: 10, duration: 1m }
",
    mended: "\
plan: 1
users:
  reader: { weight: 99, wait: 1s, sequence: [{ get: / }] }
  admin: { count: 1, wait: 1s, sequence: [{ get: /admin }] }
load: { users: 10, duration: 1m }
",
};
