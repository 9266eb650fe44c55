//! HTTP and HTTPS.
//!
//! ```text
//! session ──▶ redirect (which hop next), cookies (whose)
//!    │
//!    ▼ send: the seam. ONE request on one connection, kept between requests
//!    │
//! connection ──▶ dial (names, TCP, tunnel, TLS) ──▶ stream
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
//!   is written but for what is known of names, which only a new connection looks at.
//! - An exchange may be dropped at any await. Its connection is closed then,
//!   cookies that had come are kept, and the session stays usable.
//! - A user who waits holds a socket and no buffer, nor does one whose answer has not
//!   begun; bodies that nobody reads are
//!   counted as they come, in constant memory.
//! - What a user holds is bounded: [`MAX_IDLE_CONNECTIONS`]
//!   connections, [`MAX_COOKIES`] cookies, the tickets of `tls`,
//!   one head and one body. Addresses of names are kept for a time that plans say.
//! - HTTP/2 is spoken where a TLS server chooses it, or where the plan says so.
//!
//! # What is not here
//!
//! Decoding: bodies are handed on as they came over the wire, and no compression is
//! offered unless a plan does; [`Response`](crate::exchange::Response) reads them.
//! Proxies of the environment: they would be measured without anybody having said so.

mod buffer;
mod connection;
mod cookies;
mod dial;
mod failure;
mod framing;
mod head;
mod http1;
mod http2;
mod names;
mod pieces;
mod reach;
mod redirect;
mod send;
mod session;
mod stream;
mod timer;
mod tls;
mod tunnel;
pub mod understood;
mod verify;
mod write;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use url::Url;

use crate::exchange::Failure;

pub use cookies::MAX_COOKIES;
pub use head::{MAX_HEAD_BYTES, MAX_HEADERS};
pub use redirect::MAX_REDIRECTS;
pub use send::MAX_IDLE_CONNECTIONS;
pub use session::HttpSession;

use crate::{
    base::{allowed::AllowedTargets, connecting::Connecting, ids::ClassId},
    tls::TlsSettings,
};

/// What all sessions share: how those of a class connect, and whom they may ask.
#[derive(Clone, Debug)]
pub struct Http {
    /// By class.
    classes: Arc<[Crew]>,
    names: Arc<names::Names>,
    allowed: AllowedTargets,
}

/// What the sessions of a class start from.
#[derive(Debug)]
struct Crew {
    /// Classes that say the same have the same.
    wires: Arc<Wires>,
    /// How many sessions there have been: they take turns with local addresses.
    sessions: AtomicUsize,
}

/// How connections are made.
#[derive(Debug)]
struct Wires {
    tls: tls::Tls,
    connecting: Connecting,
}

impl Http {
    /// Makes what the users of each class start from, in the order of the classes.
    ///
    /// The authorities that this machine trusts are read where a class relies on
    /// them. A machine without any can still ask over plain HTTP; each HTTPS
    /// request of such a class then fails and says so.
    pub fn new<'a>(classes: impl IntoIterator<Item = (&'a TlsSettings, &'a Connecting)>) -> Http {
        let machine = tls::Machine::default();
        let mut known: Vec<((&TlsSettings, &Connecting), Arc<Wires>)> = Vec::new();
        for settings in classes {
            let same = known.iter().find(|(other, _)| *other == settings);
            let wires = match same {
                Some((_, wires)) => Arc::clone(wires),
                None => {
                    let (tls, connecting) = settings;
                    Arc::new(Wires {
                        tls: tls::Tls::new(tls, connecting.version, &machine),
                        connecting: connecting.clone(),
                    })
                }
            };
            known.push((settings, wires));
        }
        let crews = known.into_iter().map(|(_, wires)| Crew {
            wires,
            sessions: AtomicUsize::new(0),
        });
        Http {
            classes: crews.collect(),
            names: Arc::default(),
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

    /// Makes sure that somebody listens at an address, or that the proxies do through
    /// which it is asked; from each local address.
    ///
    /// # Errors
    ///
    /// What a request to it would fail with before anything is sent.
    pub async fn reach(&self, url: &Url) -> Result<(), Failure> {
        let mut tried: Vec<&Arc<Wires>> = Vec::new();
        for crew in &*self.classes {
            if tried.iter().any(|wires| Arc::ptr_eq(wires, &crew.wires)) {
                continue;
            }
            tried.push(&crew.wires);
            reach::reach(url, &crew.wires.connecting).await?;
        }
        Ok(())
    }

    /// A new session of a class's user, with no cookies and no connections yet.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn session(&self, class: ClassId) -> HttpSession {
        let crew = &self.classes[class.index()];
        let from = &crew.wires.connecting.from;
        let from = match from.len() {
            0 => None,
            count => Some(from[crew.sessions.fetch_add(1, Ordering::Relaxed) % count]),
        };
        let names = Arc::clone(&self.names);
        HttpSession::new(Arc::clone(&crew.wires), names, from, self.allowed.clone())
    }
}

impl Default for Http {
    /// One class, which trusts whom this machine trusts.
    fn default() -> Http {
        Http::new([(&TlsSettings::default(), &Connecting::default())])
    }
}
