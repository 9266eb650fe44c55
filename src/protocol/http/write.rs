//! The head of a request, as bytes.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode_str;
use url::{Position, Url};

use super::{buffer::Buffer, redirect::Hop};
use crate::base::{
    connecting::{Connecting, Lifetime},
    method::Method,
};

/// What a request says of who asks, unless its plan says otherwise.
pub(super) const USER_AGENT: &str = concat!("plan/", env!("CARGO_PKG_VERSION"));

/// Writes the head of a request for one hop. What is the same each time is worked out
/// once, if the request is kept, and a copy of it is written.
pub(super) fn head(hop: &Hop<'_>, cookie: Option<&str>, connecting: &Connecting, out: &mut Buffer) {
    let usual = connecting.lifetime == Lifetime::KeepAlive;
    let known = hop
        .encoded
        .filter(|_| usual && connecting.forwarding(&hop.url).is_none());
    let known = known.and_then(|encoded| {
        encoded.get_or_init(|| {
            let mut out = Buffer::default();
            without_cookie(hop, connecting, &mut out);
            out.unused().into()
        })
    });
    match known {
        Some(bytes) => out.push(bytes),
        None => without_cookie(hop, connecting, out),
    }
    if let Some(cookie) = cookie {
        out.push(b"cookie: ");
        out.push(cookie.as_bytes());
        out.push(b"\r\n");
    }
    out.push(b"\r\n");
}

/// All of a head but the cookies, which are another matter each time, and its end.
fn without_cookie(hop: &Hop<'_>, connecting: &Connecting, out: &mut Buffer) {
    let proxy = connecting.forwarding(&hop.url);
    out.push(hop.method.as_str().as_bytes());
    out.push(b" ");
    if proxy.is_some() {
        // The whole address, as proxies need it (RFC 9112, section 3.2.2).
        out.push(b"http://");
        out.push(hop.url[Position::BeforeHost..Position::AfterPort].as_bytes());
    }
    out.push(hop.url[Position::BeforePath..Position::AfterQuery].as_bytes());
    out.push(b" HTTP/1.1\r\n");
    fields(hop, |name, value| {
        out.push(name.as_bytes());
        out.push(b": ");
        out.push(value);
        out.push(b"\r\n");
    });
    if let Some(credentials) = proxy.and_then(|proxy| credentials(proxy.url())) {
        out.push(b"proxy-authorization: ");
        out.push(credentials.as_bytes());
        out.push(b"\r\n");
    }
    if connecting.lifetime == Lifetime::OneRequest
        && !hop
            .headers()
            .any(|(name, _)| name.eq_ignore_ascii_case("connection"))
    {
        out.push(b"connection: close\r\n");
    }
}

/// Every header that a hop has but the cookies of its user, in the order in which they
/// are sent.
pub(super) fn fields(hop: &Hop<'_>, mut field: impl FnMut(&str, &[u8])) {
    let has = |name: &str| {
        hop.headers()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    if !has("host") {
        let host = &hop.url[Position::BeforeHost..Position::AfterPort];
        field("host", host.as_bytes());
    }
    if !has("user-agent") {
        field("user-agent", USER_AGENT.as_bytes());
    }
    if !has("accept") {
        field("accept", b"*/*");
    }
    for (name, value) in hop.headers() {
        field(name, value.as_str().as_bytes());
    }
    if !has("authorization")
        && let Some(credentials) = credentials(&hop.url)
    {
        field("authorization", credentials.as_bytes());
    }
    if let Some(content_type) = hop.body.and_then(|body| body.content_type.as_deref())
        && !has("content-type")
    {
        field("content-type", content_type.as_bytes());
    }
    match hop.body {
        Some(body) => field("content-length", body.size_bytes().to_string().as_bytes()),
        // As browsers do; some servers answer 411 to a POST that says nothing.
        None if expects_a_body(hop.method) => field("content-length", b"0"),
        None => {}
    }
}

/// User and password of an address, for the server or proxy (RFC 7617).
pub(super) fn credentials(url: &Url) -> Option<String> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut plain: Vec<u8> = percent_decode_str(url.username()).collect();
    plain.push(b':');
    plain.extend(percent_decode_str(url.password().unwrap_or_default()));
    Some(format!("Basic {}", BASE64_STANDARD.encode(plain)))
}

fn expects_a_body(method: Method) -> bool {
    match method {
        Method::Post | Method::Put | Method::Patch => true,
        Method::Get | Method::Delete | Method::Head | Method::Options => false,
    }
}
