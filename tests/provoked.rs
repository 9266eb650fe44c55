//! Every failure that can come from the wire, provoked once, through a plan.
//!
//! What is reported is held to its kind. What it says, and how long that took, is
//! shown as a table: `cargo test --test provoked -- --nocapture`.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]
#![allow(clippy::print_stdout, reason = "what was seen is shown")]

mod faults;
mod running;

use std::time::Duration;

use faults::{Act, Faults, Script, ok, redirect, reply, send, wait_ms};
use plan::{exchange::FailureKind, stats::RunRecord};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// The limit of everything that is provoked by a timeout, in milliseconds.
const LIMIT_MS: u64 = 300;

/// A row of the table.
struct Provoked {
    what: &'static str,
    kind: FailureKind,
    detail: String,
    took: Duration,
    limit: Option<Duration>,
}

/// What the server does, and what a user does about it.
struct Provocation {
    what: &'static str,
    script: Script,
    /// Steps of one user; `PATH` is where the script is.
    steps: &'static str,
    kind: FailureKind,
    limit: Option<Duration>,
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

/// What a connection does.
fn of_connections() -> Vec<Provocation> {
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
fn of_answers() -> Vec<Provocation> {
    use FailureKind::{
        BadProtocol, BodyTooLarge, Expectation, Extraction, Status, Template, TooManyRedirects,
    };
    let large = vec![
        send("HTTP/1.1 200 OK\r\n\r\n"),
        Act::SendMany(vec![b'x'; 1 << 20].into(), 65),
        Act::Close,
    ];
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
            "a variable that has no text",
            ok(""),
            "{ set: { id: '{{ none }}' } }, { get: '/{{ id }}' }",
            Template,
        ),
    ]
}

/// What takes too long.
fn of_timeouts() -> Vec<Provocation> {
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

#[tokio::test]
async fn each_kind_is_provoked_and_named() {
    let server = Faults::start().await;
    server.on("/ok", ok("x"));
    let mut table = Vec::new();
    let provocations = [of_connections(), of_answers(), of_timeouts()];
    for (number, provoked) in provocations.into_iter().flatten().enumerate() {
        let path = format!("/{number}");
        server.on(&path, provoked.script);
        let target = server.url("/").to_string();
        let record = run(&target, &provoked.steps.replace("PATH", &path)).await;
        table.push(row(provoked.what, &record, provoked.kind, provoked.limit));
    }
    table.extend(without_a_server().await);
    print(&table);
}

/// Where there is nobody to misbehave.
async fn without_a_server() -> Vec<Provoked> {
    use FailureKind::{ConnectTimeout, Dns, Refused};
    // Too long for any name server, so that none is asked.
    let nameless = format!("http://{}.invalid/", "x".repeat(70));
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refusing = format!("http://{}/", gone.local_addr().unwrap());
    drop(gone);
    // A listener whose queue is full lets new connections wait.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let place = listener.local_addr().unwrap();
    let _fills_the_queue = TcpStream::connect(place).await.unwrap();
    let waiting = format!("http://{place}/");

    let limit = Some(Duration::from_millis(LIMIT_MS));
    let connect = "{ get: /, timeout: { connect: 300ms, total: 10s } }";
    vec![
        row(
            "a name without an address",
            &run(&nameless, "{ get: / }").await,
            Dns,
            None,
        ),
        row(
            "nobody listens",
            &run(&refusing, "{ get: / }").await,
            Refused,
            None,
        ),
        row(
            "nobody accepts",
            &run(&waiting, connect).await,
            ConnectTimeout,
            limit,
        ),
    ]
}

/// One user goes through the steps once.
async fn run(target: &str, steps: &str) -> RunRecord {
    let graph = running::compile(&format!(
        "
        plan: 1
        target: {target}
        users:
          one: {{ wait: none, tasks: [walk] }}
        tasks:
          walk: [{steps}]
        load: {{ users: 1, per_user: 1 }}
        "
    ));
    running::real::run(graph, 1).await
}

/// Holds a run to the one failure that it must have.
fn row(
    what: &'static str,
    record: &RunRecord,
    kind: FailureKind,
    limit: Option<Duration>,
) -> Provoked {
    let [failure] = &record.failures[..] else {
        panic!("{what}: one kind of failure, not {:?}", record.failures);
    };
    assert_eq!(
        (failure.kind, failure.count),
        (kind, 1),
        "{what}: {failure:?}"
    );
    assert_eq!(record.total.failed, 1, "{what}");
    // The user began when the run did, and what it did before took no time.
    let took = failure.first;
    if let Some(limit) = limit {
        assert!(took >= limit, "{what}: {took:?} of {limit:?}");
    }
    Provoked {
        what,
        kind,
        detail: failure.examples[0].detail.clone(),
        took,
        limit,
    }
}

fn print(table: &[Provoked]) {
    println!(
        "{:<40} {:<18} {:>9} {:>7} {:>6}  what the report says",
        "provoked", "reported", "took", "limit", "over"
    );
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    for row in table {
        let (limit, over) = match row.limit {
            Some(limit) => (
                format!("{:.0}", ms(limit)),
                format!("{:.1}", ms(row.took) - ms(limit)),
            ),
            None => (String::new(), String::new()),
        };
        println!(
            "{:<40} {:<18} {:>6.1} ms {limit:>7} {over:>6}  {}",
            row.what,
            row.kind.code(),
            ms(row.took),
            row.detail
        );
    }
}
