//! Where an answer ends, and what that means for the next one.

use plan::{base::method::Method, exchange::FailureKind};

use super::{
    User, a_moment, answer, failure,
    faults::{Act, Faults, Script, bytewise, chunks, ok, send, send_bytes, wait_ms},
    get, request, response,
};

/// How an answer's end is told, its body, and whether another request may follow
/// on the same connection.
#[tokio::test]
#[rustfmt::skip]
async fn how_answers_end() {
    const STAYS: u64 = 1;
    const ENDS: u64 = 2;
    let chunked = "3\r\nabc\r\n0\r\n\r\n";
    let rows = [
        ("a length",               "1.1", "Content-Length: 3", "abc", Method::Get, "abc", STAYS),
        ("a length of nothing",    "1.1", "Content-Length: 0", "", Method::Get, "", STAYS),
        ("kept, as is said",       "1.1", "Connection: keep-alive\r\nContent-Length: 3", "abc", Method::Get, "abc", STAYS),
        ("to be closed",           "1.1", "Connection: close\r\nContent-Length: 3", "abc", Method::Get, "abc", ENDS),
        ("to be closed, in caps",  "1.1", "CONNECTION: Close\r\nContent-Length: 3", "abc", Method::Get, "abc", ENDS),
        ("to be closed, in a list","1.1", "Connection: x, close\r\nContent-Length: 3", "abc", Method::Get, "abc", ENDS),
        ("chunks",                 "1.1", "Transfer-Encoding: chunked", chunked, Method::Get, "abc", STAYS),
        ("chunks, in caps",        "1.1", "TRANSFER-ENCODING: Chunked", chunked, Method::Get, "abc", STAYS),
        ("chunks with extensions", "1.1", "Transfer-Encoding: chunked", "3;a=\"b;c\"\r\nabc\r\n0;last\r\n\r\n", Method::Get, "abc", STAYS),
        ("sizes in capitals",      "1.1", "Transfer-Encoding: chunked", "A\r\n0123456789\r\n0\r\n\r\n", Method::Get, "0123456789", STAYS),
        ("sizes with zeroes",      "1.1", "Transfer-Encoding: chunked", "00003\r\nabc\r\n000\r\n\r\n", Method::Get, "abc", STAYS),
        ("trailers",               "1.1", "Transfer-Encoding: chunked", "3\r\nabc\r\n0\r\nX: 1\r\nY: 2\r\n\r\n", Method::Get, "abc", STAYS),
        ("no chunks but the last", "1.1", "Transfer-Encoding: chunked", "0\r\n\r\n", Method::Get, "", STAYS),
        ("both, and chunks win",   "1.1", "Content-Length: 9\r\nTransfer-Encoding: chunked", chunked, Method::Get, "abc", ENDS),
        ("both, the other way",    "1.1", "Transfer-Encoding: chunked\r\nContent-Length: 1", chunked, Method::Get, "abc", ENDS),
        ("HEAD with a length",     "1.1", "Content-Length: 3", "", Method::Head, "", STAYS),
        ("HEAD with chunks",       "1.1", "Transfer-Encoding: chunked", "", Method::Head, "", STAYS),
        ("HEAD with neither",      "1.1", "X: 1", "", Method::Head, "", STAYS),
        ("an old server",          "1.0", "Content-Length: 3", "abc", Method::Get, "abc", ENDS),
        ("an old server that stays", "1.0", "Connection: keep-alive\r\nContent-Length: 3", "abc", Method::Get, "abc", STAYS),
    ];
    for (what, version, head, body, method, expected, connections) in rows {
        let server = Faults::start().await;
        server.on("/", vec![send(&format!("HTTP/{version} 200 OK\r\n{head}\r\n\r\n{body}"))]);
        let mut user = User::new();
        for _ in 0..2 {
            let exchange = user.ask(&request(method, server.url("/"))).await;
            assert_eq!(answer(&exchange), (200, expected.to_owned()), "{what}");
            assert_eq!(exchange.received_bytes, expected.len() as u64, "{what}");
        }
        assert_eq!(server.connections(), connections, "{what}");
    }
}

