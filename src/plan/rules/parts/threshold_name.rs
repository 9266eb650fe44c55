//! A threshold on what the plan does not have.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0206",
    severity: Severity::Error,
    summary: "a threshold on what the plan does not have",
    explanation: "\
A threshold with `of \"NAME\"` looks at the row of that name and no other; one with
`of group NAME`, `of class NAME` or `in stage NAME` at that group, class or stage
of the load. Where nothing has the name there will never be data, and a threshold
without data cannot hold: the run would end without a verdict after all its hours.

Names are compared letter by letter. Without a `name:` of its own, a request is
called by its method and path as written: \"POST /{post_id}/delete\". The stages
of a `load` with `duration` are `ramp_up`, `hold` and `ramp_down`, as far as they
take time.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: /search }] }
load: { users: 5, duration: 1m }
thresholds:
  - errors < 1%
  - 'p95 of \"GET /serach\" < 1s'
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: /search }] }
load: { users: 5, duration: 1m }
thresholds:
  - errors < 1%
  - 'p95 of \"GET /search\" < 1s'
",
};
