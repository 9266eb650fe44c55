//! One connection to a server, whichever version of HTTP it speaks.

use std::{cell::Cell, sync::Arc, time::Duration};

use rustls::ClientConfig;
use url::Url;

use super::{
    buffer::Buffer,
    dial::{Dialling, dial},
    failure::{self, Stage},
    head::Head,
    http1::{self, Broken, Heard, Unanswered},
    http2,
    redirect::Hop,
    stream::Stream,
    write,
};
use crate::{
    base::{
        clock::Clock,
        connecting::{Connecting, Version},
        method::Method,
    },
    exchange::Failure,
};

/// A connection that can carry a request.
#[derive(Debug)]
pub(super) enum Connection {
    Http1(Stream),
    Http2(http2::Connection),
}

/// The head of an answer, and how to read on.
#[derive(Debug)]
pub(super) struct Came<R = Rest> {
    pub(super) head: Head,
    /// When its first byte came, since the run began; over HTTP/2, when its head did.
    pub(super) first_byte: Duration,
    /// How long that was after the last byte of the request.
    pub(super) waited: Duration,
    pub(super) rest: R,
}

/// A connection while the body of an answer is being read.
#[derive(Debug)]
pub(super) enum Rest {
    Http1(http1::Rest),
    Http2(http2::Rest),
}

/// Why a connection brought no answer.
#[derive(Debug)]
pub(super) enum Lost {
    Http1(Unanswered),
    Http2(hyper::Error),
}

impl Connection {
    /// A new one to the host of a URL, over TLS with a configuration for it.
    ///
    /// # Errors
    ///
    /// Why it did not come about.
    pub(super) async fn open(
        url: &Url,
        tls: Option<Arc<ClientConfig>>,
        dialling: Dialling<'_>,
    ) -> Result<Connection, Failure> {
        let connecting = dialling.connecting;
        if connecting.version == Version::Http2 && connecting.forwarding(url).is_some() {
            return Err(failure::not_forwarded());
        }
        let stream = dial(url, tls, dialling).await?;
        match (connecting.version, &stream) {
            (Version::Http1, _) => return Ok(Connection::Http1(stream)),
            (Version::Negotiated, _) if !stream.speaks_http2() => {
                return Ok(Connection::Http1(stream));
            }
            (Version::Http2, Stream::Tls(_)) if !stream.speaks_http2() => {
                return Err(failure::not_http2(url));
            }
            (Version::Negotiated | Version::Http2, _) => {}
        }
        match http2::connect(stream).await {
            Ok(connection) => Ok(Connection::Http2(connection)),
            Err(error) => Err(failure::of_http2(&error, Stage::Connect, url)),
        }
    }

    /// The same connection once more, if it carries several requests at once.
    pub(super) fn again(&self) -> Option<Connection> {
        match self {
            Connection::Http1(_) => None,
            Connection::Http2(connection) => Some(Connection::Http2(connection.again())),
        }
    }

    /// Whether the server has not ended it, as far as is known here.
    pub(super) fn is_open(&mut self) -> bool {
        match self {
            Connection::Http1(stream) => stream.is_quiet(),
            Connection::Http2(connection) => connection.is_open(),
        }
    }

    /// Sends a request and reads the head of its answer. `first_byte` says meanwhile
    /// when that has begun, where the head can come in parts.
    ///
    /// # Errors
    ///
    /// What was lost on the way.
    pub(super) async fn ask(
        self,
        hop: &Hop<'_>,
        cookie: Option<&str>,
        connecting: &Connecting,
        clock: &Clock,
        first_byte: &Cell<Option<Duration>>,
    ) -> Result<Came, Lost> {
        match self {
            Connection::Http1(stream) => {
                let written = |out: &mut Buffer| write::head(hop, cookie, connecting, out);
                match http1::ask(stream, hop, written, clock, first_byte).await {
                    Ok(came) => Ok(came.map(Rest::Http1)),
                    Err(unanswered) => Err(Lost::Http1(unanswered)),
                }
            }
            // On the heap, as it is large, and most exchanges are of the other kind.
            Connection::Http2(connection) => {
                match Box::pin(connection.ask(hop, cookie, clock)).await {
                    Ok(came) => Ok(came.map(Rest::Http2)),
                    Err(error) => Err(Lost::Http2(error)),
                }
            }
        }
    }
}

impl<R> Came<R> {
    fn map<S>(self, rest: impl FnOnce(R) -> S) -> Came<S> {
        Came {
            head: self.head,
            first_byte: self.first_byte,
            waited: self.waited,
            rest: rest(self.rest),
        }
    }
}

impl Rest {
    /// The next piece of the body, `None` after the last.
    ///
    /// # Errors
    ///
    /// What broke inside the body.
    pub(super) async fn piece(&mut self, url: &Url) -> Result<Option<&[u8]>, Failure> {
        match self {
            Rest::Http1(rest) => rest
                .piece()
                .await
                .map_err(|broken| failure::of_broken(&broken, Stage::Body, url)),
            Rest::Http2(rest) => rest
                .piece()
                .await
                .map_err(|error| failure::of_http2(&error, Stage::Body, url)),
        }
    }

    /// The connection, if it can carry another request.
    pub(super) fn into_idle(self) -> Option<Connection> {
        match self {
            Rest::Http1(rest) => rest.into_idle().map(Connection::Http1),
            Rest::Http2(rest) => Some(Connection::Http2(rest.into_idle())),
        }
    }
}

impl Lost {
    /// Whether a request is sent again that was lost on a kept connection.
    pub(super) fn may_be_resent(&self, method: Method) -> bool {
        let silently = match self {
            Lost::Http1(unanswered) => match unanswered.why {
                Broken::Ended | Broken::Io(_) => unanswered.heard == Heard::Nothing,
                Broken::Head(_) | Broken::Chunk(_) => false,
            },
            Lost::Http2(error) => http2::has_ended(error),
        };
        silently && method.is_idempotent()
    }

    /// As it is counted.
    pub(super) fn failure(&self, url: &Url) -> Failure {
        match self {
            Lost::Http1(unanswered) => failure::of_broken(&unanswered.why, Stage::Head, url),
            Lost::Http2(error) => failure::of_http2(error, Stage::Head, url),
        }
    }
}
