//! Where the time of an exchange goes, and which connections are opened for it.
//!
//! What a server lets wait for is at least what is measured. Where two sides look at a
//! clock at about the same moment, only the sum of what they see is certain.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use plan::{
    base::{
        clock::Clock,
        connecting::{Connecting, Lifetime, Proxy, Route},
        ids::ClassId,
        redirects::Redirects,
    },
    engine::StopSignal,
    exchange::{Exchange, PhaseKind, Underway},
    protocol::{Protocol, http::Http},
    tls::{TlsSettings, Trust},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
};
use url::Url;

use super::{
    User, a_moment, answer,
    certified::{self, HERE, Valid, ca, self_signed},
    faults::{Act, Faults, ok, redirect, reply, send, wait_ms},
    get, post,
    running::{compile, ms, real},
    within_ms,
};

/// Which phases came to their end.
fn phases(exchange: &Exchange) -> String {
    let named = exchange.phases.iter().map(|(kind, _)| kind.code());
    named.collect::<Vec<_>>().join(" ")
}

fn time(exchange: &Exchange, kind: PhaseKind) -> Duration {
    exchange.phases.time(kind).expect("it came to its end")
}

/// No phase overlaps another.
fn assert_apart(exchange: &Exchange) {
    let sum: Duration = exchange.phases.iter().map(|(_, time)| time).sum();
    let whole = exchange.timing.done - exchange.timing.sent;
    assert!(sum <= whole, "{:?} is more than {whole:?}", exchange.phases);
}

/// A user who trusts anyone, connects in its own way, and has looked up no name yet.
fn user(connecting: &Connecting) -> User {
    let anyone = TlsSettings {
        trust: Trust::Anyone,
        identity: None,
    };
    User {
        session: Protocol::Http(Http::new([(&anyone, connecting)])).session(1, ClassId::at(0)),
        clock: Clock::start(),
    }
}

#[tokio::test]
async fn waiting_ends_and_receiving_begins_with_the_first_byte() {
    let server = Faults::start().await;
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";
    server.on("/slow", vec![wait_ms(60), send(head), send("slow")]);
    server.on("/long", vec![send(head), wait_ms(60), send("long")]);
    let mut user = User::new();

    let slow = user.get(server.url("/slow")).await;
    assert_eq!(phases(&slow), "connect waiting receiving");
    assert_eq!(slow.phases.connections, 1);
    assert!(time(&slow, PhaseKind::Waiting) >= ms(60), "{slow:?}");
    assert_apart(&slow);

    let long = user.ask(&post(server.url("/long"))).await;
    assert_eq!(phases(&long), "waiting receiving");
    assert_eq!(long.phases.connections, 0);
    let receiving = time(&long, PhaseKind::Receiving);
    assert_eq!(receiving, long.timing.done - long.timing.first_byte);
    assert!(receiving + time(&long, PhaseKind::Waiting) >= ms(60));
    assert_apart(&long);
}

/// What is said before the answer, as 100 or 103, is no answer.
#[tokio::test]
async fn waiting_goes_on_until_the_answer_itself_begins() {
    let server = Faults::start().await;
    let mut script = vec![send("HTTP/1.1 103 Early Hints\r\n\r\n"), wait_ms(60)];
    script.extend(ok("x"));
    server.on("/", script);
    let exchange = User::new().get(server.url("/")).await;
    assert!(
        time(&exchange, PhaseKind::Waiting) >= ms(60),
        "{exchange:?}"
    );
}

/// There is nothing to wait for once an answer has begun before all was written.
#[tokio::test]
async fn an_answer_that_comes_early_is_not_waited_for() {
    let server = Faults::start().await;
    let mut script = reply("413 Too Much", &[], "");
    script.push(Act::Hang);
    server.on_head("/", script);
    let mut large = post(server.url("/"));
    large.body = Some(plan::exchange::Body::new(None, "x".repeat(20_000_000)));
    let exchange = User::new().ask(&large).await;
    assert_eq!(answer(&exchange).0, 413);
    assert_eq!(time(&exchange, PhaseKind::Waiting), Duration::ZERO);
}

#[tokio::test]
async fn only_a_name_is_looked_up() {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    let mut user = user(&Connecting::default());
    for (host, expected) in [
        ("127.0.0.1", "connect waiting receiving"),
        ("localhost", "dns connect waiting receiving"),
        ("localhost", "waiting receiving"),
    ] {
        let exchange = user.get(server.url_as(host, "/")).await;
        assert_eq!(phases(&exchange), expected, "{host}");
        assert_apart(&exchange);
    }
}

