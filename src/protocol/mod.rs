//! Asking for real.
//!
//! A [`Protocol`] is a way to reach a target; each user holds one [`Session`] of
//! it: its cookies, its connections. The set of protocols is closed: HTTP, and a
//! scripted target that answers from a function, for simulations and tests.
//!
//! ```text
//! Session::exchange ──▶ cookies, redirects, timing ──▶ one request on one connection
//! ```
//!
//! # What is not here
//!
//! Whether an answer is good: `expect` judges. Statistics: what happened is
//! returned as an [`Exchange`].

pub mod http;
pub mod scripted;
pub mod simulated;

use std::rc::Rc;

use url::Url;

use crate::{
    base::{
        clock::Clock,
        ids::{ClassId, UserNumber},
    },
    exchange::{Cookie, Exchange, Failure, Request, Underway},
};

/// A way to reach a target.
#[derive(Clone, Debug)]
pub enum Protocol {
    Http(http::Http),
    Scripted(scripted::Scripted),
}

/// One user's side of it. A clone is the same session: what one sends goes beside
/// what the other does, with the same cookies and connections.
#[derive(Clone, Debug)]
pub enum Session {
    Http(Rc<http::HttpSession>),
    Scripted(Rc<scripted::ScriptedSession>),
}

impl Protocol {
    /// Makes sure that somebody listens at an address: looks up its host, connects
    /// and closes, and sends nothing. Takes no longer than a connection may take.
    ///
    /// # Errors
    ///
    /// What a request to it would fail with. A script is always there.
    pub async fn reach(&self, url: &Url) -> Result<(), Failure> {
        match self {
            Protocol::Http(http) => http.reach(url).await,
            Protocol::Scripted(_) => Ok(()),
        }
    }

    /// A new session of a user, with no cookies and no connections yet.
    pub fn session(&self, user: UserNumber, class: ClassId) -> Session {
        match self {
            Protocol::Http(http) => Session::Http(Rc::new(http.session(class))),
            Protocol::Scripted(scripted) => Session::Scripted(Rc::new(scripted.session(user))),
        }
    }
}

impl Session {
    /// Sends a request, follows its redirects, and reads the answer to its end.
    ///
    /// Never fails as a call: what went wrong is in the exchange. Several may be under
    /// way at the same time.
    /// If the call is dropped before it ends, `underway` tells what had been done.
    pub async fn exchange(
        &self,
        request: &Request,
        clock: &Clock,
        underway: &Underway,
    ) -> Exchange {
        match self {
            Session::Http(session) => session.exchange(request, clock, underway).await,
            Session::Scripted(session) => session.exchange(request, clock, underway).await,
        }
    }

    /// Its user has nothing to send for now: what only helps the next exchange is given
    /// back.
    pub fn rest(&self) {
        match self {
            Session::Http(session) => session.rest(),
            Session::Scripted(_) => {}
        }
    }

    /// The cookies of the user's jar that go with a request to `url`, in the order
    /// in which they are sent.
    pub fn cookies(&self, url: &Url) -> Vec<Cookie> {
        match self {
            Session::Http(session) => session.cookies(url),
            Session::Scripted(session) => session.cookies(),
        }
    }
}
