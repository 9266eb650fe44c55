//! What arrives at the server.

use super::{
    User, answer,
    faults::{Faults, ok, send},
    get, headers, post, request, response, with_header,
};
use plan::{
    base::{
        clock::Clock,
        connecting::{Connecting, Lifetime},
        ids::ClassId,
        method::Method,
    },
    exchange::Encoded,
    protocol::{Protocol, http::Http},
    tls::TlsSettings,
};

#[tokio::test]
async fn a_get_says_who_asks_and_nothing_else() {
    let server = Faults::start().await;
    server.on("/x", ok("hello"));

    let mut url = server.url("/x?q=a%20b&r=%2F");
    url.set_fragment(Some("part"));
    let exchange = User::new().get(url).await;

    assert_eq!(answer(&exchange), (200, "hello".to_owned()));
    assert_eq!(response(&exchange).url, server.url("/x?q=a%20b&r=%2F"));
    let seen = &server.seen()[0];
    assert_eq!(seen.line(), "GET /x?q=a%20b&r=%2F");
    let mut sent = seen.headers.clone();
    sent.sort();
    let agent = format!("plan/{}", env!("CARGO_PKG_VERSION"));
    let expected = [
        ("accept", "*/*"),
        ("host", &server.place()),
        ("user-agent", &agent),
    ];
    assert_eq!(
        sent,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[tokio::test]
async fn a_form_is_sent_with_its_type_and_length() {
    let server = Faults::start().await;
    server.on("/create", ok(""));

    User::new().ask(&post(server.url("/create"))).await;

    let seen = &server.seen()[0];
    assert_eq!(seen.line(), "POST /create a=1");
    assert_eq!(
        seen.header("content-type").as_deref(),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(seen.header("content-length").as_deref(), Some("3"));
}

#[tokio::test]
async fn a_post_without_a_body_says_that_it_has_none() {
    let server = Faults::start().await;
    User::new()
        .ask(&request(Method::Post, server.url("/delete")))
        .await;
    assert_eq!(
        server.seen()[0].header("content-length").as_deref(),
        Some("0")
    );
    assert_eq!(server.seen()[0].header("content-type"), None);
}

#[tokio::test]
async fn every_method_is_sent_as_it_is_called() {
    let server = Faults::start().await;
    let mut user = User::new();
    for method in [
        Method::Get,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
        Method::Head,
        Method::Options,
    ] {
        user.ask(&request(method, server.url("/m"))).await;
    }
    assert_eq!(
        server.lines(),
        [
            "GET /m",
            "POST /m",
            "PUT /m",
            "PATCH /m",
            "DELETE /m",
            "HEAD /m",
            "OPTIONS /m"
        ]
    );
}

#[tokio::test]
async fn headers_of_the_plan_come_first() {
    let server = Faults::start().await;
    let mut asked = post(server.url("/"));
    asked.headers = headers(&[
        ("User-Agent", "someone"),
        ("Accept", "text/html"),
        ("Content-Type", "text/plain"),
        ("X-Two", "1"),
        ("X-Two", "2"),
        ("Accept-Language", "Łódź"),
    ]);
    User::new().ask(&asked).await;

    let seen = &server.seen()[0];
    let values = [
        "user-agent",
        "accept",
        "content-type",
        "x-two",
        "accept-language",
    ]
    .map(|name| seen.header(name).unwrap());
    assert_eq!(
        values,
        ["someone", "text/html", "text/plain", "1|2", "Łódź"]
    );
}

#[tokio::test]
async fn user_and_password_of_an_address_become_basic_auth_and_are_not_shown() {
    let server = Faults::start().await;
    server.on("/", super::faults::redirect(302, "/in"));
    server.on("/in", ok(""));
    let mut url = server.url("/");
    url.set_username("me").unwrap();
    url.set_password(Some("s3:cret")).unwrap();

    let mut user = User::new();
    let exchange = user.get(url.clone()).await;
    assert_eq!(response(&exchange).url, server.url("/in"));
    // `me:s3:cret` in base 64, on both hops.
    let expected = Some("Basic bWU6czM6Y3JldA==".to_owned());
    assert_eq!(server.seen()[0].header("authorization"), expected);
    assert_eq!(server.seen()[1].header("authorization"), expected);

    user.ask(&with_header(get(url), "Authorization", "Bearer t"))
        .await;
    assert_eq!(
        server.seen()[2].header("authorization").as_deref(),
        Some("Bearer t")
    );
}

#[tokio::test]
async fn headers_of_an_answer_keep_their_bytes() {
    let server = Faults::start().await;
    server.on(
        "/",
        super::faults::reply("200 OK", &["X-Mixed: Case ł", "X-Two: 1", "X-Two: 2"], ""),
    );
    let exchange = User::new().get(server.url("/")).await;
    let answer = response(&exchange);
    assert_eq!(answer.header("x-mixed"), Some("Case ł".as_bytes()));
    let names: Vec<_> = answer.headers.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["x-mixed", "x-two", "x-two", "content-length"]);
}

/// A request that stays the same is put into bytes once. What differs from time to time
/// is not a part of them: cookies, where a redirect leads, how connections are made.
#[tokio::test]
async fn what_is_encoded_once_is_sent_as_if_it_were_encoded_each_time() {
    let server = Faults::start().await;
    let answer =
        "HTTP/1.1 302 Found\r\nLocation: /next?b=2\r\nSet-Cookie: n=1\r\nContent-Length: 0\r\n\r\n";
    server.on("/create", vec![send(answer)]);
    server.on("/next", ok("there"));
    let one_request = Connecting {
        lifetime: Lifetime::OneRequest,
        ..Connecting::default()
    };
    let mut each_time = post(server.url("/create?a=1"));
    each_time.headers = headers(&[("x-part", "1"), ("cookie", "own=2")]);
    let mut once = each_time.clone();
    once.encoded = Encoded::to_keep();
    for connecting in [Connecting::default(), one_request] {
        let http = Http::new([(&TlsSettings::default(), &connecting)]);
        let mut sent = Vec::new();
        for request in [&each_time, &once] {
            let before = server.seen().len();
            for _ in 0..2 {
                let protocol = Protocol::Http(http.clone());
                let mut user = User {
                    session: protocol.session(1, ClassId::at(0)),
                    clock: Clock::start(),
                };
                for _ in 0..2 {
                    assert!(user.ask(request).await.outcome.is_ok());
                }
            }
            let seen = server.seen().split_off(before);
            assert_eq!(seen.len(), 8);
            let seen = seen.iter().map(|seen| (seen.line(), seen.headers.clone()));
            sent.push(seen.collect::<Vec<_>>());
        }
        assert_eq!(sent[0], sent[1], "{connecting:?}");
        // The second time with the cookie that the first one brought.
        let cookies = |at: usize| {
            let all = sent[1][at].1.iter().filter(|(name, _)| name == "cookie");
            all.map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        assert_eq!(cookies(0), ["own=2"]);
        assert_eq!(cookies(2), ["own=2; n=1"]);
    }
}
