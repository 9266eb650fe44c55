//! All the weights that something is drawn or shared by are 0.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0103",
    severity: Severity::Error,
    summary: "nothing to draw from: all weights are 0",
    explanation: "\
Weights say how often something is chosen compared with its neighbours. If all of
them are 0 there is nothing to choose, and no way to go on.

Give at least one of them a weight of 1 or more. Where all are to be equal, a list
says so: `tasks: [index, login]`.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: { index: 0, style: 0 } }
tasks:
  index: [{ get: / }]
  style: [{ get: /style.css }]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: { index: 4, style: 1 } }
tasks:
  index: [{ get: / }]
  style: [{ get: /style.css }]
load: { users: 5, duration: 1m }
",
};
