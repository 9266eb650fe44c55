//! A registered value that all users share.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0404",
    severity: Severity::Warning,
    summary: "a value that all users would register",
    explanation: "\
A target takes a user name or an address once. Here all users register the same, so
the first one succeeds and the others are told that it is taken; many applications
say so with status 200, and then the report is green as well.

Make the value of something that no other user has: `user.id`, which is never used
twice in a run, together with `run.id`, which is new in every run. `uuid()` and a
row of data will do too. And say what has to come of it, with `expect`.
",
    example: "\
plan: 1
users:
  visitor:
    wait: 1s
    on_start: [register]
    sequence: [{ get: / }]
tasks:
  register:
    - post: /auth/register
      form: { username: ada, password: secret }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor:
    wait: 1s
    on_start: [register]
    sequence: [{ get: / }]
tasks:
  register:
    - post: /auth/register
      form: { username: 'u{{ run.id }}_{{ user.id }}', password: secret }
load: { users: 5, duration: 1m }
",
};
