//! One exchange over a connection that speaks HTTP/2, which a TLS server may choose.
//!
//! Frames, flow control and the compression of heads are hyper's.

use http_body_util::BodyExt as _;
use hyper::{
    Request, Uri,
    body::{Bytes, Incoming},
    client::conn::http2::{Builder, SendRequest},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use url::Position;

use super::{
    connection::Came,
    framing::Framing,
    head::{Head, Kept, MAX_HEAD_BYTES},
    pieces::Pieces,
    redirect::Hop,
    stream::Stream,
    write,
};
use crate::base::clock::Clock;

/// A connection, and the answer that it carries for one of those who share it; it ends
/// with the last of them.
#[derive(Debug)]
pub(super) struct Connection {
    sender: SendRequest<Pieces>,
    /// The body of that answer.
    body: Option<Incoming>,
    piece: Bytes,
}

/// Agrees with the server on how frames are sent.
///
/// # Errors
///
/// What the library beneath says.
pub(super) async fn connect(stream: Stream) -> Result<Connection, hyper::Error> {
    let (sender, connection) = Builder::new(TokioExecutor::new())
        .max_header_list_size(MAX_HEAD_BYTES as u32)
        .handshake(TokioIo::new(stream))
        .await?;
    // It ends with its sender; what breaks it is told to the exchange under way.
    tokio::spawn(async move {
        let _ = connection.await;
    });
    Ok(Connection::with(sender))
}

impl Connection {
    fn with(sender: SendRequest<Pieces>) -> Connection {
        Connection {
            sender,
            body: None,
            piece: Bytes::new(),
        }
    }

    /// The same connection: it carries several requests at once.
    pub(super) fn again(&self) -> Connection {
        Connection::with(self.sender.clone())
    }

    /// Whether the server has not ended it, as far as is known here.
    pub(super) fn is_open(&self) -> bool {
        !self.sender.is_closed()
    }

    /// Sends a request and waits for the head of its answer.
    ///
    /// # Errors
    ///
    /// What the library beneath says.
    pub(super) async fn ask(
        &mut self,
        hop: &Hop<'_>,
        cookie: Option<&str>,
        clock: &Clock,
    ) -> Result<Came, hyper::Error> {
        self.sender.ready().await?;
        let sent = clock.elapsed();
        let response = self.sender.send_request(request(hop, cookie)).await?;
        let first_byte = clock.elapsed();
        let length = hyper::body::Body::size_hint(response.body()).exact();
        let (head, body) = response.into_parts();
        self.body = Some(body);
        let headers = head.headers.iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
        let head = Head {
            status: head.status.as_u16(),
            headers: headers.collect(),
            framing: length.map(Framing::Length),
            kept: Kept::Open,
        };
        Ok(Came {
            head,
            first_byte,
            // When its last frame was written is not known here.
            waited: first_byte.saturating_sub(sent),
        })
    }

    /// The next piece of the body, `None` after the last.
    ///
    /// # Errors
    ///
    /// What broke inside the body.
    pub(super) async fn piece(&mut self) -> Result<Option<&[u8]>, hyper::Error> {
        while let Some(body) = &mut self.body {
            match body.frame().await {
                None => self.body = None,
                Some(frame) => {
                    if let Ok(piece) = frame?.into_data() {
                        self.piece = piece;
                        return Ok(Some(&self.piece));
                    }
                }
            }
        }
        self.piece = Bytes::new();
        Ok(None)
    }
}

/// Whether an error is about the connection, which ended, or about a request that the
/// server says it has not looked at; and not about what the server did with it.
pub(super) fn has_ended(error: &hyper::Error) -> bool {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref());
    cause.is_none_or(|cause: &h2::Error| {
        cause.is_io() || cause.is_go_away() || cause.reason() == Some(h2::Reason::REFUSED_STREAM)
    })
}

fn request(hop: &Hop<'_>, cookie: Option<&str>) -> Request<Pieces> {
    let mut request = Request::builder().method(hop.method.as_str()).uri(uri(hop));
    write::fields(hop, |name, value| {
        let of_http1 = [
            "host",
            "connection",
            "keep-alive",
            "te",
            "upgrade",
            "proxy-connection",
        ];
        if !of_http1.contains(&name) {
            let taken = std::mem::take(&mut request);
            request = taken.header(name, value);
        }
    });
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    request
        .body(Pieces::of(hop.body))
        .expect("names, values and address were checked when the request was made")
}

/// The address; its host is what the plan's own `Host` header says, if it has one.
fn uri(hop: &Hop<'_>) -> Uri {
    let own = hop.headers().find(|(name, _)| *name == "host");
    let host = match own {
        Some((_, value)) => value.as_str(),
        None => &hop.url[Position::BeforeHost..Position::AfterPort],
    };
    Uri::builder()
        .scheme(hop.url.scheme())
        .authority(host)
        .path_and_query(&hop.url[Position::BeforePath..Position::AfterQuery])
        .build()
        .unwrap_or_default()
}
