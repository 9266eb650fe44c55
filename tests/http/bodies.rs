//! Where bodies end, and what is kept of them.

use plan::{base::method::Method, exchange::FailureKind};

use super::{
    User, answer, counted, failure,
    faults::{Act, Faults, Script, ok, reply, send, wait_ms},
    get, request, response,
};

async fn asked(script: Script) -> plan::exchange::Exchange {
    let server = Faults::start().await;
    server.on("/", script);
    User::new().get(server.url("/")).await
}

#[tokio::test]
async fn a_body_without_a_length_ends_with_the_connection() {
    let exchange = asked(vec![
        send("HTTP/1.1 200 OK\r\n\r\nfirst "),
        wait_ms(20),
        send("second"),
        Act::Close,
    ])
    .await;
    assert_eq!(answer(&exchange), (200, "first second".to_owned()));
    assert_eq!(exchange.received_bytes, 12);
}

#[tokio::test]
async fn a_body_in_chunks_with_trailers() {
    let exchange = asked(vec![
        send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nfirst\r\n"),
        wait_ms(20),
        send("7\r\n second\r\n0\r\nX-Sum: 1\r\n\r\n"),
    ])
    .await;
    assert_eq!(answer(&exchange), (200, "first second".to_owned()));
    assert_eq!(exchange.received_bytes, 12);
}

#[tokio::test]
async fn answers_without_a_body_keep_the_connection() {
    let server = Faults::start().await;
    let bare = |head: &str| vec![send(&format!("HTTP/1.1 {head}\r\n\r\n"))];
    server.on("/204", bare("204 No Content"));
    server.on("/304", bare("304 Not Modified\r\nContent-Length: 77"));
    server.on("/head", bare("200 OK\r\nContent-Length: 77"));
    server.on("/empty", ok(""));

    let mut user = User::new();
    for (method, path, status) in [
        (Method::Get, "/204", 204),
        (Method::Get, "/304", 304),
        (Method::Head, "/head", 200),
        (Method::Get, "/empty", 200),
    ] {
        let exchange = user.ask(&request(method, server.url(path))).await;
        assert_eq!(answer(&exchange), (status, String::new()), "{path}");
        assert_eq!(exchange.received_bytes, 0, "{path}");
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn what_is_said_before_the_answer_is_not_the_answer() {
    let early = "HTTP/1.1 103 Early Hints\r\nLink: </x.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n";
    let mut script = vec![send(early), wait_ms(60)];
    script.extend(reply("200 OK", &["X-Real: 1"], "real"));
    let exchange = asked(script).await;
    assert_eq!(answer(&exchange), (200, "real".to_owned()));
    assert!(response(&exchange).header("link").is_none());
    let waited = exchange.timing.first_byte - exchange.timing.sent;
    assert!(
        waited.as_millis() >= 60,
        "{waited:?}: the first byte of the answer itself"
    );
}

#[tokio::test]
async fn a_body_that_nobody_reads_is_counted_and_not_kept() {
    let server = Faults::start().await;
    server.on("/", ok(&"x".repeat(200_000)));
    let mut user = User::new();
    let exchange = user.ask(&counted(get(server.url("/")))).await;
    assert_eq!(exchange.received_bytes, 200_000);
    assert!(response(&exchange).body.is_empty());

    let exchange = user.get(server.url("/")).await;
    assert_eq!(exchange.received_bytes, 200_000);
    assert_eq!(response(&exchange).body.len(), 200_000);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_body_that_is_too_large_to_keep_is_a_failure_and_one_to_count_is_not() {
    let server = Faults::start().await;
    const MIB: usize = 1 << 20;
    let mut script = vec![send("HTTP/1.1 200 OK\r\n\r\n")];
    script.extend(std::iter::repeat_n(Act::Send(vec![b'x'; MIB]), 65));
    script.push(Act::Close);
    server.on("/", script);
    let mut user = User::new();

    let exchange = user.get(server.url("/")).await;
    assert_eq!(
        failure(&exchange),
        (
            FailureKind::BodyTooLarge,
            "the body has more than 64 MiB, which is the most that is kept to look at"
        )
    );
    let exchange = user.ask(&counted(get(server.url("/")))).await;
    assert_eq!(exchange.received_bytes, 65 * MIB as u64);
}

#[tokio::test]
async fn a_length_that_is_a_lie_takes_no_memory() {
    let exchange = asked(vec![
        send("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000\r\n\r\nx"),
        Act::Close,
    ])
    .await;
    assert_eq!(failure(&exchange).0, FailureKind::TruncatedBody);
    assert_eq!(exchange.received_bytes, 1);
}

#[tokio::test]
async fn compression_is_not_asked_for_and_bodies_are_handed_on_as_they_came() {
    let server = Faults::start().await;
    server.on(
        "/",
        reply("200 OK", &["Content-Encoding: gzip"], "as it came"),
    );
    let exchange = User::new().get(server.url("/")).await;
    assert_eq!(answer(&exchange), (200, "as it came".to_owned()));
    assert_eq!(server.seen()[0].header("accept-encoding"), None);
}

#[tokio::test]
async fn the_size_of_the_last_body_is_told_whether_it_is_kept_or_not() {
    let server = Faults::start().await;
    server.on("/new", reply("302 Found", &["Location: /"], "go there"));
    server.on("/", ok("four"));

    let mut user = User::new();
    let kept = user.get(server.url("/new")).await;
    assert_eq!((response(&kept).body_bytes, kept.received_bytes), (4, 12));
    let dropped = user.ask(&counted(get(server.url("/new")))).await;
    assert_eq!(
        (response(&dropped).body_bytes, dropped.received_bytes),
        (4, 12)
    );
    assert_eq!(response(&dropped).body, b"");
}
