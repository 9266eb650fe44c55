//! What a user keeps from round to round, and what the next one does not have:
//! through a whole plan.

use plan::exchange::FailureKind;

use super::{
    faults::{Act, Faults, Seen, ok, redirect, reply},
    running,
};

/// Runs the tasks of a class on one worker.
async fn run(server: &Faults, class: &str, load: &str) -> plan::stats::RunRecord {
    let target = server.url("/");
    let graph = running::compile(&format!(
        "
        plan: 1
        target: {target}
        users:
          one: {class}
        tasks:
          walk: [{{ get: /page }}]
        load: {load}
        "
    ));
    running::real::run(graph, 1).await
}

fn cookies(server: &Faults) -> Vec<String> {
    let cookie = |seen: &Seen| {
        let cookie = seen.header("cookie").unwrap_or_default();
        format!("{} {cookie}", seen.target).trim_end().to_owned()
    };
    server.seen().iter().map(cookie).collect()
}

#[tokio::test]
async fn cookies_and_the_connection_stay_from_round_to_round() {
    let server = Faults::start().await;
    server.on(
        "/login",
        reply("200 OK", &["Set-Cookie: session=1; Path=/"], ""),
    );
    server.on("/page", ok(""));
    let class =
        "{ wait: none, on_start: [{ post: /login }], tasks: [walk], on_stop: [{ get: /out }] }";
    let record = run(&server, class, "{ users: 1, per_user: 3 }").await;
    assert_eq!(record.total.failed, 1, "404 at the end");
    assert_eq!(
        cookies(&server),
        [
            "/login",
            "/page session=1",
            "/page session=1",
            "/page session=1",
            "/out session=1"
        ]
    );
    assert_eq!(server.connections(), 1);
}

/// Whose start failed is followed by a new user: with no cookies, and no connection.
#[tokio::test]
async fn the_next_user_begins_with_nothing() {
    let server = Faults::start().await;
    let login = |status: &str| reply(status, &["Set-Cookie: session=1; Path=/"], "");
    server.on_turns("/login", vec![login("500 Oops"), login("200 OK")]);
    server.on("/page", ok(""));
    let class = "{ wait: none, on_start: [{ post: /login }], tasks: [walk] }";
    let record = run(&server, class, "{ users: 1, iterations: 2 }").await;
    assert_eq!(record.classes[0].failed_starts, 1);
    assert_eq!(cookies(&server), ["/login", "/login", "/page session=1"]);
    let connections: Vec<_> = server.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [1, 2, 2]);
}

/// A chain is one row, a row for each hop, or not followed: and every request is
/// in one of them.
#[tokio::test]
async fn rows_of_a_chain_add_up_to_what_arrived() {
    for (redirects, rows) in [
        ("follow", &["GET /page 1 2"][..]),
        (
            "each",
            &[
                "GET /page 1 0",
                "GET /page → redirect 1 1 0",
                "GET /page → redirect 2 1 0",
            ],
        ),
        ("none", &["GET /page 1 0"]),
    ] {
        let server = Faults::start().await;
        server.on("/page", redirect(302, "/2"));
        server.on("/2", redirect(302, "/3"));
        server.on("/3", ok(""));
        let class =
            format!("{{ wait: none, tasks: [walk], defaults: {{ redirects: {redirects} }} }}");
        let record = run(&server, &class, "{ users: 1, per_user: 1 }").await;
        let found: Vec<_> = record
            .rows
            .iter()
            .filter(|row| row.requests() > 0)
            .map(|row| format!("{} {} {}", row.name, row.ok, row.redirects))
            .collect();
        assert_eq!(found, rows, "{redirects}");
        let total = &record.total;
        assert_eq!(total.ok + total.redirects, server.counts().arrived);
    }
}

/// Resent requests are counted beside those that went well.
#[tokio::test]
async fn what_was_sent_again_is_counted_apart() {
    let server = Faults::start().await;
    server.on_turns("/page", vec![ok(""), vec![Act::Close], ok("")]);
    let class = "{ wait: none, tasks: [walk] }";
    let record = run(&server, class, "{ users: 1, per_user: 3 }").await;
    let total = &record.total;
    assert_eq!((total.ok, total.failed, total.resent), (3, 0, 1));
    assert_eq!(server.counts().arrived, 4);

    // On a new connection there is nothing to send again.
    let server = Faults::start().await;
    server.on_turns("/page", vec![vec![Act::Close], ok("")]);
    let record = run(&server, class, "{ users: 1, per_user: 2 }").await;
    let total = &record.total;
    assert_eq!((total.ok, total.failed, total.resent), (1, 1, 0));
    assert_eq!(record.failures[0].kind, FailureKind::Reset);
}
