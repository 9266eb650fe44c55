//! A name that nothing sets.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0302",
    severity: Severity::Error,
    summary: "a name that nothing sets",
    explanation: "\
A template reads a name that no variable, no extraction and no data source of the
plan has, and that is none of the given ones, such as `run.id`, `user.id` and
`iteration`. It would fail each time it is rendered.

Correct the name, or set it: in `vars` once per user, in `extract` from a response.
A text that should stand there as it is needs quotes within the braces.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: '/?user={{ usr.id }}' }] }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: '/?user={{ user.id }}' }] }
load: { users: 5, duration: 1m }
",
};
