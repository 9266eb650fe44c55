//! As whom requests ask: what goes out, where it goes, and what is said of slips.

use std::sync::{Arc, Mutex};

use plan::{
    protocol::scripted::{Answer, Scripted},
    report,
    stats::RunRecord,
};

use super::wire::{failures, html, plan};
use crate::{
    running::{Run, compile, mistakes},
    shell::Folder,
};

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

#[test]
fn a_password_that_stands_in_the_plan_is_told_of() {
    let rows = [
        ("{ basic: { user: a, password: sesame } }", "1 warning"),
        ("{ bearer: abc }", "this token stands in the plan"),
        (
            "{ basic: { user: a, password: '{{ word }}' } }",
            "1 warning",
        ),
        ("{ bearer: 'x{{ word | upper }}' }", "1 warning"),
        // Nothing to hide, or not known to whoever reads it.
        ("{ basic: { user: key, password: '' } }", ""),
        ("{ basic: { user: a, password: '{{ secret.word }}' } }", ""),
        ("{ bearer: '{{ word }}-{{ user.id }}' }", ""),
        ("{ bearer: '{{ uuid() }}' }", ""),
        ("{ bearer: '{{ made }}' }", ""),
        ("none", ""),
    ];
    let more = "secrets: [word]\nvars: { word: sesame, made: 'x{{ user.id }}', all: '{{ secret.word }}{{ word }}{{ made }}' }\n";
    for (auth, expected) in rows {
        let told = mistakes(&plan(
            &format!("- get: '/{{{{ all }}}}'\n  auth: {auth}"),
            more,
        ));
        let is_told = told.contains("P0411") && told.contains(expected);
        assert!(is_told != expected.is_empty(), "{auth}\n{told}");
    }
    let steps = "- get: /\n  auth: { bearer: '{{ word }}' }";
    assert_eq!(
        mistakes(&plan(steps, "vars: { word: sesame }\n")),
        "\
warning[P0411]: this token stands in the plan
 --> plan.yaml:8:24
  |
3 | vars: { word: sesame }
  |               ------ and whoever reads the plan can use it
...
8 |       auth: { bearer: '{{ word }}' }
  |                        ^^^^^^^^^^ it is always the same
  |
  = help: let whoever runs the plan supply it: `secrets: [word]`, and `{{ secret.word }}` here

1 warning in plan.yaml
"
    );
}

#[test]
fn an_environment_asks_as_somebody_else_and_nobody_is_told_the_token() {
    let text = "\
plan: 1
defaults: { auth: { basic: { user: ada, password: sesame } } }
users: { a: { wait: none, sequence: [{ get: /nothing }] } }
load: { users: 1, per_user: 1 }
environments: { other: { defaults: { auth: { bearer: paprika } } } }
";
    let folder = Folder::new().file("p.yaml", text);
    let rows: [(&[&str], &str); 4] = [
        (&[], "basic"),
        (&["--env", "other"], "bearer"),
        (&["--set", "defaults.auth.basic.password=pepper"], "basic"),
        (&["--set", "defaults.auth={bearer: pepper}"], "bearer"),
    ];
    for (args, scheme) in rows {
        let shown = folder.plan(&[&["show", "p.yaml"], args].concat()).stdout;
        let defaults = shown.split("defaults:").nth(1).unwrap();
        let auth = defaults.split("users:").next().unwrap();
        let schemes = ["basic", "bearer"].into_iter();
        let schemes: Vec<_> = schemes.filter(|one| auth.contains(one)).collect();
        assert_eq!(schemes, [scheme], "{args:?}\n{shown}");

        for asked in [
            &["try", "p.yaml", "--demo", "--curl"][..],
            &["try", "p.yaml", "--demo", "--format", "json"],
            &["run", "p.yaml", "--demo", "--quiet", "--json", "s.json"],
        ] {
            let ended = folder.plan(&[asked, args].concat());
            let mut told = ended.stdout + &ended.stderr;
            if asked[0] == "run" {
                told += &folder.text("s.json");
            }
            assert!(told.contains("***"), "{asked:?} {args:?}\n{told}");
            // Diagnostics point into the plan, and show what stands there.
            let told = told
                .replace("password: sesame", "")
                .replace("bearer: paprika", "");
            for secret in ["sesame", "paprika", "pepper", "YWRhOn"] {
                assert!(!told.contains(secret), "{asked:?} {args:?}\n{told}");
            }
        }
    }
}
