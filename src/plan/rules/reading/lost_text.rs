//! A text of which YAML takes away a part.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0010",
    severity: Severity::Warning,
    summary: "YAML leaves out a part of a text",
    explanation: "\
Outside of quotes a `#` behind a space begins a comment, and a word with `&` before
a text is an anchor, a name for other places of the file. Both are left out of the
text, without a word: `form #main` is the selector `form`.

A comment for people has a space after its sign, and an anchor an alias, `*NAME`,
that uses it. Where there is none, the text is probably meant as a whole: put it in
quotes.
",
    example: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence:
      - get: /
        expect:
          absent: form #error
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence:
      - get: /
        expect:
          absent: 'form #error'
load: { users: 5, duration: 1m }
",
};
