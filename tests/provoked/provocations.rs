//! What a server does, and what must be said of it.

use std::time::Duration;

use plan::exchange::FailureKind;

use super::{
    LIMIT_MS,
    faults::{Act, Script, ok, redirect, reply, send, send_bytes, wait_ms},
};

/// What the server does, and what a user does about it.
pub struct Provocation {
    pub what: &'static str,
    pub script: Script,
    /// Steps of one user; `PATH` is where the script is.
    pub steps: &'static str,
    pub kind: FailureKind,
    pub limit: Option<Duration>,
}

/// What a connection does.
pub fn of_connections() -> Vec<Provocation> {
    use FailureKind::{BadChunk, BadProtocol, HeadTooLarge, Reset, TruncatedBody};
    let endless = Act::SendMany((*b"X-More: and more\r\n").into(), 1 << 20);
    vec![
        by("closed before the head", vec![Act::Close], GET, Reset),
        by("reset before the head", vec![Act::Reset], GET, Reset),
        by(
            "closed inside the head",
            vec![send("HTTP/1.1 200 OK\r\nX-Ha"), Act::Close],
            GET,
            Reset,
        ),
        by(
            "a POST on a connection that had ended",
            vec![Act::Close],
            "{ get: /ok }, { post: PATH }",
            Reset,
        ),
        by(
            "closed inside the body",
            vec![send(LENGTH_10), Act::Close],
            GET,
            TruncatedBody,
        ),
        by(
            "reset inside the body",
            vec![send(LENGTH_10), wait_ms(30), Act::Reset],
            GET,
            TruncatedBody,
        ),
        by(
            "closed between chunks",
            vec![send(CHUNKED), Act::Close],
            GET,
            TruncatedBody,
        ),
        by(
            "a chunk without a size",
            vec![send(CHUNKED), send("zz\r\n"), Act::Hang],
            GET,
            BadChunk,
        ),
        by(
            "not HTTP",
            vec![send("SSH-2.0-OpenSSH_9.6\r\n"), Act::Hang],
            GET,
            BadProtocol,
        ),
        by(
            "two lengths",
            vec![
                send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
                Act::Hang,
            ],
            GET,
            BadProtocol,
        ),
        by(
            "a head without an end",
            vec![send("HTTP/1.1 200 OK\r\n"), endless],
            GET,
            HeadTooLarge,
        ),
    ]
}

/// What answers say.
pub fn of_answers() -> Vec<Provocation> {
    use FailureKind::{
        BadProtocol, BodyTooLarge, Decompression, Expectation, Extraction, Form, Status, Template,
        TooManyRedirects,
    };
    let large = vec![
        send("HTTP/1.1 200 OK\r\n\r\n"),
        Act::SendMany(vec![b'x'; 1 << 20].into(), 65),
        Act::Close,
    ];
    let packed =
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08!";
    vec![
        by(
            "a circle of redirects",
            redirect(302, ""),
            GET,
            TooManyRedirects,
        ),
        by(
            "a redirect to what is not asked",
            redirect(302, "mailto:me@example.com"),
            GET,
            BadProtocol,
        ),
        by("65 MiB to look at", large, READ, BodyTooLarge),
        by(
            "gzip that is none, to look at",
            vec![send_bytes(packed)],
            READ,
            Decompression,
        ),
        by("404", reply("404 Not Found", &[], "gone"), GET, Status),
        by("500", reply("500 Oops", &[], "oops"), GET, Status),
        by("a page without `x`", ok("another page"), READ, Expectation),
        by(
            "a page without an element",
            ok("<title>Log In</title>"),
            "{ get: PATH, extract: { id: { css: a.action, attr: href } } }",
            Extraction,
        ),
        by(
            "a page without the form to send",
            ok("<title>Log In</title>"),
            "{ get: PATH }, { submit: form }",
            Form,
        ),
        by(
            "a variable that has no text",
            ok(""),
            "{ set: { id: '{{ none }}' } }, { get: '/{{ id }}' }",
            Template,
        ),
    ]
}

/// What takes too long.
pub fn of_timeouts() -> Vec<Provocation> {
    use FailureKind::{ResponseTimeout, TotalTimeout};
    let drops = std::iter::once(send("HTTP/1.1 200 OK\r\n\r\n"))
        .chain(std::iter::repeat_n([send("x"), wait_ms(20)], 500).flatten())
        .collect();
    vec![
        in_time("no first byte", vec![Act::Hang], RESPONSE, ResponseTimeout),
        in_time(
            "words before the answer, and no answer",
            vec![send("HTTP/1.1 103 Early Hints\r\n\r\n"), Act::Hang],
            RESPONSE,
            ResponseTimeout,
        ),
        in_time("no answer at all", vec![Act::Hang], TOTAL, TotalTimeout),
        in_time(
            "half a head",
            vec![send("HTTP/1.1 20"), Act::Hang],
            TOTAL,
            TotalTimeout,
        ),
        in_time(
            "half a body",
            vec![send(LENGTH_10), Act::Hang],
            TOTAL,
            TotalTimeout,
        ),
        in_time("a body in drops", drops, TOTAL, TotalTimeout),
        in_time(
            "a chain, each hop in time",
            [vec![wait_ms(70)], redirect(302, "")].concat(),
            TOTAL,
            TotalTimeout,
        ),
    ]
}

fn by(what: &'static str, script: Script, steps: &'static str, kind: FailureKind) -> Provocation {
    Provocation {
        what,
        script,
        steps,
        kind,
        limit: None,
    }
}

fn in_time(
    what: &'static str,
    script: Script,
    steps: &'static str,
    kind: FailureKind,
) -> Provocation {
    Provocation {
        limit: Some(Duration::from_millis(LIMIT_MS)),
        ..by(what, script, steps, kind)
    }
}

const GET: &str = "{ get: PATH }";
const READ: &str = "{ get: PATH, expect: { contains: x } }";
const TOTAL: &str = "{ get: PATH, timeout: 300ms }";
const RESPONSE: &str = "{ get: PATH, timeout: { response: 300ms, total: 10s } }";

const LENGTH_10: &str = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n";