/// Statuses that have no body, whatever their head says of one.
#[tokio::test]
async fn statuses_without_a_body() {
    let server = Faults::start().await;
    let mut user = User::new();
    for status in ["204 No Content", "304 Not Modified"] {
        for head in ["X: 1", "Content-Length: 7", "Transfer-Encoding: chunked"] {
            let path = format!("/{}/{}", &status[..3], &head[..1]);
            let text = format!("HTTP/1.1 {status}\r\n{head}\r\n\r\n");
            server.on(&path, vec![send(&text)]);
            let exchange = user.get(server.url(&path)).await;
            assert_eq!(answer(&exchange).1, "", "{status} {head}");
            assert_eq!(response(&exchange).status.to_string(), status[..3]);
        }
    }
    assert_eq!(server.connections(), 1);
}

/// Where nothing tells the end, the connection's end is it.
#[tokio::test]
async fn answers_that_end_with_the_connection() {
    for head in [
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    ] {
        let server = Faults::start().await;
        let script = vec![send(head), send("first "), wait_ms(10), send("second")];
        server.on("/", [script, vec![Act::Close]].concat());
        let exchange = User::new().get(server.url("/")).await;
        assert_eq!(
            answer(&exchange),
            (200, "first second".to_owned()),
            "{head:?}"
        );
    }
}

#[tokio::test]
#[rustfmt::skip]
async fn chunks_that_are_wrong() {
    let long_extension = format!("3;{}\r\nabc\r\n", "x".repeat(1 << 20));
    let rows = [
        ("no size",               "\r\nabc\r\n"),
        ("a size of letters",     "xyz\r\nabc\r\n"),
        ("a size below nothing",  "-3\r\nabc\r\n"),
        ("a size with a prefix",  "0x3\r\nabc\r\n"),
        ("too large a size",      "fffffffffffffffff\r\nabc\r\n"),
        ("longer than its size",  "3\r\nabcd\r\n0\r\n\r\n"),
        ("no end of it",          "3\r\nabc0\r\n\r\n"),
        ("an endless extension",  &long_extension),
    ];
    for (what, body) in rows {
        let server = Faults::start().await;
        let head = send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        server.on("/", vec![head, send("2\r\nok\r\n"), send(body), Act::Hang]);
        let exchange = User::new().get(server.url("/")).await;
        let (kind, detail) = failure(&exchange);
        assert_eq!(kind, FailureKind::BadChunk, "{what}: {detail}");
        assert!(detail.contains(&server.place()), "{what}: {detail}");
    }
}

#[tokio::test]
async fn ten_thousand_chunks_of_a_byte() {
    let server = Faults::start().await;
    let pieces: Vec<_> = std::iter::repeat_n("x", 10_000).collect();
    server.on("/together", chunks(&pieces));
    let mut script = vec![
        send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        Act::SendMany((*b"1\r\nx\r\n").into(), 10_000),
        send("0\r\n\r\n"),
    ];
    server.on("/many", script.clone());
    // In another rhythm than chunks have.
    script[1] = Act::SendMany((*b"1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n").into(), 2_500);
    server.on("/fours", script);
    let mut user = User::new();
    for path in ["/together", "/many", "/fours"] {
        let exchange = user.get(server.url(path)).await;
        assert_eq!(answer(&exchange), (200, "x".repeat(10_000)), "{path}");
        assert_eq!(exchange.received_bytes, 10_000, "{path}");
    }
    assert_eq!(server.connections(), 1);
}

