//! Whom a user trusts, and as whom it shows itself.

use std::net::SocketAddr;

use plan::{
    base::{clock::Clock, connecting::Connecting, ids::ClassId, timeouts::CONNECT_TIMEOUT},
    exchange::FailureKind,
    protocol::{Protocol, http::Http},
    tls::{Authorities, Chain, Identity, Key, TlsSettings, Trust},
};
use rcgen::IsCa;
use rustls::HandshakeKind;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::rustls;
use url::Url;

use super::{
    User, a_moment, answer,
    certified::{Authority, Clients, HERE, Leaf, Server, Valid, Version, ca, self_signed},
    failure, get, within_ms,
};

impl User {
    fn with(settings: &TlsSettings) -> User {
        User {
            session: Protocol::Http(Http::new([(settings, &Connecting::default())]))
                .session(1, ClassId::at(0)),
            clock: Clock::start(),
        }
    }
}

/// Who trusts these authorities and no others.
fn trusting(pem: &str) -> TlsSettings {
    TlsSettings {
        trust: Trust::Only(Authorities::from_pem(pem).unwrap()),
        identity: None,
    }
}

fn trusting_anyone() -> TlsSettings {
    TlsSettings {
        trust: Trust::Anyone,
        identity: None,
    }
}

fn showing(leaf: &Leaf, mut settings: TlsSettings) -> TlsSettings {
    let (chain, key) = (Chain::from_pem(&leaf.pem), Key::from_pem(&leaf.key_pem));
    settings.identity = Some(Identity::new(chain.unwrap(), key.unwrap()).unwrap());
    settings
}

#[tokio::test]
#[rustfmt::skip]
async fn a_certificate_that_is_not_good_is_a_kind_of_failure_unless_any_is() {
    let (known, unknown) = (Authority::new("known"), Authority::new("unknown"));
    let rows = [
        ("another authority", unknown.sign(HERE, Valid::Now),
            FailureKind::TlsUnknownAuthority, "the certificate of PLACE is signed by an unknown authority"),
        ("an authority of the same name", Authority::new("known").sign(HERE, Valid::Now),
            FailureKind::TlsUnknownAuthority, "the certificate of PLACE names a trusted authority that has not signed it"),
        ("signed by itself", self_signed(IsCa::NoCa, HERE, Valid::Now),
            FailureKind::TlsUnknownAuthority, "the certificate of PLACE is signed by an unknown authority"),
        ("as openssl makes them", self_signed(ca(), HERE, Valid::Now),
            FailureKind::TlsUnknownAuthority, "the certificate of PLACE is signed by itself, an unknown authority"),
        ("another name", known.sign(&["other.test"], Valid::Now),
            FailureKind::TlsWrongHost, "the certificate of PLACE is for another host: other.test"),
        ("another address", known.sign(&["localhost", "127.0.0.2"], Valid::Now),
            FailureKind::TlsWrongHost, "the certificate of PLACE is for another host: localhost, 127.0.0.2"),
        ("no longer valid", known.sign(HERE, Valid::NoLonger),
            FailureKind::TlsExpired, "the certificate of PLACE has expired"),
        ("not yet valid", known.sign(HERE, Valid::NotYet),
            FailureKind::TlsExpired, "the certificate of PLACE is not valid yet"),
    ];
    for (what, leaf, kind, detail) in rows {
        for version in [Version::Tls12, Version::Tls13] {
            let server = Server::picky(&leaf, &Clients::Everyone, version);
            let refused = User::with(&trusting(&known.pem)).get(server.url()).await;
            let detail = detail.replace("PLACE", &server.place());
            assert_eq!(failure(&refused), (kind, detail.as_str()), "{what}, {version:?}");
            assert_eq!(server.requests(), 0, "{what}: nothing is sent to whom nobody trusts");

            let taken = User::with(&trusting_anyone()).get(server.url()).await;
            assert_eq!(answer(&taken), (200, "ok".to_owned()), "{what}, {version:?}");
        }
    }
}

#[tokio::test]
async fn what_a_plans_own_authority_has_signed_is_trusted() {
    let authority = Authority::new("root");
    let between = authority.below("between");
    let leaf = authority.sign(HERE, Valid::Now);
    let below = between.sign(HERE, Valid::Now);
    let whole = Leaf {
        pem: format!("{}{}", below.pem, between.pem),
        ..below.clone()
    };
    let several = format!("{}{}", Authority::new("other").pem, authority.pem);
    #[rustfmt::skip]
    let rows = [
        ("its own",                            &leaf,  authority.pem.as_str(), true),
        ("one of several",                     &leaf,  several.as_str(),       true),
        ("through another",                    &whole, authority.pem.as_str(), true),
        ("that other one",                     &below, between.pem.as_str(),   true),
        ("with what is between left out",      &below, authority.pem.as_str(), false),
        ("another authority",                  &leaf,  between.pem.as_str(),   false),
    ];
    for (what, leaf, authorities, is_good) in rows {
        let server = Server::start(leaf);
        let exchange = User::with(&trusting(authorities)).get(server.url()).await;
        if is_good {
            assert_eq!(answer(&exchange), (200, "ok".to_owned()), "{what}");
        } else {
            let (kind, _) = failure(&exchange);
            assert_eq!(kind, FailureKind::TlsUnknownAuthority, "{what}");
        }
    }
}

