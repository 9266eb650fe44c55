//! What `defaults` say of connections, in its one spelling.

use super::Mapping;
use crate::{
    base::{connecting::Version, duration},
    plan::{ast::Connecting, keys},
};

pub(super) fn put(connecting: &Connecting, out: &mut Mapping) {
    let Connecting {
        http,
        keep_alive,
        proxy,
        local_addresses,
        resolve,
        dns_ttl,
    } = connecting;
    match http.as_ref().map(|version| version.value) {
        None | Some(Version::Negotiated) => {}
        Some(Version::Http1) => out.put("http", 1.1),
        Some(Version::Http2) => out.put("http", 2),
    }
    if let Some(keep_alive) = keep_alive {
        out.put("keep_alive", **keep_alive);
    }
    match proxy.as_ref().map(|proxy| &proxy.value) {
        None => {}
        Some(None) => out.put("proxy", keys::NO_PROXY),
        Some(Some(proxy)) => out.put("proxy", proxy.url().as_str()),
    }
    if let Some(addresses) = local_addresses {
        let texts = addresses.iter().map(|address| address.to_string().into());
        out.list("local_addresses", texts);
    }
    let places = resolve
        .iter()
        .map(|(name, to)| (name.to_string(), to.to_string().into()));
    out.mapping("resolve", Mapping(places.collect()));
    if let Some(ttl) = dns_ttl {
        out.put("dns_ttl", duration::text(**ttl));
    }
}
