//! Secrets: who supplies them, and that no output has them.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

mod faults;
mod shell;

use std::{fs, os::unix::fs::PermissionsExt as _};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use faults::{Faults, Seen, reply};
use shell::{Ended, Folder};
use url::form_urlencoded;

const SECRET: &str = "s3/cr&t \"wörd\"";

/// Sends it wherever a plan can, writes it wherever a plan can, and is told it back.
const PLAN: &str = "\
plan: 1
secrets: [word]
vars: { copy: '{{ secret.word }}' }
defaults: { timeout: 2s }
users:
  a:
    wait: none
    on_start: [{ get: / , expect: { status: 2xx } , on_fail: continue }]
    sequence: [all]
tasks:
  all:
    - get: '/path/{{ secret.word }}'
      name: 'named {{ copy }}'
      query: { q: '{{ copy }}' }
      headers: { X-Plain: 'w-{{ copy | urlencode }}', Authorization: 'Basic {{ secret.word | urlencode }}' }
      on_fail: continue
    - post: /form
      form: { title: '{{ copy }}', other: 'x{{ copy }}y' }
      expect: { contains: '{{ copy }} is not there' }
      on_fail: continue
    - post: /json
      json: { title: '{{ copy }}', list: ['{{ copy }}'] }
      extract: { gone: { regex: 'nothing ([a-z]+) like it' } }
      on_fail: continue
    - log: 'a line with {{ copy }} in it'
    - record: { type: note, name: '{{ copy }}', ok: false }
    - log: '{{ gone }}'
      when: gone is defined
    - get: 'http://127.0.0.1:9/{{ copy }}'
      on_fail: continue
    - get: '/{{ copy | int }}'
      on_fail: continue
load: { users: 1, per_user: 2, graceful_stop: 1s }
";

async fn server() -> Faults {
    let server = Faults::start().await;
    // An answer that repeats whatever it is asked, as debug pages do.
    server.on_every(|seen: &Seen| {
        let said = format!(
            "{}\n{}\n{SECRET}\n{}",
            seen.head,
            seen.body,
            BASE64_STANDARD.encode(format!("user:{SECRET}"))
        );
        reply("500 Oh No", &["X-Said: w"], &said)
    });
    server
}

async fn called(
    folder: Folder,
    args: Vec<String>,
    environment: Vec<(&'static str, &'static str)>,
) -> (Folder, Ended) {
    tokio::task::spawn_blocking(move || {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let ended = folder.plan_where(&environment, &args);
        (folder, ended)
    })
    .await
    .unwrap()
}

/// All ways in which it could be told, whole or in pieces of some length.
fn shapes() -> Vec<String> {
    let form: String = form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    vec![
        SECRET.to_owned(),
        "cr&t".to_owned(),
        "wörd".to_owned(),
        "w\\u00f6rd".to_owned(),
        "w%C3%B6rd".to_owned(),
        "w%c3%b6rd".to_owned(),
        form,
        BASE64_STANDARD.encode(SECRET)[..12].to_owned(),
        BASE64_STANDARD.encode(format!("user:{SECRET}"))[8..20].to_owned(),
    ]
}

#[tokio::test]
async fn a_secret_reaches_the_target_and_no_output() {
    for (command, more) in [
        ("run", &["--json", "summary.json"][..]),
        ("run", &["--quiet", "--workers", "1"]),
        ("try", &["--curl"]),
        ("try", &["--format", "json"]),
    ] {
        let server = server().await;
        let target = server.url("/").to_string();
        let mut args: Vec<String> = [command, "plan.yaml", "--target", &target]
            .map(str::to_owned)
            .into();
        args.extend(more.iter().map(|arg| (*arg).to_owned()));
        let folder = Folder::new().file("plan.yaml", PLAN);
        let (folder, ended) = called(folder, args, vec![("PLAN_SECRET_WORD", SECRET)]).await;
        let mut outputs = vec![ended.stdout.clone(), ended.stderr.clone()];
        if more.contains(&"--json") {
            outputs.push(folder.text("summary.json"));
        }
        assert!(server.seen().len() >= 4, "{}{}", ended.stdout, ended.stderr);
        assert!(
            server
                .seen()
                .iter()
                .any(|seen| seen.body.contains("s3%2Fcr%26t+%22w%C3%B6rd%22")),
            "{:?}",
            server.lines()
        );
        for output in &outputs {
            for shape in shapes() {
                assert!(
                    !output.contains(&shape),
                    "{command} {more:?}: {shape} in\n{output}"
                );
            }
        }
        let all = outputs.concat();
        assert!(all.contains("***"), "{all}");
    }
}

