//! How an exchange can fail: data, counted by the million, never thrown.

use std::fmt;

/// The kinds of failure, a closed set.
///
/// A failure is counted by its request's name and its kind, never by its text,
/// so ten thousand different messages are one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailureKind {
    Dns,
    Refused,
    Reset,
    ConnectTimeout,
    TotalTimeout,
    Tls,
    TruncatedBody,
    BadProtocol,
    TooManyRedirects,
    Status,
    Expectation,
    Extraction,
    Template,
    /// Something broke on the way that none of the other kinds names.
    Network,
    /// The program itself broke while it played a user.
    Internal,
}

impl FailureKind {
    /// Every kind, in the order of reports.
    pub const ALL: [FailureKind; 15] = [
        FailureKind::Dns,
        FailureKind::Refused,
        FailureKind::Reset,
        FailureKind::ConnectTimeout,
        FailureKind::TotalTimeout,
        FailureKind::Tls,
        FailureKind::TruncatedBody,
        FailureKind::BadProtocol,
        FailureKind::TooManyRedirects,
        FailureKind::Network,
        FailureKind::Status,
        FailureKind::Expectation,
        FailureKind::Extraction,
        FailureKind::Template,
        FailureKind::Internal,
    ];

    /// The stable code in reports and machine-readable output.
    pub fn code(self) -> &'static str {
        match self {
            FailureKind::Dns => "dns",
            FailureKind::Refused => "refused",
            FailureKind::Reset => "reset",
            FailureKind::ConnectTimeout => "connect_timeout",
            FailureKind::TotalTimeout => "total_timeout",
            FailureKind::Tls => "tls",
            FailureKind::TruncatedBody => "truncated_body",
            FailureKind::BadProtocol => "bad_protocol",
            FailureKind::TooManyRedirects => "too_many_redirects",
            FailureKind::Status => "status",
            FailureKind::Expectation => "expectation",
            FailureKind::Extraction => "extraction",
            FailureKind::Template => "template",
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
            FailureKind::Status | FailureKind::Expectation | FailureKind::Extraction => true,
            FailureKind::Dns
            | FailureKind::Refused
            | FailureKind::Reset
            | FailureKind::ConnectTimeout
            | FailureKind::TotalTimeout
            | FailureKind::Tls
            | FailureKind::TruncatedBody
            | FailureKind::BadProtocol
            | FailureKind::TooManyRedirects
            | FailureKind::Template
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
}

impl Failure {
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Failure {
        Failure {
            kind,
            detail: detail.into(),
        }
    }
}
