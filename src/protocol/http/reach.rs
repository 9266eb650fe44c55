//! Whether anybody is there: a connection is made and closed, and nothing is sent.
//!
//! # What is not here
//!
//! TLS: a certificate that is not trusted is a failure of each request, and the
//! report says of which.

use tokio::time::timeout;
use url::Url;

use super::{
    dial::{Dialling, tcp},
    failure,
    names::Names,
};
use crate::{
    base::{clock::Clock, connecting::Connecting, timeouts::CONNECT_TIMEOUT},
    exchange::{Failure, Underway},
};

/// Looks up the host of a URL, or of its proxy, and connects to it: from each address
/// that connections are to come from.
///
/// # Errors
///
/// What a request to it would fail with, in the same words.
pub(super) async fn reach(url: &Url, connecting: &Connecting) -> Result<(), Failure> {
    let chosen = connecting.from.iter().copied().map(Some);
    let any = connecting.from.is_empty().then_some(None);
    for from in chosen.chain(any) {
        // Nobody asks how long it takes; and whoever waits for a target that is not
        // there yet wants to know what is now.
        let dialling = Dialling {
            connecting,
            from,
            names: &Names::default(),
            clock: &Clock::start(),
            underway: &Underway::default(),
        };
        match timeout(CONNECT_TIMEOUT, tcp(url, dialling)).await {
            Ok(Ok((stream, _))) => drop(stream),
            Ok(Err(failure)) => return Err(failure),
            Err(_) => return Err(failure::connect_timeout(CONNECT_TIMEOUT, url)),
        }
    }
    Ok(())
}
