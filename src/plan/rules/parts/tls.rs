//! A certificate or a key that cannot be used.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0208",
    severity: Severity::Error,
    summary: "a certificate or a key that cannot be used",
    explanation: "\
The files under `tls` are PEM: text with lines like `-----BEGIN CERTIFICATE-----`.
They are named relative to the plan's file and lie in its folder or below. `ca`
holds one or more certificates of authorities, `cert` the certificate to show to
servers that ask for one, `key` the private key of exactly that certificate, without
a password. `cert` and `key` may be the same file, and neither goes without the
other.

Correct the path, or write the missing one beside it. A file that is not text is
probably DER: `openssl x509 -inform der -in x.der -out x.pem` makes PEM of it. A key
that does not fit is that of another certificate; when it fits and is refused still,
the first certificate in the file is not one's own but that of an authority.
",
    example: "\
plan: 1
defaults:
  tls: { cert: client.pem }
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
defaults:
  tls: { cert: client.pem, key: client.pem }
users:
  visitor: { wait: 1s, sequence: [{ get: / }] }
load: { users: 5, duration: 1m }
",
};
