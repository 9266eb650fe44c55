//! A set is never left, and something beside it is never done again.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0113",
    severity: Severity::Warning,
    summary: "a set that is never left, beside other tasks",
    explanation: "\
A user that comes into a set with `rounds: forever` stays there for good, and
does nothing else of what its class offers. Where tasks are drawn by weight,
sooner or later all users are in that set: the weights then say nothing of who
does what.

Give the set a number of `rounds`, or an `until`. If users are to stay with one
task for life, say `choose_once` in place of `tasks`: they are then split
exactly by weight.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: { browse: 9, watch: 1 } }
tasks:
  browse: [{ get: / }]
  watch:
    sequence: [{ get: /feed }]
    rounds: forever
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: { browse: 9, watch: 1 } }
tasks:
  browse: [{ get: / }]
  watch:
    sequence: [{ get: /feed }]
    rounds: 10
load: { users: 5, duration: 1m }
",
};
