//! Connections that the server ended while nobody used them: what is sent again.
//!
//! A client cannot tell a connection that had ended before it wrote from one that
//! the server ends without an answer. Here the server does the latter, so that
//! it sees each request that was sent.

use plan::{
    base::method::Method,
    exchange::{Exchange, FailureKind},
};

use super::{
    User, a_moment, answer, failure,
    faults::{Act, Faults, Script, ok, redirect, send, wait_ms},
    get, post, request, response, with_form, within_ms,
};

/// Asks for `/drop` over a connection that has carried another request before.
async fn on_a_used_connection(method: Method, drops: Vec<Script>) -> (Faults, Exchange) {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    server.on_turns("/drop", drops);
    let mut user = User::new();
    user.get(server.url("/")).await;
    let mut asked = request(method, server.url("/drop"));
    if !matches!(method, Method::Get | Method::Head) {
        asked = with_form(asked);
    }
    let exchange = user.ask(&asked).await;
    (server, exchange)
}

/// `200 OK` that is right for HEAD, too.
fn empty() -> Script {
    ok("")
}

const ENDS: [Act; 2] = [Act::Close, Act::Reset];

#[tokio::test]
async fn what_may_be_done_twice_is_sent_once_more_and_counted() {
    for method in [
        Method::Get,
        Method::Head,
        Method::Options,
        Method::Put,
        Method::Delete,
    ] {
        for end in ENDS {
            let drops = vec![vec![end.clone()], empty()];
            let (server, exchange) = on_a_used_connection(method, drops).await;
            assert_eq!(response(&exchange).status, 200, "{method} {end:?}");
            assert_eq!(exchange.resent, 1, "{method} {end:?}");
            let seen = server.seen();
            assert_eq!(seen.len(), 3, "{method} {end:?}");
            // Word for word, body included, over a new connection.
            assert_eq!(seen[1].head, seen[2].head, "{method} {end:?}");
            assert_eq!(seen[1].body, seen[2].body, "{method} {end:?}");
            assert_eq!((seen[1].connection, seen[2].connection), (1, 2));
        }
    }
}

#[tokio::test]
async fn what_must_not_be_done_twice_is_never_sent_again() {
    for method in [Method::Post, Method::Patch] {
        for end in ENDS {
            let drops = vec![vec![end.clone()], empty()];
            let (server, exchange) = on_a_used_connection(method, drops).await;
            assert_eq!(failure(&exchange).0, FailureKind::Reset, "{method} {end:?}");
            assert_eq!(exchange.resent, 0, "{method} {end:?}");
            assert_eq!(server.counts().arrived, 2, "{method} {end:?}");
        }
    }
}

#[tokio::test]
async fn a_new_connection_was_not_idle() {
    for end in ENDS {
        let server = Faults::start().await;
        server.on_turns("/drop", vec![vec![end.clone()], empty()]);
        let exchange = User::new().get(server.url("/drop")).await;
        assert_eq!(failure(&exchange).0, FailureKind::Reset, "{end:?}");
        assert_eq!((exchange.resent, server.counts().arrived), (0, 1));
    }
}

#[tokio::test]
async fn what_fails_again_is_a_failure() {
    for (end, other) in [(Act::Close, Act::Reset), (Act::Reset, Act::Close)] {
        let drops = vec![vec![end], vec![other], empty()];
        let (server, exchange) = on_a_used_connection(Method::Get, drops).await;
        assert_eq!(failure(&exchange).0, FailureKind::Reset);
        assert_eq!(exchange.resent, 1);
        assert_eq!(server.lines(), ["GET /", "GET /drop", "GET /drop"]);
    }
}

/// Then it was not idle any more: the server has seen the request.
#[tokio::test]
async fn nothing_is_sent_again_once_an_answer_has_begun() {
    for begun in ["H", "HTTP/1.1 200 OK\r\nX", "HTTP/1.1 100 Continue\r\n\r\n"] {
        let drops = vec![vec![send(begun), wait_ms(10), Act::Close], empty()];
        let (server, exchange) = on_a_used_connection(Method::Get, drops).await;
        assert_eq!(failure(&exchange).0, FailureKind::Reset, "{begun:?}");
        assert_eq!((exchange.resent, server.counts().arrived), (0, 2));
    }
    let body = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf";
    let drops = vec![vec![send(body), Act::Close], empty()];
    let (server, exchange) = on_a_used_connection(Method::Get, drops).await;
    assert_eq!(failure(&exchange).0, FailureKind::TruncatedBody);
    assert_eq!((exchange.resent, server.counts().arrived), (0, 2));
}

