//! What is wrong with a load, as its author sees it.

use super::running::mistakes;

/// The first line, and the help.
fn said(load: &str) -> Vec<String> {
    let text = format!(
        "plan: 1\ntarget: http://127.0.0.1:1\nusers:\n  visitor: {{ wait: 1s, sequence: [{{ get: / }}] }}\nload: {load}\n"
    );
    let told = mistakes(&text);
    let interesting = |line: &&str| {
        line.starts_with("error") || line.starts_with("warning") || line.contains("help:")
    };
    told.lines()
        .filter(interesting)
        .map(|line| line.trim().to_owned())
        .collect()
}

#[test]
fn each_mistake_says_what_to_write() {
    let rows = [
        "{ arrivals: 50, max_users: 5, duration: 1m }",
        "{ arrivals: 50 per second, max_users: 5, duration: 1m }",
        "{ arrivals: fast, max_users: 5, duration: 1m }",
        "{ arrivals: 50/s, duration: 1m }",
        "{ arrivals: 50/s, users: 5, duration: 1m }",
        "{ arrivals: 0/s, max_users: 5, duration: 1m }",
        "{ users: 5, max_users: 5, duration: 1m }",
        "{ stages: [{ to: 100, over: 1m }] }",
        "{ stages: [{ to: 100 users }] }",
        "{ stages: [{ to: 100 users, hold: 1m, over: 1m }] }",
        "{ stages: [{ to: 100 users, over: 1m }, { to: 50/s, over: 1m }] }",
        "{ stages: [{ hold: 1m }] }",
        "{ stages: [{ to: 10 users, over: 0s }] }",
        "{ stages: [{ to: 10 users, over: 1s }], duration: 5m }",
        "{ stages: [{ to: 10 users, over: 1s, name: a }, { hold: 1s, name: a }] }",
        "{ stages: [{ to: 10 users, over: 1s }, { hold: 1s, steady: true }, { hold: 1s, steady: true }] }",
        "{ stages: [] }",
        "{ steps: { by: 10 users, to: 5 users, hold: 1m } }",
        "{ steps: { by: 1 user, to: 5000 users, hold: 1m } }",
        "{ spread: poisson, stages: [{ to: 10 users, over: 1s }] }",
        "{ arrivals: 1/s, max_users: 2000000, duration: 1m }",
        "{ find: { max: users, while: [errors < 1%], from: 10/s, to: 500/s } }",
        "{ find: { max: arrivals, while: [errors < 1%], from: 10/s, to: 500/s } }",
        "{ max_users: 5, find: { max: arrivals, while: [errors < 1%], from: 10 users, to: 500/s } }",
        "{ find: { max: users, from: 10 users, to: 50 users } }",
        "{ find: { max: users, while: [], from: 10 users, to: 50 users } }",
        "{ find: { max: users, while: [errors < 1%], from: 0 users, to: 50 users } }",
        "{ find: { max: users, while: [errors < 1%], from: 50 users, to: 50 users } }",
        "{ find: { max: users, while: [p95 in stage hold < 1s], from: 1 user, to: 50 users } }",
        "{ find: { max: user, while: [errors < 1%], from: 1 user, to: 50 users } }",
        "{ find: { max: users, while: [errors < 1%], from: 1, to: 50 users } }",
        "{ find: { max: users, while: [errors < 1%], from: 1 user } }",
        "{ find: { max: users, while: [errors < 1%], from: 1 user, to: 50 users, precision: 5 } }",
        "{ find: { max: users, while: [errors < 1%], from: 1 user, to: 50 users, precision: 80% } }",
        "{ find: { max: users, while: [errors < 1%], from: 1 user, to: 50 users, hold: 0s } }",
        "{ find: { max: users, while: [errors < 1%], from: 1 user, to: 50 users }, duration: 5m }",
        "{ find: { max: users, until: [errors < 1%], from: 1 user, to: 50 users } }",
        "{ max_users: 5, find: { max: users, while: [errors < 1%], from: 1 user, to: 50 users } }",
    ];
    let all: String = rows
        .iter()
        .map(|load| format!("{load}\n  {}\n", said(load).join("\n  ")))
        .collect();
    let expected = include_str!("mistakes.txt");
    if std::env::var_os("UPDATE_LOAD").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/load/mistakes.txt");
        std::fs::write(file, &all).unwrap();
    } else {
        assert_eq!(all, expected);
    }
}

#[test]
fn a_class_shares_the_load_or_has_its_own() {
    let text = |class: &str, load: &str| {
        format!(
            "plan: 1\ntarget: http://127.0.0.1:1\nusers:\n  visitor: {{ {class}, wait: 1s, sequence: [{{ get: / }}] }}\n{load}\n"
        )
    };
    let own = "load: { users: 5, duration: 1m }";
    assert_eq!(mistakes(&text(own, "")), "");
    assert_eq!(mistakes(&text(own, "load: { graceful_stop: 5s }")), "");
    let told = mistakes(&text(own, "load: { users: 1, duration: 1s }"));
    assert!(
        told.contains("no class takes part in the plan's `load`"),
        "{told}"
    );
    let told = mistakes(&text(&format!("weight: 2, {own}"), ""));
    assert!(told.contains("`weight` and `load`"), "{told}");
    let told = mistakes(&text("load: { users: 5 }", ""));
    assert!(
        told.contains("the `load` of class `visitor` needs `duration`"),
        "{told}"
    );
    let told = mistakes(&text(
        "count: 5",
        "load: { arrivals: 5/s, max_users: 9, duration: 1m }",
    ));
    assert!(
        told.contains("has a number of users, but the load counts arrivals"),
        "{told}"
    );
}
