//! Whether anybody is there: a connection is made and closed, and nothing is sent.
//!
//! # What is not here
//!
//! TLS: a certificate that is not trusted is a failure of each request, and the
//! report says of which.

use tokio::time::timeout;
use url::Url;

use super::{dial::dial, failure};
use crate::{base::timeouts::CONNECT_TIMEOUT, exchange::Failure};

/// Looks up the host of an address, and connects to it.
///
/// # Errors
///
/// What a request to it would fail with, in the same words.
pub(super) async fn reach(url: &Url) -> Result<(), Failure> {
    match timeout(CONNECT_TIMEOUT, dial(url, None)).await {
        Ok(Ok(stream)) => {
            drop(stream);
            Ok(())
        }
        Ok(Err(not)) => Err(failure::of_io(&not.why, not.stage, url)),
        Err(_) => Err(failure::connect_timeout(CONNECT_TIMEOUT, url)),
    }
}
