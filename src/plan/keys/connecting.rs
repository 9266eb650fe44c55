//! The keys of `defaults` about connections.

use super::{Key, Names, Shape};

/// No proxy, in place of one of the plan.
pub const NO_PROXY: &str = "none";

/// A host, and perhaps a port.
pub const PLACE: &str = r"^[^/?#@\s]+$";

pub(super) const HTTP: Key = Key::optional(
    "http",
    Shape::HttpVersion,
    "the version that is spoken; if not given, 2 where a TLS server chooses it and 1.1 elsewhere",
);

pub(super) const KEEP_ALIVE: Key = Key::optional(
    "keep_alive",
    Shape::Truth,
    "whether a user's connections carry several requests; if not given, they do",
);

pub(super) const PROXY: Key = Key::optional(
    "proxy",
    Shape::Like("^(none|http://[^/?#]+/?)$"),
    "the proxy that all requests go through, or `none`; those of the environment are ignored",
);

pub(super) const LOCAL_ADDRESSES: Key = Key::optional(
    "local_addresses",
    Shape::List(&Shape::Like("^[0-9a-fA-F.:]+$")),
    "addresses of this machine that connections come from, from user to user in turn",
);

pub(super) const RESOLVE: Key = Key::optional(
    "resolve",
    Shape::Map(Names::Place, &Shape::Like(PLACE)),
    "hosts, each with the place that connections for it are made to",
);

pub(super) const DNS_TTL: Key = Key::optional(
    "dns_ttl",
    Shape::Duration,
    "how long a host's addresses are used before a new connection asks for them again; 60s if not given",
);
