//! HTTP/2, which a TLS server may choose: the same things through the same door.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use h2::{Reason, RecvStream, server::SendResponse};
use hyper::{Request, Response, body::Bytes};
use plan::{
    base::{clock::Clock, connecting::Connecting, ids::ClassId},
    exchange::{Exchange, FailureKind, Underway},
    protocol::{Protocol, http::Http},
    tls::{TlsSettings, Trust},
};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::{
    User, a_moment, answer,
    certified::{Clients, HERE, Valid, Version, ca, config, self_signed},
    counted, failure, get, post, response, with_header, within_ms,
};

/// A server that speaks HTTP/2, and what it saw.
struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    connections: u32,
    requests: Vec<String>,
}

/// How large the body of `/large` is: more than any window of flow control.
const LARGE_BYTES: usize = 5_000_000;

impl Server {
    async fn start() -> Server {
        let leaf = self_signed(ca(), HERE, Valid::Now);
        let mut config = config(&leaf, &Clients::Everyone, Version::Tls13);
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Server {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
        };
        let seen = Arc::clone(&server.seen);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                seen.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, acceptor.clone(), Arc::clone(&seen)));
            }
        });
        server
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("https://{}{path}", self.address)).unwrap()
    }

    fn place(&self) -> String {
        self.address.to_string()
    }

    fn connections(&self) -> u32 {
        self.seen.lock().unwrap().connections
    }

    fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().requests.clone()
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, seen: Arc<Mutex<Seen>>) {
    let stream = acceptor.accept(stream).await.unwrap();
    let mut connection = h2::server::handshake(stream).await.unwrap();
    while let Some(Ok((request, respond))) = connection.accept().await {
        match request.uri().path() {
            "/cut" => {
                note(&seen, &request, "");
                return;
            }
            "/goodbye" => connection.graceful_shutdown(),
            _ => {}
        }
        tokio::spawn(respond_to(request, respond, Arc::clone(&seen)));
    }
}

/// `GET https://place/path a=1; b=2 [body]`
fn note(seen: &Mutex<Seen>, request: &Request<RecvStream>, body: &str) {
    let cookies = request.headers().get_all("cookie").iter();
    let cookies: Vec<_> = cookies.map(|value| value.to_str().unwrap()).collect();
    let line = format!(
        "{} {} {} [{body}]",
        request.method(),
        request.uri(),
        cookies.join("; ")
    );
    seen.lock().unwrap().requests.push(line);
}

async fn respond_to(
    mut request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    seen: Arc<Mutex<Seen>>,
) {
    let mut body = Vec::new();
    while let Some(Ok(data)) = request.body_mut().data().await {
        body.extend_from_slice(&data);
    }
    note(&seen, &request, str::from_utf8(&body).unwrap());
    let head = Response::builder().header("x-version", "2");
    match request.uri().path() {
        "/reset" => respond.send_reset(Reason::INTERNAL_ERROR),
        "/hang" => std::future::pending().await,
        "/half" => {
            let head = head.header("content-length", 10).body(()).unwrap();
            let mut stream = respond.send_response(head, false).unwrap();
            stream.send_data("half".into(), false).unwrap();
            a_moment().await;
            stream.send_reset(Reason::INTERNAL_ERROR);
        }
        "/redirect" => {
            let head = head
                .status(302)
                .header("location", "/?a=b&c")
                .header("set-cookie", "first=1")
                .header("set-cookie", "second=2");
            respond.send_response(head.body(()).unwrap(), true).unwrap();
        }
        "/large" => {
            let mut stream = respond
                .send_response(head.body(()).unwrap(), false)
                .unwrap();
            stream
                .send_data(vec![b'x'; LARGE_BYTES].into(), true)
                .unwrap();
        }
        _ => {
            let mut stream = respond
                .send_response(head.body(()).unwrap(), false)
                .unwrap();
            stream.send_data("ok".into(), true).unwrap();
        }
    }
}

fn user() -> User {
    let anyone = TlsSettings {
        trust: Trust::Anyone,
        identity: None,
    };
    User {
        session: Protocol::Http(Http::new([(&anyone, &Connecting::default())]))
            .session(1, ClassId::at(0)),
        clock: Clock::start(),
    }
}

/// How many connections were opened for an exchange, and which phases it had.
fn phases(exchange: &Exchange) -> (u32, String) {
    let named = exchange.phases.iter().map(|(kind, _)| kind.code());
    let named: Vec<_> = named.collect();
    (exchange.phases.connections, named.join(" "))
}

