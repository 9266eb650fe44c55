//! A form that is sent where no page may have been received.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0220",
    severity: Severity::Error,
    summary: "a form that is sent without a page to take it from",
    explanation: "\
`submit` takes the form from the page last received: the answer to the request
before it in the same round. There is a way to this step on which there was none:
no request comes before it, or that one may have failed and the task gone on.

Get the page first. If there may be none, because the request before it has
`on_fail: continue`, let the step be skipped: `when: response.status is defined`.
",
    example: "\
plan: 1
users:
  author: { wait: 1s, tasks: [log_in] }
tasks:
  log_in:
    - submit: form
      fields: { username: ann, password: secret }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  author: { wait: 1s, tasks: [log_in] }
tasks:
  log_in:
    - get: /auth/login
    - submit: form
      fields: { username: ann, password: secret }
load: { users: 5, duration: 1m }
",
};
