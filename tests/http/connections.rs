//! Connections: kept, closed, lost and given up.

use std::time::Duration;

use plan::exchange::{FailureKind, Underway};

use super::{
    User, a_moment, answer, failure,
    faults::{Act, Faults, ok, reply, wait_ms},
    get, post, within_ms,
};

/// The number of the connection that carried each request.
fn carried_by(server: &Faults) -> Vec<u32> {
    let seen = server.seen();
    seen.iter().map(|request| request.connection).collect()
}

#[tokio::test]
async fn five_requests_use_one_connection() {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    let mut user = User::new();
    for _ in 0..5 {
        assert_eq!(answer(&user.get(server.url("/")).await).0, 200);
    }
    assert_eq!(carried_by(&server), [1, 1, 1, 1, 1]);
}

#[tokio::test]
async fn each_user_has_connections_of_its_own_and_closes_them_when_it_ends() {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    let (mut first, mut second) = (User::new(), User::new());
    assert_eq!(server.connections(), 0);
    first.get(server.url("/")).await;
    second.get(server.url("/")).await;
    first.get(server.url("/")).await;
    assert_eq!((server.connections(), server.open()), (2, 2));

    drop((first, second));
    a_moment().await;
    assert_eq!(server.open(), 0);
}

#[tokio::test]
async fn connection_close_is_respected() {
    let server = Faults::start().await;
    let mut closing = reply("200 OK", &["Connection: close"], "x");
    closing.push(Act::Close);
    server.on("/", closing);
    let mut user = User::new();
    for _ in 0..3 {
        assert_eq!(
            answer(&user.get(server.url("/")).await),
            (200, "x".to_owned())
        );
    }
    assert_eq!(carried_by(&server), [1, 2, 3]);
}

/// The server said nothing of closing, and did it while the user was thinking.
#[tokio::test]
async fn a_connection_lost_between_requests_is_no_failure_for_any_method() {
    for closing in [Act::Close, Act::Reset] {
        let server = Faults::start().await;
        let mut script = ok("x");
        script.extend([wait_ms(10), closing.clone()]);
        server.on("/", script);
        let mut user = User::new();
        for request in [
            get(server.url("/")),
            post(server.url("/")),
            get(server.url("/")),
        ] {
            assert_eq!(answer(&user.ask(&request).await).0, 200, "{closing:?}");
            a_moment().await;
        }
        // Each arrived once.
        assert_eq!(
            server.lines(),
            ["GET /", "POST / a=1", "GET /"],
            "{closing:?}"
        );
        assert_eq!(server.connections(), 3, "{closing:?}");
    }
}

/// It may have been carried out: what is harmless twice is sent again, once.
#[tokio::test]
async fn a_get_that_a_kept_connection_lost_is_sent_again_and_a_post_never() {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    server.on_turns("/drop", vec![vec![Act::Close], ok("y")]);
    let mut user = User::new();
    for (request, outcome, resent) in [
        (get(server.url("/drop")), Ok("y"), 1),
        (post(server.url("/post")), Err(FailureKind::Reset), 0),
    ] {
        server.on_turns("/post", vec![vec![Act::Close], ok("y")]);
        user.get(server.url("/")).await;
        let exchange = user.ask(&request).await;
        match outcome {
            Ok(body) => assert_eq!(answer(&exchange), (200, body.to_owned())),
            Err(kind) => assert_eq!(failure(&exchange).0, kind),
        }
        assert_eq!(exchange.resent, resent);
    }
    assert_eq!(
        server.lines(),
        ["GET /", "GET /drop", "GET /drop", "GET /", "POST /post a=1"]
    );
}

/// Once is enough: who drops a request twice does not want it.
#[tokio::test]
async fn what_is_lost_again_or_on_a_new_connection_is_a_failure() {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    server.on("/drop", vec![Act::Close]);
    let mut user = User::new();
    for (before, resent) in [(true, 1), (false, 0)] {
        if before {
            user.get(server.url("/")).await;
        }
        let exchange = user.get(server.url("/drop")).await;
        assert_eq!(failure(&exchange).0, FailureKind::Reset);
        assert_eq!(exchange.resent, resent);
    }
    assert_eq!(
        server.lines(),
        ["GET /", "GET /drop", "GET /drop", "GET /drop"]
    );
}

/// The server has begun to answer, so it is its answer that is broken.
#[tokio::test]
async fn an_answer_that_breaks_off_is_not_asked_for_again() {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    server.on(
        "/half",
        vec![Act::Send(b"HTTP/1.1 200 O".to_vec()), Act::Close],
    );
    let mut user = User::new();
    user.get(server.url("/")).await;
    let exchange = user.get(server.url("/half")).await;
    assert_eq!(failure(&exchange).0, FailureKind::Reset);
    assert_eq!((exchange.resent, server.lines().len()), (0, 2));
}

#[tokio::test]
async fn an_exchange_that_is_dropped_closes_its_connection_and_spoils_nothing() {
    let server = Faults::start().await;
    server.on("/head", vec![Act::Hang]);
    let begun =
        super::faults::send("HTTP/1.1 200 OK\r\nSet-Cookie: k=v\r\nContent-Length: 9\r\n\r\nhalf");
    server.on("/body", vec![begun, Act::Hang]);
    server.on("/", ok("x"));

    let mut user = User::new();
    user.get(server.url("/")).await;
    for path in ["/head", "/body"] {
        let request = get(server.url(path));
        let exchange = user.ask(&request);
        let cut_off = tokio::time::timeout(Duration::from_millis(50), exchange).await;
        assert!(cut_off.is_err(), "{path}");
        a_moment().await;
        assert_eq!(server.open(), 0, "{path}");
    }
    assert_eq!(
        answer(&user.get(server.url("/")).await),
        (200, "x".to_owned())
    );
    let last = server.seen().pop().unwrap();
    assert_eq!(last.header("cookie").as_deref(), Some("k=v"));
}

#[tokio::test]
async fn after_a_timeout_the_next_request_gets_its_own_answer() {
    let server = Faults::start().await;
    let mut late = vec![wait_ms(150)];
    late.extend(ok("too late"));
    server.on("/late", late);
    server.on("/", ok("mine"));
    let mut user = User::new();
    let exchange = user.ask(&within_ms(get(server.url("/late")), 50)).await;
    assert_eq!(failure(&exchange).0, FailureKind::TotalTimeout);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(
        answer(&user.get(server.url("/")).await),
        (200, "mine".to_owned())
    );
    assert_eq!(carried_by(&server), [1, 2]);
}

/// After several at once there are several connections. The one used last is used on: the
/// others may be closed by the server before their turn would come.
#[tokio::test]
async fn the_connection_used_last_is_used_again() {
    let server = Faults::start().await;
    for path in ["/quick", "/a", "/b", "/c"] {
        server.on(path, ok("x"));
    }
    let mut slow = vec![wait_ms(200)];
    slow.extend(ok("x"));
    server.on("/slow", slow);
    let mut user = User::new();
    let (one, two) = (get(server.url("/quick")), get(server.url("/slow")));
    let underway = [Underway::default(), Underway::default()];
    tokio::join!(
        user.session.exchange(&one, &user.clock, &underway[0]),
        user.session.exchange(&two, &user.clock, &underway[1])
    );
    for path in ["/a", "/b", "/c"] {
        assert_eq!(answer(&user.get(server.url(path)).await).0, 200);
    }
    let slow = carried_by(&server)[server
        .lines()
        .iter()
        .position(|line| line == "GET /slow")
        .unwrap()];
    assert_eq!(carried_by(&server)[2..], [slow; 3]);
}