#[tokio::test]
async fn requests_and_answers_are_those_of_http_1() {
    let server = Server::start().await;
    let place = server.place();
    let mut user = user();
    let exchange = user.get(server.url("/path%20x?q=%C5%82&r")).await;
    assert_eq!(answer(&exchange), (200, "ok".to_owned()));
    assert_eq!(response(&exchange).header("x-version"), Some(&b"2"[..]));
    assert_eq!(exchange.received_bytes, 2);
    let of_the_first = "connect tls waiting receiving".to_owned();
    assert_eq!(phases(&exchange), (1, of_the_first));

    let asked = with_header(post(server.url("/form")), "X-Own", "1");
    assert_eq!(answer(&user.ask(&asked).await).0, 200);
    let exchange = user.get(server.url("/redirect")).await;
    assert_eq!(answer(&exchange).0, 200);
    assert_eq!(exchange.redirects, 1);
    assert_eq!(phases(&exchange), (0, "waiting receiving".to_owned()));
    assert_eq!(response(&exchange).url, server.url("/?a=b&c"));
    assert_eq!(
        server.requests(),
        [
            format!("GET https://{place}/path%20x?q=%C5%82&r  []"),
            format!("POST https://{place}/form  [a=1]"),
            format!("GET https://{place}/redirect  []"),
            format!("GET https://{place}/?a=b&c first=1; second=2 []"),
        ]
    );
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_large_body_comes_whole_whether_it_is_kept_or_counted() {
    let server = Server::start().await;
    let mut user = user();
    let kept = user.get(server.url("/large")).await;
    assert_eq!(response(&kept).body.len(), LARGE_BYTES);
    let only_counted = user.ask(&counted(get(server.url("/large")))).await;
    assert_eq!(response(&only_counted).body_bytes, LARGE_BYTES as u64);
    assert_eq!(only_counted.received_bytes, LARGE_BYTES as u64);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn what_breaks_on_the_way_has_the_kinds_of_http_1() {
    #[rustfmt::skip]
    let rows = [
        ("/reset", FailureKind::Reset, "PLACE reset the connection before it had answered"),
        ("/cut", FailureKind::Reset, "PLACE closed the connection before it had answered"),
        ("/half", FailureKind::TruncatedBody, "PLACE reset the connection inside the body"),
    ];
    for (path, kind, detail) in rows {
        let server = Server::start().await;
        let mut user = user();
        let exchange = user.get(server.url(path)).await;
        let detail = detail.replace("PLACE", &server.place());
        assert_eq!(failure(&exchange), (kind, detail.as_str()), "{path}");
        // One broken answer is not the end of a session.
        assert_eq!(answer(&user.get(server.url("/")).await).0, 200, "{path}");
    }
}

#[tokio::test]
async fn a_server_that_says_goodbye_is_asked_over_another_connection() {
    let server = Server::start().await;
    let mut user = user();
    for path in ["/goodbye", "/", "/"] {
        let exchange = user.get(server.url(path)).await;
        assert_eq!(answer(&exchange), (200, "ok".to_owned()), "{path}");
        assert_eq!(exchange.resent, 0, "{path}");
        a_moment().await;
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn what_may_be_sent_again_is_sent_again_once() {
    for (what, asked, resent, reached) in [
        ("GET", get as fn(Url) -> _, 1, 3),
        ("POST", post as fn(Url) -> _, 0, 2),
    ] {
        let server = Server::start().await;
        let mut user = user();
        assert_eq!(answer(&user.get(server.url("/")).await).0, 200);
        let exchange = user.ask(&asked(server.url("/cut"))).await;
        assert_eq!(failure(&exchange).0, FailureKind::Reset, "{what}");
        assert_eq!(exchange.resent, resent, "{what}");
        assert_eq!(server.requests().len(), reached, "{what}");
    }
}

/// The connection is there and the server has spoken: nothing was lost on the way.
#[tokio::test]
async fn a_request_that_the_server_itself_broke_off_is_not_sent_again() {
    let server = Server::start().await;
    let mut user = user();
    assert_eq!(answer(&user.get(server.url("/")).await).0, 200);
    let exchange = user.get(server.url("/reset")).await;
    assert_eq!(failure(&exchange).0, FailureKind::Reset);
    assert_eq!((exchange.resent, server.requests().len()), (0, 2));
}

#[tokio::test]
async fn an_answer_that_does_not_come_ends_with_the_timeout_and_not_the_session() {
    let server = Server::start().await;
    let mut user = user();
    let exchange = user.ask(&within_ms(get(server.url("/hang")), 200)).await;
    let expected = (FailureKind::TotalTimeout, "no answer within 200ms");
    assert_eq!(failure(&exchange), expected);
    assert!(exchange.timing.done - exchange.timing.sent >= Duration::from_millis(200));
    assert_eq!(answer(&user.get(server.url("/")).await).0, 200);
}

/// What is sent side by side goes over the one connection that is there. One that times
/// out takes no other with it; but nobody knows whether its connection still leads
/// anywhere, and what comes later goes over another.
#[tokio::test]
async fn requests_side_by_side_share_a_connection() {
    let server = Server::start().await;
    let mut user = user();
    assert_eq!(answer(&user.get(server.url("/")).await).0, 200);
    let asked: Vec<_> = (0..5).map(|n| get(server.url(&format!("/{n}")))).collect();
    let session = user.session.clone();
    let clock = user.clock;
    let ask = |request| {
        let session = session.clone();
        async move {
            session
                .exchange(request, &clock, &Underway::default())
                .await
        }
    };
    let (one, two, three, four, five) = tokio::join!(
        ask(&asked[0]),
        ask(&asked[1]),
        ask(&asked[2]),
        ask(&asked[3]),
        ask(&asked[4])
    );
    for exchange in [one, two, three, four, five] {
        assert_eq!(answer(&exchange), (200, "ok".to_owned()));
    }
    assert_eq!(server.connections(), 1);
    let slow = within_ms(get(server.url("/hang")), 100);
    let (slow, quick) = tokio::join!(ask(&slow), ask(&asked[0]));
    assert_eq!(failure(&slow).0, FailureKind::TotalTimeout);
    assert_eq!(answer(&quick).0, 200);
    assert_eq!(answer(&user.get(server.url("/")).await).0, 200);
    assert_eq!(server.connections(), 2);
}
