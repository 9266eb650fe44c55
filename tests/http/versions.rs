//! Which version of HTTP is spoken, where a plan says so.

use std::{net::SocketAddr, sync::Arc};

use h2::server;
use hyper::{Response, body::Bytes};
use plan::{
    base::{
        clock::Clock,
        connecting::{Connecting, Version as Spoken},
        ids::ClassId,
    },
    exchange::FailureKind,
    protocol::{Protocol, http::Http},
    tls::{TlsSettings, Trust},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::{
    User, answer,
    certified::{Clients, HERE, Valid, Version, ca, config, self_signed},
    failure,
};

/// What a server is ready to speak over TLS.
type Offers = &'static [&'static str];

const BOTH: Offers = &["h2", "http/1.1"];

/// Starts a server that answers which version it was asked in.
async fn start(tls: Option<Offers>) -> SocketAddr {
    let acceptor = tls.map(|offers| {
        let leaf = self_signed(ca(), HERE, Valid::Now);
        let mut config = config(&leaf, &Clients::Everyone, Version::Tls13);
        config.alpn_protocols = offers.iter().map(|name| name.as_bytes().to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, acceptor.clone()));
        }
    });
    address
}

async fn serve(stream: TcpStream, acceptor: Option<TlsAcceptor>) {
    let Some(acceptor) = acceptor else {
        let mut first = [0; 4];
        while stream.peek(&mut first).await.unwrap() < 4 {}
        return match &first == b"PRI " {
            true => speak_2(stream).await,
            false => speak_1(stream).await,
        };
    };
    // A client that speaks nothing of what is offered goes.
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    match stream.get_ref().1.alpn_protocol() {
        Some(b"h2") => speak_2(stream).await,
        Some(_) | None => speak_1(stream).await,
    }
}

async fn speak_1(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\n1.1";
    stream.write_all(answer).await.unwrap();
    stream.flush().await.unwrap();
}

async fn speak_2(stream: impl AsyncRead + AsyncWrite + Unpin) {
    let mut connection = server::handshake(stream).await.unwrap();
    while let Some(Ok((_, mut respond))) = connection.accept().await {
        let head = Response::new(());
        let mut body = respond.send_response(head, false).unwrap();
        body.send_data(Bytes::from("2"), true).unwrap();
    }
}

fn user(version: Spoken) -> User {
    let anyone = TlsSettings {
        trust: Trust::Anyone,
        identity: None,
    };
    let connecting = Connecting {
        version,
        ..Connecting::default()
    };
    User {
        session: Protocol::Http(Http::new([(&anyone, &connecting)])).session(1, ClassId::at(0)),
        clock: Clock::start(),
    }
}

#[tokio::test]
async fn the_version_that_is_named_is_spoken() {
    let only_1: Offers = &["http/1.1"];
    let rows: [(Option<Offers>, Spoken, &str); 9] = [
        (Some(BOTH), Spoken::Negotiated, "2"),
        (Some(BOTH), Spoken::Http1, "1.1"),
        (Some(BOTH), Spoken::Http2, "2"),
        (Some(only_1), Spoken::Negotiated, "1.1"),
        (Some(&[]), Spoken::Negotiated, "1.1"),
        (Some(&[]), Spoken::Http1, "1.1"),
        (None, Spoken::Negotiated, "1.1"),
        (None, Spoken::Http1, "1.1"),
        (None, Spoken::Http2, "2"),
    ];
    for (offers, version, spoken) in rows {
        let address = start(offers).await;
        let scheme = if offers.is_some() { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://{address}/")).unwrap();
        let exchange = user(version).get(url).await;
        assert_eq!(
            answer(&exchange),
            (200, spoken.to_owned()),
            "{offers:?} {version:?}"
        );
    }
}

#[tokio::test]
async fn a_server_that_does_not_speak_it_is_not_spoken_to() {
    let address = start(Some(&[])).await;
    let url = Url::parse(&format!("https://{address}/")).unwrap();
    let exchange = user(Spoken::Http2).get(url).await;
    let detail = format!("{address} does not speak HTTP/2");
    assert_eq!(failure(&exchange), (FailureKind::BadProtocol, &*detail));

    let address = start(Some(&["http/1.1"])).await;
    let url = Url::parse(&format!("https://{address}/")).unwrap();
    let exchange = user(Spoken::Http2).get(url).await;
    assert_eq!(failure(&exchange).0, FailureKind::Tls);
}
