//! How connections are made, where a plan says so: through the command line, against
//! servers and proxies that tell what they saw.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

mod certified;
mod faults;
mod shell;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use certified::{Authority, Server, Valid};
use faults::{Faults, ok};
use serde_json::Value;
use shell::{Ended, Folder};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

/// Three users in turn, two requests each.
fn plan(target: &str, defaults: &str) -> String {
    format!(
        "plan: 1
target: {target}
defaults: {defaults}
users: {{ a: {{ wait: none, sequence: [{{ get: /one }}, {{ get: '/two?b=c' }}] }} }}
load: {{ users: 3, per_user: 1 }}
"
    )
}

/// Runs a plan while the servers of this runtime answer it.
async fn run(folder: Folder) -> (Folder, Ended) {
    tokio::task::spawn_blocking(|| {
        let ended = folder.plan(&["run", "plan.yaml", "-q", "--json", "s.json"]);
        (folder, ended)
    })
    .await
    .unwrap()
}

/// What failed first: its kind and its text.
fn first_failure(folder: &Folder) -> (String, String) {
    let summary: Value = serde_json::from_str(&folder.text("s.json")).unwrap();
    let failure = &summary["failures"][0];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (
        text(&failure["kind"]),
        text(&failure["examples"][0]["detail"]),
    )
}

#[tokio::test]
async fn without_keep_alive_each_request_has_its_connection() {
    for (defaults, connections, header) in [
        // One of them only looks whether anybody listens.
        ("{}", 1 + 3, None),
        ("{ keep_alive: true }", 1 + 3, None),
        ("{ keep_alive: false }", 1 + 6, Some("close")),
    ] {
        let server = Faults::start().await;
        server.on_every(|_| ok("x"));
        let text = plan(server.url("/").as_str(), defaults);
        let (_, ended) = run(Folder::new().file("plan.yaml", text)).await;
        ended.exit(0);
        assert_eq!(server.connections(), connections, "{defaults}");
        for seen in server.seen() {
            assert_eq!(seen.header("connection").as_deref(), header, "{defaults}");
        }
    }
}

/// While its addresses are known, nobody waits for a name. Those who come while it is
/// being looked up wait for that, and it is a part of their time.
#[tokio::test]
async fn names_are_looked_up_as_often_as_a_plan_says() {
    for (ttl, counts) in [
        ("keep_alive: false", 1..=3),
        ("keep_alive: false, dns_ttl: 1h", 1..=3),
        ("keep_alive: false, dns_ttl: 0s", 6..=6),
        ("dns_ttl: 0s", 3..=3),
    ] {
        let server = Faults::start().await;
        server.on_every(|_| ok("x"));
        let target = server.url_as("localhost", "/");
        let text = plan(target.as_str(), &format!("{{ {ttl} }}"));
        let (folder, ended) = run(Folder::new().file("plan.yaml", text)).await;
        ended.exit(0);
        let summary: Value = serde_json::from_str(&folder.text("s.json")).unwrap();
        let count = summary["total"]["phases"]["dns"]["count"].as_u64().unwrap();
        assert!(counts.contains(&count), "{ttl}: {count}");
        // One of them only looked whether anybody listens.
        let connections = summary["total"]["connections"].as_u64().unwrap();
        assert_eq!(connections + 1, server.connections(), "{ttl}");
    }
}

#[tokio::test]
async fn users_take_turns_with_local_addresses() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = format!("http://{}", listener.local_addr().unwrap());
    let peers: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&peers);
    tokio::spawn(async move {
        while let Ok((mut stream, peer)) = listener.accept().await {
            let seen = Arc::clone(&seen);
            tokio::spawn(async move {
                let mut room = [0; 4096];
                // Whoever looks whether somebody listens asks for nothing.
                while stream.read(&mut room).await.unwrap_or(0) > 0 {
                    seen.lock().unwrap().push(peer.ip().to_string());
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                    stream.write_all(answer).await.unwrap();
                }
            });
        }
    });
    let defaults = "{ local_addresses: [127.0.0.2, 127.0.0.3] }";
    let (_, ended) = run(Folder::new().file("plan.yaml", plan(&target, defaults))).await;
    ended.exit(0);
    let mut peers = peers.lock().unwrap().clone();
    peers.sort();
    let (second, third) = ("127.0.0.2", "127.0.0.3");
    assert_eq!(peers, [second, second, second, second, third, third]);
}

