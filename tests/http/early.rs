//! Answers that come before the request has been read, and words before them.

use std::time::Duration;

use plan::{
    base::method::Method,
    exchange::{Body, FailureKind, Request},
};
use url::Url;

use super::{
    User, answer, failure,
    faults::{Act, Faults, ok, reply, send},
    get, request, with_header,
};

/// More than the systems between take without a reader.
const LARGE_BYTES: usize = 16 << 20;

fn upload(url: Url, bytes: usize) -> Request {
    let mut asked = request(Method::Post, url);
    asked.body = Some(Body::new(
        Some("application/octet-stream"),
        vec![b'u'; bytes],
    ));
    asked
}

#[tokio::test]
async fn a_large_body_arrives_whole() {
    let server = Faults::start().await;
    server.on("/", ok("read"));
    let mut user = User::new();
    for _ in 0..2 {
        let exchange = user.ask(&upload(server.url("/"), LARGE_BYTES)).await;
        assert_eq!(answer(&exchange), (200, "read".to_owned()));
    }
    assert_eq!(server.connections(), 1);
    let bodies: Vec<_> = server.seen().iter().map(|seen| seen.body.len()).collect();
    assert_eq!(bodies, [LARGE_BYTES, LARGE_BYTES]);
}

/// A server that refuses reads no further, and waits for the client to understand.
#[tokio::test]
async fn a_refusal_is_heard_while_the_body_is_still_being_sent() {
    let server = Faults::start().await;
    let mut script = reply("413 Too Large", &["Connection: close"], "too large");
    script.push(Act::Wait(Duration::from_secs(60)));
    server.on_head("/", script);
    server.on("/next", ok("next"));
    let mut user = User::new();
    let exchange = user.ask(&upload(server.url("/"), LARGE_BYTES)).await;
    assert_eq!(answer(&exchange), (413, "too large".to_owned()));
    let took = exchange.timing.done - exchange.timing.sent;
    assert!(took < Duration::from_secs(4), "{took:?}");
    // Half a request is on that connection, so it carries no other.
    let exchange = user.get(server.url("/next")).await;
    assert_eq!(answer(&exchange), (200, "next".to_owned()));
    assert_eq!((server.connections(), server.counts().arrived), (2, 1));
}

/// A server that says nothing of closing is not sent the rest either.
#[tokio::test]
async fn an_early_answer_that_says_nothing_of_closing() {
    let server = Faults::start().await;
    let mut script = reply("401 Unauthorized", &[], "who?");
    script.push(Act::Wait(Duration::from_secs(60)));
    server.on_head("/", script);
    server.on("/next", ok("next"));
    let mut user = User::new();
    let exchange = user.ask(&upload(server.url("/"), LARGE_BYTES)).await;
    assert_eq!(answer(&exchange), (401, "who?".to_owned()));
    let exchange = user.get(server.url("/next")).await;
    assert_eq!(answer(&exchange), (200, "next".to_owned()));
    assert_eq!(server.connections(), 2);
}

/// A small body is under way before anything can be heard: then all is well.
#[tokio::test]
async fn an_early_answer_to_a_body_that_was_sent_whole() {
    let server = Faults::start().await;
    server.on_head("/", ok("early"));
    let mut user = User::new();
    for _ in 0..3 {
        let exchange = user.ask(&upload(server.url("/"), 100)).await;
        assert_eq!(answer(&exchange), (200, "early".to_owned()));
    }
    assert!(server.seen().iter().all(|seen| seen.body.len() == 100));
}

