//! HTTP and HTTPS.
//!
//! ```text
//! session ──▶ redirect (which hop next), cookies (whose)
//!    │
//!    ▼ send: the seam. ONE request on one connection, kept between requests
//!    │
//! connection ──▶ dial (name, TCP, TLS) ──▶ stream
//!    ├──▶ http1 ──▶ write (head of the request), head (of the answer), framing (its body), buffer
//!    └──▶ http2 (hyper's)
//! ```
//!
//! Cookies, redirects, timeouts and timing are ours, because a load test must say
//! which request went where, and when. HTTP/1.1 is ours as well: one task and one
//! connection for each user, with nothing in between that would cost or hide.
//!
//! # What holds here
//!
//! - Each user has its own connections, its own cookies and its own TLS
//!   tickets; what users of a class share is the configuration, and nothing that
//!   is written.
//! - An exchange may be dropped at any await. Its connection is closed then,
//!   cookies that had come are kept, and the session stays usable.
//! - A user who waits holds a socket and no buffer; bodies that nobody reads are
//!   counted as they come, in constant memory.
//! - What a user holds is bounded: [`MAX_IDLE_CONNECTIONS`]
//!   connections, [`MAX_COOKIES`] cookies, the tickets of `tls`,
//!   one head and one body. Addresses of names are not kept: each connection asks anew.
//! - HTTP/2 is spoken only where a TLS server chooses it.
//!
//! # What is not here
//!
//! Decoding: bodies are handed on as they came over the wire, and no compression is
//! offered unless a plan does; [`Response`](crate::exchange::Response) reads them.
//! Proxies: those of the environment are ignored, since they would be measured too.

mod buffer;
mod connection;
mod cookies;
mod dial;
mod failure;
mod framing;
mod head;
mod http1;
mod http2;
mod pieces;
mod reach;
mod redirect;
mod send;
mod session;
mod stream;
mod tls;
mod verify;
mod write;

use std::sync::Arc;

use url::Url;

use crate::exchange::Failure;

pub use cookies::MAX_COOKIES;
pub use head::{MAX_HEAD_BYTES, MAX_HEADERS};
pub use redirect::MAX_REDIRECTS;
pub use send::MAX_IDLE_CONNECTIONS;
pub use session::HttpSession;

use crate::{
    base::{allowed::AllowedTargets, ids::ClassId},
    tls::TlsSettings,
};

/// What all sessions of a class share: the TLS configuration, and whom they may ask.
#[derive(Clone, Debug)]
pub struct Http {
    /// By class. Those that say the same have the same.
    classes: Arc<[Arc<tls::Tls>]>,
    allowed: AllowedTargets,
}

impl Http {
    /// Makes what the users of each class start from, in the order of the classes.
    ///
    /// The authorities that this machine trusts are read where a class relies on
    /// them. A machine without any can still ask over plain HTTP; each HTTPS
    /// request of such a class then fails and says so.
    pub fn new<'a>(classes: impl IntoIterator<Item = &'a TlsSettings>) -> Http {
        let machine = tls::Machine::default();
        let mut known: Vec<(&TlsSettings, Arc<tls::Tls>)> = Vec::new();
        for settings in classes {
            let same = known.iter().find(|(other, _)| *other == settings);
            let tls = match same {
                Some((_, tls)) => Arc::clone(tls),
                None => Arc::new(tls::Tls::new(settings, &machine)),
            };
            known.push((settings, tls));
        }
        Http {
            classes: known.into_iter().map(|(_, tls)| tls).collect(),
            allowed: AllowedTargets::default(),
        }
    }

    /// The same, for servers that are allowed and no others: a request to another
    /// one, or a redirect there, fails as `not_allowed` before there is a connection.
    #[must_use]
    pub fn asking_only(mut self, allowed: AllowedTargets) -> Http {
        self.allowed = allowed;
        self
    }

    /// Makes sure that somebody listens at an address.
    ///
    /// # Errors
    ///
    /// What a request to it would fail with before anything is sent.
    pub async fn reach(&self, url: &Url) -> Result<(), Failure> {
        reach::reach(url).await
    }

    /// A new session of a class's user, with no cookies and no connections yet.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn session(&self, class: ClassId) -> HttpSession {
        HttpSession::new(
            Arc::clone(&self.classes[class.index()]),
            self.allowed.clone(),
        )
    }
}

impl Default for Http {
    /// One class, which trusts whom this machine trusts.
    fn default() -> Http {
        Http::new([&TlsSettings::default()])
    }
}
