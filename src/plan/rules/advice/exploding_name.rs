//! A name that makes a row of the report for every id.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0403",
    severity: Severity::Warning,
    summary: "a name that makes a row for every id",
    explanation: "\
Requests of one name are one row of the report. With the number of a user or of a
post in it, each row has one request, no percentile means anything, no threshold can
name one, and after 1,000 rows all others are counted together as `(other)`.

Leave `name` out: then variables stand in the name as `{post_id}`, and ten thousand
posts are one row. Or give it a name without values.
",
    example: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence:
      - get: '/profile/{{ user.id }}'
        name: 'profile {{ user.id }}'
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence:
      - get: '/profile/{{ user.id }}'
        name: profile
load: { users: 5, duration: 1m }
",
};
