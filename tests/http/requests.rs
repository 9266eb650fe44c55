//! What arrives at the server.

use super::{
    User, answer,
    faults::{Faults, ok},
    get, headers, post, request, response, with_header,
};
use plan::base::method::Method;

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
