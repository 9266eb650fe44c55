//! A file that cannot be included.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0007",
    severity: Severity::Error,
    summary: "a file that cannot be included",
    explanation: "\
`include` names files relative to the file that names them. They must exist, lie
in the folder of the root plan or below it, hold no `users` (such a file is a plan
of its own), and not include each other in a circle.

The limit to the plan's own folder is there because plans come in by pull request:
whoever validates one should not have any other file of his machine read by it.
Move the file below the plan, or correct its path.
",
    example: "\
plan: 1
include: [../tasks.yaml]
users:
  visitor: { wait: 1s, tasks: [index] }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
include: [tasks.yaml]
users:
  visitor: { wait: 1s, tasks: [index] }
load: { users: 5, duration: 1m }
",
};