/// Ending with what was sent still unread, a system takes back the answer too, or
/// does not: a matter of luck, but never a wait and never another answer.
#[tokio::test]
async fn a_refusal_that_ends_the_connection_at_once() {
    let server = Faults::start().await;
    let mut script = reply("413 Too Large", &["Connection: close"], "too large");
    script.push(Act::Close);
    server.on_head("/", script);
    let mut user = User::new();
    for _ in 0..5 {
        let exchange = user.ask(&upload(server.url("/"), LARGE_BYTES)).await;
        match &exchange.outcome {
            Ok(response) => assert_eq!(response.status, 413),
            Err(failure) => assert!(
                matches!(
                    failure.kind,
                    FailureKind::Reset | FailureKind::TruncatedBody
                ),
                "{failure:?}"
            ),
        }
        let took = exchange.timing.done - exchange.timing.sent;
        assert!(took < Duration::from_secs(4), "{took:?}");
    }
    // A POST arrives no more often than it was sent.
    assert_eq!((server.counts().begun, server.counts().arrived), (5, 0));
}

/// The server ends its side after the answer, in order, and reads what still comes.
#[tokio::test]
async fn a_refusal_that_ends_in_order() {
    let server = Faults::start().await;
    let mut script = reply("413 Too Large", &["Connection: close"], "too large");
    script.push(Act::CloseHalf);
    server.on_head("/", script);
    let exchange = User::new().ask(&upload(server.url("/"), LARGE_BYTES)).await;
    assert_eq!(answer(&exchange), (413, "too large".to_owned()));
}

#[tokio::test]
async fn a_server_that_goes_away_while_a_body_is_sent() {
    for end in [Act::Close, Act::Reset] {
        let server = Faults::start().await;
        server.on_head("/", vec![end.clone()]);
        let exchange = User::new().ask(&upload(server.url("/"), LARGE_BYTES)).await;
        let (kind, detail) = failure(&exchange);
        assert_eq!(kind, FailureKind::Reset, "{end:?}: {detail}");
        assert_eq!(
            server.counts().begun,
            1,
            "{end:?}: a POST is not sent again"
        );
    }
}

/// Whoever writes this header into a plan is not kept waiting: the body follows at
/// once, and a word that it may is no answer.
#[tokio::test]
async fn a_body_that_the_server_is_asked_about() {
    let server = Faults::start().await;
    server.on("/", ok("read"));
    let asked = with_header(upload(server.url("/"), 100), "Expect", "100-continue");
    let exchange = User::new().ask(&asked).await;
    assert_eq!(answer(&exchange), (200, "read".to_owned()));
    assert_eq!(server.seen()[0].body.len(), 100);
    assert_eq!(
        server.seen()[0].header("expect").as_deref(),
        Some("100-continue")
    );

    server.on_head("/no", reply("417 Expectation Failed", &[], ""));
    let asked = with_header(upload(server.url("/no"), 100), "Expect", "100-continue");
    let exchange = User::new().ask(&asked).await;
    assert_eq!(answer(&exchange), (417, String::new()));
}

/// Said before anything was asked: a server that is full, or one that is confused.
#[tokio::test]
async fn what_is_said_before_anything_was_asked() {
    let full = "HTTP/1.1 503 Full\r\nConnection: close\r\nContent-Length: 4\r\n\r\nfull";
    let server = Faults::start().await;
    server.on_connections(vec![vec![send(full), Act::CloseHalf]]);
    let mut user = User::new();
    let exchange = user.get(server.url("/")).await;
    assert_eq!(answer(&exchange), (503, "full".to_owned()));
    let exchange = user.ask(&get(server.url("/"))).await;
    assert_eq!(answer(&exchange).0, 404);
}

/// A server that never reads the body and never stops talking takes no memory either.
#[tokio::test]
async fn words_without_end_while_a_body_is_being_sent() {
    let server = Faults::start().await;
    let hint = b"HTTP/1.1 103 Early Hints\r\n\r\n";
    server.on_head("/", vec![Act::SendMany(hint.as_slice().into(), 10_000_000)]);
    let exchange = User::new().ask(&upload(server.url("/"), LARGE_BYTES)).await;
    assert_eq!(failure(&exchange).0, FailureKind::HeadTooLarge);
}
