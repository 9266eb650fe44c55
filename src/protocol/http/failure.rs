//! What broke, in our words: each way to break becomes one [`Failure`].
//!
//! The texts are for those who run plans. They name hosts and ports, and
//! never an address as a whole, which may hold a password.

use std::{error::Error, io, time::Duration};

use url::Url;

use super::{
    head::{BadHead, MAX_HEAD_BYTES, MAX_HEADERS},
    http1::Broken,
};
use crate::{
    base::duration,
    exchange::{Failure, FailureKind},
};

mod tls;

/// How far a request had come when something broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The host's name was looked up.
    Lookup,
    /// A connection was being made, TLS included.
    Connect,
    /// The request was under way, or the head of its answer awaited.
    Head,
    /// The body of the answer was being read.
    Body,
}

/// The failure of a connection that did not come about, or was lost.
pub(super) fn of_io(error: &io::Error, stage: Stage, url: &Url) -> Failure {
    match stage {
        Stage::Lookup => Failure::new(
            FailureKind::Dns,
            format!(
                "no address found for `{}`: {}",
                url.host_str().unwrap_or_default(),
                innermost_text(error)
            ),
        ),
        Stage::Connect | Stage::Head | Stage::Body => causes(error)
            .find_map(|cause| known(cause, stage, url))
            .unwrap_or_else(|| {
                let (place, text) = (place(url), innermost_text(error));
                Failure::new(FailureKind::Network, format!("{place}: {text}"))
            }),
    }
}

/// The failure of an exchange over a connection that had come about.
pub(super) fn of_broken(broken: &Broken, stage: Stage, url: &Url) -> Failure {
    match broken {
        Broken::Ended => closed("closed", stage, url),
        Broken::Io(error) => of_io(error, stage, url),
        Broken::Head(BadHead::NotHttp(what)) => Failure::new(
            FailureKind::BadProtocol,
            format!("what {} answered is not HTTP: {what}", place(url)),
        ),
        Broken::Head(BadHead::TooLarge) => Failure::new(
            FailureKind::HeadTooLarge,
            format!(
                "the head that {} answered has more than {} KiB or {MAX_HEADERS} headers",
                place(url),
                MAX_HEAD_BYTES >> 10
            ),
        ),
        Broken::Chunk(bad) => Failure::new(
            FailureKind::BadChunk,
            format!(
                "a chunk of what {} answered is broken: {}",
                place(url),
                bad.text()
            ),
        ),
    }
}

/// The failure of an exchange over HTTP/2.
pub(super) fn of_http2(error: &hyper::Error, stage: Stage, url: &Url) -> Failure {
    for cause in causes(error) {
        if let Some(error) = cause.downcast_ref::<h2::Error>()
            && !error.is_io()
        {
            return if error.is_remote() {
                closed("reset", stage, url)
            } else {
                let text = error.to_string();
                let detail = format!("what {} answered is not HTTP/2: {text}", place(url));
                Failure::new(FailureKind::BadProtocol, detail)
            };
        }
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            return of_io(error, stage, url);
        }
    }
    closed("closed", stage, url)
}

/// A server that may not be asked.
pub(super) fn not_allowed(url: &Url) -> Failure {
    Failure::new(
        FailureKind::NotAllowed,
        format!("{} is not among `allow_targets`", place(url)),
    )
}

/// A server that chose another version than the only one that is to be spoken.
pub(super) fn not_http2(url: &Url) -> Failure {
    Failure::new(
        FailureKind::BadProtocol,
        format!("{} does not speak HTTP/2", place(url)),
    )
}

/// HTTP/2 without TLS, through a proxy.
pub(super) fn not_forwarded() -> Failure {
    Failure::new(
        FailureKind::BadProtocol,
        "HTTP/2 without TLS does not go through a proxy",
    )
}

/// A connection that did not come about in time.
pub(super) fn connect_timeout(within: Duration, url: &Url) -> Failure {
    let within = duration::text(within);
    Failure::new(
        FailureKind::ConnectTimeout,
        format!("no connection to {} within {within}", place(url)),
    )
}

/// An answer that did not begin in time.
pub(super) fn response_timeout(within: Duration, url: &Url) -> Failure {
    let within = duration::text(within);
    Failure::new(
        FailureKind::ResponseTimeout,
        format!("{} did not begin to answer within {within}", place(url)),
    )
}

/// The failure of every HTTPS request on a machine that trusts nobody.
pub(super) fn untrusting(why: &str) -> Failure {
    Failure::new(
        FailureKind::Tls,
        format!("this machine trusts no certificate authority, so no server: {why}"),
    )
}

