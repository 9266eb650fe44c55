//! A data file that cannot be read.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0205",
    severity: Severity::Error,
    summary: "a data file that cannot be read",
    explanation: "\
A file under `data` is named relative to the plan's file, lies in its folder or
below, and has a first line that names its columns. This one does not exist, or one
of its lines has more or fewer fields than the first.

Correct the path or the line. A field with a comma in it needs double quotes around
it: \"Kowalska, Anna\".
",
    example: "\
plan: 1
data:
  accounts: { csv: acounts.csv }
users:
  visitor: { wait: 1s, sequence: [{ get: '/{{ accounts.name }}' }] }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
data:
  accounts: { csv: accounts.csv }
users:
  visitor: { wait: 1s, sequence: [{ get: '/{{ accounts.name }}' }] }
load: { users: 5, duration: 1m }
",
};
