//! More than a plan may have: depth, nodes, files.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0008",
    severity: Severity::Error,
    summary: "more than a plan may hold",
    explanation: "\
A plan is written by hand and read by people, so its depth, its files, its groups
and what its aliases unfold into have limits, far above what any real plan needs.
They are there so that a file of another kind, or one made to do harm, ends with a
sentence and not with a machine that swaps.

Look for brackets that open again and again, or for an alias of an alias. Data
belongs into a file of its own, named under `data`.
",
    example: "\
plan: 1
vars:
  deep: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
users:
  visitor: { wait: 1s, sequence: [{ get: '/{{ deep }}' }] }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
vars:
  deep: 1
users:
  visitor: { wait: 1s, sequence: [{ get: '/{{ deep }}' }] }
load: { users: 5, duration: 1m }
",
};
