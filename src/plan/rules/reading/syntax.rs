//! Text that is neither YAML nor TOML, or a part of them that plans do not have.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0001",
    severity: Severity::Error,
    summary: "the text cannot be read as YAML or TOML",
    explanation: "\
Before anything can be said about the plan, its text has to fall apart into keys
and values, and here it does not: a quote or a bracket is left open, a line is
indented by a tab or by one space too few, a sign such as `*`, `&`, `!`, `%` or `@`
stands where it means something to YAML and nothing to you.

The place shown is where reading stopped making sense. If that line looks right,
look at the line above it. Values with signs in them are safest in single quotes:
'a: b', 'div#main', '{{ post_id }}'.
",
    example: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence: [{ get: /one }, { get: /two ]
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence: [{ get: /one }, { get: /two }]
load: { users: 5, duration: 1m }
",
};
