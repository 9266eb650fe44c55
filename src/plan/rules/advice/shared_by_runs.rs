//! A registered value that is the same in the next run.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0405",
    severity: Severity::Warning,
    summary: "a value that the next run would register again",
    explanation: "\
The users of one run register different values, but those of the next run register
the same ones again. Unless the target forgets everything in between, the first run
passes and all later ones fail, at their start or, where the target says no with
status 200, without anybody noticing.

Put `run.id` into the value: it is new in every run. A target that is made anew for
each run is not harmed by it.
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
      form: { username: 'u{{ user.id }}', password: secret }
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
