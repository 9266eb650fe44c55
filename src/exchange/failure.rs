//! How an exchange can fail: data, counted by the million, never thrown.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kinds of failure, a closed set.
///
/// A failure is counted by its request's name and its kind, never by its text,
/// so ten thousand different messages are one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FailureKind {
    /// Whoever runs plans here does not allow them to ask this server; no connection
    /// was made.
    NotAllowed,
    /// This machine had no file or no local port for another connection.
    NoSocket,
    /// The host's name has no address.
    Dns,
    /// Nobody listens at the address.
    Refused,
    /// The connection was closed or reset before the head of an answer had come.
    Reset,
    /// A proxy would not make a tunnel to the server.
    Proxy,
    /// No connection came about in time.
    ConnectTimeout,
    /// A request had been sent, and its answer did not begin in time.
    ResponseTimeout,
    /// The exchange, redirects and body included, took longer than its request allows.
    TotalTimeout,
    /// A certificate is signed by an authority that is not trusted.
    TlsUnknownAuthority,
    /// A certificate is for another host.
    TlsWrongHost,
    /// A certificate has expired, or is not valid yet.
    TlsExpired,
    /// TLS did not come about for another reason.
    Tls,
    /// The connection was closed or reset inside the body.
    TruncatedBody,
    /// A chunk of a body is not written as chunks must be.
    BadChunk,
    /// What came is not HTTP as it must be.
    BadProtocol,
    /// The head of an answer is larger than what is read.
    HeadTooLarge,
    /// A compressed body that was to be read cannot be decompressed.
    Decompression,
    /// One more redirect than are followed.
    TooManyRedirects,
    /// The body is larger than what is kept in memory for expectations.
    BodyTooLarge,
    /// The status is not one of those expected.
    Status,
    /// Another expectation was not met.
    Expectation,
    /// Something that was to be extracted is not there.
    Extraction,
    /// A template could not be rendered; nothing was sent.
    Template,
    /// A form could not be taken from the page last received, or not filled in like
    /// that; nothing was sent.
    Form,
    /// A `record` step said that it did not go well.
    Recorded,
    /// Something broke on the way that none of the other kinds names.
    Network,
    /// The program itself broke while it played a user.
    Internal,
}

impl FailureKind {
    /// Every kind, in the order of reports.
    pub const ALL: [FailureKind; 28] = [
        FailureKind::NotAllowed,
        FailureKind::NoSocket,
        FailureKind::Dns,
        FailureKind::Refused,
        FailureKind::Reset,
        FailureKind::Proxy,
        FailureKind::ConnectTimeout,
        FailureKind::ResponseTimeout,
        FailureKind::TotalTimeout,
        FailureKind::TlsUnknownAuthority,
        FailureKind::TlsWrongHost,
        FailureKind::TlsExpired,
        FailureKind::Tls,
        FailureKind::TruncatedBody,
        FailureKind::BadChunk,
        FailureKind::BadProtocol,
        FailureKind::HeadTooLarge,
        FailureKind::Decompression,
        FailureKind::TooManyRedirects,
        FailureKind::BodyTooLarge,
        FailureKind::Network,
        FailureKind::Status,
        FailureKind::Expectation,
        FailureKind::Extraction,
        FailureKind::Template,
        FailureKind::Form,
        FailureKind::Recorded,
        FailureKind::Internal,
    ];

    /// The stable code in reports and machine-readable output.
    pub fn code(self) -> &'static str {
        match self {
            FailureKind::NotAllowed => "not_allowed",
            FailureKind::NoSocket => "no_socket",
            FailureKind::Proxy => "proxy",
            FailureKind::Dns => "dns",
            FailureKind::Refused => "refused",
            FailureKind::Reset => "reset",
            FailureKind::ConnectTimeout => "connect_timeout",
            FailureKind::TotalTimeout => "total_timeout",
            FailureKind::ResponseTimeout => "response_timeout",
            FailureKind::TlsUnknownAuthority => "tls_unknown_authority",
            FailureKind::TlsWrongHost => "tls_wrong_host",
            FailureKind::TlsExpired => "tls_expired",
            FailureKind::Tls => "tls",
            FailureKind::TruncatedBody => "truncated_body",
            FailureKind::BadChunk => "bad_chunk",
            FailureKind::BadProtocol => "bad_protocol",
            FailureKind::HeadTooLarge => "head_too_large",
            FailureKind::Decompression => "decompression",
            FailureKind::TooManyRedirects => "too_many_redirects",
            FailureKind::BodyTooLarge => "body_too_large",
            FailureKind::Status => "status",
            FailureKind::Expectation => "expectation",
            FailureKind::Extraction => "extraction",
            FailureKind::Template => "template",
            FailureKind::Form => "form",
            FailureKind::Recorded => "recorded",
            FailureKind::Network => "network",
            FailureKind::Internal => "internal",
        }
    }

    /// Whether the whole answer had come when it failed.
    ///
    /// Such exchanges have a latency that means something and are part of the
    /// percentiles; those that broke on the way are not.
    pub fn has_answer(self) -> bool {
        match self {
            FailureKind::Decompression
            | FailureKind::Status
            | FailureKind::Expectation
            | FailureKind::Extraction
            | FailureKind::Recorded => true,
            FailureKind::NotAllowed
            | FailureKind::NoSocket
            | FailureKind::Dns
            | FailureKind::Refused
            | FailureKind::Reset
            | FailureKind::Proxy
            | FailureKind::ConnectTimeout
            | FailureKind::ResponseTimeout
            | FailureKind::TotalTimeout
            | FailureKind::TlsUnknownAuthority
            | FailureKind::TlsWrongHost
            | FailureKind::TlsExpired
            | FailureKind::Tls
            | FailureKind::TruncatedBody
            | FailureKind::BadChunk
            | FailureKind::BadProtocol
            | FailureKind::HeadTooLarge
            | FailureKind::TooManyRedirects
            | FailureKind::BodyTooLarge
            | FailureKind::Template
            | FailureKind::Form
            | FailureKind::Network
            | FailureKind::Internal => false,
        }
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One failure: its kind, and what exactly was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub kind: FailureKind,
    /// For the examples of a report: "expected status below 400, got 500".
    pub detail: String,
    /// What had come of the answer, where the exchange broke after its head.
    pub partial: Option<Box<Partial>>,
}

/// An answer of which the head had come, and not the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    pub status: u16,
    pub headers: super::Headers,
    /// The first [`MAX_BEGINNING_BYTES`] of the body, as they came.
    pub beginning: Vec<u8>,
}

/// How much of a body is kept for the examples of a report alone, in bytes:
/// enough to see which page it is.
pub const MAX_BEGINNING_BYTES: usize = 512;

impl Failure {
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Failure {
        Failure {
            kind,
            detail: detail.into(),
            partial: None,
        }
    }

    /// The same failure, after so much of an answer had come.
    pub fn after(mut self, partial: Partial) -> Failure {
        self.partial = Some(Box::new(partial));
        self
    }
}
