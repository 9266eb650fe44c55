//! `think` where rounds are paced, which says nothing of how long it takes.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0115",
    severity: Severity::Error,
    summary: "`wait: think` where rounds are paced",
    explanation: "\
`wait: think` takes as long as the wait of its class or set. A pacing is no such
time: it is what lies between the starts of two rounds, and how much of that is
left to wait is known only at the end of a round.

Give the step a time of its own.
",
    example: "\
plan: 1
users:
  visitor: { wait: { pacing: 10s }, tasks: [read] }
tasks:
  read: [{ get: / }, wait, { get: /post }]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: { pacing: 10s }, tasks: [read] }
tasks:
  read: [{ get: / }, { wait: 2s }, { get: /post }]
load: { users: 5, duration: 1m }
",
};
