//! Heads of answers: those that are to be understood, and those that are not.

use plan::exchange::{Exchange, FailureKind};

use super::{
    User, answer, failure,
    faults::{Act, Faults, Script, bytewise, send, send_bytes, wait_ms},
    response,
};

async fn asked(script: Script) -> Exchange {
    let server = Faults::start().await;
    server.on("/", script);
    User::new().get(server.url("/")).await
}

/// The headers of an answer, `name: value`, without the length.
fn headers(exchange: &Exchange) -> Vec<String> {
    let headers = response(exchange).headers.iter();
    headers
        .filter(|(name, _)| **name != *"content-length")
        .map(|(name, value)| format!("{name}: {}", value.escape_ascii()))
        .collect()
}

/// As browsers understand them, also where the standard would let them refuse.
#[tokio::test]
#[rustfmt::skip]
async fn heads_that_are_understood() {
    let rows: [(&str, &[u8], u16, &[&str]); 19] = [
        ("no reason",               b"HTTP/1.1 200 \r\n", 200, &[]),
        ("not even its space",      b"HTTP/1.1 200\r\n", 200, &[]),
        ("an odd reason",           b"HTTP/1.1 200 It's  (all) good: 100%\r\n", 200, &[]),
        ("a reason in Latin-1",     b"HTTP/1.1 200 \xD3k\xE9\r\n", 200, &[]),
        ("a status of one's own",   b"HTTP/1.1 299 Mine\r\n", 299, &[]),
        ("a status beyond them",    b"HTTP/1.1 799 Mine\r\n", 799, &[]),
        ("names in any case",       b"HTTP/1.1 200 OK\r\nx-lower: a\r\nX-UPPER: B\r\nX-mIXED: c\r\n", 200,
            &["x-lower: a", "x-upper: B", "x-mixed: c"]),
        ("twice the same name",     b"HTTP/1.1 200 OK\r\nX: 2\r\nY: 0\r\nx: 1\r\n", 200, &["x: 2", "y: 0", "x: 1"]),
        ("odd characters in names", b"HTTP/1.1 200 OK\r\n!#$%&'*+-.^_`|~9: v\r\n", 200, &["!#$%&'*+-.^_`|~9: v"]),
        ("space around values",     b"HTTP/1.1 200 OK\r\nX: \t two words\t \r\nY:v\r\n", 200, &["x: two words", "y: v"]),
        ("values without text",     b"HTTP/1.1 200 OK\r\nX:\r\nY: \r\n", 200, &["x: ", "y: "]),
        ("values in Latin-1",       b"HTTP/1.1 200 OK\r\nX: caf\xE9 \xA3\r\n", 200, &["x: caf\\xe9 \\xa3"]),
        ("values in UTF-8",         "HTTP/1.1 200 OK\r\nX: łódź\r\n".as_bytes(), 200,
            &["x: \\xc5\\x82\\xc3\\xb3d\\xc5\\xba"]),
        ("quotes and commas",       b"HTTP/1.1 200 OK\r\nX: \"a,b\"; c=d:e\r\n", 200, &["x: \\\"a,b\\\"; c=d:e"]),
        ("lines without CR",        b"HTTP/1.1 200 OK\nX: 1\nY: 2\n", 200, &["x: 1", "y: 2"]),
        ("some without CR",         b"HTTP/1.1 200 OK\r\nX: 1\nY: 2\r\n", 200, &["x: 1", "y: 2"]),
        ("a value over lines",      b"HTTP/1.1 200 OK\r\nX: one\r\n two\r\n\tthree\r\nY: 2\r\n", 200,
            &["x: one two three", "y: 2"]),
        ("space before the colon",  b"HTTP/1.1 200 OK\r\nX : 1\r\n", 200, &["x: 1"]),
        ("an empty line before it", b"\r\nHTTP/1.1 200 OK\r\nX: 1\r\n", 200, &["x: 1"]),
    ];
    for (what, head, status, expected) in rows {
        let rest = b"Content-Length: 4\r\n\r\nbody";
        let exchange = asked(vec![send_bytes(&[head, rest].concat())]).await;
        assert_eq!(answer(&exchange), (status, "body".to_owned()), "{what}");
        assert_eq!(headers(&exchange), expected, "{what}");
    }
}

