//! How a connection comes about: name, TCP, TLS.

use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    net::{TcpSocket, TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::{
    failure::{self, Stage},
    names::Names,
    stream::Stream,
    tunnel,
};
use crate::{
    base::{
        clock::Clock,
        connecting::{Connecting, Route},
    },
    exchange::{Failure, PhaseKind, Underway},
};

/// How long one address of a host may take before the next is tried beside it,
/// as browsers do (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// How connections are made, and who is told how long each part of that takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialling<'a> {
    pub(super) connecting: &'a Connecting,
    /// The address of this machine that they come from, if it is chosen.
    pub(super) from: Option<IpAddr>,
    pub(super) names: &'a Names,
    pub(super) clock: &'a Clock,
    pub(super) underway: &'a Underway,
}

/// A connection to where a URL is to be found, over TLS where its scheme asks for it.
///
/// # Errors
///
/// What did not come about; of several addresses, what the last one said.
pub(super) async fn dial(
    url: &Url,
    tls: Option<Arc<ClientConfig>>,
    dialling: Dialling<'_>,
) -> Result<Stream, Failure> {
    let (stream, looked_up) = tcp(url, dialling).await?;
    let took = |kind, since| {
        let now = dialling.clock.elapsed();
        dialling.underway.took(kind, now.saturating_sub(since));
        now
    };
    let connect = |why| failure::of_io(&why, Stage::Connect, url);
    let Some(config) = tls else {
        took(PhaseKind::Connect, looked_up);
        return Ok(Stream::Plain(stream));
    };
    let stream = match &dialling.connecting.route {
        Route::Direct(_) => stream,
        Route::Proxy(proxy) => tunnel::through(stream, proxy, url).await?,
    };
    let connected = took(PhaseKind::Connect, looked_up);
    let name = server_name(url).map_err(connect)?;
    let stream = TlsConnector::from(config).connect(name, stream).await;
    let stream = stream.map_err(connect)?;
    took(PhaseKind::Tls, connected);
    Ok(Stream::Tls(Box::new(stream)))
}

/// The same without TLS: a connection to the host of a URL, or to its proxy; and when
/// it was known where that is.
///
/// # Errors
///
/// What did not come about.
pub(super) async fn tcp(
    url: &Url,
    dialling: Dialling<'_>,
) -> Result<(TcpStream, Duration), Failure> {
    let Dialling {
        connecting, from, ..
    } = dialling;
    let nowhere = || io::Error::other("the URL names no host");
    let (host, port) = connecting
        .route
        .hop(url)
        .ok_or_else(|| failure::of_io(&nowhere(), Stage::Connect, url))?;
    // Who is told of is who is spoken to.
    let wrong = |why: &io::Error, stage| {
        let there = Url::parse(&format!("http://{host}:{port}/"));
        failure::of_io(why, stage, there.as_ref().unwrap_or(url))
    };
    let addresses = addresses(&host, port, dialling)
        .await
        .map_err(|why| wrong(&why, Stage::Lookup))?;
    let looked_up = dialling.clock.elapsed();
    let stream = first_of(&of_family(addresses, from), from)
        .await
        .map_err(|why| wrong(&why, Stage::Connect))?;
    dialling.underway.count_connection();
    // A request is written at once, and is not to wait for company.
    stream
        .set_nodelay(true)
        .map_err(|why| wrong(&why, Stage::Connect))?;
    Ok((stream, looked_up))
}

/// Where a host can be found.
async fn addresses(
    host: &Host,
    port: u16,
    dialling: Dialling<'_>,
) -> Result<Vec<SocketAddr>, Arc<io::Error>> {
    let ttl = dialling.connecting.dns_ttl;
    let by_the_system =
        async |name: &str| Ok(lookup_host((name, 0)).await?.collect::<Vec<SocketAddr>>());
    match host {
        Host::Ipv4(address) => Ok(vec![(*address, port).into()]),
        Host::Ipv6(address) => Ok(vec![(*address, port).into()]),
        Host::Domain(name) => {
            let names = dialling.names;
            let mut found = names.find(name, ttl, dialling.clock, by_the_system).await?;
            if let Some(took) = found.took {
                dialling.underway.took(PhaseKind::Dns, took);
            }
            for address in &mut found.addresses {
                address.set_port(port);
            }
            Ok(found.addresses)
        }
    }
}

/// Those that can be reached from an address.
fn of_family(mut addresses: Vec<SocketAddr>, from: Option<IpAddr>) -> Vec<SocketAddr> {
    if let Some(from) = from {
        addresses.retain(|to| to.is_ipv4() == from.is_ipv4());
    }
    addresses
}

async fn connect(to: SocketAddr, from: Option<IpAddr>) -> io::Result<TcpStream> {
    let Some(from) = from else {
        return TcpStream::connect(to).await;
    };
    let socket = match to {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.bind((from, 0).into()).map_err(|why| {
        io::Error::new(
            why.kind(),
            format!("no connection comes from {from}: {why}"),
        )
    })?;
    socket.connect(to).await
}

/// The first address that answers. Each is tried when the one before it has failed
/// or had its head start.
async fn first_of(addresses: &[SocketAddr], from: Option<IpAddr>) -> io::Result<TcpStream> {
    match addresses {
        [] => Err(io::Error::other(match from {
            None => "the name has no address".to_owned(),
            Some(from) => format!("no address of it can be reached from {from}"),
        })),
        [only] => connect(*only, from).await,
        [first, others @ ..] => {
            let mut first = pin!(connect(*first, from));
            match timeout(HEAD_START, &mut first).await {
                Ok(Ok(stream)) => Ok(stream),
                Ok(Err(_)) => Box::pin(first_of(others, from)).await,
                Err(_) => either(first, Box::pin(first_of(others, from))).await,
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
