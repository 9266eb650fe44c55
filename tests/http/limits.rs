//! Timeouts: what each is for, and that it is kept.
//!
//! How late a machine notices is printed and not judged: `--nocapture` shows it.

#![allow(clippy::print_stdout, reason = "what is measured is shown")]

use std::time::Duration;

use plan::{
    base::timeouts::Timeouts,
    exchange::{Exchange, FailureKind, Request},
};
use tokio::net::{TcpSocket, TcpStream};
use url::Url;

use super::{
    User, answer, failure,
    faults::{Act, Faults, Script, ok, redirect, send, wait_ms},
    get,
};

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Milliseconds to connect, to the first byte, and for all.
fn limited(mut request: Request, connect: u64, response: Option<u64>, total: u64) -> Request {
    request.timeouts = Timeouts {
        total: ms(total),
        connect: ms(connect),
        response: response.map(ms),
    };
    request
}

/// Holds a failure to its kind and to its limit, and shows how late it was.
fn at_its_limit(what: &str, exchange: &Exchange, kind: FailureKind, limit: u64) -> String {
    let (found, detail) = failure(exchange);
    let took = exchange.timing.done - exchange.timing.sent;
    println!(
        "{what}: {kind} after {:.1} ms, {:.1} ms over its limit",
        took.as_secs_f64() * 1e3,
        (took.as_secs_f64() - ms(limit).as_secs_f64()) * 1e3
    );
    assert_eq!(found, kind, "{what}: {detail}");
    assert!(took >= ms(limit), "{what}: {took:?}");
    assert!(took < ms(limit + 2000), "{what}: {took:?}");
    detail.to_owned()
}

/// A listener whose queue is full lets new connections wait.
async fn nobody_accepts() -> (tokio::net::TcpListener, TcpStream, Url) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let place = listener.local_addr().unwrap();
    let fills_the_queue = TcpStream::connect(place).await.unwrap();
    let url = Url::parse(&format!("http://{place}/")).unwrap();
    (listener, fills_the_queue, url)
}

#[tokio::test]
async fn connecting() {
    let (_listener, _filled, url) = nobody_accepts().await;
    let place = format!("127.0.0.1:{}", url.port().unwrap());
    let asked = limited(get(url.clone()), 200, Some(100), 5_000);
    let exchange = User::new().ask(&asked).await;
    let detail = at_its_limit("connect", &exchange, FailureKind::ConnectTimeout, 200);
    assert_eq!(detail, format!("no connection to {place} within 200ms"));

    // The whole is over before the part.
    let asked = limited(get(url), 5_000, None, 200);
    let exchange = User::new().ask(&asked).await;
    at_its_limit(
        "total while connecting",
        &exchange,
        FailureKind::TotalTimeout,
        200,
    );
}

/// TLS is a part of connecting.
#[tokio::test]
async fn connecting_to_a_server_that_never_says_a_word_of_tls() {
    let server = Faults::start().await;
    server.on_connections(vec![vec![Act::Hang]]);
    let mut url = server.url("/");
    url.set_scheme("https").unwrap();
    let asked = limited(get(url), 200, None, 5_000);
    let exchange = User::new().ask(&asked).await;
    let (kind, detail) = failure(&exchange);
    // A machine without certificate authorities says that instead, at once.
    if !detail.starts_with("this machine trusts no") {
        assert_eq!(kind, FailureKind::ConnectTimeout, "{detail}");
        at_its_limit(
            "connect, in TLS",
            &exchange,
            FailureKind::ConnectTimeout,
            200,
        );
    }
}

#[tokio::test]
async fn waiting_for_the_first_byte() {
    let server = Faults::start().await;
    server.on("/", vec![Act::Hang]);
    let asked = limited(get(server.url("/")), 5_000, Some(200), 5_000);
    let exchange = User::new().ask(&asked).await;
    let detail = at_its_limit("response", &exchange, FailureKind::ResponseTimeout, 200);
    assert!(detail.contains("200ms"), "{detail}");
    assert_eq!(exchange.timing.first_byte, exchange.timing.done);

    // The whole is over before the part.
    let asked = limited(get(server.url("/")), 5_000, Some(3_000), 200);
    let exchange = User::new().ask(&asked).await;
    let detail = at_its_limit("total", &exchange, FailureKind::TotalTimeout, 200);
    assert_eq!(detail, "no answer within 200ms");
}

