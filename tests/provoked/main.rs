//! Every failure that can come from the wire, provoked once, through a plan.
//!
//! What is reported is held to its kind. What it says, and how long that took, is
//! shown as a table: `cargo test --test provoked -- --nocapture`.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]
#![allow(clippy::print_stdout, reason = "what was seen is shown")]

#[path = "../certified/mod.rs"]
mod certified;
#[path = "../faults/mod.rs"]
mod faults;
mod provocations;
#[path = "../running/mod.rs"]
mod running;

use std::time::Duration;

use certified::{Authority, HERE, Server, Valid};
use faults::{Act, Faults, ok};
use plan::{exchange::FailureKind, source::MemoryLoader, stats::RunRecord};
use provocations::{of_answers, of_connections, of_timeouts};
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
    table.extend(over_tls().await);
    print(&table);
    for kind in FailureKind::ALL {
        let provoked = table.iter().any(|row| row.kind == kind);
        assert!(provoked || NOT_OF_THE_WIRE.contains(&kind), "{kind}");
    }
}

/// What no server can provoke: what is not allowed, a proxy, the word of a plan, what a
/// machine alone can do, and our own mistakes.
const NOT_OF_THE_WIRE: [FailureKind; 6] = [
    FailureKind::NoSocket,
    FailureKind::Proxy,
    FailureKind::NotAllowed,
    FailureKind::Recorded,
    FailureKind::Network,
    FailureKind::Internal,
];

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

/// Servers whose certificate is not to be trusted, for each reason, and one that has
/// none. The plan names the authority that it trusts.
async fn over_tls() -> Vec<Provoked> {
    use FailureKind::{ConnectTimeout, Tls, TlsExpired, TlsUnknownAuthority, TlsWrongHost};
    let (known, unknown) = (Authority::new("known"), Authority::new("unknown"));
    let rows = [
        (
            "signed by somebody",
            unknown.sign(HERE, Valid::Now),
            TlsUnknownAuthority,
        ),
        (
            "for another host",
            known.sign(&["other.test"], Valid::Now),
            TlsWrongHost,
        ),
        (
            "no longer valid",
            known.sign(HERE, Valid::NoLonger),
            TlsExpired,
        ),
        ("not valid yet", known.sign(HERE, Valid::NotYet), TlsExpired),
    ];
    let mut table = Vec::new();
    for (what, leaf, kind) in rows {
        let server = Server::start(&leaf);
        let record = run_trusting(&known, server.url().as_str(), "{ get: / }").await;
        table.push(row(what, &record, kind, None));
    }
    let server = Faults::start().await;
    server.on_connections(vec![
        vec![faults::send("HTTP/1.1 400 Bad Request\r\n\r\n"), Act::Hang],
        vec![Act::Hang],
    ]);
    let target = format!("https://{}/", server.place());
    let record = run_trusting(&known, &target, "{ get: / }").await;
    table.push(row("no TLS at all", &record, Tls, None));
    let steps = "{ get: /, timeout: { connect: 300ms, total: 10s } }";
    let record = run_trusting(&known, &target, steps).await;
    let limit = Some(Duration::from_millis(LIMIT_MS));
    table.push(row("not a word of TLS", &record, ConnectTimeout, limit));
    table
}

/// One user goes through the steps once.
async fn run(target: &str, steps: &str) -> RunRecord {
    let graph = running::compile(&plan(target, "{}", steps));
    running::real::run(graph, 1).await
}

/// The same, with a plan that trusts an authority.
async fn run_trusting(authority: &Authority, target: &str, steps: &str) -> RunRecord {
    let files = MemoryLoader::new().with("root.pem", &authority.pem);
    let text = plan(target, "{ ca: root.pem }", steps);
    running::real::run(running::compile_with(&text, files), 1).await
}

fn plan(target: &str, tls: &str, steps: &str) -> String {
    format!(
        "
        plan: 1
        target: {target}
        defaults: {{ tls: {tls} }}
        users:
          one: {{ wait: none, tasks: [walk] }}
        tasks:
          walk: [{steps}]
        load: {{ users: 1, per_user: 1 }}
        "
    )
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
        "{:<38} {:<21} {:>9} {:>7} {:>6}  what the report says",
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
            "{:<38} {:<21} {:>6.1} ms {limit:>7} {over:>6}  {}",
            row.what,
            row.kind.code(),
            ms(row.took),
            row.detail
        );
    }
}
