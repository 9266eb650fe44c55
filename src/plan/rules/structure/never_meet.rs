//! More users are to meet than can come.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0119",
    severity: Severity::Warning,
    summary: "a meeting that too few users come to",
    explanation: "\
At a `meet` users wait until so many have come; each that waits longer than its
`timeout` goes on without the others. Here fewer users come than are to meet, so
all of them wait in vain, each time.

Plan more users, let more classes come there, or let fewer users meet.
",
    example: "\
plan: 1
users:
  buyer: { wait: 1s, sequence: [{ meet: { name: sale, users: 20, timeout: 1m } }, { get: /buy }] }
load: { users: 10, duration: 1m }
",
    mended: "\
plan: 1
users:
  buyer: { wait: 1s, sequence: [{ meet: { name: sale, users: 10, timeout: 1m } }, { get: /buy }] }
load: { users: 10, duration: 1m }
",
};
