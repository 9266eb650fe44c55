//! One name means a data source and a variable.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0109",
    severity: Severity::Error,
    summary: "one name for a data source and a variable",
    explanation: "\
`{{ accounts.name }}` is the column of a row if `accounts` is a data source, and a
part of a value if it is a variable. With both of one name, nobody who reads the
plan could tell which is meant.

Give one of them another name.
",
    example: "\
plan: 1
data:
  accounts: { csv: accounts.csv }
vars:
  accounts: 3
users:
  visitor: { wait: 1s, sequence: [{ get: '/{{ accounts.name }}' }] }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
data:
  accounts: { csv: accounts.csv }
vars:
  how_many: 3
users:
  visitor: { wait: 1s, sequence: [{ get: '/{{ accounts.name }}?max={{ how_many }}' }] }
load: { users: 5, duration: 1m }
",
};
