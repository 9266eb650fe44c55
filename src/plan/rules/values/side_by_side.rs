//! Requests side by side that need each other.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0304",
    severity: Severity::Error,
    summary: "a request that needs the answer to one beside it",
    explanation: "\
The requests of a `parallel` are on their way at the same time: none can be made of
what another one brings, and if two of them set the same value, the last one wins by
luck. Nor is any of their answers the last one, which `response` would be.

Send what needs an answer after the `parallel`, or one after the other without it.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [look] }
tasks:
  look:
    - parallel:
        - get: /
          extract: { post_id: { css: article a, attr: href } }
        - get: '/{{ post_id }}'
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [look] }
tasks:
  look:
    - parallel:
        - get: /
          extract: { post_id: { css: article a, attr: href } }
        - get: /style.css
    - get: '/{{ post_id }}'
load: { users: 5, duration: 1m }
",
};
