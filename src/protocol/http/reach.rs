//! Whether anybody is there: a connection is made and closed, and nothing is sent.
//!
//! # What is not here
//!
//! TLS: a certificate that is not trusted is a failure of each request, and the
//! report says of which.

use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use url::{Host, Url};

use super::{
    failure::{self, Stage},
    send::CONNECT_TIMEOUT,
};
use crate::exchange::{Failure, FailureKind};

/// Looks up the host of an address, and connects to it.
///
/// # Errors
///
/// What a request to it would fail with, in the same words.
pub(super) async fn reach(url: &Url) -> Result<(), Failure> {
    let in_time = timeout(CONNECT_TIMEOUT, connect(url)).await;
    in_time.unwrap_or_else(|elapsed| Err(failure::of(&elapsed, Stage::ConnectTooLong, url)))
}

async fn connect(url: &Url) -> Result<(), Failure> {
    let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
        let detail = "the address names no host and port";
        return Err(Failure::new(FailureKind::Network, detail));
    };
    let connected = match host {
        Host::Ipv4(address) => TcpStream::connect((address, port)).await,
        Host::Ipv6(address) => TcpStream::connect((address, port)).await,
        Host::Domain(name) => {
            let addresses: Vec<_> = lookup_host((name, port))
                .await
                .map_err(|why| failure::of(&why, Stage::Lookup, url))?
                .collect();
            TcpStream::connect(&*addresses).await
        }
    };
    connected
        .map(drop)
        .map_err(|why| failure::of(&why, Stage::Connect, url))
}
