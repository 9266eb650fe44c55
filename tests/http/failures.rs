//! What broke, in which words, and how soon it is known.

use std::time::Duration;

use plan::exchange::{Exchange, FailureKind};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use url::Url;

use super::{
    User, failure,
    faults::{Act, Faults, Script, send, wait_ms},
    get, within_ms,
};

/// The exchange with a server that does this, and where the server was.
async fn asked(script: Script) -> (Exchange, String) {
    let server = Faults::start().await;
    server.on("/", script);
    (User::new().get(server.url("/")).await, server.place())
}

#[tokio::test]
#[rustfmt::skip]
async fn what_breaks_on_the_way() {
    let truncated = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let rows = [
        ("closed before the head", vec![Act::Close],
            FailureKind::Reset, "PLACE closed the connection before it had answered"),
        ("reset before the head", vec![Act::Reset],
            FailureKind::Reset, "PLACE reset the connection before it had answered"),
        ("closed inside the head", vec![send("HTTP/1.1 200 OK\r\nX-Ha"), Act::Close],
            FailureKind::Reset, "PLACE closed the connection before it had answered"),
        ("closed inside the body", vec![send(truncated), Act::Close],
            FailureKind::TruncatedBody, "PLACE closed the connection inside the body"),
        ("reset inside the body", vec![send(truncated), wait_ms(30), Act::Reset],
            FailureKind::TruncatedBody, "PLACE reset the connection inside the body"),
        ("reset inside a body without a length", vec![send("HTTP/1.1 200 OK\r\n\r\nhalf"), wait_ms(30), Act::Reset],
            FailureKind::TruncatedBody, "PLACE reset the connection inside the body"),
        ("closed inside a chunk", vec![send(chunked), send("9\r\nhalf"), Act::Close],
            FailureKind::TruncatedBody, "PLACE closed the connection inside the body"),
        ("closed between chunks", vec![send(chunked), send("4\r\nhalf\r\n"), Act::Close],
            FailureKind::TruncatedBody, "PLACE closed the connection inside the body"),
        ("a chunk of no size", vec![send(chunked), send("zz\r\nhalf\r\n"), Act::Hang],
            FailureKind::BadChunk, "a chunk of what PLACE answered is broken: its size is no hexadecimal number of at most 15 digits"),
        ("a chunk that is longer than it says", vec![send(chunked), send("4\r\nlonger\r\n"), Act::Hang],
            FailureKind::BadChunk, "a chunk of what PLACE answered is broken: it does not end where its size says"),
        ("not HTTP", vec![send("SSH-2.0-OpenSSH_9.6\r\n\r\n"), Act::Hang],
            FailureKind::BadProtocol, "what PLACE answered is not HTTP: …"),
        ("a status that is none", vec![send("HTTP/1.1 20x OK\r\n\r\n"), Act::Hang],
            FailureKind::BadProtocol, "what PLACE answered is not HTTP: …"),
        ("a header that is none", vec![send("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"), Act::Hang],
            FailureKind::BadProtocol, "what PLACE answered is not HTTP: …"),
        ("a length that is none", vec![send("HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n"), Act::Hang],
            FailureKind::BadProtocol, "what PLACE answered is not HTTP: …"),
    ];
    for (what, script, kind, detail) in rows {
        let (exchange, place) = asked(script).await;
        let detail = detail.replace("PLACE", &place);
        let (found, text) = failure(&exchange);
        assert_eq!(found, kind, "{what}: {text}");
        // What exactly is not HTTP about it, an engine says in its own words.
        match detail.strip_suffix('…') {
            Some(begins) => assert!(text.starts_with(begins) && text.len() > begins.len(), "{what}: {text}"),
            None => assert_eq!(text, detail, "{what}"),
        }
        let took = exchange.timing.done - exchange.timing.sent;
        assert!(took < Duration::from_millis(500), "{what} took {took:?}");
    }
}

#[tokio::test]
async fn a_connection_that_is_ended_before_anything_is_said() {
    for greeting in [Act::Close, Act::Reset] {
        let server = Faults::start().await;
        server.on_connections(vec![vec![greeting.clone()]]);
        let mut user = User::new();
        let exchange = user.get(server.url("/")).await;
        assert_eq!(failure(&exchange).0, FailureKind::Reset, "{greeting:?}");
        assert!(
            user.get(server.url("/")).await.outcome.is_ok(),
            "{greeting:?}"
        );
    }
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap();
    drop(listener);
    let url = format!("http://me:secret@{place}/");
    let exchange = User::new().get(Url::parse(&url).unwrap()).await;
    let detail = format!("connection refused by {place}");
    assert_eq!(failure(&exchange), (FailureKind::Refused, detail.as_str()));
    assert_eq!(exchange.timing.first_byte, exchange.timing.done);
}

#[tokio::test]
async fn a_name_without_an_address() {
    // Too long for any name server, so that none is asked.
    let host = format!("{}.invalid", "x".repeat(70));
    let url = Url::parse(&format!("http://{host}/")).unwrap();
    let exchange = User::new().get(url).await;
    let (kind, detail) = failure(&exchange);
    assert_eq!(kind, FailureKind::Dns);
    let begins = format!("no address found for `{host}`: ");
    assert!(
        detail.starts_with(&begins) && detail.len() > begins.len(),
        "{detail}"
    );
    assert!(!detail.contains("lookup"), "{detail}");
}