#[tokio::test]
async fn an_address_that_this_machine_does_not_have_ends_the_run_before_it_begins() {
    let server = Faults::start().await;
    for (address, why) in [
        (
            "192.0.2.1",
            "no connection comes from 192.0.2.1: Cannot assign requested address",
        ),
        ("'::1'", "no address of it can be reached from ::1"),
    ] {
        let defaults = format!("{{ local_addresses: [{address}] }}");
        let text = plan(server.url("/").as_str(), &defaults);
        let (_, ended) = run(Folder::new().file("plan.yaml", text)).await;
        assert!(ended.stderr.contains(why), "{}", ended.stderr);
        ended.exit(3);
    }
}

#[tokio::test]
async fn a_host_is_found_elsewhere_and_stays_who_it_is() {
    let server = Faults::start().await;
    server.on_every(|_| ok("x"));
    let defaults = format!("{{ resolve: {{ Blog.Example: '{}' }} }}", server.place());
    let text = plan("http://blog.example", &defaults);
    let (_, ended) = run(Folder::new().file("plan.yaml", text)).await;
    ended.exit(0);
    let seen = server.seen();
    assert_eq!(seen.len(), 6);
    for seen in seen {
        assert_eq!(seen.header("host").as_deref(), Some("blog.example"));
        assert!(seen.target.starts_with('/'), "{}", seen.target);
    }
}

#[tokio::test]
async fn a_certificate_is_held_to_the_host_and_not_to_where_it_is_found() {
    let authority = Authority::new("root");
    let server = Server::start(&authority.sign(&["blog.example"], Valid::Now));
    for (name, code) in [("blog.example", 0), ("other.example", 1)] {
        let defaults = format!(
            "{{ tls: {{ ca: root.pem }}, resolve: {{ {name}: '{}' }} }}",
            server.place()
        );
        let folder = Folder::new()
            .file("root.pem", &authority.pem)
            .file("plan.yaml", plan(&format!("https://{name}"), &defaults));
        let (folder, ended) = run(folder).await;
        ended.exit(code);
        if code == 1 {
            assert_eq!(first_failure(&folder).0, "tls_wrong_host");
        }
    }
}

#[tokio::test]
async fn a_proxy_gets_whole_addresses_and_its_own_credentials() {
    let proxy = Faults::start().await;
    proxy.on_every(|_| ok("through"));
    let defaults = format!("{{ proxy: 'http://ann:a%20b@{}' }}", proxy.place());
    let text = plan("http://blog.example:81", &defaults);
    let (_, ended) = run(Folder::new().file("plan.yaml", text)).await;
    ended.exit(0);
    let seen = proxy.seen();
    assert_eq!(seen.len(), 6);
    assert_eq!(seen[0].target, "http://blog.example:81/one");
    for seen in seen {
        assert_eq!(seen.header("host").as_deref(), Some("blog.example:81"));
        let credentials = seen.header("proxy-authorization");
        assert_eq!(credentials.as_deref(), Some("Basic YW5uOmEgYg=="));
    }
}

/// A proxy that makes tunnels to one server, whatever it is asked for; and the heads
/// that it was asked with.
async fn tunnels_to(server: &str) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heads: Arc<Mutex<Vec<String>>> = Arc::default();
    let (seen, server) = (Arc::clone(&heads), server.to_owned());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(tunnel(stream, server.clone(), Arc::clone(&seen)));
        }
    });
    (address, heads)
}

