//! How a connection comes about: name, TCP, TLS.

use std::{future::Future, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::{failure::Stage, stream::Stream};

/// How long one address of a host may take before the next is tried beside it,
/// as browsers do (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// What did not come about, and where.
#[derive(Debug)]
pub(super) struct NotConnected {
    pub(super) stage: Stage,
    pub(super) why: io::Error,
}

/// A connection to the host of a URL, over TLS where its scheme asks for it.
///
/// # Errors
///
/// [`NotConnected`]; of several addresses, what the last one said.
pub(super) async fn dial(
    url: &Url,
    tls: Option<Arc<ClientConfig>>,
) -> Result<Stream, NotConnected> {
    let addresses = addresses(url).await.map_err(|why| NotConnected {
        stage: Stage::Lookup,
        why,
    })?;
    let connect = |why| NotConnected {
        stage: Stage::Connect,
        why,
    };
    let stream = first_of(&addresses).await.map_err(connect)?;
    // A request is written at once, and is not to wait for company.
    stream.set_nodelay(true).map_err(connect)?;
    let Some(config) = tls else {
        return Ok(Stream::Plain(stream));
    };
    let name = server_name(url).map_err(connect)?;
    let stream = TlsConnector::from(config).connect(name, stream).await;
    Ok(Stream::Tls(Box::new(stream.map_err(connect)?)))
}

/// Where the host of a URL can be found.
async fn addresses(url: &Url) -> io::Result<Vec<SocketAddr>> {
    let port = url.port_or_known_default().unwrap_or(80);
    match url.host() {
        Some(Host::Ipv4(address)) => Ok(vec![(address, port).into()]),
        Some(Host::Ipv6(address)) => Ok(vec![(address, port).into()]),
        Some(Host::Domain(name)) => Ok(lookup_host((name, port)).await?.collect()),
        None => Ok(Vec::new()),
    }
}

/// The first address that answers. Each is tried when the one before it has failed
/// or had its head start.
async fn first_of(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    match addresses {
        [] => Err(io::Error::other("the name has no address")),
        [only] => TcpStream::connect(only).await,
        [first, others @ ..] => {
            let mut first = pin!(TcpStream::connect(first));
            match timeout(HEAD_START, &mut first).await {
                Ok(Ok(stream)) => Ok(stream),
                Ok(Err(_)) => Box::pin(first_of(others)).await,
                Err(_) => either(first, Box::pin(first_of(others))).await,
            }
        }
    }
}

/// The first that succeeds, or how the last one failed.
async fn either<T>(
    one: impl Future<Output = io::Result<T>>,
    other: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let (outcome, left) = tokio::select! {
        outcome = &mut one => (outcome, Left::Other),
        outcome = &mut other => (outcome, Left::One),
    };
    match (outcome, left) {
        (Ok(done), _) => Ok(done),
        (Err(_), Left::One) => one.await,
        (Err(_), Left::Other) => other.await,
    }
}

enum Left {
    One,
    Other,
}

fn server_name(url: &Url) -> io::Result<ServerName<'static>> {
    match url.host() {
        Some(Host::Ipv4(address)) => Ok(ServerName::IpAddress(
            std::net::IpAddr::from(address).into(),
        )),
        Some(Host::Ipv6(address)) => Ok(ServerName::IpAddress(
            std::net::IpAddr::from(address).into(),
        )),
        Some(Host::Domain(name)) => ServerName::try_from(name.to_owned()).map_err(io::Error::other),
        None => Err(io::Error::other("the address names no host")),
    }
}
