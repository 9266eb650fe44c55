//! Chains of redirects: who is asked what, and how it is counted.

use plan::{
    base::{method::Method, redirects::Redirects},
    exchange::FailureKind,
};

use super::{
    User, answer, failure,
    faults::{Faults, ok, redirect, reply, wait_ms},
    get, post, request, response, with_form, with_header, within_ms,
};

#[tokio::test]
#[rustfmt::skip]
async fn each_status_with_each_method() {
    //  status  method           what arrives at the end
    let rows = [
        (301, Method::Get,    "GET /end"),
        (302, Method::Get,    "GET /end"),
        (303, Method::Get,    "GET /end"),
        (307, Method::Get,    "GET /end"),
        (308, Method::Get,    "GET /end"),
        (301, Method::Post,   "GET /end"),
        (302, Method::Post,   "GET /end"),
        (303, Method::Post,   "GET /end"),
        (307, Method::Post,   "POST /end a=1"),
        (308, Method::Post,   "POST /end a=1"),
        (301, Method::Put,    "PUT /end a=1"),
        (302, Method::Delete, "DELETE /end a=1"),
        (303, Method::Put,    "GET /end"),
        (303, Method::Head,   "HEAD /end"),
        (302, Method::Head,   "HEAD /end"),
    ];
    for (status, method, line) in rows {
        let server = Faults::start().await;
        let head = |status: &str, header: &str| vec![super::faults::send(
            &format!("HTTP/1.1 {status} X\r\n{header}Content-Length: 0\r\n\r\n"))];
        server.on("/start", head(&status.to_string(), "Location: /end\r\n"));
        server.on("/end", head("200", ""));

        let mut asked = request(method, server.url("/start"));
        if !matches!(method, Method::Get | Method::Head) {
            asked = with_form(asked);
        }
        let exchange = User::new().ask(&asked).await;

        assert_eq!(response(&exchange).status, 200, "{method} {status}");
        assert_eq!(response(&exchange).url, server.url("/end"), "{method} {status}");
        assert_eq!(exchange.redirects, 1, "{method} {status}");
        let last = server.seen().pop().unwrap();
        assert_eq!(last.line(), line, "{method} {status}");
        assert_eq!(last.header("content-type").is_some(), line.ends_with("a=1"), "{method} {status}");
    }
}

#[tokio::test]
async fn a_chain_is_one_exchange_on_one_connection() {
    let server = Faults::start().await;
    server.on("/1", redirect(302, "2?x=1#part"));
    server.on("/2", redirect(301, server.url("/3").as_ref()));
    let mut slow = vec![wait_ms(60)];
    slow.extend(ok("end"));
    server.on("/3", slow);

    let exchange = User::new().ask(&post(server.url("/1"))).await;

    assert_eq!(answer(&exchange), (200, "end".to_owned()));
    assert_eq!(exchange.redirects, 2);
    // Twice "moved", once "end".
    assert_eq!(exchange.received_bytes, 13);
    assert_eq!(server.lines(), ["POST /1 a=1", "GET /2?x=1", "GET /3"]);
    assert_eq!(server.connections(), 1);
    let timing = exchange.timing;
    let until_first_byte = timing.first_byte - timing.sent;
    assert!(
        until_first_byte.as_millis() >= 60,
        "{timing:?}: the head of the last answer"
    );
    assert!(timing.done >= timing.first_byte);
}

