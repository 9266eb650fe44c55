//! As whom requests ask: what goes out, where it goes, and what is said of slips.

use std::sync::{Arc, Mutex};

use plan::{
    protocol::scripted::{Answer, Scripted},
    report,
    stats::RunRecord,
};

use super::wire::{failures, html, plan};
use crate::running::{Run, compile, mistakes};

/// Each request's address, and what it says of who asks.
async fn asked(steps: &str, more: &str) -> (Vec<String>, RunRecord) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    let target = Scripted::new(move |asked| {
        let headers = asked.request.headers.iter();
        let mut who = headers.filter(|(name, _)| **name == *"authorization");
        let line = match who.next() {
            None => asked.request.url.to_string(),
            Some((_, value)) => format!("{} {}", asked.request.url, value.as_str()),
        };
        assert!(who.next().is_none(), "{line}");
        seen.lock().unwrap().push(line);
        match asked.request.url.path() {
            "/wrong" => Answer::new(500, "no: sesame77 of ada"),
            _ => html("<form action=/in></form><form id=abroad action=http://other.test/></form>"),
        }
    });
    let record = Run::of(compile(&plan(steps, more)), target).go().await;
    let lines = asked.lock().unwrap().clone();
    (lines, record)
}

#[tokio::test(start_paused = true)]
async fn a_request_asks_as_somebody() {
    let steps = "
        - get: /a
          auth: { basic: { user: 'u{{ user.id }}', password: 'ł:p' } }
        - post: /b
          auth: { bearer: 't-{{ word }}' }
        - get: /c
        ";
    let (lines, record) = asked(steps, "vars: { word: x }\n").await;
    assert_eq!(failures(&record), []);
    assert_eq!(
        lines,
        [
            // `printf 'u1:ł:p' | base64`
            "http://target/a Basic dTE6xYI6cA==",
            "http://target/b Bearer t-x",
            "http://target/c",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_nearest_counts_and_a_default_stays_with_the_target() {
    let defaults = "defaults: { auth: { bearer: default } }\n";
    let steps = "
        - get: /a
        - get: /b
          auth: none
        - get: /c
          auth: { bearer: own }
        - get: /d
          headers: { Authorization: by hand }
        - get: http://target:81/e
        - get: http://other.test/f
        - get: http://other.test/g
          auth: { bearer: own }
        - submit: form
        - get: /h
        - submit: '#abroad'
        ";
    let (lines, record) = asked(steps, defaults).await;
    assert_eq!(failures(&record), []);
    assert_eq!(
        lines,
        [
            "http://target/a Bearer default",
            "http://target/b",
            "http://target/c Bearer own",
            "http://target/d by hand",
            "http://target:81/e",
            "http://other.test/f",
            "http://other.test/g Bearer own",
            "http://other.test/in?",
            "http://target/h Bearer default",
            "http://other.test/?",
        ]
    );
    let by_hand = "defaults: { headers: { authorization: by hand } }\n";
    let (lines, _) = asked("- get: /a\n- get: /b\n  auth: none", by_hand).await;
    assert_eq!(lines, ["http://target/a by hand", "http://target/b"]);
}

#[tokio::test(start_paused = true)]
async fn what_says_who_asks_is_masked() {
    let steps = "
        - get: /wrong
          auth: { basic: { user: ada, password: '{{ word }}' } }
        ";
    let (lines, record) = asked(steps, "vars: { word: sesame77 }\n").await;
    assert_eq!(lines, ["http://target/wrong Basic YWRhOnNlc2FtZTc3"]);
    let text = report::summary(&record).to_string();
    assert!(
        text.contains("authorization: ***") && text.contains("no: *** of ada"),
        "{text}"
    );
    assert!(
        !text.contains("sesame77") && !text.contains("YWRhOnNlc2FtZTc3"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_makes_no_header_fails_the_request() {
    let rows = [
        (
            "{ basic: { user: '{{ word }}', password: x } }",
            "`auth`: the name of a user cannot hold `:`",
        ),
        ("{ bearer: \"{{ word }}\\n\" }", "`auth`: "),
    ];
    for (auth, detail) in rows {
        let (lines, record) = asked(
            &format!("- get: /\n  auth: {auth}"),
            "vars: { word: 'a:b' }\n",
        )
        .await;
        assert!(lines.is_empty(), "{auth}: {lines:?}");
        let told = failures(&record);
        assert_eq!(told[0].1, "template");
        assert!(told[0].2.contains(detail), "{told:?}");
    }
}

#[test]
fn slips_in_auth_are_told() {
    let rows = [
        ("auth: basic", "P0003"),
        ("auth: {}", "needs `basic` or `bearer`"),
        (
            "auth: { basic: { user: a } }",
            "`tasks.all[0].auth.basic.password` is missing",
        ),
        ("auth: { user: a, password: b }", "it belongs under `basic`"),
        (
            "auth: { basic: { user: a, password: b }, bearer: c }",
            "exclude each other",
        ),
        (
            "auth: { bearer: a }\n  headers: { authorization: b }",
            "P0009",
        ),
        ("auth: { bearer: '{{ nobody }}' }", "P0302"),
    ];
    for (keys, expected) in rows {
        let told = mistakes(&plan(&format!("- get: /\n  {keys}"), ""));
        assert!(told.contains(expected), "{keys}\n{told}");
    }
}