/// A server of one's own often has a certificate that nobody else has signed.
#[tokio::test]
async fn a_certificate_that_signed_itself_is_its_own_authority() {
    for (is_ca, what) in [(ca(), "an authority"), (IsCa::NoCa, "none")] {
        let rows = [
            (self_signed(is_ca, HERE, Valid::Now), None),
            (
                self_signed(is_ca, &["other.test"], Valid::Now),
                Some(FailureKind::TlsWrongHost),
            ),
            (
                self_signed(is_ca, HERE, Valid::NoLonger),
                Some(FailureKind::TlsExpired),
            ),
        ];
        for (leaf, kind) in rows {
            let server = Server::start(&leaf);
            let exchange = User::with(&trusting(&leaf.pem)).get(server.url()).await;
            match kind {
                None => assert_eq!(answer(&exchange), (200, "ok".to_owned()), "{what}"),
                Some(kind) => assert_eq!(failure(&exchange).0, kind, "{what}"),
            }
        }
    }
}

#[tokio::test]
async fn a_server_that_asks_for_a_certificate() {
    let (servers, clients) = (Authority::new("servers"), Authority::new("clients"));
    let leaf = servers.sign(HERE, Valid::Now);
    let between = clients.below("between");
    let below = between.sign(&["ada"], Valid::Now);
    let below = Leaf {
        pem: format!("{}{}", below.pem, between.pem),
        ..below
    };
    let given = clients.sign(&["ada"], Valid::Now);
    let strange = Authority::new("strangers").sign(&["ada"], Valid::Now);
    let expired = clients.sign(&["ada"], Valid::NoLonger);
    let none = "PLACE asks for a client certificate, and the plan gives none";
    let refused = "PLACE refuses the client certificate, or that there is none: ";
    let rows = [
        ("none", None, Some(none.to_owned())),
        ("its own", Some(&given), None),
        ("through another", Some(&below), None),
        (
            "a stranger's",
            Some(&strange),
            Some(format!("{refused}UnknownCA")),
        ),
        (
            "an old one",
            Some(&expired),
            Some(format!("{refused}CertificateExpired")),
        ),
    ];
    for version in [Version::Tls12, Version::Tls13] {
        let server = Server::picky(&leaf, &Clients::SignedBy(&clients), version);
        for (what, identity, refused) in &rows {
            let what = format!("{what}, {version:?}");
            let settings = trusting(&servers.pem);
            let settings = identity.map_or(settings.clone(), |leaf| showing(leaf, settings));
            let exchange = User::with(&settings).get(server.url()).await;
            match refused {
                None => assert_eq!(answer(&exchange), (200, "ok".to_owned()), "{what}"),
                Some(detail) => {
                    let detail = detail.replace("PLACE", &server.place());
                    let expected = (FailureKind::Tls, detail.as_str());
                    assert_eq!(failure(&exchange), expected, "{what}");
                }
            }
        }
        assert_eq!(server.requests(), 2, "{version:?}");
    }
    // Whom it trusts and as whom it shows itself are two things.
    let server = Server::picky(&leaf, &Clients::SignedBy(&clients), Version::Tls13);
    let settings = showing(&given, trusting_anyone());
    let exchange = User::with(&settings).get(server.url()).await;
    assert_eq!(answer(&exchange).0, 200);
}

/// The server closes after each answer, so every request needs a connection.
#[tokio::test]
async fn a_user_resumes_its_own_sessions_and_nobody_elses() {
    let authority = Authority::new("root");
    for version in [Version::Tls12, Version::Tls13] {
        let leaf = authority.sign(HERE, Valid::Now);
        let server = Server::picky(&leaf, &Clients::Everyone, version);
        let http = Http::new([(&trusting(&authority.pem), &Connecting::default())]);
        for _ in 0..2 {
            let mut user = User {
                session: Protocol::Http(http.clone()).session(1, ClassId::at(0)),
                clock: Clock::start(),
            };
            for _ in 0..2 {
                let exchange = user.get(server.url().join("close").unwrap()).await;
                assert_eq!(answer(&exchange).0, 200, "{version:?}");
                a_moment().await;
            }
        }
        let of_each = [HandshakeKind::Full, HandshakeKind::Resumed];
        assert_eq!(
            server.handshakes(),
            [of_each, of_each].concat(),
            "{version:?}"
        );
    }
}