/// While its addresses are known, it is not asked for again; nor by other users.
#[tokio::test]
async fn a_name_is_looked_up_again_when_its_time_is_over() {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    let url = server.url_as("localhost", "/");
    for (dns_ttl, expected) in [
        (Duration::ZERO, [true, true, true]),
        (ms(1), [true, true, true]),
        (Duration::from_hours(1), [true, false, false]),
    ] {
        let one_request = Connecting {
            lifetime: Lifetime::OneRequest,
            dns_ttl,
            ..Connecting::default()
        };
        let http = Http::new([(&TlsSettings::default(), &one_request)]);
        let mut looked_up = Vec::new();
        for number in 1..=3 {
            let session = Protocol::Http(http.clone()).session(number, ClassId::at(0));
            let clock = Clock::start();
            let mut user = User { session, clock };
            let exchange = user.get(url.clone()).await;
            assert_eq!(answer(&exchange).0, 200);
            looked_up.push(exchange.phases.time(PhaseKind::Dns).is_some());
            a_moment().await;
        }
        assert_eq!(looked_up, expected, "{dns_ttl:?}");
    }
}

/// A proxy that makes slow tunnels to a server, and then holds back what the client says
/// first.
async fn slow_tunnels_to(server: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            tokio::time::sleep(ms(60)).await;
            stream.write_all(b"HTTP/1.1 200 Yes\r\n\r\n").await.unwrap();
            stream.peek(&mut [0]).await.unwrap();
            tokio::time::sleep(ms(50)).await;
            let mut there = TcpStream::connect(&server).await.unwrap();
            // Either side may end it as it likes.
            let _ = copy_bidirectional(&mut stream, &mut there).await;
        }
    });
    address
}

#[tokio::test]
async fn a_tunnel_is_a_part_of_connecting_and_tls_begins_after_it() {
    let server = certified::Server::start(&self_signed(ca(), HERE, Valid::Now));
    let proxy = slow_tunnels_to(server.place()).await;
    let proxy = Proxy::parse(&format!("http://{proxy}")).unwrap();
    let mut user = user(&Connecting {
        route: Route::Proxy(Arc::new(proxy)),
        ..Connecting::default()
    });
    let exchange = user.get(server.url()).await;
    assert_eq!(phases(&exchange), "connect tls waiting receiving");
    assert_eq!(exchange.phases.connections, 1);
    assert!(time(&exchange, PhaseKind::Connect) >= ms(60));
    assert!(time(&exchange, PhaseKind::Tls) >= ms(50));
    assert_apart(&exchange);
    assert_eq!(
        phases(&user.get(server.url()).await),
        "waiting receiving",
        "a connection is kept"
    );
}

#[tokio::test]
async fn connections_are_those_that_the_server_accepts() {
    let closes = |say: &[&str]| {
        let mut script = reply("200 OK", say, "x");
        script.push(Act::Close);
        script
    };
    let one_request = Connecting {
        lifetime: Lifetime::OneRequest,
        ..Connecting::default()
    };
    for (what, script, connecting, each) in [
        ("kept", ok("x"), Connecting::default(), [1, 0, 0]),
        ("not kept", ok("x"), one_request, [1, 1, 1]),
        (
            "closed by the server",
            closes(&["Connection: close"]),
            Connecting::default(),
            [1, 1, 1],
        ),
        (
            "closed without a word",
            closes(&[]),
            Connecting::default(),
            [1, 1, 1],
        ),
    ] {
        let server = Faults::start().await;
        server.on("/", script);
        let mut user = user(&connecting);
        let mut opened = Vec::new();
        for _ in each {
            opened.push(user.get(server.url("/")).await.phases.connections);
            a_moment().await;
        }
        assert_eq!(opened, each, "{what}");
        let sum: u32 = each.iter().sum();
        assert_eq!(server.connections(), u64::from(sum), "{what}");
    }
}

