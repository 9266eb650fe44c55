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
//!   tickets; what users share is the configuration, and nothing that is written.
//! - An exchange may be dropped at any await. Its connection is closed then,
//!   cookies that had come are kept, and the session stays usable.
//! - A user who waits holds a socket and no buffer; bodies that nobody reads are
//!   counted as they come, in constant memory.
//! - HTTP/2 is spoken only where a TLS server chooses it.
//!
//! # What is not here
//!
//! Decoding: no compression is offered, so bodies are what came over the wire.
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
mod redirect;
mod send;
mod session;
mod stream;
mod tls;
mod write;

use std::sync::Arc;

pub use cookies::MAX_COOKIES;
pub use head::{MAX_HEAD_BYTES, MAX_HEADERS};
pub use redirect::MAX_REDIRECTS;
pub use send::MAX_IDLE_CONNECTIONS;
pub use session::{HttpSession, MAX_KEPT_BODY_BYTES};

/// What all sessions share: the TLS configuration.
#[derive(Clone, Debug)]
pub struct Http {
    tls: Arc<tls::Tls>,
}

impl Http {
    /// Reads the certificate authorities that this machine trusts.
    ///
    /// A machine without any can still ask over plain HTTP; each HTTPS request
    /// then fails and says so.
    pub fn new() -> Http {
        Http {
            tls: Arc::new(tls::Tls::of_this_machine()),
        }
    }

    /// A new session, with no cookies and no connections yet.
    pub fn session(&self) -> HttpSession {
        HttpSession::new(Arc::clone(&self.tls))
    }
}

impl Default for Http {
    fn default() -> Http {
        Http::new()
    }
}
