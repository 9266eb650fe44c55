//! Cookies: each user has its own, and every hop counts.

use super::{
    User,
    faults::{Faults, Seen, ok, reply},
    get, with_header,
};

fn redirect_with(cookie: &str, location: &str) -> super::faults::Script {
    reply(
        "302 Found",
        &[
            &format!("Set-Cookie: {cookie}"),
            &format!("Location: {location}"),
        ],
        "",
    )
}

fn sent(server: &Faults) -> Vec<String> {
    let cookie = |seen: &Seen| seen.header("cookie").unwrap_or_default();
    server.seen().iter().map(cookie).collect()
}

/// What flaskr does: login sets the cookie on the redirect, logout deletes it on one.
#[tokio::test]
async fn a_session_cookie_comes_and_goes_on_redirects() {
    let server = Faults::start().await;
    server.on(
        "/login",
        redirect_with("session=ey.J1; HttpOnly; Path=/", "/"),
    );
    server.on("/logout", redirect_with("session=; Max-Age=0; Path=/", "/"));
    server.on("/", ok(""));

    let mut user = User::new();
    for path in ["/login", "/", "/logout", "/"] {
        user.get(server.url(path)).await;
    }
    let held = "session=ey.J1";
    //                        /login /     /     /logout /   /
    assert_eq!(sent(&server), ["", held, held, held, "", ""]);
}

/// What an extraction sees of a jar.
#[tokio::test]
async fn a_jar_tells_what_goes_with_the_next_request_there() {
    let server = Faults::start().await;
    let set = [
        "Set-Cookie: session=ey.J1; HttpOnly; Path=/",
        "Set-Cookie: deep=1; Path=/auth",
    ];
    server.on("/auth/login", reply("200 OK", &set, ""));

    let mut user = User::new();
    assert_eq!(user.cookies(&server.url("/")), "");
    user.get(server.url("/auth/login")).await;
    assert_eq!(
        user.cookies(&server.url("/auth/x")),
        "deep=1, session=ey.J1"
    );
    assert_eq!(user.cookies(&server.url("/")), "session=ey.J1");
}

#[tokio::test]
async fn two_users_do_not_share() {
    let server = Faults::start().await;
    let set = |value: &str| reply("200 OK", &[&format!("Set-Cookie: who={value}")], "");
    server.on_turns("/", vec![set("first"), set("second"), ok("")]);

    let (mut first, mut second) = (User::new(), User::new());
    first.get(server.url("/")).await;
    second.get(server.url("/")).await;
    first.get(server.url("/")).await;
    second.get(server.url("/")).await;
    assert_eq!(sent(&server), ["", "", "who=first", "who=second"]);
}

#[tokio::test]
async fn path_and_host_say_who_gets_a_cookie() {
    let server = Faults::start().await;
    let lines = [
        "Set-Cookie: deep=1; Path=/a/b",
        "Set-Cookie: wide=2; Path=/",
        "Set-Cookie: here=3",
        "Set-Cookie: foreign=4; Domain=example.com",
    ];
    server.on("/a/set", reply("200 OK", &lines, ""));

    let mut user = User::new();
    user.get(server.url("/a/set")).await;
    for path in ["/a/b/c", "/a/x", "/"] {
        user.get(server.url(path)).await;
    }
    user.get(server.url_as("localhost", "/a/b")).await;
    assert_eq!(
        sent(&server),
        ["", "deep=1; here=3; wide=2", "here=3; wide=2", "wide=2", ""]
    );
}

#[tokio::test]
async fn a_cookie_of_the_plan_goes_along_with_those_of_the_jar() {
    let server = Faults::start().await;
    server.on("/", reply("200 OK", &["Set-Cookie: jar=1"], ""));
    let mut user = User::new();
    let asked = with_header(get(server.url("/")), "Cookie", "mine=0");
    user.ask(&asked).await;
    user.ask(&asked).await;
    assert_eq!(sent(&server), ["mine=0", "mine=0; jar=1"]);
}

#[tokio::test]
async fn a_cookie_of_an_answer_that_breaks_later_is_kept() {
    let server = Faults::start().await;
    let broken = "HTTP/1.1 200 OK\r\nSet-Cookie: k=v\r\nContent-Length: 9\r\n\r\nhalf";
    server.on_turns(
        "/",
        vec![
            vec![super::faults::send(broken), super::faults::Act::Close],
            ok(""),
        ],
    );
    let mut user = User::new();
    assert!(user.get(server.url("/")).await.outcome.is_err());
    user.get(server.url("/")).await;
    assert_eq!(sent(&server), ["", "k=v"]);
}
