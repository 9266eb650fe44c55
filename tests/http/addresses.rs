//! Addresses: both protocols of the internet, ports, and who is asking.

use super::{
    User, answer, failure,
    faults::{Act, Faults, ok, redirect},
    get, post, response, with_header,
};

#[tokio::test]
async fn the_sixth_version_of_the_protocol() {
    let server = Faults::start_on("[::1]:0").await;
    server.on("/", redirect(302, "/end?q=1"));
    server.on("/end", ok("there"));
    let mut user = User::new();
    for _ in 0..2 {
        let exchange = user.ask(&post(server.url("/"))).await;
        assert_eq!(answer(&exchange), (200, "there".to_owned()));
        assert_eq!(response(&exchange).url, server.url("/end?q=1"));
    }
    assert_eq!(server.connections(), 1);
    for seen in server.seen() {
        assert_eq!(seen.header("host"), Some(server.place()));
    }
}

#[tokio::test]
async fn what_fails_there_is_named_with_its_brackets() {
    let server = Faults::start_on("[::1]:0").await;
    server.on("/", vec![Act::Close]);
    let exchange = User::new().ask(&post(server.url("/"))).await;
    let place = server.place();
    assert!(place.starts_with("[::1]:"));
    assert_eq!(
        failure(&exchange).1,
        format!("{place} closed the connection before it had answered")
    );
}

/// A cookie of one address is not for the other, though both are this machine.
#[tokio::test]
async fn the_two_versions_are_two_hosts_to_a_cookie() {
    let (six, four) = (Faults::start_on("[::1]:0").await, Faults::start().await);
    let line = format!("Set-Cookie: k=6\r\nLocation: {}", four.url("/"));
    six.on_turns(
        "/",
        vec![super::faults::reply("302 Found", &[&line], ""), ok("")],
    );
    four.on("/", ok(""));
    let mut user = User::new();
    user.get(six.url("/")).await;
    user.get(six.url("/")).await;
    assert_eq!(four.seen()[0].header("cookie"), None);
    assert_eq!(six.seen()[1].header("cookie").as_deref(), Some("k=6"));
}

/// A name with an address of each: the one that nobody listens at is no failure.
#[tokio::test]
async fn a_name_with_two_addresses() {
    let server = Faults::start().await;
    server.on("/", ok("there"));
    let mut user = User::new();
    for _ in 0..2 {
        let exchange = user.get(server.url_as("localhost", "/")).await;
        assert_eq!(answer(&exchange), (200, "there".to_owned()));
    }
    assert_eq!(server.connections(), 1);
    let host = server.seen()[0].header("host").unwrap();
    assert!(host.starts_with("localhost:"), "{host}");
}

/// User and password of an address, as they are sent.
#[tokio::test]
#[rustfmt::skip]
async fn users_and_passwords_in_addresses() {
    //  in the address            base 64 of
    let rows = [
        ("me:secret",             "bWU6c2VjcmV0"),             // me:secret
        ("me",                    "bWU6"),                     // me:
        (":secret",               "OnNlY3JldA=="),             // :secret
        ("me%40home:a%3Ab%2Fc",   "bWVAaG9tZTphOmIvYw=="),     // me@home:a:b/c
        ("%C5%82:%C5%BA",         "xYI6xbo="),                 // ł:ź
    ];
    for (user, encoded) in rows {
        let server = Faults::start().await;
        server.on("/", ok(""));
        let text = format!("http://{user}@{}/", server.place());
        let exchange = User::new().get(text.parse().unwrap()).await;
        let expected = Some(format!("Basic {encoded}"));
        assert_eq!(server.seen()[0].header("authorization"), expected, "{user}");
        assert_eq!(server.seen()[0].header("host"), Some(server.place()), "{user}");
        assert_eq!(response(&exchange).url, server.url("/"), "{user}");
    }
}

/// Neither an answer nor a failure shows it, nor what a report calls the request.
#[tokio::test]
async fn a_password_is_shown_nowhere() {
    let server = Faults::start().await;
    server.on("/ok", ok(""));
    server.on("/closed", vec![Act::Close]);
    server.on("/odd", redirect(302, "gopher://x/"));
    server.on("/loop", redirect(302, "/loop"));
    server.on("/hang", vec![Act::Hang]);
    for path in ["/ok", "/closed", "/odd", "/loop", "/hang"] {
        let text = format!("http://me:secret@{}{path}", server.place());
        let asked = super::within_ms(get(text.parse().unwrap()), 300);
        let exchange = User::new().ask(&asked).await;
        assert!(!format!("{exchange:?}").contains("secret"), "{path}");
        assert_eq!(asked.line(), format!("GET http://{}{path}", server.place()));
    }
}

#[tokio::test]
async fn the_host_that_a_plan_names_is_sent_and_the_address_is_asked() {
    let server = Faults::start().await;
    server.on("/", ok(""));
    let asked = with_header(get(server.url("/")), "Host", "shop.example");
    let exchange = User::new().ask(&asked).await;
    assert_eq!(answer(&exchange).0, 200);
    assert_eq!(
        server.seen()[0].header("host").as_deref(),
        Some("shop.example")
    );
}