async fn tunnel(mut stream: TcpStream, server: String, seen: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            // Somebody looked whether anybody listens.
            Err(_) => return,
        }
    }
    seen.lock().unwrap().push(String::from_utf8(head).unwrap());
    let mut there = TcpStream::connect(server).await.unwrap();
    let answer = b"HTTP/1.1 200 Connection established\r\n\r\n";
    stream.write_all(answer).await.unwrap();
    // Either side may end it as it likes.
    let _ = copy_bidirectional(&mut stream, &mut there).await;
}

#[tokio::test]
async fn tls_goes_through_a_tunnel_and_is_with_the_server() {
    let authority = Authority::new("root");
    let server = Server::start(&authority.sign(&["blog.example"], Valid::Now));
    let (proxy, heads) = tunnels_to(&server.place()).await;
    let defaults = format!("{{ tls: {{ ca: root.pem }}, proxy: 'http://me:pw@{proxy}' }}");
    let folder = Folder::new()
        .file("root.pem", &authority.pem)
        .file("plan.yaml", plan("https://blog.example", &defaults));
    let (_, ended) = run(folder).await;
    ended.exit(0);
    assert_eq!(server.requests(), 6);
    let heads = heads.lock().unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let asked = format!(
        "CONNECT blog.example:443 HTTP/1.1\r\nhost: blog.example:443\r\n\
         user-agent: plan/{version}\r\nproxy-authorization: Basic bWU6cHc=\r\n\r\n"
    );
    assert_eq!(**heads, [asked.clone(), asked.clone(), asked]);
}

#[tokio::test]
async fn a_proxy_that_makes_no_tunnel_is_a_failure_of_its_own_kind() {
    for (said, told) in [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
            "answered 407",
        ),
        ("HTTP/1.1 502 Bad Gateway\r\n\r\nsorry", "answered 502"),
        (
            "HTTP/1.1 200 OK\r\n\r\nwelcome",
            "said more than that there is one",
        ),
        ("SSH-2.0-x\r\n", "answered what is not HTTP"),
        ("HTTP/1.1 200", "closed the connection"),
        ("", "closed the connection"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut room = [0; 4096];
                if stream.read(&mut room).await.unwrap_or(0) > 0 {
                    stream.write_all(said.as_bytes()).await.unwrap();
                }
            }
        });
        let text = plan(
            "https://blog.example",
            &format!("{{ tls: {{ insecure: true }}, proxy: 'http://{place}' }}"),
        );
        let (folder, ended) = run(Folder::new().file("plan.yaml", text)).await;
        ended.exit(1);
        let detail = format!("the proxy {place}, asked for a tunnel, {told}");
        assert_eq!(first_failure(&folder), ("proxy".to_owned(), detail));
    }
}

#[tokio::test]
async fn whoever_is_not_there_is_told_of_and_not_whoever_was_meant() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = nobody.local_addr().unwrap();
    drop(nobody);
    for defaults in [
        format!("{{ proxy: 'http://{place}' }}"),
        format!("{{ resolve: {{ blog.example: '{place}' }} }}"),
    ] {
        let text = plan("http://blog.example", &defaults);
        let (_, ended) = run(Folder::new().file("plan.yaml", text)).await;
        let told = format!("connection refused by {place}");
        assert!(ended.stderr.contains(&told), "{}", ended.stderr);
        ended.exit(3);
    }
}

