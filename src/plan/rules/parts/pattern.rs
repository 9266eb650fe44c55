//! A selector, a regex or a JSONPath that cannot be compiled.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0202",
    severity: Severity::Error,
    summary: "a selector, a regex or a JSONPath that cannot be understood",
    explanation: "\
The text is no CSS selector, no regular expression or no JSONPath. It would fail in
the same way for every user and every response, so it is refused before the run.

In YAML, write selectors and regexes in single quotes: there `\\d` is `\\d`, while in
double quotes a backslash begins an escape. Brackets of a selector need quotes
around the value: 'a[href$=\"/update\"]'.
",
    example: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence:
      - get: /
        expect: { absent: 'div.flash[' }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence:
      - get: /
        expect: { absent: 'div.flash' }
load: { users: 5, duration: 1m }
",
};