#[tokio::test]
async fn a_chain_of_redirects_has_the_sums_of_its_requests() {
    let server = Faults::start().await;
    let there = server.url_as("localhost", "/there");
    let mut first = vec![wait_ms(40)];
    first.extend(redirect(302, there.as_str()));
    server.on("/", first);
    let mut second = vec![wait_ms(50)];
    second.extend(ok("x"));
    server.on("/there", second);

    let own = Connecting::default();
    let exchange = user(&own).get(server.url("/")).await;
    assert_eq!(exchange.redirects, 1);
    assert_eq!(phases(&exchange), "dns connect waiting receiving");
    assert_eq!(exchange.phases.connections, 2);
    assert_eq!(server.connections(), 2);
    assert!(time(&exchange, PhaseKind::Waiting) >= ms(90));
    assert_apart(&exchange);

    let mut each = get(server.url("/"));
    each.redirects = Redirects::Each;
    let exchange = user(&own).ask(&each).await;
    let hop = exchange.hops[0];
    let named = |phases: &plan::exchange::Phases| {
        let named = phases.iter().map(|(kind, _)| kind.code());
        named.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(named(&hop.phases), "connect waiting receiving");
    assert_eq!(phases(&exchange), "dns connect waiting receiving");
    assert_eq!(hop.phases.connections, 1);
    assert_eq!(exchange.phases.connections, 1);
}

#[tokio::test]
async fn what_did_not_come_to_its_end_has_no_time() {
    let server = Faults::start().await;
    server.on("/hang", vec![Act::Hang]);
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf";
    server.on("/half", vec![send(half), Act::Close]);
    let silent = vec![send("never mind"), Act::Hang];

    let hang = User::new()
        .ask(&within_ms(get(server.url("/hang")), 400))
        .await;
    assert_eq!(
        (phases(&hang).as_str(), hang.phases.connections),
        ("connect", 1)
    );

    let half = User::new().get(server.url("/half")).await;
    assert_eq!(phases(&half), "connect waiting");

    // It says no TLS.
    server.on_connections(vec![Vec::new(), Vec::new(), silent]);
    let mut tls = server.url("/");
    tls.set_scheme("https").unwrap();
    let tls = user(&Connecting::default()).get(tls).await;
    assert_eq!(
        (phases(&tls).as_str(), tls.phases.connections),
        ("connect", 1)
    );
    assert_eq!(server.connections(), 3);

    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", nobody.local_addr().unwrap())).unwrap();
    drop(nobody);
    let refused = User::new().get(url).await;
    assert_eq!(
        (phases(&refused).as_str(), refused.phases.connections),
        ("", 0)
    );
}

/// One of an exchange that is given up has been opened as well.
#[tokio::test]
async fn connections_of_what_is_given_up_are_told_of() {
    let server = Faults::start().await;
    server.on("/", vec![Act::Hang]);
    let (user, underway) = (User::new(), Underway::default());
    let request = get(server.url("/"));
    let exchange = user.session.exchange(&request, &user.clock, &underway);
    assert!(tokio::time::timeout(ms(400), exchange).await.is_err());
    assert_eq!(underway.take_phases().connections, 1);
}

/// Kept, lost, resent, failed and cut off: a run knows of each connection.
#[tokio::test]
async fn a_run_has_opened_what_the_server_has_accepted() {
    const USERS: u32 = 5;
    let server = Faults::start().await;
    let (stuck, mut all_stuck) = watch::channel(0);
    let mut turn = 0;
    server.on_every(move |seen| {
        turn += 1;
        let is_second = seen.target == "/two";
        match (turn % 7, turn) {
            (_, 100..) if is_second => {
                stuck.send_modify(|stuck| *stuck += 1);
                vec![Act::Hang]
            }
            (0, _) => vec![Act::Reset],
            (1, _) => vec![Act::Close],
            (2, _) if !is_second => vec![Act::Hang],
            (3, _) => redirect(302, "/elsewhere"),
            _ => ok("x"),
        }
    });
    let graph = compile(&format!(
        "
        plan: 1
        target: {}
        users: {{ a: {{ wait: 1ms, tasks: [t] }} }}
        tasks: {{ t: [{{ get: /, timeout: 200ms, on_fail: continue }}, {{ get: /two, timeout: 60s }}] }}
        load: {{ users: {USERS}, duration: 1h, graceful_stop: 20ms }}
        ",
        server.url("/")
    ));
    let (stop, stops) = mpsc::channel(1);
    let ended = async {
        let all = all_stuck.wait_for(|stuck| *stuck == USERS).await;
        all.expect("the server lives");
        stop.send(StopSignal::Interrupt)
            .await
            .expect("the run is on");
    };
    let (record, ()) = tokio::join!(real::run_until(graph, 2, stops), ended);
    assert_eq!(record.total.interrupted, u64::from(USERS));
    assert!(record.total.resent > 0 && record.total.failed > 0);
    assert_eq!(record.total.connections, server.connections());
}
