//! Variables that read each other in a circle.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0303",
    severity: Severity::Error,
    summary: "variables that are worked out from each other",
    explanation: "\
Variables are worked out when a user starts, each after those that it reads; the
order in which they are written means nothing. These read each other in a circle,
so none of them can be the first.

Break the circle: let one of them be made of something else, such as `user.id`.
",
    example: "\
plan: 1
vars:
  name: '{{ mail }}'
  mail: '{{ name }}@example.org'
users:
  visitor: { wait: 1s, sequence: [{ get: '/?mail={{ mail }}' }] }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
vars:
  name: 'u{{ user.id }}'
  mail: '{{ name }}@example.org'
users:
  visitor: { wait: 1s, sequence: [{ get: '/?mail={{ mail }}' }] }
load: { users: 5, duration: 1m }
",
};
