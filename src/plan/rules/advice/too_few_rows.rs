//! Data that come to an end before the run does.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0410",
    severity: Severity::Warning,
    summary: "data with fewer rows than are drawn",
    explanation: "\
Where rows do not begin again, each can be drawn once: by all users together or,
with `share: user`, by each. This source has fewer than the planned users draw in
the planned time or number of iterations, if every answer came at once;
`plan validate --explain` shows how many that are. After the last row users leave,
the run ends, or steps fail, as `at_end` has it, and the rest of the run is not what
the plan says.

Give it more rows, plan fewer iterations or a shorter time, or let it begin again.
",
    example: "\
plan: 1
data:
  modes: { rows: [{ mode: fast }, { mode: slow }], at_end: stop_user }
users:
  visitor: { wait: 1s, sequence: [{ get: '/{{ modes.mode }}' }] }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
data:
  modes: { rows: [{ mode: fast }, { mode: slow }], at_end: wrap }
users:
  visitor: { wait: 1s, sequence: [{ get: '/{{ modes.mode }}' }] }
load: { users: 5, duration: 1m }
",
};
