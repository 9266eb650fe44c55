//! A task runs itself, directly or through others.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0102",
    severity: Severity::Error,
    summary: "a task that runs itself",
    explanation: "\
A task that comes round to itself would never end: no step of it decides whether
to go round once more. The places shown are the steps of the circle, in order.

Take out the step that closes it. If something is to happen again and again, that
is what a class's rounds are for: put the steps into a `sequence`, or draw the task
once per round.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [browse] }
tasks:
  browse: [{ get: / }, read]
  read: [{ get: /post }, browse]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [browse] }
tasks:
  browse: [{ get: / }, read]
  read: [{ get: /post }]
load: { users: 5, duration: 1m }
",
};