/// What is said before an answer is not its first byte.
#[tokio::test]
async fn waiting_for_more_than_what_comes_before_an_answer() {
    let server = Faults::start().await;
    let early = "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n";
    server.on("/", vec![send(early), Act::Hang]);
    let asked = limited(get(server.url("/")), 5_000, Some(200), 3_000);
    let exchange = User::new().ask(&asked).await;
    at_its_limit(
        "response, after 103",
        &exchange,
        FailureKind::ResponseTimeout,
        200,
    );
}

/// On a connection that was used before, too; and the next one is not mixed up.
#[tokio::test]
async fn waiting_for_the_first_byte_again_and_again() {
    let server = Faults::start().await;
    server.on("/", ok("mine"));
    server.on("/late", [vec![wait_ms(300)], ok("too late")].concat());
    let mut user = User::new();
    for _ in 0..3 {
        assert_eq!(answer(&user.get(server.url("/")).await).1, "mine");
        let asked = limited(get(server.url("/late")), 5_000, Some(100), 5_000);
        let exchange = user.ask(&asked).await;
        at_its_limit(
            "response, again",
            &exchange,
            FailureKind::ResponseTimeout,
            100,
        );
    }
    assert_eq!(server.connections(), 3, "none is used after a timeout");
}

/// It is for the first byte of each hop, and neither for bodies nor for chains.
#[tokio::test]
async fn what_the_response_timeout_is_not_for() {
    let slow_body = || {
        let mut script = vec![send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n")];
        script.extend(std::iter::repeat_n([send("x"), wait_ms(60)], 8).flatten());
        script
    };
    let slowly = |script: Script| [vec![wait_ms(150)], script].concat();
    let server = Faults::start().await;
    server.on("/body", slow_body());
    // The first byte is there at once, and the head is not.
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n";
    let (begun, rest) = head.split_at(20);
    server.on(
        "/head",
        vec![send(begun), wait_ms(600), send(rest), send("xxxxxxxx")],
    );
    server.on("/1", slowly(redirect(302, "/2")));
    server.on("/2", slowly(redirect(302, "/3")));
    server.on("/3", slowly(ok("end")));
    for (path, body) in [("/body", "xxxxxxxx"), ("/head", "xxxxxxxx"), ("/1", "end")] {
        let asked = limited(get(server.url(path)), 5_000, Some(400), 5_000);
        let exchange = User::new().ask(&asked).await;
        assert_eq!(answer(&exchange), (200, body.to_owned()), "{path}");
        let took = exchange.timing.done - exchange.timing.sent;
        assert!(took > ms(400), "{path}: {took:?}");
    }
}

#[tokio::test]
async fn the_whole() {
    let begun = || send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    let trickle = std::iter::once(send("HTTP/1.1 200 OK\r\n\r\n"))
        .chain(std::iter::repeat_n([send("x"), wait_ms(20)], 500).flatten())
        .collect();
    let slow_hop = [vec![wait_ms(70)], redirect(302, "/")].concat();
    let rows: [(&str, Script); 5] = [
        ("total, no head", vec![Act::Hang]),
        ("total, half a head", vec![send("HTTP/1.1 20"), Act::Hang]),
        ("total, half a body", vec![begun(), Act::Hang]),
        ("total, a body in drops", trickle),
        ("total, hops in time", slow_hop),
    ];
    for (what, script) in rows {
        let server = Faults::start().await;
        server.on("/", script);
        let asked = limited(get(server.url("/")), 5_000, None, 200);
        let exchange = User::new().ask(&asked).await;
        at_its_limit(what, &exchange, FailureKind::TotalTimeout, 200);
    }
}
