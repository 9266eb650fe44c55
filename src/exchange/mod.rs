//! One request, one response, when it happened, and how it can fail.
//!
//! The vocabulary between those who ask (`protocol`), those who look at answers
//! (`extract`, `expect`) and those who count (`stats`).
//!
//! # What is not here
//!
//! Any protocol: no sockets, no TLS, no cookies. And no clock: instants are
//! [`Duration`]s since the run began.

use std::{borrow::Cow, cell::OnceCell, sync::Arc, time::Duration};

use url::Url;

use crate::base::{method::Method, redirects::Redirects, timeouts::Timeouts};

mod body;
mod charset;
pub mod curl;
mod decode;
mod encoded;
mod example;
mod failure;
pub mod form;
mod header;
mod headers;
pub mod json;
pub mod mask;
pub mod multipart;
mod phases;
mod shown;
mod underway;

pub use body::{Body, Piece};
pub use charset::Charset;
pub use decode::MAX_KEPT_BODY_BYTES;
pub use encoded::Encoded;
pub use example::{Evidence, Example, ExampleAnswer, MAX_EXAMPLE_CHARS};
pub use failure::{Failure, FailureKind, MAX_BEGINNING_BYTES, Partial};
pub use header::{HeaderText, NotAHeader, NotAHeaderName, basic_auth, header_name};
pub use headers::Headers;
pub use phases::{PhaseKind, Phases};
pub use shown::ShownRequest;
pub use underway::Underway;

/// A request, ready to be sent.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: Method,
    pub url: Url,
    /// Names went through [`header_name`]; values hold no line breaks ([`HeaderText`] checks).
    pub headers: Vec<(Arc<str>, HeaderText)>,
    pub body: Option<Body>,
    pub timeouts: Timeouts,
    pub body_use: BodyUse,
    pub redirects: Redirects,
    /// Its head as bytes, for whoever writes it.
    pub encoded: Encoded,
}

impl Request {
    /// What it is called in examples of failures: method and URL, secrets masked.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, mask::url(&self.url))
    }
}

/// Whether anybody looks at the body of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyUse {
    /// It is read to its end, counted and thrown away.
    Count,
    /// It is kept in memory for expectations and extractions.
    Keep,
}

/// The answer after the last redirect.
#[derive(Clone, Debug)]
pub struct Response {
    pub status: u16,
    /// Where it came from: the last hop of a redirect chain.
    pub url: Url,
    pub headers: Headers,
    /// As it came over the wire, compressed if it was; [`Response::content`] reads
    /// it. Empty unless [`BodyUse::Keep`] was asked for.
    pub body: Vec<u8>,
    pub content: Content,
    /// The first [`MAX_BEGINNING_BYTES`] of a body that is not kept, where the
    /// status is none of 2xx: for the examples of a report.
    pub beginning: Vec<u8>,
    /// The size of the body as it came over the wire, kept or not.
    pub body_bytes: u64,
    pub worth: Worth,
}

/// What an answer is taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Worth {
    /// What it says.
    #[default]
    Content,
    /// What is wanted of it, whatever it says: the answers of a simulation.
    Granted,
}

/// What a body is once it is decompressed: nothing until somebody reads it.
#[derive(Clone, Debug, Default)]
pub struct Content(OnceCell<Result<Option<Vec<u8>>, Failure>>);

/// A cookie that a user holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    pub name: Box<str>,
    /// As it is sent.
    pub value: Box<str>,
}

impl Response {
    /// The first header of a name, which is written in lower case.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.first(name)
    }

    /// The body, decompressed when it is first read and only then.
    ///
    /// # Errors
    ///
    /// Of kind `decompression` or `body_too_large`; the same each time.
    pub fn content(&self) -> Result<&[u8], &Failure> {
        let decompressed = self
            .content
            .0
            .get_or_init(|| decode::decompressed(self.headers.all("content-encoding"), &self.body));
        let decompressed = decompressed.as_ref()?;
        Ok(decompressed.as_deref().unwrap_or(&self.body))
    }

    /// The body as text, in the charset that it says it has, else UTF-8; bytes
    /// that are broken become U+FFFD.
    ///
    /// # Errors
    ///
    /// As [`Response::content`].
    pub fn text(&self) -> Result<Cow<'_, str>, &Failure> {
        Ok(charset::text(self.header("content-type"), self.content()?))
    }

    /// How [`Response::text`] begins, if there are more than so many bytes of it and the
    /// rest need not be looked at to tell.
    pub fn beginning_of_text(&self, bytes: usize) -> Option<&str> {
        charset::beginning(self.header("content-type"), self.content().ok()?, bytes)
    }

    /// The charset in which a form on this page is sent: its own.
    pub fn charset(&self) -> Charset {
        charset::of_answers_to(
            self.header("content-type"),
            self.content().unwrap_or_default(),
        )
    }

    /// The body as JSON has it: UTF-8, whatever a header says, and without a byte
    /// order mark.
    ///
    /// # Errors
    ///
    /// As [`Response::content`].
    pub fn json_bytes(&self) -> Result<&[u8], &Failure> {
        Ok(charset::without_mark(self.content()?))
    }
}

/// When an exchange happened, since the run began.
///
/// A chain of redirects is one exchange: from the first request sent to the
/// last byte of the last response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    pub sent: Duration,
    /// The first byte of the last response; `done` if none came.
    pub first_byte: Duration,
    pub done: Duration,
}

/// One hop of a chain: it was answered with a redirect, and that was followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    pub timing: Timing,
    /// As in [`Exchange`].
    pub phases: Phases,
    /// As in [`Exchange`].
    pub received_bytes: u64,
}

/// What came of a request.
#[derive(Debug)]
pub struct Exchange {
    pub timing: Timing,
    /// Where its time went, and the connections opened for it.
    pub phases: Phases,
    /// Bytes of response bodies as they came over the wire, of every hop.
    pub received_bytes: u64,
    /// How many redirects were followed as a part of it.
    pub redirects: u32,
    /// How many of its requests were sent a second time, because the server had
    /// closed the idle connection that the first went over.
    pub resent: u32,
    /// What came before it, where each hop of a chain is an exchange of its own.
    pub hops: Vec<Hop>,
    pub outcome: Result<Response, Failure>,
}

#[cfg(test)]
mod tests;
