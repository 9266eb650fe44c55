//! `plan simulate`: days on a virtual clock.

#![allow(clippy::unwrap_used)]

mod running;

use std::{
    path::Path,
    process::{Command, Output},
};

use running::summary_of;
use serde_json::Value;

/// A plan that needs an answer to go on: a value of a page, an expectation, a form.
const PLAN: &str = "
plan: 1
secrets: [token]
users:
  author:
    wait: 1s..3s
    on_start:
      - post: /login
        expect: { final_path: / }
    tasks: [edit]
tasks:
  edit:
    - get: /
      headers: { authorization: 'Bearer {{ secret.token }}' }
      extract: { id: { css: 'a.edit', attr: href } }
    - wait
    - get: '/edit/{{ id }}'
      name: edit
    - wait
    - submit: form.edit
      name: save
      fields: { title: x }
      expect: { status: 200, contains: saved }
load: { users: 5, ramp_up: 30s, duration: 10m }
";

fn simulate(folder: &Path, plan: &str, options: &[&str]) -> Output {
    let path = folder.join("plan.yaml");
    std::fs::write(&path, plan).unwrap();
    Command::new(env!("CARGO_BIN_EXE_plan"))
        .arg("simulate")
        .arg(&path)
        .args(options)
        .output()
        .unwrap()
}

fn summary(folder: &Path, plan: &str, options: &[&str]) -> (Value, u64) {
    let file = folder.join("summary.json");
    let mut all = vec!["--json", file.to_str().unwrap(), "--quiet"];
    all.extend(options);
    let output = simulate(folder, plan, &all);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code().is_some_and(|code| code < 2), "{told}");
    (summary_of(&file), std::fs::metadata(&file).unwrap().len())
}

#[test]
fn every_step_of_a_plan_is_done_as_often_as_in_earnest() {
    let folder = tempfile::tempdir().unwrap();
    let (summary, _) = summary(folder.path(), PLAN, &["--latency", "100ms"]);
    let requests = |name: &str| {
        let mut rows = summary["rows"].as_array().unwrap().iter();
        let row = rows.find(|row| row["name"] == name);
        row.unwrap_or_else(|| panic!("no row {name} in {summary:#}"))["ok"]
            .as_u64()
            .unwrap()
    };
    assert_eq!(summary["total"]["failed"], 0);
    assert_eq!(requests("POST /login"), 5);
    // Three steps of 100 ms with three waits of 2 s on average: about 95 rounds each.
    let rounds = requests("save");
    assert!((440..=510).contains(&rounds), "{rounds}");
    assert!(requests("edit") - rounds <= 5);
    assert!(requests("GET /") - rounds <= 5);
    assert_eq!(summary["total"]["response"]["max_us"], 100_000);
}

#[test]
fn the_same_seed_gives_the_same_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let of = |seed: &str| {
        let options = ["--seed", seed, "--errors", "5%"];
        let (mut summary, _) = summary(folder.path(), PLAN, &options);
        let object = summary.as_object_mut().unwrap();
        // The calendar's, and what the machine was like.
        for key in ["started", "generator"] {
            object.remove(key);
        }
        summary
    };
    let first = of("7");
    assert_eq!(first, of("7"));
    assert_ne!(first["total"], of("8")["total"]);
    let errors = first["total"]["errors"].as_f64().unwrap();
    assert!((0.03..0.07).contains(&errors), "{errors}");
    assert_eq!(first["failures"][0]["kind"], "status");
}

#[test]
fn the_report_of_days_is_no_longer_than_that_of_an_hour() {
    let folder = tempfile::tempdir().unwrap();
    let plan = PLAN.replace("users: 5", "users: 1");
    let (hour, hour_bytes) = summary(folder.path(), &plan, &["--duration", "1h"]);
    let (day, day_bytes) = summary(folder.path(), &plan, &["--duration", "4h"]);
    let requests = |summary: &Value| summary["total"]["requests"].as_u64().unwrap();
    assert!(requests(&day) > 3 * requests(&hour));
    assert!(day_bytes < hour_bytes + 200, "{hour_bytes}, {day_bytes}");
}

#[test]
fn it_shows_the_load_and_says_that_nothing_was_asked() {
    let folder = tempfile::tempdir().unwrap();
    let load = "load: { users: 5, ramp_up: 30s, duration: 10m }";
    let staged = "load:
  max_users: 10
  stages:
    - { to: 8/s, over: 30s }
    - { hold: 30s }
    - { to: 0/s, over: 0s }
    - { hold: 30s }
";
    let output = simulate(folder.path(), &PLAN.replace(load, staged), &["--seed", "1"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.starts_with("  arrivals per second\n  8 │"), "{text}");
    assert!(text.contains("\n  requests per second\n"), "{text}");
    assert!(text.contains("\nSimulated 1m"), "{text}");
    let target = "target   nowhere: a simulated target, answers after p50=20ms,p99=200ms";
    assert!(text.contains(target), "{text}");
}

#[test]
fn what_is_wrong_is_said_before() {
    let folder = tempfile::tempdir().unwrap();
    let rows = [
        (vec!["--latency", "fast"], "valid are 20ms"),
        (vec!["--errors", "5"], "a percentage such as 1%"),
        (vec!["--rate", "5/s"], "the load counts users"),
    ];
    for (options, told) in rows {
        let output = simulate(folder.path(), PLAN, &options);
        assert_eq!(output.status.code(), Some(2), "{options:?}");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(text.contains(told), "{text}");
    }
    let output = simulate(folder.path(), &PLAN.replace("users: 5,", ""), &[]);
    assert_eq!(output.status.code(), Some(2));
}
