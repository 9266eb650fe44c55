//! HTTP and HTTPS.
//!
//! ```text
//! session ──▶ redirect (which hop next), cookies (whose) ──▶ send: ONE request on one connection
//! ```
//!
//! `send` is the seam: it alone knows the library beneath, and what is above
//! it would not notice another one. Cookies, redirects, the total timeout and
//! the timing are ours, because a load test must say which request went where,
//! and when.
//!
//! # What holds here
//!
//! - Each user has its own connections, its own cookies and its own TLS
//!   tickets; what users share is the configuration, and nothing that is written.
//! - An exchange may be dropped at any await. Its connection is closed then,
//!   cookies that had come are kept, and the session stays usable.
//! - HTTP/2 is spoken only where a TLS server chooses it.
//!
//! # What is not here
//!
//! Decoding: no compression is offered, so bodies are what came over the wire.
//! Proxies: those of the environment are ignored, since they would be measured too.

mod cookies;
mod failure;
mod reach;
mod redirect;
mod send;
mod session;
mod tls;

use std::sync::Arc;

use url::Url;

use crate::exchange::Failure;

pub use cookies::MAX_COOKIES;
pub use redirect::MAX_REDIRECTS;
pub use send::CONNECT_TIMEOUT;
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

    /// Makes sure that somebody listens at an address.
    ///
    /// # Errors
    ///
    /// What a request to it would fail with before anything is sent.
    pub async fn reach(&self, url: &Url) -> Result<(), Failure> {
        reach::reach(url).await
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
