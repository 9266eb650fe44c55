//! Where names are to be found: looked up when a connection is made, kept for a while.
//!
//! All users of a process share what is known, so that many who connect at once ask
//! once; the others wait for what comes of that.
//!
//! # What holds here
//!
//! - Nothing of this is on the way of a request over a connection that is there already.
//! - An answer is used for the time to live that the class of the user says. What the
//!   name server says of that, the system does not tell.
//! - A name that cannot be looked up again is looked for where it was, for
//!   [`STALE`] beyond its time: a name server that is gone for a moment is not the
//!   target's failure. After that, or without an answer from before, it is one.
//! - Of several addresses, connections take those of the kind that the system prefers
//!   (IPv6 or IPv4) in turn: asking each time would let the name server spread them.
//!
//! # What is not here
//!
//! Connections that are there: those to an address that a name no longer has stay as
//! they are, as a browser's do, until the server ends them. Many names give different
//! parts of their addresses each time, and would have connections closed for nothing.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::base::clock::Clock;

/// How much longer than its time an answer is used while no other is to be had.
const STALE: Duration = Duration::from_mins(5);

/// How long after a lookup that failed nobody tries again while there is an answer from
/// before: a name server that does not answer would cost each connection seconds.
const RETRY: Duration = Duration::from_secs(5);

/// How many names are kept. A plan that asks more servers than that is asked to wait
/// for a lookup more often; the one looked up the longest time ago is forgotten.
const MAX_KEPT: usize = 1_000;

/// What is known of names.
#[derive(Debug, Default)]
pub(super) struct Names(Mutex<HashMap<Box<str>, Arc<Name>>>);

/// One name.
#[derive(Debug, Default)]
struct Name {
    known: Mutex<Known>,
    /// Held by the one who asks, while the others wait.
    asking: tokio::sync::Mutex<()>,
}

/// What is known of a name. Time is given, and nobody is asked here.
#[derive(Debug, Default)]
struct Known {
    /// What the last lookup gave that succeeded, and when.
    answer: Option<(Vec<SocketAddr>, Instant)>,
    /// What the last lookup said, if it failed, and when.
    failure: Option<(Arc<io::Error>, Instant)>,
    /// How often the answer was used.
    uses: usize,
}

/// Where a name is to be found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// In the order in which they are to be tried; their ports are 0.
    pub(super) addresses: Vec<SocketAddr>,
    /// How long that took; `None` if it was known.
    pub(super) took: Option<Duration>,
}

impl Names {
    /// Where a name is to be found, by what is known for no longer than `ttl`, or by
    /// `look_up`.
    ///
    /// # Errors
    ///
    /// What the lookup says, to all who waited for it.
    pub(super) async fn find(
        &self,
        name: &str,
        ttl: Duration,
        clock: &Clock,
        look_up: impl AsyncFnOnce(&str) -> io::Result<Vec<SocketAddr>>,
    ) -> Result<Found, Arc<io::Error>> {
        let now = || clock.instant(clock.elapsed());
        let began = now();
        if ttl.is_zero() {
            let addresses = look_up(name).await?;
            let took = Some(now() - began);
            return Ok(Found { addresses, took });
        }
        let name_known = self.of(name);
        if let Some(addresses) = name_known.known().current(began, ttl) {
            return Ok(Found {
                addresses,
                took: None,
            });
        }
        let _asking = name_known.asking.lock().await;
        // Whoever was waited for may have done it.
        let meanwhile = name_known.known().since(began, now(), ttl);
        let addresses = match meanwhile {
            Some(come) => come?,
            None => {
                let come = look_up(name).await;
                name_known.known().learn(come, now(), ttl)?
            }
        };
        let took = Some(now() - began);
        Ok(Found { addresses, took })
    }

    fn of(&self, name: &str) -> Arc<Name> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(name) {
            return Arc::clone(known);
        }
        if kept.len() == MAX_KEPT {
            let oldest = kept.iter().min_by_key(|(_, name)| name.known().given());
            let oldest = oldest.map(|(name, _)| name.clone());
            kept.remove(&oldest.expect("there are as many as may be kept"));
        }
        let known: Arc<Name> = Arc::default();
        kept.insert(name.into(), Arc::clone(&known));
        known
    }
}

impl Name {
    /// Never held across an await.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn given(&self) -> Option<Instant> {
        self.answer.as_ref().map(|(_, given)| *given)
    }

    /// What is known and need not be asked `now`.
    fn current(&mut self, now: Instant, ttl: Duration) -> Option<Vec<SocketAddr>> {
        let age = now.saturating_duration_since(self.given()?);
        let retries = self
            .failure
            .as_ref()
            .is_none_or(|(_, failed)| now.saturating_duration_since(*failed) >= RETRY);
        let is_used = age < ttl || (!retries && age < ttl + STALE);
        is_used.then(|| self.use_answer())
    }

    /// What has come since somebody `began` to wait.
    fn since(
        &mut self,
        began: Instant,
        now: Instant,
        ttl: Duration,
    ) -> Option<Result<Vec<SocketAddr>, Arc<io::Error>>> {
        if let Some(current) = self.current(now, ttl) {
            return Some(Ok(current));
        }
        let failure = self.failure.as_ref();
        let (why, _) = failure.filter(|(_, failed)| *failed > began)?;
        Some(Err(Arc::clone(why)))
    }

    /// Takes what a lookup brought; if that is nothing, what is known goes on for a
    /// while.
    fn learn(
        &mut self,
        come: io::Result<Vec<SocketAddr>>,
        now: Instant,
        ttl: Duration,
    ) -> Result<Vec<SocketAddr>, Arc<io::Error>> {
        match come {
            Ok(addresses) => {
                self.answer = Some((addresses, now));
                self.failure = None;
                Ok(self.use_answer())
            }
            Err(why) => {
                let why = Arc::new(why);
                self.failure = Some((Arc::clone(&why), now));
                self.current(now, ttl).ok_or(why)
            }
        }
    }

    /// The addresses, beginning with another one each time.
    fn use_answer(&mut self) -> Vec<SocketAddr> {
        let answer = self.answer.as_ref();
        let addresses = answer.map_or(&[][..], |(addresses, _)| addresses);
        let turn = self.uses;
        self.uses = self.uses.wrapping_add(1);
        in_turn(addresses, turn)
    }
}

/// Addresses, those of the first one's kind moved on by a number of places.
fn in_turn(addresses: &[SocketAddr], turn: usize) -> Vec<SocketAddr> {
    let mut addresses = addresses.to_vec();
    let mut preferred = addresses.chunk_by_mut(|one, next| one.is_ipv4() == next.is_ipv4());
    if let Some(preferred) = preferred.next() {
        preferred.rotate_left(turn % preferred.len());
    }
    addresses
}

#[cfg(test)]
mod tests;
