//! The keys of `defaults`.

use super::{
    Key, Section, Shape, TLS,
    auth::AUTHORIZED,
    connecting::{DNS_TTL, HTTP, KEEP_ALIVE, LOCAL_ADDRESSES, PROXY, RESOLVE},
    table::{EXPECTED, HEADERS, REDIRECTS, TIMEOUT},
};

/// What holds for every request.
pub static DEFAULTS: Section = Section {
    name: "defaults",
    title: "`defaults`",
    summary: "What holds for every request that does not say otherwise.",
    keys: &[
        TIMEOUT,
        HEADERS,
        AUTHORIZED,
        REDIRECTS,
        EXPECTED,
        Key::optional(
            "tls",
            Shape::Section(&TLS),
            "which servers are trusted, and the certificate to show them",
        ),
        HTTP,
        KEEP_ALIVE,
        PROXY,
        LOCAL_ADDRESSES,
        RESOLVE,
        DNS_TTL,
    ],
    groups: &[],
    hints: &[
        ("keepalive", "it is called `keep_alive`"),
        ("http_version", "it is called `http`"),
        ("http2", "write `http: 2`"),
        ("proxies", "it is one `proxy`, for all requests"),
        ("source_address", "it is called `local_addresses`, a list"),
        ("local_address", "it is called `local_addresses`, a list"),
        ("hosts", "it is called `resolve`"),
        ("connect_to", "it is called `resolve`"),
        ("dns", "it is called `dns_ttl`, a duration"),
        ("ttl", "it is called `dns_ttl`"),
        ("insecure", "it belongs under `tls`"),
    ],
};
