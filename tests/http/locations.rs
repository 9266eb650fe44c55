//! Where redirects lead, and what goes along.

use plan::{
    base::{method::Method, redirects::Redirects},
    exchange::FailureKind,
};
use url::Url;

use super::{
    User, answer, failure,
    faults::{Act, Faults, chunks, ok, redirect, reply, send, send_bytes},
    get, post, request, response, with_form, with_header,
};

/// What the request line after a redirect says.
#[tokio::test]
#[rustfmt::skip]
async fn locations_as_browsers_read_them() {
    //  Location (HERE is this server)     what is asked for next
    let rows = [
        ("/end",                           "/end"),
        ("end",                            "/dir/end"),
        ("./end",                          "/dir/end"),
        ("../end",                         "/end"),
        ("../../../end",                   "/end"),
        ("end/",                           "/dir/end/"),
        ("?q=2",                           "/dir/start?q=2"),
        ("//HERE/end",                     "/end"),
        ("http://HERE/end",                "/end"),
        ("HTTP://HERE/end",                "/end"),
        ("http://HERE",                    "/"),
        ("http:end",                       "/dir/end"),
        ("/end#part",                      "/end"),
        ("/end?q=1#part?no",               "/end?q=1"),
        ("/a b",                           "/a%20b"),
        ("/a%20b",                         "/a%20b"),
        ("/a%2Fb",                         "/a%2Fb"),
        ("\\end",                          "/end"),
        ("/łódź?ł=ź",                      "/%C5%82%C3%B3d%C5%BA?%C5%82=%C5%BA"),
        ("  /end  ",                       "/end"),
        ("/\"<>`{}|",                      "/%22%3C%3E%60%7B%7D|"),
        ("/end?a=\"<>'",                   "/end?a=%22%3C%3E%27"),
    ];
    for (location, asked) in rows {
        let server = Faults::start().await;
        let location = location.replace("HERE", &server.place());
        server.on_turns("/dir/start", vec![redirect(302, &location), ok("")]);
        let exchange = User::new().get(server.url("/dir/start?q=1#old")).await;
        let seen = server.seen();
        assert_eq!(seen.len(), 2, "{location}: {exchange:?}");
        assert_eq!(seen[1].target, asked, "{location}");
        assert_eq!(exchange.redirects, 1, "{location}");
        assert_eq!(response(&exchange).url, server.url(asked), "{location}");
    }
}

/// An empty location is this very address: a circle.
#[tokio::test]
async fn a_location_of_nothing_is_a_circle() {
    for location in ["", "#part"] {
        let server = Faults::start().await;
        server.on("/x", redirect(302, location));
        let exchange = User::new().get(server.url("/x?q=1")).await;
        let (kind, detail) = failure(&exchange);
        assert_eq!(kind, FailureKind::TooManyRedirects, "{location:?}");
        let last = format!(
            "more than 10 redirects, the last one to {}",
            server.url("/x?q=1")
        );
        assert_eq!(detail, last);
        assert_eq!(server.lines(), ["GET /x?q=1"; 11]);
    }
}

#[tokio::test]
async fn two_addresses_that_point_at_each_other() {
    let server = Faults::start().await;
    server.on("/a", redirect(307, "/b"));
    server.on("/b", redirect(308, "/a"));
    let exchange = User::new().ask(&post(server.url("/a"))).await;
    assert_eq!(failure(&exchange).0, FailureKind::TooManyRedirects);
    assert_eq!((exchange.redirects, server.seen().len()), (10, 11));
    assert!(server.seen().iter().all(|seen| seen.body == "a=1"));
}

