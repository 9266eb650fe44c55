//! A password or a token that stands in the plan.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0411",
    severity: Severity::Warning,
    summary: "a password or a token that stands in the plan",
    explanation: "\
`auth` says who asks, and what proves it is written in the plan itself, or in its
`vars`. Plans are reviewed, copied and kept for years, and so is each of their old
versions: whoever can read one can log in.

Name it under `secrets` and read it as `{{ secret.NAME }}`. Whoever runs the plan
gives its value, as `PLAN_SECRET_NAME` or with `--secrets-file`; no output has it.
",
    example: "\
plan: 1
defaults: { auth: { basic: { user: ada, password: sesame } } }
users: { visitor: { wait: 1s, sequence: [{ get: / }] } }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
secrets: [word]
defaults: { auth: { basic: { user: ada, password: '{{ secret.word }}' } } }
users: { visitor: { wait: 1s, sequence: [{ get: / }] } }
load: { users: 5, duration: 1m }
",
};