/// The end was known before anything was written, so nothing is sent twice.
#[tokio::test]
async fn an_end_that_is_noticed_in_time_is_no_matter_for_any_method() {
    for end in [Act::Close, Act::Reset, Act::CloseHalf] {
        let server = Faults::start().await;
        server.on("/", [ok("x"), vec![wait_ms(5), end.clone()]].concat());
        let mut user = User::new();
        for asked in [get(server.url("/")), post(server.url("/"))] {
            for _ in 0..2 {
                let exchange = user.ask(&asked).await;
                assert_eq!(answer(&exchange), (200, "x".to_owned()), "{end:?}");
                assert_eq!(exchange.resent, 0, "{end:?}");
                a_moment().await;
            }
        }
        let counts = server.counts();
        assert_eq!((counts.arrived, counts.late), (4, 0), "{end:?}");
        assert_eq!(counts.connections, 4, "{end:?}");
    }
}

/// Answered and ended in one go, without a word of it: whether the client sees the
/// end before it writes is a matter of luck, but the counts hold in both cases.
#[tokio::test]
async fn an_end_that_races_the_next_request() {
    let server = Faults::start().await;
    server.on("/", [ok("x"), vec![Act::CloseHalf]].concat());
    let mut user = User::new();
    let (mut resent, mut lost) = (0, 0);
    for turn in 0..200 {
        let asked = match turn % 4 {
            0 => post(server.url("/")),
            _ => get(server.url("/")),
        };
        let exchange = user.ask(&asked).await;
        resent += u64::from(exchange.resent);
        match &exchange.outcome {
            Ok(response) => assert_eq!(response.status, 200),
            Err(failure) => {
                assert_eq!((turn % 4, failure.kind), (0, FailureKind::Reset));
                assert_eq!(exchange.resent, 0);
                lost += 1;
            }
        }
    }
    drop(user);
    a_moment().await;
    let counts = server.counts();
    let late = |method: &str| {
        let late = server.late();
        late.iter().filter(|seen| seen.method == method).count() as u64
    };
    assert_eq!(counts.arrived, 200 - lost);
    assert_eq!((late("GET"), late("POST")), (resent, lost));
    assert_eq!(counts.arrived + counts.late, 200 + resent);
}

/// Each hop is a request of its own; the method is that of the hop.
#[tokio::test]
async fn a_hop_of_a_chain_is_sent_again_like_any_other() {
    let server = Faults::start().await;
    server.on("/", redirect(302, "/end"));
    server.on_turns("/end", vec![vec![Act::Close], ok("there")]);
    let exchange = User::new().ask(&post(server.url("/"))).await;
    assert_eq!(answer(&exchange), (200, "there".to_owned()));
    assert_eq!((exchange.redirects, exchange.resent), (1, 1));
    assert_eq!(server.lines(), ["POST / a=1", "GET /end", "GET /end"]);

    server.on("/", redirect(307, "/end"));
    server.on_turns("/end", vec![ok(""), ok(""), vec![Act::Close]]);
    let exchange = User::new().ask(&post(server.url("/"))).await;
    assert_eq!(failure(&exchange).0, FailureKind::Reset);
    assert_eq!((exchange.redirects, exchange.resent), (1, 0));
}

/// Not a second chance in time: what is sent again has what is left of the timeout.
#[tokio::test]
async fn the_timeout_holds_for_both_together() {
    let drops = vec![vec![wait_ms(400), Act::Close], vec![Act::Hang]];
    let server = Faults::start().await;
    server.on("/", ok("x"));
    server.on_turns("/drop", drops);
    let mut user = User::new();
    user.get(server.url("/")).await;
    let asked = within_ms(get(server.url("/drop")), 600);
    let exchange = user.ask(&asked).await;
    assert_eq!(failure(&exchange).0, FailureKind::TotalTimeout);
    assert_eq!(exchange.resent, 1);
    let took = (exchange.timing.done - exchange.timing.sent).as_millis();
    assert!((600..1000).contains(&took), "{took} ms, and not 1000");
}

/// The server lost all connections at once, as when it is started anew.
#[tokio::test]
async fn every_user_gets_over_it_once() {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    server.on("/last", [ok("x"), vec![Act::CloseHalf]].concat());
    let mut users: Vec<_> = (0..10).map(|_| User::new()).collect();
    for user in &mut users {
        user.get(server.url("/last")).await;
    }
    a_moment().await;
    for user in &mut users {
        let exchange = user.get(server.url("/")).await;
        assert_eq!(answer(&exchange), (200, "x".to_owned()));
    }
    assert_eq!((server.connections(), server.counts().arrived), (20, 20));
}
