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

/// A connection, and where it is in what it carries. It stays where it is from its first
/// exchange to its last.
#[derive(Debug)]
pub(super) enum Connection {
    Http1(Box<http1::Connection>),
    Http2(Box<http2::Connection>),
}

/// The head of an answer.
#[derive(Debug)]
pub(super) struct Came {
    pub(super) head: Head,
    /// When its first byte came, since the run began; over HTTP/2, when its head did.
    pub(super) first_byte: Duration,
    /// How long that was after the last byte of the request.
    pub(super) waited: Duration,
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
            (Version::Http1, _) => return Ok(Connection::http1(stream)),
            (Version::Negotiated, _) if !stream.speaks_http2() => {
                return Ok(Connection::http1(stream));
            }
            (Version::Http2, Stream::Tls(_)) if !stream.speaks_http2() => {
                return Err(failure::not_http2(url));
            }
            (Version::Negotiated | Version::Http2, _) => {}
        }
        match http2::connect(stream).await {
            Ok(connection) => Ok(Connection::Http2(Box::new(connection))),
            Err(error) => Err(failure::of_http2(&error, Stage::Connect, url)),
        }
    }

    fn http1(stream: Stream) -> Connection {
        Connection::Http1(Box::new(http1::Connection::over(stream)))
    }

    /// The same connection once more, if it carries several requests at once.
    pub(super) fn again(&self) -> Option<Connection> {
        match self {
            Connection::Http1(_) => None,
            Connection::Http2(connection) => Some(Connection::Http2(Box::new(connection.again()))),
        }
    }

    /// Whether the server has not ended it, as far as is known here.
    pub(super) fn is_open(&mut self) -> bool {
        match self {
            Connection::Http1(connection) => connection.is_quiet(),
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
        &mut self,
        hop: &Hop<'_>,
        cookie: Option<&str>,
        connecting: &Connecting,
        clock: &Clock,
        first_byte: &Cell<Option<Duration>>,
    ) -> Result<Came, Lost> {
        match self {
            Connection::Http1(connection) => {
                let head = |out: &mut Buffer| write::head(hop, cookie, connecting, out);
                let asked = connection.ask(hop, head, clock, first_byte).await;
                asked.map_err(Lost::Http1)
            }
            // On the heap, as it is large, and most exchanges are of the other kind.
            Connection::Http2(connection) => {
                let asked = Box::pin(connection.ask(hop, cookie, clock)).await;
                asked.map_err(Lost::Http2)
            }
        }
    }

    /// The next piece of the body, `None` after the last.
    ///
    /// # Errors
    ///
    /// What broke inside the body.
    pub(super) async fn piece(&mut self, url: &Url) -> Result<Option<&[u8]>, Failure> {
        match self {
            Connection::Http1(connection) => connection
                .piece()
                .await
                .map_err(|broken| failure::of_broken(&broken, Stage::Body, url)),
            Connection::Http2(connection) => connection
                .piece()
                .await
                .map_err(|error| failure::of_http2(&error, Stage::Body, url)),
        }
    }

    /// Whether it can carry another request, once the body has been read.
    pub(super) fn is_free(&mut self) -> bool {
        match self {
            Connection::Http1(connection) => connection.is_free(),
            Connection::Http2(_) => true,
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
