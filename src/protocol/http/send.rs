//! The seam: one request on one connection, and what comes back.
//!
//! The only file that names the HTTP library. What it must not do for us is
//! switched off in [`Connections::new`]: redirects, cookies, proxies of the
//! environment, retries, decompression, timeouts of its own.
//!
//! # When a request goes over a second connection
//!
//! Only when not a byte of it had been written to the first. A kept connection
//! that the server closed while the user was thinking is noticed when the
//! request is handed to it, and the request then goes over a new one: of any
//! method, also a POST, because the server cannot have seen it. Once written,
//! nothing is sent again, neither a GET nor a POST: if the server closes while
//! the request is under way to it, that is a failure (`reset`) and is counted.

use std::time::Duration;

use reqwest::{
    Client, RequestBuilder,
    header::{CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue},
    redirect, retry,
};
use url::Url;

use super::{
    failure::{self, Stage},
    redirect::Hop,
    tls::Tls,
};
use crate::{
    base::{clock::Clock, method::Method},
    exchange::{Failure, FailureKind},
};

/// How long a connection may take to come about: name, TCP and TLS together.
///
/// It runs within the total timeout of a request, so it shows only where that
/// one is longer.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What a request says of who asks, unless its plan says otherwise.
const USER_AGENT: &str = concat!("plan/", env!("CARGO_PKG_VERSION"));

/// One user's connections.
#[derive(Debug)]
pub(super) struct Connections {
    client: Client,
    /// Why no HTTPS server can be asked, if none can.
    untrusting: Option<String>,
}

impl Connections {
    /// None yet, each to be made when it is needed.
    pub(super) fn new(tls: &Tls) -> Connections {
        let client = Client::builder()
            .tls_backend_preconfigured(tls.for_a_user())
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT);
        // Its half a minute would cut off what the plan gives more time.
        #[cfg(target_os = "linux")]
        let client = client.tcp_user_timeout(None);
        Connections {
            client: client
                .build()
                .expect("the TLS configuration is ready, and nothing else can be missing"),
            untrusting: tls.untrusting().map(str::to_owned),
        }
    }

    /// Sends one request and waits for the head of its answer.
    ///
    /// # Errors
    ///
    /// What went wrong before the head had come.
    pub(super) async fn send(
        &self,
        hop: &Hop<'_>,
        cookie: Option<String>,
        clock: &Clock,
    ) -> Result<Answer, Failure> {
        if let (Some(why), "https") = (&self.untrusting, hop.url.scheme()) {
            return Err(failure::untrusting(why));
        }
        let request = self.request(hop, cookie)?;
        match request.send().await {
            Ok(inner) => Ok(Answer {
                inner,
                head_at: clock.elapsed(),
            }),
            Err(error) => Err(broken(&error, Stage::Head, &hop.url)),
        }
    }

    fn request(&self, hop: &Hop<'_>, cookie: Option<String>) -> Result<RequestBuilder, Failure> {
        let mut headers = HeaderMap::new();
        for (name, value) in hop.headers() {
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| unsendable(format!("`{name}` cannot be the name of a header")))?;
            headers.append(name, header_value(value.as_str().as_bytes())?);
        }
        if let Some(cookie) = cookie {
            headers.insert(COOKIE, header_value(cookie.as_bytes())?);
        }
        if let Some(body) = hop.body {
            if let Some(content_type) = body.content_type {
                headers
                    .entry(CONTENT_TYPE)
                    .or_insert(HeaderValue::from_static(content_type));
            }
        } else if expects_a_body(hop.method) {
            // As browsers do; some servers answer 411 to a POST that says nothing.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        // User and password of the address become an `Authorization` header
        // here, which one of the plan's own replaces.
        let request = self
            .client
            .request(method(hop.method), hop.url.clone())
            .headers(headers);
        Ok(match hop.body {
            Some(body) => request.body(body.bytes.clone()),
            None => request,
        })
    }
}

/// An answer whose head has come.
#[derive(Debug)]
pub(super) struct Answer {
    inner: reqwest::Response,
    head_at: Duration,
}

impl Answer {
    /// When the head had come, since the run began.
    pub(super) fn head_at(&self) -> Duration {
        self.head_at
    }

    pub(super) fn status(&self) -> u16 {
        self.inner.status().as_u16()
    }

    /// The first header of a name.
    pub(super) fn header(&self, name: &str) -> Option<&[u8]> {
        self.inner.headers().get(name).map(HeaderValue::as_bytes)
    }

    /// All headers of a name.
    pub(super) fn headers(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.inner
            .headers()
            .get_all(name)
            .into_iter()
            .map(HeaderValue::as_bytes)
    }

    /// How long the body is going to be, as far as the head says, in bytes.
    pub(super) fn announced_bytes(&self) -> usize {
        self.inner
            .content_length()
            .and_then(|bytes| usize::try_from(bytes).ok())
            .unwrap_or(0)
    }

    /// The next piece of the body, `None` after the last.
    ///
    /// # Errors
    ///
    /// What went wrong inside the body.
    pub(super) async fn chunk(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>, Failure> {
        match self.inner.chunk().await {
            Ok(chunk) => Ok(chunk),
            Err(error) => Err(broken(&error, Stage::Body, self.inner.url())),
        }
    }

    /// All headers, for those who look at the answer.
    pub(super) fn into_headers(self) -> Vec<(Box<str>, Box<[u8]>)> {
        self.inner
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().into(), value.as_bytes().into()))
            .collect()
    }
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
        Method::Head => reqwest::Method::HEAD,
        Method::Options => reqwest::Method::OPTIONS,
    }
}

fn expects_a_body(method: Method) -> bool {
    match method {
        Method::Post | Method::Put | Method::Patch => true,
        Method::Get | Method::Delete | Method::Head | Method::Options => false,
    }
}

fn header_value(bytes: &[u8]) -> Result<HeaderValue, Failure> {
    HeaderValue::from_bytes(bytes)
        .map_err(|_| unsendable("a header's value cannot hold control characters".to_owned()))
}

fn unsendable(detail: String) -> Failure {
    Failure::new(FailureKind::BadProtocol, detail)
}

fn broken(error: &reqwest::Error, stage: Stage, url: &Url) -> Failure {
    if error.is_builder() {
        return unsendable("only http and https addresses with a host can be asked".to_owned());
    }
    let stage = if error.is_dns() {
        Stage::Lookup
    } else if error.is_connect() && error.is_timeout() {
        Stage::ConnectTooLong
    } else if error.is_connect() {
        Stage::Connect
    } else {
        stage
    };
    failure::of(error, stage, url)
}
