//! A URL that is neither a path nor absolute.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0203",
    severity: Severity::Error,
    summary: "a URL that is neither a path nor whole",
    explanation: "\
A request goes to a path below the plan's target, which begins with `/`, or to a
whole URL, which begins with `http://` or `https://`. A path without its slash would
have to be read relative to the last page, and what that is depends on what
happened before.

Begin it with `/`. A URL that was taken out of a page may be a whole template:
'{{ link }}'.
",
    example: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: posts/1 }] }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: /posts/1 }] }
load: { users: 5, duration: 1m }
",
};
