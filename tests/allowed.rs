//! `allow_targets`: a plan cannot point a run where whoever runs it does not want it.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

mod faults;
mod shell;

use faults::{Faults, ok, redirect};
use shell::{Ended, Folder};

const PLAN: &str = "\
plan: 1
target: TARGET
vars: { host: 'HOST', port: 'PORT' }
users: { a: { wait: none, sequence: [all] } }
tasks:
  all:
    - { get: /, on_fail: continue }
    - { get: /away, on_fail: continue }
    - { get: 'http://{{ host }}:{{ port }}/x', on_fail: continue }
load: { users: 1, per_user: 1 }
";

async fn called(folder: Folder, environment: &[(&str, String)], args: &[&str]) -> (Folder, Ended) {
    let environment: Vec<(String, String)> = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    tokio::task::spawn_blocking(move || {
        let environment: Vec<(&str, &str)> = environment
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let ended = folder.plan_where(&environment, &args);
        (folder, ended)
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn what_is_made_while_it_runs_is_refused_without_a_connection() {
    let (here, elsewhere) = (Faults::start().await, Faults::start().await);
    here.on("/", ok("here"));
    here.on("/away", redirect(302, elsewhere.url("/x").as_str()));
    elsewhere.on("/x", ok("elsewhere"));
    let plan = PLAN
        .replace("TARGET", here.url("/").as_str())
        .replace("HOST", elsewhere.place().split(':').next().unwrap())
        .replace("PORT", elsewhere.place().split(':').next_back().unwrap());
    let config = format!("allow_targets = [\"http://{}\"]\n", here.place());
    let folder = Folder::new()
        .file("plan.yaml", plan)
        .file("plan/config.toml", config);
    let home = folder.path("");

    let args = ["run", "plan.yaml", "--quiet", "--json", "s.json"];
    let (folder, ended) = called(folder, &[("XDG_CONFIG_HOME", home)], &args).await;
    let place = elsewhere.place();
    for line in [
        "  1 × not_allowed in GET /away, after ".to_owned(),
        "  1 × not_allowed in GET {host}:{port}/x, after ".to_owned(),
        format!("      {place} is not among `allow_targets`\n"),
    ] {
        assert!(ended.stdout.contains(&line), "{line} in {}", ended.stdout);
    }
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert_eq!(elsewhere.connections(), 0);
    assert_eq!(here.lines(), ["GET /", "GET /away"]);

    // Without the configuration they are asked.
    let (_, ended) = called(folder, &[], &["run", "plan.yaml", "--quiet"]).await;
    assert_eq!(
        (ended.code, elsewhere.lines().len()),
        (Some(0), 2),
        "{}",
        ended.stdout
    );
}

#[test]
fn what_stands_in_the_plan_is_refused_before_anything_is_sent() {
    let plan = "\
plan: 1
target: https://prod.example
users:
  a:
    wait: none
    sequence:
      - get: /
      - get: 'http://127.0.0.1:9/{{ user.id }}'
      - get: https://other.example/x
load: { users: 1, per_user: 1 }
environments: { staging: { target: 'https://x.staging.example' }, odd: { target: 'https://odd.example' } }
";
    let config = "allow_targets = [\"http://127.0.0.1:*\", \"https://*.staging.example\"]\n";
    let folder = Folder::new().file("plan.yaml", plan).file("c.toml", config);
    for command in ["validate", "run", "try", "show", "graph"] {
        let ended = folder.plan(&[command, "plan.yaml", "--config", "c.toml"]);
        let told: Vec<&str> = ended
            .stderr
            .lines()
            .filter(|line| line.starts_with("error"))
            .collect();
        assert_eq!(
            told,
            [
                "error[P0006]: the target `https://prod.example/` may not be asked from here",
                "error[P0006]: the server of `https://other.example/` may not be asked from here",
                "error[P0006]: the target `https://odd.example/` may not be asked from here",
            ],
            "{command}"
        );
        let help = "help: allowed are http://127.0.0.1:* and https://*.staging.example; whoever runs plans here adds";
        assert!(ended.stderr.contains(help), "{}", ended.stderr);
        ended.exit(2);
    }
    let ended = folder.plan(&[
        "validate",
        "plan.yaml",
        "--config",
        "c.toml",
        "--target",
        "https://evil.example",
    ]);
    assert!(
        ended
            .stderr
            .contains("the target `https://evil.example/` may not"),
        "{}",
        ended.stderr
    );
    // Nobody else is held to it.
    folder.plan(&["validate", "plan.yaml"]).stderr("").exit(0);
}

#[test]
fn a_configuration_that_says_something_else_ends_every_command() {
    for (text, told) in [
        (
            "allow_target = []\n",
            "`allow_target` is not a key of it; did you mean `allow_targets`?",
        ),
        (
            "allow_targets = \"http://h\"\n",
            "`allow_targets` is a list of texts",
        ),
        (
            "allow_targets = [\"h:80\"]\n",
            "`allow_targets`: `h:80` begins with neither `http://` nor `https://`; a target is written like `http://127.0.0.1:*` or `https://*.staging.example`",
        ),
        (
            "x = 1\nallow_targets = [\n",
            "line 2: unclosed array, expected `]`",
        ),
    ] {
        let folder = Folder::new().file("c.toml", text);
        let ended = folder.plan_where(&[("PLAN_CONFIG", "c.toml")], &["schema"]);
        assert_eq!(
            ended.stderr,
            format!("error: configuration `c.toml`: {told}\n")
        );
        ended.exit(2);
    }
    Folder::new()
        .plan(&["schema", "--config", "gone.toml"])
        .stderr("error: cannot read the configuration `gone.toml`: No such file or directory (os error 2)\n")
        .exit(3);
    // Nobody has to have one.
    Folder::new()
        .plan_where(&[("HOME", "/nowhere")], &["schema"])
        .stderr("")
        .exit(0);
}

#[test]
fn a_file_outside_of_the_plans_folder_is_refused() {
    let plan = "\
plan: 1
include: [../tasks.yaml, link.yaml]
data: { rows: { csv: /etc/hostname } }
users: { a: { wait: none, sequence: [{ get: '/{{ secret.home }}{{ rows.x }}' }] } }
load: { users: 1, per_user: 1 }
";
    let folder = Folder::new()
        .file("plans/plan.yaml", plan)
        .file("tasks.yaml", "plan: 1\ntasks: {}\n");
    std::os::unix::fs::symlink(folder.path("tasks.yaml"), folder.path("plans/link.yaml")).unwrap();
    let ended = folder.plan_where(
        &[("PLAN_SECRET_HOME", "x")],
        &["validate", "plans/plan.yaml"],
    );
    for told in [
        "cannot read `tasks.yaml`: a plan reads only files below its own folder `plans`",
        "cannot read `plans/link.yaml`: a plan reads only files below its own folder `plans`",
    ] {
        assert!(ended.stderr.contains(told), "{told} in {}", ended.stderr);
    }
    ended.exit(2);
}
