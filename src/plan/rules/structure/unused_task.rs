//! No class ever runs a task.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0110",
    severity: Severity::Warning,
    summary: "a task that nobody runs",
    explanation: "\
No class runs this task, neither directly nor through another task. What it would
have tested is not tested, and the report cannot show what was never asked.

Let a class run it, or take it out. Tasks of included files are not reported: such
a file is there for several plans, and none needs all of them.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [index] }
tasks:
  index: [{ get: / }]
  search: [{ get: /search }]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [index, search] }
tasks:
  index: [{ get: / }]
  search: [{ get: /search }]
load: { users: 5, duration: 1m }
",
};
