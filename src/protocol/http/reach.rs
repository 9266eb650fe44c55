//! Whether anybody is there: a connection is made and closed, and nothing is sent.
//!
//! # What is not here
//!
//! TLS: a certificate that is not trusted is a failure of each request, and the
//! report says of which.

use tokio::time::timeout;
use url::Url;

use super::{dial::tcp, failure};
use crate::{
    base::{connecting::Connecting, timeouts::CONNECT_TIMEOUT},
    exchange::Failure,
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
        match timeout(CONNECT_TIMEOUT, tcp(url, connecting, from)).await {
            Ok(Ok(stream)) => drop(stream),
            Ok(Err(failure)) => return Err(failure),
            Err(_) => return Err(failure::connect_timeout(CONNECT_TIMEOUT, url)),
        }
    }
    Ok(())
}