/// A class says what is different for its users.
#[tokio::test]
async fn the_nearest_word_holds() {
    let (proxy, server) = (Faults::start().await, Faults::start().await);
    proxy.on_every(|_| ok("x"));
    server.on_every(|_| ok("x"));
    let text = format!(
        "plan: 1
target: {}
defaults: {{ proxy: 'http://{}', keep_alive: false }}
users:
  a: {{ count: 1, wait: none, sequence: [{{ get: /a }}, {{ get: /a }}] }}
  b:
    count: 1
    wait: none
    defaults: {{ proxy: none, keep_alive: true, resolve: {{ 'blog.example:80': '{}' }} }}
    sequence: [{{ get: /b }}, {{ get: /b }}, {{ get: 'http://blog.example/c' }}]
load: {{ users: 2, per_user: 1 }}
",
        server.url("/"),
        proxy.place(),
        server.place(),
    );
    let (_, ended) = run(Folder::new().file("plan.yaml", text)).await;
    ended.exit(0);
    let place = server.place();
    let asked = format!("GET http://{place}/a");
    assert_eq!(proxy.lines(), [asked.clone(), asked]);
    assert_eq!(server.lines(), ["GET /b", "GET /b", "GET /c"]);
}

#[test]
fn what_cannot_be_is_told_where_it_stands() {
    let text = plan(
        "http://h",
        "{ http: 3, keep_alive: maybe, proxy: 'socks5://p:1', local_addresses: [1.2.3, ::1, ::1], \
         resolve: { a: 'http://b', A:80: '1', a:80: '2' }, dns_ttl: soon }",
    );
    let ended = Folder::new()
        .file("plan.yaml", text)
        .plan(&["validate", "plan.yaml"]);
    let told: Vec<&str> = ended
        .stderr
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_eq!(
        told,
        [
            "error[P0006]: `defaults.http` should be 1.1 or 2, not `3`",
            "error[P0003]: `defaults.keep_alive` should be `true` or `false`, not the text `maybe`",
            "error[P0006]: `defaults.proxy` is not a proxy",
            "error[P0006]: `defaults.local_addresses`: `1.2.3` is not an IP address",
            "error[P0005]: the address `::1` is there twice",
            "error[P0006]: `defaults.resolve.a`: `http://b` is not a place",
            "error[P0005]: the host `a:80` is there twice",
            "error[P0006]: `defaults.dns_ttl`: `soon` is not a duration",
        ],
        "{}",
        ended.stderr
    );
    ended.exit(2);
}

#[test]
fn a_proxy_looks_names_up_itself() {
    let text = plan(
        "http://h",
        "{ proxy: 'http://p:3128', resolve: { h: 127.0.0.1 } }",
    );
    Folder::new()
        .file("plan.yaml", text)
        .plan(&["validate", "plan.yaml"])
        .stderr(
            "\
error[P0009]: `resolve` means nothing beside a `proxy`, which connections go to
 --> plan.yaml:3:48
  |
3 | defaults: { proxy: 'http://p:3128', resolve: { h: 127.0.0.1 } }
  |                     -------------              ^ would not be looked at
  |                     |
  |                     since all of them go here
  |
  = help: leave one of them out; a class has none of the plan's with `proxy: none`

1 error in plan.yaml
more on this: plan explain P0009
",
        )
        .exit(2);
}

#[test]
fn whoever_may_not_be_asked_may_not_stand_in_for_another() {
    let text = "\
plan: 1
target: http://ok.example
defaults: { proxy: 'http://evil.example:3128' }
users:
  a:
    wait: none
    defaults: { proxy: none, resolve: { ok.example: 'evil.example' } }
    sequence: [{ get: / }]
load: { users: 1, per_user: 1 }
";
    let ended = Folder::new()
        .file("plan.yaml", text)
        .file("c.toml", "allow_targets = [\"http://ok.example\"]\n")
        .plan(&["validate", "plan.yaml", "--config", "c.toml"]);
    let told: Vec<&str> = ended
        .stderr
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_eq!(
        told,
        [
            "error[P0006]: the proxy `http://evil.example:3128/` may not be asked from here",
            "error[P0006]: the place `http://evil.example/` may not be asked from here",
        ],
        "{}",
        ended.stderr
    );
    ended.exit(2);
}
