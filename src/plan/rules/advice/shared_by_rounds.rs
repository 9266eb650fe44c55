//! A registered value that a user registers again in each round.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0406",
    severity: Severity::Warning,
    summary: "a value that a user registers again in every round",
    explanation: "\
The registration is part of what users do round after round, and its value is worked
out once for each user. The first round succeeds; in all others the target is asked
for a name that is taken, and many applications say no with status 200.

Register in `on_start`, which users pass once, or make the value anew each time:
with `iteration`, `uuid()` or a row of data. A registration under a condition
(`when`) is not reported.
",
    example: "\
plan: 1
vars:
  username: 'u{{ run.id }}_{{ user.id }}'
users:
  visitor: { wait: 1s, tasks: [register, index] }
tasks:
  register:
    - post: /auth/register
      form: { username: '{{ username }}', password: secret }
  index: [{ get: / }]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
vars:
  username: 'u{{ run.id }}_{{ user.id }}'
users:
  visitor: { wait: 1s, on_start: [register], tasks: [index] }
tasks:
  register:
    - post: /auth/register
      form: { username: '{{ username }}', password: secret }
  index: [{ get: / }]
load: { users: 5, duration: 1m }
",
};
