//! Cookies over the wire: which are kept, and for how long.

use super::{
    User,
    faults::{Act, Faults, redirect, reply, send_bytes},
    get,
};

/// What a jar sends to `/` after `/` has answered with these lines, one answer each.
#[tokio::test]
#[rustfmt::skip]
async fn what_is_sent_after_what_was_set() {
    let long = format!("k={}", "v".repeat(4096));
    let rows: [(&str, &[&str], &str); 22] = [
        ("a cookie",                        &["k=v"], "k=v"),
        ("a later one replaces it",         &["k=v", "k=w"], "k=w"),
        ("one of another name does not",    &["k=v", "j=w"], "k=v; j=w"),
        ("names have a case",               &["k=v", "K=w"], "k=v; K=w"),
        ("no age ends it",                  &["k=v", "k=; Max-Age=0"], ""),
        ("an age below nothing ends it",    &["k=v", "k=x; Max-Age=-1"], ""),
        ("a date that is over ends it",     &["k=v", "k=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], ""),
        ("age wins over the date",          &["k=v; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "k=v"),
        ("and the other way",               &["k=v", "k=x; Max-Age=0; Expires=Fri, 01 Jan 2100 00:00:00 GMT"], ""),
        ("a date that is not over",         &["k=v; Expires=Fri, 01 Jan 2100 00:00:00 GMT"], "k=v"),
        ("a date that is none",             &["k=v; Expires=soon"], "k=v"),
        ("an age that is none",             &["k=v; Max-Age=soon"], "k=v"),
        ("ended on another path, it stays", &["k=v; Path=/", "k=; Max-Age=0; Path=/other"], "k=v"),
        // This machine is trusted without, in browsers too.
        ("only for TLS",                    &["k=v; Secure"], "k=v"),
        ("hidden from scripts",             &["k=v; HttpOnly; SameSite=Lax"], "k=v"),
        ("for another host",                &["k=v; Domain=example.com"], ""),
        ("without a value",                 &["k="], "k="),
        ("a value with = in it",            &["k=a=b=="], "k=a=b=="),
        ("a quoted value",                  &["k=\"a b\""], "k=\"a b\""),
        ("space around it",                 &["  k  =  v  ; Path = / "], "k=v"),
        ("attributes nobody knows",         &["k=v; Partitioned; Foo=bar; ;"], "k=v"),
        ("too long",                        &[&long], ""),
    ];
    for (what, lines, sent) in rows {
        let server = Faults::start().await;
        let answers = lines.iter().map(|line| reply("200 OK", &[&format!("Set-Cookie: {line}")], ""));
        server.on_turns("/", answers.collect());
        let mut user = User::new();
        for _ in lines {
            user.get(server.url("/")).await;
        }
        user.get(server.url("/")).await;
        let last = server.seen().pop().unwrap();
        assert_eq!(last.header("cookie").unwrap_or_default(), sent, "{what}");
    }
}

#[tokio::test]
async fn an_age_is_in_seconds() {
    let server = Faults::start().await;
    let lines = [
        "Set-Cookie: short=1; Max-Age=1",
        "Set-Cookie: long=1; Max-Age=3600",
    ];
    server.on_turns(
        "/",
        vec![reply("200 OK", &lines, ""), reply("200 OK", &[], "")],
    );
    let mut user = User::new();
    user.get(server.url("/")).await;
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    user.get(server.url("/")).await;
    let last = server.seen().pop().unwrap();
    assert_eq!(last.header("cookie").as_deref(), Some("long=1"));
}

/// Whatever the answer is, also one before the answer of a chain.
#[tokio::test]
async fn every_status_sets_cookies() {
    let server = Faults::start().await;
    let mut user = User::new();
    let statuses = ["200 OK", "204 No Content", "404 Not Found", "500 Oops"];
    for (place, status) in statuses.iter().enumerate() {
        let path = format!("/{place}");
        let line = format!("Set-Cookie: c{place}=1; Path=/");
        let mut script = reply(status, &[&line], "");
        if place == 1 {
            let head = format!("HTTP/1.1 {status}\r\n{line}\r\n\r\n");
            script = vec![send_bytes(head.as_bytes())];
        }
        server.on(&path, script);
        user.get(server.url(&path)).await;
    }
    assert_eq!(user.cookies(&server.url("/")), "c0=1, c1=1, c2=1, c3=1");
}

#[tokio::test]
async fn each_line_is_for_itself() {
    let server = Faults::start().await;
    let lines = [
        "Set-Cookie: one=1, two=2",
        "Set-Cookie: nonsense",
        "Set-Cookie: =nameless",
        "SET-COOKIE: three=3",
        "set-cookie: four=4",
    ];
    server.on("/", reply("200 OK", &lines, ""));
    let mut user = User::new();
    user.get(server.url("/")).await;
    let kept = user.cookies(&server.url("/"));
    assert_eq!(kept, "one=1, two=2, three=3, four=4");
}

/// Bytes that are no text cannot be sent back as they were.
#[tokio::test]
async fn a_cookie_that_is_no_text_is_left_out() {
    let server = Faults::start().await;
    let head =
        b"HTTP/1.1 200 OK\r\nSet-Cookie: k=\xe9\r\nSet-Cookie: l=1\r\nContent-Length: 0\r\n\r\n";
    server.on("/", vec![send_bytes(head)]);
    let mut user = User::new();
    user.get(server.url("/")).await;
    assert_eq!(user.cookies(&server.url("/")), "l=1");
}

/// One on each hop, and each hop sends what the ones before it have set.
#[tokio::test]
async fn a_chain_collects_cookies() {
    let server = Faults::start().await;
    for hop in 1..=3 {
        let mut script = redirect(302, &format!("/{}", hop + 1));
        let line = format!("Set-Cookie: c{hop}=1; Path=/\r\nContent-Length");
        if let Some(Act::Send(bytes)) = script.first_mut() {
            let text = String::from_utf8(bytes.clone()).unwrap();
            *bytes = text.replacen("Content-Length", &line, 1).into_bytes();
        }
        server.on(&format!("/{hop}"), script);
    }
    User::new().get(server.url("/1")).await;
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("cookie").unwrap_or_default())
        .collect();
    assert_eq!(sent, ["", "c1=1", "c1=1; c2=1", "c1=1; c2=1; c3=1"]);
}

/// A lost connection takes no cookies with it.
#[tokio::test]
async fn cookies_outlive_connections() {
    let server = Faults::start().await;
    let mut set = reply("200 OK", &["Set-Cookie: k=v", "Connection: close"], "");
    set.push(Act::Close);
    server.on_turns("/", vec![set, vec![Act::Reset], reply("200 OK", &[], "")]);
    let mut user = User::new();
    for _ in 0..3 {
        let _ = user.ask(&get(server.url("/"))).await;
    }
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("cookie"))
        .collect();
    let held = Some("k=v".to_owned());
    assert_eq!(sent, [None, held.clone(), held]);
    assert_eq!(server.connections(), 3);
}
