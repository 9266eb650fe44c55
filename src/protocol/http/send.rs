//! The seam: one request on one connection, and what comes back.
//!
//! A user has one connection to each server that it asks, made when it is first
//! needed and kept until either side ends it.
//!
//! # When a request goes over a second connection
//!
//! A kept connection that the server ended while the user was thinking is noticed
//! before anything is written to it, and the request then goes over a new one. If
//! the end comes while the request is on its way, and nothing of an answer has
//! come, the server may have carried it out or not: a request that does the same
//! done twice (RFC 9110, section 9.2.2) is sent again, once, and is counted as
//! resent; a POST or PATCH never is, and fails as `reset`.

use std::{
    cell::{Cell, OnceCell, RefCell},
    net::IpAddr,
    pin::pin,
    sync::Arc,
    time::Duration,
};

use rustls::ClientConfig;
use tokio::time::timeout;
use url::Url;

use super::{
    Wires,
    connection::{Came, Connection, Lost},
    dial::Dialling,
    failure,
    head::Head,
    names::Names,
    redirect::Hop,
};
use crate::{
    base::{
        allowed::AllowedTargets,
        clock::Clock,
        connecting::{Connecting, Lifetime},
        timeouts::Timeouts,
    },
    exchange::{Failure, FailureKind, Underway},
};

/// How many servers a user keeps connections to. The one that it has not asked for
/// the longest time goes first.
pub const MAX_IDLE_CONNECTIONS: usize = 8;

/// One user's connections.
#[derive(Debug)]
pub(super) struct Connections {
    wires: Arc<Wires>,
    names: Arc<Names>,
    /// The address of this machine that they come from, if it is chosen.
    from: Option<IpAddr>,
    /// Looked at where a connection is made: one that is kept goes to a server that
    /// is allowed.
    allowed: AllowedTargets,
    /// Made at the first HTTPS request: it holds the user's tickets.
    config: OnceCell<Arc<ClientConfig>>,
    /// The one used last is the last. Never held across an await.
    idle: RefCell<Vec<Idle>>,
}

/// A connection that waits for the next request.
#[derive(Debug)]
struct Idle {
    server: Server,
    connection: Connection,
}

/// Who is at the other end of a connection.
#[derive(Clone, Debug)]
struct Server {
    scheme: Box<str>,
    host: Box<str>,
    port: Option<u16>,
}

/// What an exchange is held to, and what tells of it while it goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms<'a> {
    pub(super) timeouts: &'a Timeouts,
    pub(super) clock: &'a Clock,
    pub(super) underway: &'a Underway,
    pub(super) role: Role,
}

/// What a request is to the exchange that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Its first request, or one that is an exchange of its own.
    First,
    /// It follows a redirect, and is counted as that once there is a connection that
    /// it can go over: what nobody could be asked has not been followed.
    Redirected,
}

impl Terms<'_> {
    /// A request is about to be sent for the first time.
    fn count(&self) {
        match self.role {
            Role::First => {}
            Role::Redirected => self.underway.count_redirect(),
        }
    }
}

impl Connections {
    /// None yet, each to be made when it is needed.
    pub(super) fn new(
        wires: Arc<Wires>,
        names: Arc<Names>,
        from: Option<IpAddr>,
        allowed: AllowedTargets,
    ) -> Connections {
        Connections {
            wires,
            names,
            from,
            allowed,
            config: OnceCell::new(),
            idle: RefCell::default(),
        }
    }

    /// Sends one request and waits for the head of its answer.
    ///
    /// # Errors
    ///
    /// What went wrong before the head had come.
    pub(super) async fn send<'a>(
        &'a self,
        hop: &'a Hop<'_>,
        cookie: Option<&str>,
        terms: Terms<'_>,
    ) -> Result<Answer<'a>, Failure> {
        let mut kept = self.take(&hop.url);
        let mut is_again = false;
        loop {
            let (mut connection, place, was_kept) = match kept.take() {
                Some((connection, place)) => (connection, place, true),
                None => {
                    let connection = self.connect(&hop.url, terms).await?;
                    (connection, Place::Free(Server::of(&hop.url)), false)
                }
            };
            if is_again {
                terms.underway.count_resent();
            } else {
                terms.count();
            }
            match ask(&mut connection, hop, cookie, &self.wires.connecting, terms).await? {
                Ok(came) => return Ok(self.answer(came, connection, place, hop)),
                Err(lost) if was_kept && lost.may_be_resent(hop.method) => is_again = true,
                Err(lost) => return Err(lost.failure(&hop.url)),
            }
        }
    }

    fn answer<'a>(
        &'a self,
        came: Came,
        connection: Connection,
        place: Place<'a>,
        hop: &'a Hop<'_>,
    ) -> Answer<'a> {
        Answer {
            came,
            connection,
            place,
            url: &hop.url,
            home: self,
        }
    }

    async fn connect(&self, url: &Url, terms: Terms<'_>) -> Result<Connection, Failure> {
        if !self.allowed.permit(url) {
            return Err(failure::not_allowed(url));
        }
        let config = match url.scheme() {
            "http" => None,
            "https" => Some(self.config()?),
            _ => return Err(not_http()),
        };
        let dialling = Dialling {
            connecting: &self.wires.connecting,
            from: self.from,
            names: &self.names,
            clock: terms.clock,
            underway: terms.underway,
        };
        let within = terms.timeouts.connect;
        // On the heap: what happens rarely must not make what every user holds larger.
        let opening = Box::pin(Connection::open(url, config, dialling));
        let connection = timeout(within, opening).await;
        connection.unwrap_or_else(|_| Err(failure::connect_timeout(within, url)))
    }

    fn config(&self) -> Result<Arc<ClientConfig>, Failure> {
        if let Some(why) = self.wires.tls.untrusting() {
            return Err(failure::untrusting(why));
        }
        let config = self
            .config
            .get_or_init(|| Arc::new(self.wires.tls.for_a_user()));
        Ok(Arc::clone(config))
    }

    /// A connection to a server that is still open: one that carries several requests
    /// at once stays where it is.
    fn take<'a>(&'a self, url: &'a Url) -> Option<(Connection, Place<'a>)> {
        let mut idle = self.idle.borrow_mut();
        // The one used last is the one that the server has most likely kept.
        let taken = loop {
            let place = idle.iter().rposition(|idle| idle.server.is_of(url))?;
            let mut taken = idle.remove(place);
            if taken.connection.is_open() {
                break taken;
            }
        };
        let Some(again) = taken.connection.again() else {
            return Some((taken.connection, Place::Free(taken.server)));
        };
        idle.push(taken);
        let lent = Lent {
            home: self,
            url,
            is_back: false,
        };
        Some((again, Place::Kept(lent)))
    }

    /// From here on a server is asked over another connection.
    fn forget(&self, url: &Url) {
        self.idle
            .borrow_mut()
            .retain(|idle| !idle.server.is_of(url));
    }

    fn keep(&self, server: Server, connection: Connection) {
        match self.wires.connecting.lifetime {
            Lifetime::KeepAlive => {}
            Lifetime::OneRequest => return,
        }
        let mut idle = self.idle.borrow_mut();
        if idle.len() == MAX_IDLE_CONNECTIONS {
            idle.remove(0);
        }
        idle.push(Idle { server, connection });
    }
}

