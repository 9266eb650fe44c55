//! More is created than deleted, for hours.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0407",
    severity: Severity::Warning,
    summary: "more is created than deleted",
    explanation: "\
A plan that runs for hours and creates more than it deletes fills up the target.
Pages that list everything get longer, so their answers get slower: that looks
like a leak of the target, and is one of the plan.

Which requests create and which delete is a guess by their names: `POST /posts`,
`POST /create` and `DELETE /posts/{id}`, `POST /{id}/delete`. It is said only of
plans with an hour or more at full load, that delete something below the same
path, and less than they create: whoever deletes nothing may want a full target,
and whoever deletes cares. A `when` before the creating, or an `until` around the
deleting, may even it out, so nothing is said there.

Delete as often as you create, in the same task or with the same weight.
`plan validate --explain` shows how often each request is expected.
",
    example: "\
plan: 1
users:
  author: { wait: 1s, tasks: { add: 2, add_and_delete: 1 } }
tasks:
  add: [{ post: /posts }]
  add_and_delete: [{ post: /posts }, { delete: /posts/1 }]
load: { users: 5, duration: 72h }
thresholds: [errors < 0.1%]
",
    mended: "\
plan: 1
users:
  author: { wait: 1s, tasks: { look: 2, add_and_delete: 1 } }
tasks:
  look: [{ get: /posts }]
  add_and_delete: [{ post: /posts }, { delete: /posts/1 }]
load: { users: 5, duration: 72h }
thresholds: [errors < 0.1%]
",
};
