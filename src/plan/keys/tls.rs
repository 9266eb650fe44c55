//! The keys of `tls`.

use super::{Key, Section, Shape};

/// Whom to trust, and as whom to show oneself.
pub static TLS: Section = Section {
    name: "tls",
    title: "`tls`",
    summary: "Which servers are trusted, and the certificate to show them.",
    keys: &[
        Key::optional(
            "insecure",
            Shape::Truth,
            "whether any certificate is good; the report says so",
        ),
        Key::optional(
            "ca",
            Shape::Path,
            "a PEM file with the authorities that are trusted, in place of those of the machine",
        ),
        Key::optional(
            "cert",
            Shape::Path,
            "a PEM file with the certificate for servers that ask for one",
        ),
        Key::optional(
            "key",
            Shape::Path,
            "a PEM file with the private key of that certificate",
        ),
    ],
    groups: &[],
    hints: &[
        (
            "verify",
            "certificates are verified unless `insecure: true` says otherwise",
        ),
        (
            "skip_verify",
            "certificates are verified unless `insecure: true` says otherwise",
        ),
        ("cacert", "it is called `ca`"),
        ("client_cert", "it is called `cert`"),
        ("client_key", "it is called `key`"),
    ],
};
