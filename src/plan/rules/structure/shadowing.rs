//! A parameter has the name of something outside its task.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0112",
    severity: Severity::Error,
    summary: "a parameter that hides something else",
    explanation: "\
Inside its task a parameter would hide the variable or the data of the same
name, and who reads the task could not tell which of the two `{{ … }}` means.

Give one of them another name.
",
    example: "\
plan: 1
vars: { title: hello }
users:
  visitor:
    wait: 1s
    sequence:
      - { task: write, with: { title: '{{ title }}' } }
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
vars: { greeting: hello }
users:
  visitor:
    wait: 1s
    sequence:
      - { task: write, with: { title: '{{ greeting }}' } }
tasks:
  write:
    params: [title]
    steps:
      - post: /create
        form: { title: '{{ title }}' }
load: { users: 5, duration: 1m }
",
};
