//! More steps than a graph holds.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0207",
    severity: Severity::Error,
    summary: "tasks that unfold into too many steps",
    explanation: "\
Each place that runs a task gets steps of its own, so tasks that run each other
many times multiply: six of them that each run the next one ten times are a million
steps. A plan written by hand has hundreds.

Run the inner tasks fewer times, or let the rounds of a class repeat them.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [a] }
tasks:
  a: [b, b, b, b, b, b, b, b, b, b]
  b: [c, c, c, c, c, c, c, c, c, c]
  c: [d, d, d, d, d, d, d, d, d, d]
  d: [e, e, e, e, e, e, e, e, e, e]
  e: [f, f, f, f, f, f, f, f, f, f]
  f: [g, g, g, g, g, g, g, g, g, g]
  g: [{ get: / }]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [a] }
tasks:
  a: [b, b]
  b: [c, c]
  c: [d, d]
  d: [e, e]
  e: [f, f]
  f: [g, g]
  g: [{ get: / }]
load: { users: 5, duration: 1m }
",
};
