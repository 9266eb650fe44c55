//! A file to be sent that cannot be read.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0221",
    severity: Severity::Error,
    summary: "a file to be sent that cannot be read",
    explanation: "\
What `body_file` and the `file` of a form name is relative to the plan's file, lies
in the root plan's folder or below, and has at most 64 MiB. It is read once, before
the run, and stays in memory once, however many users send it.

Correct the path, or move the file beside the plan.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ put: /accounts, body_file: acounts.csv }] }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ put: /accounts, body_file: accounts.csv }] }
load: { users: 5, duration: 1m }
",
};
