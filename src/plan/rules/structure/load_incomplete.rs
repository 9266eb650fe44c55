//! `load` does not say how many users there are, or for how long.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0107",
    severity: Severity::Error,
    summary: "`load` lacks the users or the duration",
    explanation: "\
A run needs a number of users, and something that ends it: a time at full load,
or a number of iterations (`iterations` of all users, `per_user` of each). There
is no default: how much load is right only you can know, and a wrong guess is
either a test of nothing or an outage.

Add what is missing under `load`, or give it on the command line: `plan run
plan.yaml --users 10 --duration 5m`.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 10 }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 10, duration: 5m }
",
};