/// Going to and fro between two servers forgets neither.
#[tokio::test]
async fn a_user_resumes_the_sessions_of_each_server_that_it_asks() {
    let authority = Authority::new("root");
    let of_each = HERE.iter().map(|host| {
        let leaf = authority.sign(HERE, Valid::Now);
        let server = Server::picky(&leaf, &Clients::Everyone, Version::Tls13);
        let mut url = server.url().join("close").unwrap();
        url.set_host(Some(host)).unwrap();
        (server, url)
    });
    let of_each: Vec<_> = of_each.collect();
    let http = Http::new([(&trusting(&authority.pem), &Connecting::default())]);
    let mut user = User {
        session: Protocol::Http(http).session(1, ClassId::at(0)),
        clock: Clock::start(),
    };
    for _ in 0..2 {
        for (_, url) in &of_each {
            assert_eq!(answer(&user.get(url.clone()).await).0, 200, "{url}");
            a_moment().await;
        }
    }
    for (server, url) in &of_each {
        let seen = server.handshakes();
        assert_eq!(seen, [HandshakeKind::Full, HandshakeKind::Resumed], "{url}");
    }
}

#[tokio::test]
async fn each_class_trusts_whom_it_trusts() {
    let authority = Authority::new("root");
    let server = Server::start(&authority.sign(HERE, Valid::Now));
    let classes = [
        trusting(&authority.pem),
        trusting(&Authority::new("other").pem),
        trusting_anyone(),
    ];
    let plain = Connecting::default();
    let http = Http::new(classes.iter().map(|class| (class, &plain)));
    let mut came = Vec::new();
    for class in 0..classes.len() {
        let mut user = User {
            session: Protocol::Http(http.clone()).session(1, ClassId::at(class)),
            clock: Clock::start(),
        };
        came.push(user.get(server.url()).await.outcome.is_ok());
    }
    assert_eq!(came, [true, false, true]);
}

/// How a server leaves a handshake.
enum Then {
    Close,
    Reset,
    Hang,
}

/// Where a server says this when it has read what a client says first.
async fn answering(says: &'static [u8], then: Then) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = [0; 5];
        stream.read_exact(&mut head).await.unwrap();
        let rest = usize::from(u16::from_be_bytes([head[3], head[4]]));
        stream.read_exact(&mut vec![0; rest]).await.unwrap();
        stream.write_all(says).await.unwrap();
        match then {
            Then::Close => {}
            Then::Reset => stream.set_zero_linger().unwrap(),
            Then::Hang => std::future::pending().await,
        }
    });
    address
}

fn https(address: SocketAddr) -> Url {
    Url::parse(&format!("https://{address}/")).unwrap()
}

#[tokio::test]
#[rustfmt::skip]
async fn a_handshake_that_breaks() {
    let closed = "PLACE closed the connection while TLS was being set up";
    let reset_it = "PLACE reset the connection before it had answered";
    let no_tls = "PLACE does not speak TLS";
    let half: &[u8] = b"\x16\x03\x03\x02\x00 a message of which 512 bytes were to come";
    let rows: [(_, &[u8], _, _, _); 5] = [
        ("closed at once",          b"",                     Then::Close, FailureKind::Tls,   closed),
        ("closed inside a message", half,                    Then::Close, FailureKind::Tls,   closed),
        ("reset",                   b"",                     Then::Reset, FailureKind::Reset, reset_it),
        ("HTTP in the open",        b"HTTP/1.1 400 No\r\n",  Then::Hang,  FailureKind::Tls,   no_tls),
        ("another protocol",        b"SSH-2.0-OpenSSH\r\n",  Then::Hang,  FailureKind::Tls,   no_tls),
    ];
    for (what, says, then, kind, detail) in rows {
        let server = answering(says, then).await;
        let exchange = User::with(&trusting_anyone()).get(https(server)).await;
        let detail = detail.replace("PLACE", &server.to_string());
        assert_eq!(failure(&exchange), (kind, detail.as_str()), "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_nobody_answers_is_a_connection_that_does_not_come_about() {
    let server = answering(b"", Then::Hang).await;
    let asked = within_ms(get(https(server)), 60_000);
    let exchange = User::with(&trusting_anyone()).ask(&asked).await;
    let detail = format!("no connection to {server} within 10s");
    let expected = (FailureKind::ConnectTimeout, detail.as_str());
    assert_eq!(failure(&exchange), expected);
    let took = exchange.timing.done - exchange.timing.sent;
    assert_eq!(took.as_secs(), CONNECT_TIMEOUT.as_secs());
}

#[tokio::test(start_paused = true)]
async fn the_total_timeout_ends_a_handshake_too() {
    let server = answering(b"", Then::Hang).await;
    let asked = within_ms(get(https(server)), 200);
    let exchange = User::with(&trusting_anyone()).ask(&asked).await;
    let expected = (FailureKind::TotalTimeout, "no answer within 200ms");
    assert_eq!(failure(&exchange), expected);
    let took = exchange.timing.done - exchange.timing.sent;
    assert_eq!(took.as_millis(), 200);
}
