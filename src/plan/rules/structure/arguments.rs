//! A task is not told what its `params` want, or is told something else.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0111",
    severity: Severity::Error,
    summary: "a task that is not told what it needs",
    explanation: "\
A task's `params` are what whoever runs it has to hand over: by `with`, in a
step `task: NAME`. One without a default has to be given; one that the task does
not have would be handed over to nobody. A drawn task gets nothing handed over.

Hand over what is missing, correct the name, or give the parameter a default:
`params: { title: hello }` in place of `params: [title]`.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [write] }
tasks:
  write:
    params: [title]
    steps:
      - post: /create
        form: { title: '{{ title }}' }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence:
      - { task: write, with: { title: hello } }
tasks:
  write:
    params: [title]
    steps:
      - post: /create
        form: { title: '{{ title }}' }
load: { users: 5, duration: 1m }
",
};