#[tokio::test]
async fn a_circle_ends_after_ten() {
    let server = Faults::start().await;
    server.on("/loop", redirect(302, "/loop"));

    let mut user = User::new();
    let exchange = user.get(server.url("/loop")).await;

    let last = format!(
        "more than 10 redirects, the last one to {}",
        server.url("/loop")
    );
    assert_eq!(
        failure(&exchange),
        (FailureKind::TooManyRedirects, last.as_str())
    );
    assert_eq!(exchange.redirects, 10);
    assert_eq!(server.seen().len(), 11);
    // The connection is still good.
    user.get(server.url("/")).await;
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn ten_redirects_are_not_too_many() {
    let server = Faults::start().await;
    for n in 1..=10 {
        server.on(&format!("/{n}"), redirect(302, &format!("/{}", n + 1)));
    }
    server.on("/11", ok("there"));
    let exchange = User::new().get(server.url("/1")).await;
    assert_eq!(answer(&exchange), (200, "there".to_owned()));
    assert_eq!(exchange.redirects, 10);
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_the_answer_itself() {
    let server = Faults::start().await;
    server.on("/", reply("302 Found", &[], "where?"));
    let exchange = User::new().get(server.url("/")).await;
    assert_eq!(answer(&exchange), (302, "where?".to_owned()));
    assert_eq!(exchange.redirects, 0);
}

#[tokio::test]
async fn a_redirect_to_what_cannot_be_asked_is_a_failure() {
    let server = Faults::start().await;
    server.on("/", redirect(302, "ftp://127.0.0.1/"));
    let exchange = User::new().get(server.url("/")).await;
    assert_eq!(
        failure(&exchange),
        (
            FailureKind::BadProtocol,
            "redirected to \"ftp://127.0.0.1/\": only http and https can be asked"
        )
    );
    assert_eq!(exchange.redirects, 0);
}

#[tokio::test]
async fn what_is_private_is_not_carried_to_another_host() {
    let (here, there) = (Faults::start().await, Faults::start().await);
    here.on("/", redirect(307, there.url("/").as_ref()));
    there.on("/", redirect(307, here.url("/back").as_ref()));

    let mut asked = post(here.url("/"));
    for (name, value) in [
        ("Authorization", "Bearer t"),
        ("Cookie", "k=v"),
        ("X-Trace", "7"),
    ] {
        asked = with_header(asked, name, value);
    }
    let exchange = User::new().ask(&asked).await;

    assert_eq!(exchange.redirects, 2);
    let private = |seen: &super::faults::Seen| {
        ["authorization", "cookie", "x-trace"].map(|name| seen.header(name).is_some())
    };
    assert_eq!(private(&here.seen()[0]), [true, true, true]);
    assert_eq!(private(&there.seen()[0]), [false, false, true]);
    assert_eq!(private(&here.seen()[1]), [false, false, true]);
    assert_eq!(there.seen()[0].body, "a=1");
}

#[tokio::test]
async fn the_timeout_holds_for_the_whole_chain() {
    let server = Faults::start().await;
    let mut slow = vec![wait_ms(60)];
    slow.extend(redirect(302, "/loop"));
    server.on("/loop", slow);

    let exchange = User::new()
        .ask(&within_ms(get(server.url("/loop")), 200))
        .await;

    // Each hop alone is in time. How many fit in depends on how busy the machine is.
    let hops = exchange.redirects;
    assert!((1..=3).contains(&hops), "{hops} hops of 60 ms in 200 ms");
    let told = format!("no last answer after {hops} redirects within 200ms");
    assert_eq!(
        failure(&exchange),
        (FailureKind::TotalTimeout, told.as_str())
    );
    assert_eq!(exchange.received_bytes, u64::from(hops) * 5);
}

#[tokio::test]
async fn each_hop_can_be_an_exchange_of_its_own() {
    let server = Faults::start().await;
    let mut first = vec![wait_ms(30)];
    first.extend(redirect(302, "/2"));
    server.on("/1", first);
    server.on("/2", redirect(302, "/3"));
    server.on("/3", ok("end"));

    let mut asked = post(server.url("/1"));
    asked.redirects = Redirects::Each;
    let exchange = User::new().ask(&asked).await;

    assert_eq!(answer(&exchange), (200, "end".to_owned()));
    assert_eq!(exchange.redirects, 0, "none is a part of another");
    let bytes: Vec<u64> = exchange.hops.iter().map(|hop| hop.received_bytes).collect();
    assert_eq!((bytes, exchange.received_bytes), (vec![5, 5], 3));
    // One after the other, without a gap.
    let [one, two] = &exchange.hops[..] else {
        panic!("two hops before the last");
    };
    assert_eq!(one.timing.done, two.timing.sent);
    assert_eq!(two.timing.done, exchange.timing.sent);
    assert!(one.timing.first_byte <= one.timing.done);
    assert!(one.timing.done - one.timing.sent >= std::time::Duration::from_millis(30));
}

#[tokio::test]
async fn a_redirect_can_be_the_answer() {
    let server = Faults::start().await;
    server.on("/1", redirect(302, "/2"));
    server.on("/nowhere", redirect(302, "mailto:x"));
    let mut user = User::new();
    for path in ["/1", "/nowhere"] {
        let mut asked = get(server.url(path));
        asked.redirects = Redirects::None;
        let exchange = user.ask(&asked).await;
        assert_eq!(answer(&exchange), (302, "moved".to_owned()));
        assert_eq!(response(&exchange).url, server.url(path));
        assert_eq!((exchange.redirects, exchange.hops.len()), (0, 0));
    }
    assert_eq!(server.lines(), ["GET /1", "GET /nowhere"]);
}

#[tokio::test]
async fn a_hop_that_fails_leaves_those_before_it_as_they_were() {
    let server = Faults::start().await;
    server.on("/1", redirect(302, "/2"));
    server.on("/2", vec![super::faults::Act::Reset]);
    let mut asked = get(server.url("/1"));
    asked.redirects = Redirects::Each;
    let exchange = User::new().ask(&asked).await;
    assert_eq!(failure(&exchange).0, FailureKind::Reset);
    assert_eq!(exchange.hops.len(), 1);
}