#[tokio::test]
#[rustfmt::skip]
async fn locations_that_cannot_be_followed() {
    let rows: [(&[u8], &str); 7] = [
        (b"mailto:me@example.com",   "redirected to \"mailto:me@example.com\": only http and https can be asked"),
        (b"javascript:alert(1)",     "redirected to \"javascript:alert(1)\": only http and https can be asked"),
        (b"file:///etc/passwd",      "redirected to \"file:///etc/passwd\": only http and https can be asked"),
        (b"http://",                 "redirected to \"http://\": empty host"),
        (b"http://[::1",             "redirected to \"http://[::1\": invalid IPv6 address"),
        (b"http://a:99999/",         "redirected to \"http://a:99999/\": invalid port number"),
        (b"/caf\xe9",                "redirected to \"/caf\u{fffd}\": it is not UTF-8"),
    ];
    for (location, expected) in rows {
        let server = Faults::start().await;
        let head = [b"HTTP/1.1 302 Found\r\nLocation: ", location, b"\r\nContent-Length: 0\r\n\r\n"].concat();
        server.on("/", vec![send_bytes(&head)]);
        let exchange = User::new().get(server.url("/")).await;
        assert_eq!(failure(&exchange), (FailureKind::BadProtocol, expected));
        assert_eq!((exchange.redirects, server.seen().len()), (0, 1), "{expected}");
    }
}

#[tokio::test]
async fn statuses_that_send_nobody_elsewhere() {
    let server = Faults::start().await;
    let mut user = User::new();
    for status in [200, 201, 300, 304, 305, 306, 399, 404, 503] {
        let path = format!("/{status}");
        let head = format!("HTTP/1.1 {status} X\r\nLocation: /end\r\nContent-Length: 0\r\n\r\n");
        server.on(&path, vec![send(&head)]);
        let exchange = user.get(server.url(&path)).await;
        assert_eq!(answer(&exchange), (status, String::new()));
        assert_eq!(exchange.redirects, 0);
    }
    assert_eq!((server.seen().len(), server.connections()), (9, 1));
}

