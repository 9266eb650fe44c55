//! A condition that nothing can change.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0409",
    severity: Severity::Warning,
    summary: "a condition that always gives the same",
    explanation: "\
Nothing in this condition can change: it reads no variable and calls no function. So
what it guards is always done, or never, and the plan says more than it means. Often
a name stands in quotes that was meant to be read.

Take the condition out, or the steps that are never done; or let it read something.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [look] }
tasks:
  look: [{ get: /, when: \"'user.id' == 1\" }]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [look] }
tasks:
  look: [{ get: /, when: user.id == 1 }]
load: { users: 5, duration: 1m }
",
};
