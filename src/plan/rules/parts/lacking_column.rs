//! A column that not every row has.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0240",
    severity: Severity::Error,
    summary: "a column that some rows of data lack",
    explanation: "\
In JSON, and in rows that are written in a plan, a row need not have every column. A
template that reads a column which its row lacks has no value to put in: the step
would fail for the users who draw that row, and for nobody else.

Give every row the column, or say in the template what stands for a missing one:
{{ accounts.nick | default(accounts.name) }}.
",
    example: "\
plan: 1
data:
  accounts: { rows: [{ name: ada, nick: al }, { name: grace }] }
users:
  visitor: { wait: 1s, sequence: [{ get: '/{{ accounts.nick }}' }] }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
data:
  accounts: { rows: [{ name: ada, nick: al }, { name: grace }] }
users:
  visitor: { wait: 1s, sequence: [{ get: '/{{ accounts.nick | default(accounts.name) }}' }] }
load: { users: 5, duration: 1m }
",
};