/// What a server says beyond its answer must not become the answer to the next
/// request, whether it comes with the answer, soon after it, or much later.
#[tokio::test]
#[rustfmt::skip]
async fn what_follows_an_answer_is_never_the_next_answer() {
    let other = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong";
    let with = |rest: &str| vec![send(&format!("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmine{rest}"))];
    let after = |ms: u64, rest: &str| [ok("mine"), vec![wait_ms(ms), send(rest)]].concat();
    let chunked = |rest: &str| vec![send(&format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nmine\r\n0\r\n\r\n{rest}"))];
    let rows: [(&str, Script); 8] = [
        ("bytes with it",            with("garbage")),
        ("a byte with it",           with("g")),
        ("an answer with it",        with(other)),
        ("an answer after chunks",   chunked(other)),
        ("bytes soon after it",      after(1, "garbage")),
        ("an answer soon after it",  after(1, other)),
        ("an answer later",          after(20, other)),
        ("an answer, and the end",   [after(20, other), vec![Act::Close]].concat()),
    ];
    for (what, script) in rows {
        let server = Faults::start().await;
        let bytes: usize = script.iter().map(|act| match act {
            Act::Send(bytes) => bytes.len(),
            _ => 0,
        }).sum();
        server.on("/", script);
        let mut user = User::new();
        for turn in 1..=3 {
            let exchange = user.get(server.url("/")).await;
            assert_eq!(answer(&exchange), (200, "mine".to_owned()), "{what}");
            // What has not come yet when a request is written cannot be told from its answer.
            while server.counts().sent_bytes < (turn * bytes) as u64 {
                tokio::task::yield_now().await;
            }
            a_moment().await;
        }
        assert_eq!(server.connections(), 3, "{what}: not used again");
        assert_eq!(server.counts().arrived, 3, "{what}");
    }
}

/// A body where there must be none is left over too.
#[tokio::test]
async fn a_body_after_head_is_not_the_next_answer() {
    let server = Faults::start().await;
    let wrong = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong";
    server.on("/wrong", vec![send(wrong)]);
    server.on("/", ok("mine"));
    let mut user = User::new();
    let exchange = user.ask(&request(Method::Head, server.url("/wrong"))).await;
    assert_eq!(answer(&exchange), (200, String::new()));
    a_moment().await;
    let exchange = user.get(server.url("/")).await;
    assert_eq!(answer(&exchange), (200, "mine".to_owned()));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn several_words_before_the_answer() {
    let server = Faults::start().await;
    let early = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n\
        HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n";
    server.on("/together", [vec![send(early)], ok("real")].concat());
    let apart = [vec![send(early), wait_ms(10)], bytewise(early), ok("real")].concat();
    server.on("/apart", apart);
    let mut user = User::new();
    for path in ["/together", "/apart"] {
        let exchange = user.get(server.url(path)).await;
        assert_eq!(answer(&exchange), (200, "real".to_owned()), "{path}");
        assert_eq!(response(&exchange).headers.iter().count(), 1, "{path}");
        assert_eq!(exchange.received_bytes, 4, "{path}");
    }
    assert_eq!(server.connections(), 1);
}

/// Whether it can be decompressed is for those who read it.
#[tokio::test]
async fn a_compressed_body_is_counted_as_it_came() {
    let server = Faults::start().await;
    // `hello` by gzip.
    let packed =
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x36\x05\0\0\0";
    for (path, head) in [
        ("/length", format!("Content-Length: {}", packed.len())),
        ("/chunks", "Transfer-Encoding: chunked".to_owned()),
    ] {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n{head}\r\n\r\n");
        let mut body = packed.to_vec();
        if path == "/chunks" {
            body = [b"19\r\n", packed.as_slice(), b"\r\n0\r\n\r\n"].concat();
        }
        server.on(path, vec![send(&head), send_bytes(&body)]);
        let exchange = User::new()
            .ask(&super::counted(get(server.url(path))))
            .await;
        assert_eq!(response(&exchange).status, 200, "{path}");
        assert_eq!(exchange.received_bytes, packed.len() as u64, "{path}");
        assert_eq!(
            response(&exchange).body_bytes,
            packed.len() as u64,
            "{path}"
        );
    }
}
