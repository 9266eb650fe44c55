//! One weight or count is 0, so that what carries it never happens.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0104",
    severity: Severity::Warning,
    summary: "a weight or a count of 0",
    explanation: "\
What has weight 0 is never chosen, so its requests never appear in the report, and
nobody notices that they are missing: the run is green because nothing was asked.
Most often somebody switched it off to look at something else, and forgot.

Leave it out, or give it a weight of at least 1. If it is to stay in the file for
later, make it a comment: then a reviewer sees that it does not run.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: { index: 4, search: 0 } }
tasks:
  index: [{ get: / }]
  search: [{ get: /search }]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: { index: 4, search: 1 } }
tasks:
  index: [{ get: / }]
  search: [{ get: /search }]
load: { users: 5, duration: 1m }
",
};
