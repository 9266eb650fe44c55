//! Something that has to be there is not, or is there and empty.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0004",
    severity: Severity::Error,
    summary: "something required is missing",
    explanation: "\
Some keys are required because any default would be a guess that changes what a
run means: a class has to say how long its users wait (`wait: none` if they do
not), a plan has to say which version of the format it is written in.

Add the key, with the value that you mean. The help shows one that works.
",
    example: "\
plan: 1
users:
  visitor:
    sequence: [{ get: / }]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence: [{ get: / }]
load: { users: 5, duration: 1m }
",
};