#[test]
fn whoever_runs_the_plan_supplies_them_and_nobody_else() {
    let plan = "\
plan: 1
target: http://127.0.0.1:9
secrets: [admin_password, api_key]
users: { a: { wait: none, sequence: [{ post: /, form: { p: '{{ secret.admin_password }}{{ secret.api_key }}' } }] } }
load: { users: 1, per_user: 1 }
";
    let folder = || Folder::new().file("plan.yaml", plan);
    // What is not needed is not asked for.
    folder().plan(&["validate", "plan.yaml"]).stderr("").exit(0);
    for command in ["run", "try"] {
        folder()
            .plan_where(&[("ADMIN_PASSWORD", "x"), ("admin_password", "y")], &[command, "plan.yaml"])
            .stderr("error: the plan needs the secret `admin_password`: set PLAN_SECRET_ADMIN_PASSWORD, or give it in --secrets-file, and one more that is missing\n")
            .exit(2);
    }
    let file = folder().file("s.toml", "admin_password = \"first\"\nother = 1\n");
    fs::set_permissions(file.path("s.toml"), fs::Permissions::from_mode(0o600)).unwrap();
    let ended = file.plan_where(
        &[
            ("PLAN_SECRET_API_KEY", "k"),
            ("PLAN_SECRET_ADMIN_PASSWORD", "no"),
        ],
        &["run", "plan.yaml", "--secrets-file", "s.toml"],
    );
    assert_eq!(
        ended.stderr.lines().next().unwrap(),
        "warning: the secret `api_key` has fewer than 4 characters, and is not masked"
    );
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
}

#[test]
fn a_file_of_secrets_that_is_none_is_told_of_without_its_contents() {
    let plan = "\
plan: 1
target: http://127.0.0.1:9
secrets: [a]
users: { a: { wait: none, sequence: [{ get: '/{{ secret.a }}' }] } }
load: { users: 1, per_user: 1 }
";
    for (text, told) in [
        (
            "b = \"x\"\na = hunter2-hunter2\n",
            "error: `s.toml`: line 2 is not of the form NAME = \"VALUE\"\n",
        ),
        (
            "a = 12345678\n",
            "error: `s.toml`: `a` is no text: put it in quotes\n",
        ),
    ] {
        let folder = Folder::new().file("plan.yaml", plan).file("s.toml", text);
        fs::set_permissions(folder.path("s.toml"), fs::Permissions::from_mode(0o600)).unwrap();
        folder
            .plan(&["run", "plan.yaml", "--secrets-file", "s.toml"])
            .stderr(told)
            .exit(2);
    }
    let folder = Folder::new()
        .file("plan.yaml", plan)
        .file("s.toml", "a = \"hunter2\"\n");
    fs::set_permissions(folder.path("s.toml"), fs::Permissions::from_mode(0o644)).unwrap();
    let ended = folder.plan(&["run", "plan.yaml", "--secrets-file", "s.toml"]);
    assert!(
        ended.stderr.starts_with(
            "warning: others than you can read `s.toml`; `chmod 600 s.toml` mends that\n"
        ),
        "{}",
        ended.stderr
    );
    Folder::new()
        .file("plan.yaml", plan)
        .plan(&["run", "plan.yaml", "--secrets-file", "gone.toml"])
        .stderr("error: cannot read `gone.toml`: No such file or directory (os error 2)\n")
        .exit(3);
}

#[test]
fn a_secret_that_the_plan_does_not_name_is_a_mistake_of_the_plan() {
    let plan = "\
plan: 1
secrets: [admin_password, unused, admin_password]
users: { a: { wait: none, sequence: [{ get: '/{{ secret.admin_pasword }}/{{ secret.home }}/{{ secret }}/{{ secret.admin_password }}' }] } }
load: { users: 1, per_user: 1 }
";
    let ended = Folder::new()
        .file("plan.yaml", plan)
        .plan(&["validate", "plan.yaml"]);
    let told: Vec<&str> = ended
        .stderr
        .lines()
        .filter(|line| line.starts_with("error") || line.contains("did you mean"))
        .collect();
    assert_eq!(
        told,
        [
            "error[P0005]: the secret `admin_password` is there twice",
            "error[P0302]: the plan names no secret `admin_pasword`: list it under `secrets`",
            "  = help: did you mean `secret.admin_password`?",
            "error[P0302]: the plan names no secret `home`: list it under `secrets`",
            "error[P0302]: `secret` is no value itself: read one as `secret.NAME`",
        ]
    );
    let unused = plan.replace(", admin_password]", "]").replace(
        "/{{ secret.admin_pasword }}/{{ secret.home }}/{{ secret }}",
        "",
    );
    let ended = Folder::new()
        .file("plan.yaml", unused)
        .plan(&["validate", "plan.yaml"]);
    assert!(
        ended
            .stderr
            .starts_with("warning[P0402]: the secret `unused` is never read\n"),
        "{}",
        ended.stderr
    );
}
