//! A header that cannot be sent.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0204",
    severity: Severity::Error,
    summary: "a header that cannot be sent",
    explanation: "\
`Content-Length` and `Transfer-Encoding` say where the body of a request ends. They
follow from the body; a plan that chose them could send a request that the server
reads as half of one, or as two, and every later answer on the connection would
belong to the wrong question.

Leave the header out. It is sent as it has to be.
",
    example: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence:
      - post: /search
        headers: { Content-Length: 5 }
        form: { q: ada }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  visitor:
    wait: 1s
    sequence:
      - post: /search
        form: { q: ada }
load: { users: 5, duration: 1m }
",
};
