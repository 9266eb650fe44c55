//! A step, a draw or a sequence names a task that does not exist.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0101",
    severity: Severity::Error,
    summary: "a task that does not exist",
    explanation: "\
A class or a task runs a task by its name, and no file of the plan defines one of
that name. In a list of steps a bare word is always the name of a task; the only
exception is `wait`.

Correct the name, define the task under `tasks`, or include the file that does.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [login, logn] }
tasks:
  login: [{ post: /login }]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, tasks: [login] }
tasks:
  login: [{ post: /login }]
load: { users: 5, duration: 1m }
",
};
