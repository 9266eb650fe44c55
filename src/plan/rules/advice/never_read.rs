//! A variable that is set and never read.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0402",
    severity: Severity::Warning,
    summary: "a value that is set and never read",
    explanation: "\
Nothing in the plan reads this value, so it changes nothing that is sent. Often the
place that should read it says something else: a slip, or a value written there by
hand, and then all users send the same. Reading a variable only to set it anew does
not count.

Read it where it was meant, or leave it out. An extraction that is there to check
the page is better said as an expectation, which says so in the report. Variables
and data of included files are not reported: another plan may read them.
",
    example: "\
plan: 1
vars:
  mail: 'u{{ user.id }}@example.org'
users:
  visitor:
    wait: 1s
    sequence:
      - post: /subscribe
        form: { mail: mail }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
vars:
  mail: 'u{{ user.id }}@example.org'
users:
  visitor:
    wait: 1s
    sequence:
      - post: /subscribe
        form: { mail: '{{ mail }}' }
load: { users: 5, duration: 1m }
",
};