#[tokio::test]
#[rustfmt::skip]
async fn heads_that_are_not_http() {
    let rows: [(&str, &[u8]); 15] = [
        ("another protocol",        b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
        ("only a body",             b"<html>hello</html>\r\n\r\n"),
        ("bytes",                   b"\x15\x03\x01\x00\x02\x02\x46\r\n\r\n"),
        ("a request",               b"GET / HTTP/1.1\r\n\r\n"),
        ("another version",         b"HTTP/2.0 200 OK\r\n\r\n"),
        ("no version",              b"HTTP 200 OK\r\n\r\n"),
        ("a status of two digits",  b"HTTP/1.1 20 OK\r\n\r\n"),
        ("a status of four digits", b"HTTP/1.1 2000 OK\r\n\r\n"),
        ("a status of letters",     b"HTTP/1.1 2OO OK\r\n\r\n"),
        ("no status",               b"HTTP/1.1\r\n\r\n"),
        ("a line without a colon",  b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n"),
        ("a header without a name", b"HTTP/1.1 200 OK\r\n: v\r\n\r\n"),
        ("a name of two words",     b"HTTP/1.1 200 OK\r\nX Y: v\r\n\r\n"),
        ("a zero byte in a value",  b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n"),
        ("a zero byte in a name",   b"HTTP/1.1 200 OK\r\nX\0: a\r\n\r\n"),
    ];
    for (what, head) in rows {
        // Said at once, though the server keeps the connection open.
        let exchange = asked(vec![send_bytes(head), Act::Hang]).await;
        let (kind, detail) = failure(&exchange);
        assert_eq!(kind, FailureKind::BadProtocol, "{what}: {detail}");
        let (begins, reason) = detail.split_at(detail.find(": ").unwrap() + 2);
        assert!(begins.starts_with("what 127.0.0.1:"), "{what}: {detail}");
        assert!(begins.ends_with(" answered is not HTTP: "), "{what}: {detail}");
        assert!(!reason.is_empty(), "{what}");
    }
}

#[tokio::test]
#[rustfmt::skip]
async fn lengths_that_are_none_or_two() {
    let rows: [(&str, Option<&str>); 12] = [
        ("Content-Length: 4",                          Some("body")),
        ("Content-Length: 0004",                       Some("body")),
        ("Content-Length: 4\r\nContent-Length: 4",     Some("body")),
        ("Content-Length: 4, 4",                       Some("body")),
        ("Content-Length: 4\r\nContent-Length: 3",     None),
        ("Content-Length: 4, 3",                       None),
        ("Content-Length: -4",                         None),
        ("Content-Length: +4",                         None),
        ("Content-Length: 0x4",                        None),
        ("Content-Length: 4.0",                        None),
        ("Content-Length: four",                       None),
        ("Content-Length: 99999999999999999999999",    None),
    ];
    for (lines, body) in rows {
        let text = format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\nbody");
        let exchange = asked(vec![send(&text), Act::Hang]).await;
        match body {
            Some(body) => assert_eq!(answer(&exchange), (200, body.to_owned()), "{lines}"),
            None => assert_eq!(failure(&exchange).0, FailureKind::BadProtocol, "{lines}"),
        }
    }
}

#[tokio::test]
async fn a_value_of_64_kilobytes() {
    let long = "v".repeat(64 << 10);
    let exchange = asked(vec![send(&format!(
        "HTTP/1.1 200 OK\r\nX: {long}\r\nContent-Length: 1\r\n\r\nx"
    ))])
    .await;
    assert_eq!(answer(&exchange), (200, "x".to_owned()));
    assert_eq!(response(&exchange).header("x"), Some(long.as_bytes()));
}

#[tokio::test]
async fn two_hundred_headers_of_64_kilobytes_together() {
    let value = "v".repeat(320);
    let lines: String = (0..200).map(|n| format!("X-{n}: {value}\r\n")).collect();
    assert!(lines.len() > 64 << 10);
    let exchange = asked(vec![send(&format!(
        "HTTP/1.1 200 OK\r\n{lines}Content-Length: 1\r\n\r\nx"
    ))])
    .await;
    assert_eq!(answer(&exchange), (200, "x".to_owned()));
    assert_eq!(response(&exchange).headers.iter().count(), 201);
    let last = response(&exchange).header("x-199").unwrap();
    assert_eq!(last, value.as_bytes());
}

/// A head that never ends must not take the memory of the machine.
#[tokio::test]
async fn heads_without_an_end_are_not_read_to_it() {
    let begins = || send("HTTP/1.1 200 OK\r\n");
    let many = |bytes: &[u8]| Act::SendMany(bytes.into(), 1 << 20);
    let rows = [
        ("many headers", vec![begins(), many(b"X: v\r\n")]),
        (
            "a long value",
            vec![begins(), send("X: "), many(&[b'v'; 64])],
        ),
        ("a long name", vec![begins(), many(&[b'n'; 64])]),
        (
            "a long reason",
            vec![send("HTTP/1.1 200 "), many(&[b'r'; 64])],
        ),
        (
            "what is said before the answer",
            vec![many(b"HTTP/1.1 103 Early Hints\r\nLink: </x.css>\r\n\r\n")],
        ),
    ];
    for (what, script) in rows {
        let server = Faults::start().await;
        server.on("/", script);
        let exchange = User::new().get(server.url("/")).await;
        let (kind, detail) = failure(&exchange);
        assert_eq!(kind, FailureKind::HeadTooLarge, "{what}: {detail}");
        // What the systems between hold is a few megabytes.
        let sent = server.counts().sent_bytes;
        assert!(sent < 32 << 20, "{what}: {sent} bytes were sent");
    }
}

#[tokio::test]
async fn a_head_and_a_body_that_come_byte_by_byte() {
    let whole = "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n\
        HTTP/1.1 200 OK\r\nX-One: 1\r\nTransfer-Encoding: chunked\r\n\r\n\
        5;e=1\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: t\r\n\r\n";
    let server = Faults::start().await;
    server.on("/", bytewise(whole));
    let mut user = User::new();
    for _ in 0..2 {
        let exchange = user.get(server.url("/")).await;
        assert_eq!(answer(&exchange), (200, "hello!".to_owned()));
        assert_eq!(
            headers(&exchange),
            ["x-one: 1", "transfer-encoding: chunked"]
        );
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_head_that_is_cut_anywhere_is_the_same_head() {
    let whole = "HTTP/1.1 200 OK\r\nX: 1\r\nContent-Length: 2\r\n\r\nab";
    let server = Faults::start().await;
    for cut in 1..whole.len() {
        let (first, second) = whole.split_at(cut);
        let path = format!("/{cut}");
        server.on(&path, vec![send(first), wait_ms(1), send(second)]);
        let exchange = User::new().get(server.url(&path)).await;
        assert_eq!(answer(&exchange), (200, "ab".to_owned()), "{first:?}");
    }
}

/// Nobody asked for another protocol, so what follows is nobody's.
#[tokio::test]
async fn a_switch_to_another_protocol_is_an_answer_and_the_end_of_the_connection() {
    let server = Faults::start().await;
    let switched = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n";
    server.on("/", vec![send(switched), send("\x01\x02\x03"), Act::Hang]);
    let mut user = User::new();
    for _ in 0..2 {
        let exchange = user.get(server.url("/")).await;
        assert_eq!(answer(&exchange), (101, String::new()));
    }
    assert_eq!(server.connections(), 2);
}
