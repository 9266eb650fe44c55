//! Authorities and certificates made on the spot, and a server that shows them.
//!
//! The server lives on a thread of its own, so that programs can be run against
//! it too. It answers every request with 200 and `ok`, and notes what it saw.

// Every test program compiles all of this and uses its own part.
#![allow(dead_code)]
#![allow(clippy::unwrap_used, reason = "a server that cannot go on says where")]

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    thread,
};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    HandshakeKind, RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::WebPkiClientVerifier,
    version::{TLS12, TLS13},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};
use tokio_rustls::{TlsAcceptor, rustls};
use url::Url;

/// Whoever signs certificates.
pub struct Authority {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate with what leads to its authority, and its key.
#[derive(Clone)]
pub struct Leaf {
    pub pem: String,
    pub key_pem: String,
}

/// When a certificate holds.
#[derive(Clone, Copy)]
pub enum Valid {
    Now,
    NoLonger,
    NotYet,
}

/// For whom a certificate is that any test server may show.
pub const HERE: &[&str] = &["localhost", "127.0.0.1"];

impl Authority {
    pub fn new(name: &str) -> Authority {
        let key = KeyPair::generate().unwrap();
        let params = of_an_authority(name);
        Authority {
            pem: params.self_signed(&key).unwrap().pem(),
            issuer: Issuer::new(params, key),
        }
    }

    /// An authority whose certificate this one has signed.
    pub fn below(&self, name: &str) -> Authority {
        let key = KeyPair::generate().unwrap();
        let params = of_an_authority(name);
        Authority {
            pem: params.signed_by(&key, &self.issuer).unwrap().pem(),
            issuer: Issuer::new(params, key),
        }
    }

    /// A certificate for these hosts.
    pub fn sign(&self, hosts: &[&str], valid: Valid) -> Leaf {
        let key = KeyPair::generate().unwrap();
        let params = during(valid, params(hosts));
        Leaf {
            pem: params.signed_by(&key, &self.issuer).unwrap().pem(),
            key_pem: key.serialize_pem(),
        }
    }
}

/// A certificate that has signed itself, as an authority or not.
pub fn self_signed(is_ca: IsCa, hosts: &[&str], valid: Valid) -> Leaf {
    let key = KeyPair::generate().unwrap();
    let mut params = during(valid, params(hosts));
    params.is_ca = is_ca;
    Leaf {
        pem: params.self_signed(&key).unwrap().pem(),
        key_pem: key.serialize_pem(),
    }
}

/// As `openssl req -x509` makes it.
pub fn ca() -> IsCa {
    IsCa::Ca(BasicConstraints::Unconstrained)
}

fn params(hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<_> = hosts.iter().map(|host| (*host).to_owned()).collect();
    CertificateParams::new(hosts).unwrap()
}

fn of_an_authority(name: &str) -> CertificateParams {
    let mut params = params(&[]);
    params.is_ca = ca();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn during(valid: Valid, mut params: CertificateParams) -> CertificateParams {
    match valid {
        Valid::Now => {}
        Valid::NoLonger => params.not_after = date_time_ymd(2001, 1, 1),
        Valid::NotYet => params.not_before = date_time_ymd(2999, 1, 1),
    }
    params
}

/// Which clients are let in.
pub enum Clients<'a> {
    Everyone,
    /// Those whose certificate this authority has signed.
    SignedBy(&'a Authority),
}

/// A version of TLS.
#[derive(Clone, Copy, Debug)]
pub enum Version {
    Tls12,
    Tls13,
}

/// A server. It ends when it is dropped.
pub struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    _ends_with_it: oneshot::Sender<()>,
}

#[derive(Default)]
struct State {
    handshakes: Vec<HandshakeKind>,
    requests: u32,
}

impl Server {
    pub fn start(leaf: &Leaf) -> Server {
        Server::picky(leaf, &Clients::Everyone, Version::Tls13)
    }

    pub fn picky(leaf: &Leaf, clients: &Clients<'_>, version: Version) -> Server {
        let acceptor = TlsAcceptor::from(Arc::new(config(leaf, clients, version)));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let state: Arc<Mutex<State>> = Arc::default();
        let seen = Arc::clone(&state);
        let (_ends_with_it, ended) = oneshot::channel::<()>();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                tokio::select! {
                    () = listen(listener, acceptor, seen) => {}
                    _ = ended => {}
                }
            });
        });
        Server {
            address,
            state,
            _ends_with_it,
        }
    }

    pub fn place(&self) -> String {
        self.address.to_string()
    }

    pub fn url(&self) -> Url {
        Url::parse(&format!("https://{}/", self.address)).unwrap()
    }

    /// How each connection came about.
    pub fn handshakes(&self) -> Vec<HandshakeKind> {
        self.state.lock().unwrap().handshakes.clone()
    }

    pub fn requests(&self) -> u32 {
        self.state.lock().unwrap().requests
    }
}

/// What a server is set up with.
pub fn config(leaf: &Leaf, clients: &Clients<'_>, version: Version) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let version = match version {
        Version::Tls12 => &TLS12,
        Version::Tls13 => &TLS13,
    };
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[version])
        .unwrap();
    let builder = match clients {
        Clients::Everyone => builder.with_no_client_auth(),
        Clients::SignedBy(authority) => {
            let mut roots = RootCertStore::empty();
            let pem = authority.pem.as_bytes();
            roots
                .add(CertificateDer::from_pem_slice(pem).unwrap())
                .unwrap();
            let verifier =
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(verifier.unwrap())
        }
    };
    let chain = CertificateDer::pem_slice_iter(leaf.pem.as_bytes()).map(Result::unwrap);
    let key = PrivateKeyDer::from_pem_slice(leaf.key_pem.as_bytes()).unwrap();
    builder.with_single_cert(chain.collect(), key).unwrap()
}

async fn listen(listener: std::net::TcpListener, acceptor: TlsAcceptor, state: Arc<Mutex<State>>) {
    let listener = TcpListener::from_std(listener).unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(serve(stream, acceptor.clone(), Arc::clone(&state)));
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, state: Arc<Mutex<State>>) {
    let mut stream = match acceptor.accept(stream).into_fallible().await {
        Ok(stream) => stream,
        Err((_, mut stream)) => {
            // With something unread, the system would reset the connection, and
            // the client might never see why.
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
            return;
        }
    };
    let kind = stream.get_ref().1.handshake_kind().unwrap();
    state.lock().unwrap().handshakes.push(kind);
    let mut read = Vec::new();
    loop {
        match stream.read_buf(&mut read).await {
            Ok(0) | Err(_) => return,
            Ok(_) if read.ends_with(b"\r\n\r\n") => {}
            Ok(_) => continue,
        }
        state.lock().unwrap().requests += 1;
        let closes = read.starts_with(b"GET /close ");
        read.clear();
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        if stream.write_all(answer).await.is_err() {
            return;
        }
        if closes {
            let _ = stream.shutdown().await;
            return;
        }
    }
}