#[tokio::test]
async fn tls_where_there_is_none() {
    let server = Faults::start().await;
    server.on_connections(vec![
        vec![send("HTTP/1.1 400 Bad Request\r\n\r\n"), Act::Hang],
        vec![Act::Close],
    ]);
    let mut url = server.url("/");
    url.set_scheme("https").unwrap();
    let mut user = User::new();
    let exchange = user.get(url.clone()).await;
    let (kind, detail) = failure(&exchange);
    assert_eq!(kind, FailureKind::Tls, "{detail}");
    // A machine without certificate authorities says that instead.
    let expected = format!("{} does not speak TLS", server.place());
    assert!(
        detail == expected || detail.starts_with("this machine trusts no"),
        "{detail}"
    );
}

#[tokio::test]
async fn an_answer_that_comes_too_late() {
    let late_head = vec![Act::Hang];
    let late_body = vec![
        send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        Act::Hang,
    ];
    let trickle = std::iter::once(send("HTTP/1.1 200 OK\r\n\r\n"))
        .chain(std::iter::repeat_n([send("x"), wait_ms(10)], 500).flatten())
        .collect();
    for (what, script, detail) in [
        ("head", late_head, "no answer within 200ms"),
        (
            "body",
            late_body,
            "the answer began but did not end within 200ms",
        ),
        (
            "trickle",
            trickle,
            "the answer began but did not end within 200ms",
        ),
    ] {
        let server = Faults::start().await;
        server.on("/", script);
        let exchange = User::new().ask(&within_ms(get(server.url("/")), 200)).await;
        assert_eq!(
            failure(&exchange),
            (FailureKind::TotalTimeout, detail),
            "{what}"
        );
        let timing = exchange.timing;
        let took = timing.done - timing.sent;
        let expected = Duration::from_millis(200)..Duration::from_millis(500);
        assert!(expected.contains(&took), "{what} took {took:?}");
        assert_eq!(
            timing.first_byte == timing.done,
            what == "head",
            "{what}: {timing:?}"
        );
    }
}

/// A listener whose queue is full lets new connections wait: nothing answers.
#[tokio::test(start_paused = true)]
async fn a_connection_that_does_not_come_about() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let place = listener.local_addr().unwrap();
    let _fills_the_queue = TcpStream::connect(place).await.unwrap();

    let asked = within_ms(
        get(Url::parse(&format!("http://{place}/")).unwrap()),
        60_000,
    );
    let exchange = User::new().ask(&asked).await;

    let detail = format!("no connection to {place} within 10s");
    assert_eq!(
        failure(&exchange),
        (FailureKind::ConnectTimeout, detail.as_str())
    );
    let took = exchange.timing.done - exchange.timing.sent;
    assert_eq!(took.as_secs(), 10);
}

#[tokio::test]
async fn an_address_that_is_not_http() {
    let url = Url::parse("ftp://127.0.0.1/").unwrap();
    let exchange = User::new().get(url).await;
    assert_eq!(
        failure(&exchange),
        (
            FailureKind::BadProtocol,
            "only http and https addresses with a host can be asked"
        )
    );
}

/// Each part has a limit of its own, and its own kind of failure.
#[tokio::test]
async fn an_answer_that_does_not_begin_in_time() {
    let server = Faults::start().await;
    server.on("/", vec![Act::Hang]);
    let body = [
        send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"),
        wait_ms(300),
        send("ok"),
    ];
    server.on("/slow-body", body.to_vec());
    let mut user = User::new();
    let mut asked = get(server.url("/"));
    asked.timeouts.response = Some(Duration::from_millis(150));
    let exchange = user.ask(&asked).await;
    let detail = format!("{} did not begin to answer within 150ms", server.place());
    assert_eq!(
        failure(&exchange),
        (FailureKind::ResponseTimeout, detail.as_str())
    );
    let took = exchange.timing.done - exchange.timing.sent;
    assert!(took >= Duration::from_millis(150), "{took:?}");

    // It is about the first byte, and not about the last.
    asked.url = server.url("/slow-body");
    assert!(user.ask(&asked).await.outcome.is_ok());
}

/// What had come of an answer is told with its failure.
#[tokio::test]
async fn a_broken_answer_is_shown_as_far_as_it_came() {
    let server = Faults::start().await;
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX-Part: 1\r\n\r\nhalf";
    server.on("/", vec![send(head), Act::Close]);
    let exchange = User::new().get(server.url("/")).await;
    let partial = exchange.outcome.unwrap_err().partial.unwrap();
    assert_eq!((partial.status, &*partial.beginning), (200, &b"half"[..]));
    assert_eq!(partial.headers.iter().nth(1).unwrap().0, "x-part");
}

/// An error page that nobody reads is counted; its first bytes are for the report.
#[tokio::test]
async fn the_beginning_of_an_error_page_is_kept() {
    let server = Faults::start().await;
    let page = "x".repeat(5000);
    server.on("/broken", super::faults::reply("500 Oops", &[], &page));
    server.on("/fine", super::faults::ok(&page));
    let mut user = User::new();
    for (path, beginning) in [("/broken", 512), ("/fine", 0)] {
        let exchange = user.ask(&super::counted(get(server.url(path)))).await;
        let response = super::response(&exchange);
        let lengths = (response.beginning.len(), response.body.len());
        assert_eq!(
            (lengths, response.body_bytes),
            ((beginning, 0), 5000),
            "{path}"
        );
    }
}