/// The body of a redirect is read and counted, however its end is told.
#[tokio::test]
async fn bodies_on_the_way() {
    let server = Faults::start().await;
    let chunked = "HTTP/1.1 302 Found\r\nLocation: /2\r\nTransfer-Encoding: chunked\r\n\r\n";
    server.on(
        "/1",
        vec![send(chunked), send("3\r\nabc\r\n0\r\nX: 1\r\n\r\n")],
    );
    let to_the_end = "HTTP/1.1 302 Found\r\nLocation: /3\r\n\r\nabcd";
    server.on("/2", vec![send(to_the_end), Act::Close]);
    server.on("/3", redirect(302, "/4"));
    server.on("/4", chunks(&["e", "nd"]));
    let exchange = User::new().get(server.url("/1")).await;
    assert_eq!(answer(&exchange), (200, "end".to_owned()));
    assert_eq!((exchange.redirects, exchange.received_bytes), (3, 15));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_redirect_that_breaks_is_not_followed() {
    let server = Faults::start().await;
    let head = "HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 9\r\n\r\nhalf";
    server.on("/", vec![send(head), Act::Close]);
    let exchange = User::new().get(server.url("/")).await;
    assert_eq!(failure(&exchange).0, FailureKind::TruncatedBody);
    assert_eq!((exchange.redirects, exchange.received_bytes), (0, 4));
    assert_eq!(server.lines(), ["GET /"]);
}

/// Who cannot be asked has seen nothing, and so nothing was followed.
#[tokio::test]
async fn to_a_place_where_nobody_listens() {
    let server = Faults::start().await;
    let gone = Faults::start().await;
    let (place, url) = (gone.place(), gone.url("/"));
    drop(gone);
    super::a_moment().await;
    server.on("/", redirect(302, url.as_str()));
    let exchange = User::new().get(server.url("/")).await;
    let detail = format!("connection refused by {place}");
    assert_eq!(failure(&exchange), (FailureKind::Refused, detail.as_str()));
    assert_eq!((exchange.redirects, server.lines().len()), (0, 1));
}

/// Another port is another origin to a password, and the same host to a cookie.
#[tokio::test]
async fn a_password_in_the_address_goes_nowhere_else_and_is_in_no_url() {
    let (here, there) = (Faults::start().await, Faults::start().await);
    here.on("/", redirect(302, there.url("/away").as_str()));
    there.on("/away", redirect(302, here.url("/back").as_str()));
    let mut url = here.url("/");
    url.set_username("me").unwrap();
    url.set_password(Some("secret")).unwrap();
    let exchange = User::new().get(url).await;
    assert_eq!(response(&exchange).url, here.url("/back"));
    let sent = |seen: &super::faults::Seen| seen.header("authorization");
    assert_eq!(sent(&here.seen()[0]).as_deref(), Some("Basic bWU6c2VjcmV0"));
    assert_eq!(sent(&there.seen()[0]), None);
    assert_eq!(sent(&here.seen()[1]), None);
    assert!(!format!("{exchange:?}").contains("secret"));
    assert!(!here.seen()[0].head.contains("secret"));
}

/// A location may bring a user and a password of its own; they are not shown either.
#[tokio::test]
async fn a_password_in_a_location() {
    let server = Faults::start().await;
    server.on_turns(
        "/",
        vec![
            redirect(302, &format!("http://you:hidden@{}/", server.place())),
            ok(""),
        ],
    );
    let exchange = User::new().get(server.url("/")).await;
    assert_eq!(response(&exchange).url, server.url("/"));
    assert_eq!(
        server.seen()[1].header("authorization").as_deref(),
        Some("Basic eW91OmhpZGRlbg==")
    );
    let circle = format!("http://you:hidden@{}/", server.place());
    server.on("/", redirect(302, &circle));
    let exchange = User::new().get(server.url("/")).await;
    let (kind, detail) = failure(&exchange);
    assert_eq!(kind, FailureKind::TooManyRedirects);
    assert!(!detail.contains("hidden"), "{detail}");
}

#[tokio::test]
async fn what_describes_a_body_goes_with_it() {
    let server = Faults::start().await;
    server.on("/get", redirect(302, "/end"));
    server.on("/stay", redirect(307, "/end"));
    server.on("/end", ok(""));
    let mut user = User::new();
    for path in ["/get", "/stay"] {
        let mut asked = with_form(request(Method::Post, server.url(path)));
        asked = with_header(asked, "Content-Language", "pl");
        asked = with_header(asked, "X-Trace", "7");
        user.ask(&asked).await;
    }
    let end: Vec<_> = server
        .seen()
        .into_iter()
        .filter(|seen| seen.target == "/end")
        .map(|seen| {
            let names = [
                "content-type",
                "content-length",
                "content-language",
                "x-trace",
            ];
            (seen.line(), names.map(|name| seen.header(name).is_some()))
        })
        .collect();
    assert_eq!(
        end,
        [
            ("GET /end".to_owned(), [false, false, false, true]),
            ("POST /end a=1".to_owned(), [true, true, true, true]),
        ]
    );
}

/// As one exchange, as an exchange for each hop, and not at all.
#[tokio::test]
async fn one_chain_counted_in_three_ways() {
    let server = Faults::start().await;
    server.on("/1", redirect(302, "/2"));
    server.on("/2", redirect(302, "/3"));
    server.on("/3", reply("200 OK", &[], "end"));
    let mut user = User::new();
    for (redirects, counted, hops, requests) in [
        (Redirects::Follow, 2, 0, 3),
        (Redirects::Each, 0, 2, 3),
        (Redirects::None, 0, 0, 1),
    ] {
        let before = server.counts().arrived;
        let mut asked = get(server.url("/1"));
        asked.redirects = redirects;
        let exchange = user.ask(&asked).await;
        assert_eq!(exchange.redirects, counted, "{redirects:?}");
        assert_eq!(exchange.hops.len(), hops, "{redirects:?}");
        let arrived = server.counts().arrived - before;
        assert_eq!(arrived, requests, "{redirects:?}");
        // Every request that arrived is one of what is counted.
        assert_eq!(arrived, 1 + u64::from(counted) + hops as u64);
    }
}

/// A host of another name is another host, though the machine is the same.
#[tokio::test]
async fn cookies_and_passwords_know_hosts_by_name() {
    let server = Faults::start().await;
    let there = server.url_as("localhost", "/there");
    let set = reply(
        "302 Found",
        &["Set-Cookie: here=1; Path=/", &format!("Location: {there}")],
        "",
    );
    server.on("/", set);
    let back = Url::parse(&format!("http://{}/back", server.place())).unwrap();
    server.on("/there", redirect(302, back.as_str()));
    server.on("/back", ok(""));
    let asked = with_header(get(server.url("/")), "Authorization", "Bearer t");
    User::new().ask(&asked).await;
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| {
            (
                seen.header("cookie"),
                seen.header("authorization").is_some(),
            )
        })
        .collect();
    let cookie = Some("here=1".to_owned());
    assert_eq!(sent, [(None, true), (None, false), (cookie, false)]);
}