/// The errors beneath an error, from the outside in.
///
/// An `io::Error` made of another error does not name it as its source, only
/// that one's source, so it is asked for what it holds.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn Error + 'static) = *error;
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(held) => Some(held as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

fn known(cause: &(dyn Error + 'static), stage: Stage, url: &Url) -> Option<Failure> {
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(tls::of(error, &place(url)));
    }
    let error = cause.downcast_ref::<io::Error>()?;
    // What it holds says more than its kind, if that is one of those known here.
    let holds_a_known_one = error.get_ref().is_some_and(|held| {
        causes(held).any(|cause| cause.is::<rustls::Error>() || cause.is::<io::Error>())
    });
    if holds_a_known_one {
        return None;
    }
    Some(network(error, stage, url))
}

fn network(error: &io::Error, stage: Stage, url: &Url) -> Failure {
    use io::ErrorKind as Kind;
    let place = place(url);
    if let Some(what) = missing(error, stage) {
        let text = format!("this machine has no {what} left for a connection to {place}");
        return Failure::new(FailureKind::NoSocket, text);
    }
    match (error.kind(), stage) {
        (Kind::ConnectionRefused, _) => Failure::new(
            FailureKind::Refused,
            format!("connection refused by {place}"),
        ),
        // The system gave up before the plan did.
        (Kind::TimedOut, Stage::Connect) => Failure::new(
            FailureKind::ConnectTimeout,
            format!("no connection to {place}: {}", plain(error)),
        ),
        (Kind::UnexpectedEof, Stage::Connect) => Failure::new(
            FailureKind::Tls,
            format!("{place} closed the connection while TLS was being set up"),
        ),
        (Kind::UnexpectedEof, _) => closed("closed", stage, url),
        (
            Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::NotConnected,
            _,
        ) => closed("reset", stage, url),
        (Kind::InvalidData | Kind::InvalidInput, Stage::Head | Stage::Body) => Failure::new(
            FailureKind::BadProtocol,
            format!("what {place} answered is not HTTP: {}", plain(error)),
        ),
        _ => Failure::new(FailureKind::Network, format!("{place}: {}", plain(error))),
    }
}

/// What this machine lacks for another connection, if that is what is wrong.
fn missing(error: &io::Error, stage: Stage) -> Option<&'static str> {
    /// `EMFILE` and `ENFILE`: of the process, and of the whole machine.
    const TOO_MANY_FILES: [i32; 2] = [24, 23];
    match (error.raw_os_error(), error.kind()) {
        (Some(number), _) if TOO_MANY_FILES.contains(&number) => Some("open file"),
        (_, io::ErrorKind::AddrInUse) if stage == Stage::Connect => Some("local port"),
        // With a text of ours it is an address that this machine does not have at all.
        (_, io::ErrorKind::AddrNotAvailable)
            if stage == Stage::Connect && error.get_ref().is_none() =>
        {
            Some("local port")
        }
        _ => None,
    }
}

fn closed(how: &str, stage: Stage, url: &Url) -> Failure {
    let place = place(url);
    match stage {
        Stage::Body => Failure::new(
            FailureKind::TruncatedBody,
            format!("{place} {how} the connection inside the body"),
        ),
        Stage::Lookup | Stage::Connect | Stage::Head => Failure::new(
            FailureKind::Reset,
            format!("{place} {how} the connection before it had answered"),
        ),
    }
}

/// Host and port, as they stand in an address.
pub(super) fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn innermost_text(error: &(dyn Error + 'static)) -> String {
    let innermost = causes(error).last().unwrap_or(error);
    plain(innermost)
}

/// A text of the operating system, without what only its programmers read.
fn plain(error: &(dyn Error + 'static)) -> String {
    let text = error.to_string();
    let text = text
        .strip_prefix("failed to lookup address information: ")
        .unwrap_or(&text);
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn what_the_operating_system_says() {
        use io::ErrorKind as Kind;
        let rows = [
            (Kind::ConnectionRefused, Stage::Connect, FailureKind::Refused,
                "connection refused by a.test:443"),
            (Kind::TimedOut, Stage::Connect, FailureKind::ConnectTimeout,
                "no connection to a.test:443: timed out"),
            (Kind::TimedOut, Stage::Head, FailureKind::Network,
                "a.test:443: timed out"),
            (Kind::ConnectionReset, Stage::Connect, FailureKind::Reset,
                "a.test:443 reset the connection before it had answered"),
            (Kind::BrokenPipe, Stage::Head, FailureKind::Reset,
                "a.test:443 reset the connection before it had answered"),
            (Kind::ConnectionReset, Stage::Body, FailureKind::TruncatedBody,
                "a.test:443 reset the connection inside the body"),
            (Kind::UnexpectedEof, Stage::Connect, FailureKind::Tls,
                "a.test:443 closed the connection while TLS was being set up"),
            (Kind::HostUnreachable, Stage::Connect, FailureKind::Network,
                "a.test:443: host unreachable"),
        ];
        for (error, stage, kind, detail) in rows {
            let failure = of_io(&io::Error::from(error), stage, &url());
            assert_eq!(failure, Failure::new(kind, detail));
        }
        // The number is for programmers.
        let ours = io::Error::from_raw_os_error(1);
        let failure = of_io(&ours, Stage::Connect, &url());
        assert!(failure.detail.starts_with("a.test:443: ") && !failure.detail.contains("os error"));
        for (error, what) in [
            (io::Error::from_raw_os_error(24), "open file"),
            (io::Error::from(Kind::AddrNotAvailable), "local port"),
        ] {
            let detail = format!("this machine has no {what} left for a connection to a.test:443");
            let failure = of_io(&error, Stage::Connect, &url());
            assert_eq!(failure, Failure::new(FailureKind::NoSocket, detail));
        }
    }

    #[test]
    fn a_password_is_in_no_text() {
        let url = Url::parse("http://me:secret@[::1]:81/?token=secret").unwrap();
        for stage in [Stage::Lookup, Stage::Connect, Stage::Head, Stage::Body] {
            let error = io::Error::from(io::ErrorKind::ConnectionReset);
            let failure = of_io(&error, stage, &url);
            assert!(failure.detail.contains("[::1]"), "{}", failure.detail);
            assert!(!failure.detail.contains("secret"), "{}", failure.detail);
        }
    }

    fn url() -> Url {
        Url::parse("https://a.test/").unwrap()
    }
}