/// Where a connection is kept once an answer has been read.
#[derive(Debug)]
enum Place<'a> {
    /// With those of its server, if there is room for it.
    Free(Server),
    /// It is there already, and carries other requests too.
    Kept(Lent<'a>),
}

/// A connection that carries a request beside others. If that is given up, nobody knows
/// whether the connection still leads anywhere: those that come later go over another.
#[derive(Debug)]
struct Lent<'a> {
    home: &'a Connections,
    url: &'a Url,
    is_back: bool,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if !self.is_back {
            self.home.forget(self.url);
        }
    }
}

impl Server {
    fn of(url: &Url) -> Server {
        Server {
            scheme: url.scheme().into(),
            host: url.host_str().unwrap_or_default().into(),
            port: url.port(),
        }
    }

    fn is_of(&self, url: &Url) -> bool {
        *self.scheme == *url.scheme()
            && *self.host == *url.host_str().unwrap_or_default()
            && self.port == url.port()
    }
}

/// Asks over a connection.
///
/// # Errors
///
/// Only that the answer did not begin in time.
async fn ask(
    connection: &mut Connection,
    hop: &Hop<'_>,
    cookie: Option<&str>,
    connecting: &Connecting,
    terms: Terms<'_>,
) -> Result<Result<Came, Lost>, Failure> {
    let first_byte = Cell::new(None);
    let mut asking = pin!(connection.ask(hop, cookie, connecting, terms.clock, &first_byte));
    let Some(within) = terms.timeouts.response else {
        return Ok(asking.await);
    };
    match timeout(within, asking.as_mut()).await {
        Ok(asked) => Ok(asked),
        // It began in time; how long its head takes is for the total timeout.
        Err(_) if first_byte.get().is_some() => Ok(asking.await),
        Err(_) => Err(failure::response_timeout(within, &hop.url)),
    }
}

fn not_http() -> Failure {
    Failure::new(
        FailureKind::BadProtocol,
        "only http and https addresses with a host can be asked",
    )
}

/// An answer whose head has come. Dropped before it is read, its connection is closed.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    came: Came,
    connection: Connection,
    place: Place<'a>,
    url: &'a Url,
    home: &'a Connections,
}

impl Answer<'_> {
    /// When its first byte had come, since the run began.
    pub(super) fn first_byte(&self) -> Duration {
        self.came.first_byte
    }

    /// How long that was after the last byte of the request.
    pub(super) fn waited(&self) -> Duration {
        self.came.waited
    }

    pub(super) fn head(&self) -> &Head {
        &self.came.head
    }

    /// Reads the body to its end, piece by piece; the connection then goes back to
    /// where it came from.
    ///
    /// # Errors
    ///
    /// What went wrong inside the body, or what `reader` says of a piece; with
    /// the head that had come.
    pub(super) async fn read(
        mut self,
        mut reader: impl FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<Head, Failure> {
        let wrong = loop {
            match self.connection.piece(self.url).await {
                Ok(Some(piece)) => {
                    if let Err(failure) = reader(piece) {
                        break failure;
                    }
                }
                Ok(None) => {
                    match (self.connection.is_free(), self.place) {
                        (true, Place::Free(server)) => self.home.keep(server, self.connection),
                        (true, Place::Kept(mut lent)) => lent.is_back = true,
                        (false, _) => {}
                    }
                    return Ok(self.came.head);
                }
                Err(failure) => break failure,
            }
        };
        Err(wrong.after(self.came.head.into_partial()))
    }

    /// A failure that the head alone is enough for.
    pub(super) fn fails(self, failure: Failure) -> Failure {
        failure.after(self.came.head.into_partial())
    }
}
