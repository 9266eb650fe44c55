//! The demo as a person and a parent process meet it.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    io::{BufRead, BufReader, Read},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{self, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use plan::demo::{Child, MAX_BODY_BYTES, StartError};
use support::{browser::Browser, demo::Demo};

const PLAN: &str = env!("CARGO_BIN_EXE_plan");

#[test]
fn it_tells_what_it_served_by_method_and_route() {
    let demo = Demo::start();
    let mut ann = logged_in(&demo, "ann");
    for title in ["one", "two"] {
        ann.post("/create", &[("title", title), ("body", "")]);
    }
    for path in ["/1/delete", "/99/delete", "/nowhere"] {
        ann.post(path, &[]);
    }
    ann.get("/__counts");
    ann.get("/2/update");
    ann.ask("BREW", "/", &[], "");
    assert_eq!(
        ann.get("/__counts").body,
        r#"{"total":9,"GET /{id}/update":1,"OTHER /":1,"POST (no route)":1,"POST /auth/login":1,"POST /auth/register":1,"POST /create":2,"POST /{id}/delete":2,"users":1,"posts":1}"#
    );
}

#[test]
fn a_request_that_its_client_gave_up_on_is_counted() {
    let demo = Demo::start();
    let mut stream = TcpStream::connect(demo.address).unwrap();
    let head = "POST /create HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf";
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    let mut browser = Browser::of(demo.address);
    let expected = r#"{"total":1,"POST /create":1,"users":0,"posts":0}"#;
    within(Duration::from_secs(10), || {
        browser.get("/__counts").body == expected
    });
}

#[test]
fn what_was_typed_is_shown_and_never_markup() {
    let demo = Demo::start();
    let mut ann = logged_in(&demo, "O'Hara & \"<b>");
    let fields = [("title", "a/b"), ("body", " {{ 1 }}\r\n</p>\r\n")];
    ann.post("/create", &fields);
    let page = ann.get("/").body;
    let name = "O&#39;Hara &amp; &#34;&lt;b&gt;";
    for expected in [
        format!("<li><span>{name}</span>\n"),
        "<h1>a/b</h1>".to_owned(),
        format!("<div class=\"about\">by {name} on 2"),
        "<a class=\"action\" href=\"/1/update\">Edit</a>".to_owned(),
        "<p class=\"body\"> {{ 1 }}\r\n&lt;/p&gt;\r\n</p>".to_owned(),
    ] {
        assert!(page.contains(&expected), "{expected} is not in {page}");
    }
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let demo = Demo::start();
    let mut ann = logged_in(&demo, "ann");
    let body = "x".repeat(MAX_BODY_BYTES);
    assert_eq!(
        ann.post("/create", &[("title", "t"), ("body", &body)])
            .status,
        413
    );
    let body = "x".repeat(MAX_BODY_BYTES - "title=t&body=".len());
    let mut ann = logged_in(&demo, "ann");
    assert_eq!(
        ann.post("/create", &[("title", "t"), ("body", &body)])
            .status,
        302
    );
}

#[test]
fn the_child_serves_and_is_gone_when_it_is_dropped() {
    let child = Child::start_program(Path::new(PLAN)).unwrap();
    let address = address_in(child.url());
    assert_eq!(Browser::of(address).get("/hello").body, "Hello, World!");
    drop(child);
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn the_child_ends_with_its_input_and_not_with_a_signal() {
    let (mut child, url) = started(&["--child", "--port", "0"]);
    let address = address_in(&url);
    for signal in ["INT", "TERM", "HUP"] {
        send(signal, &child);
    }
    let mut browser = Browser::of(address);
    assert_eq!(browser.get("/hello").status, 200);
    // As when the parent was killed. The connection is still open and idle.
    drop(child.stdin.take());
    assert!(ended(&mut child).success());
}

#[test]
fn alone_it_says_where_it_is_and_ends_with_a_signal() {
    for signal in ["INT", "TERM", "HUP"] {
        let (mut demo, line) = started(&["--port", "0"]);
        let url = line
            .strip_prefix("flaskr demo on ")
            .and_then(|rest| rest.strip_suffix(" (Ctrl-C stops it)"))
            .unwrap_or_else(|| panic!("{line}"));
        assert_eq!(Browser::of(address_in(url)).get("/").status, 200);
        send(signal, &demo);
        assert!(ended(&mut demo).success(), "{signal}");
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let output = Command::new(PLAN)
        .args(["demo", "--port", &port.to_string()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let expected = format!(
        "port {port} is taken; choose another one with --port, or --port 0 for any that is free"
    );
    assert!(stderr.contains(&expected), "{stderr}");
}

#[test]
fn a_program_that_is_no_demo_is_an_error() {
    let missing = Child::start_program(Path::new("/nowhere/plan")).unwrap_err();
    assert!(matches!(missing, StartError::Spawn { .. }), "{missing}");
    let silent = Child::start_program(Path::new("true")).unwrap_err();
    assert!(matches!(silent, StartError::Ended), "{silent}");
    let chatty = Child::start_program(Path::new("echo")).unwrap_err();
    assert_eq!(
        chatty.to_string(),
        "the demo printed `demo --child --port 0` in place of its address"
    );
}

fn logged_in(demo: &Demo, name: &str) -> Browser {
    let mut browser = Browser::of(demo.address);
    let fields = [("username", name), ("password", "secret")];
    browser.post("/auth/register", &fields);
    let answer = browser.post("/auth/login", &fields);
    assert_eq!(answer.header("location"), Some("/"));
    browser
}

/// Starts `plan demo` and reads its first line.
fn started(arguments: &[&str]) -> (process::Child, String) {
    let mut child = Command::new(PLAN)
        .arg("demo")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap().take(200))
        .read_line(&mut line)
        .unwrap();
    (child, line.trim_end().to_owned())
}

fn address_in(url: &str) -> SocketAddr {
    url.strip_prefix("http://").unwrap().parse().unwrap()
}

fn send(signal: &str, child: &process::Child) {
    let command = format!("kill -{signal} {}", child.id());
    let status = Command::new("sh").args(["-c", &command]).status().unwrap();
    assert!(status.success());
}

fn ended(child: &mut process::Child) -> process::ExitStatus {
    let mut status = None;
    within(Duration::from_secs(4), || {
        status = child.try_wait().unwrap();
        status.is_some()
    });
    status.unwrap()
}

fn within(limit: Duration, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < limit, "not within {limit:?}");
        thread::sleep(Duration::from_millis(10));
    }
}
