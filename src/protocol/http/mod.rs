//! HTTP and HTTPS.

use crate::{
    base::clock::Clock,
    exchange::{Exchange, Request},
};

/// What all sessions share: the TLS configuration.
#[derive(Clone, Debug)]
pub struct Http {}

/// One user's cookies and connections.
#[derive(Debug)]
pub struct HttpSession {}

impl Http {
    pub fn new() -> Http {
        todo!()
    }

    pub fn session(&self) -> HttpSession {
        todo!()
    }
}

impl HttpSession {
    pub async fn exchange(&mut self, request: &Request, clock: &Clock) -> Exchange {
        let _ = (request, clock);
        todo!()
    }
}
