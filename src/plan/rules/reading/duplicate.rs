//! A key, a task or a header that is there twice.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0005",
    severity: Severity::Error,
    summary: "something is there twice",
    explanation: "\
A key that is there twice would silently lose one of its values; which one is a
matter of the parser. The same holds for a task or a data source that two files of
a plan both define, and for headers whose names differ only in the case of their
letters.

Keep one of them, or give the other a name of its own.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [index] }
tasks:
  index: [{ get: / }]
  index: [{ get: /index }]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [front, index] }
tasks:
  front: [{ get: / }]
  index: [{ get: /index }]
load: { users: 5, duration: 1m }
",
};
