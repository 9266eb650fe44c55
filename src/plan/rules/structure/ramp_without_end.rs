//! `load` has a `ramp_down` that nothing starts.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0116",
    severity: Severity::Error,
    summary: "a `ramp_down` without a `duration`",
    explanation: "\
`ramp_down` begins when the time at full load is over. Where only a number of
iterations ends the run, nobody knows when that is: each user leaves when it is
done.

Add a `duration`, or leave `ramp_down` out.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 5, per_user: 10, ramp_down: 10s }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 5, per_user: 10 }
",
};
