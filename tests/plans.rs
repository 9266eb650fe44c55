//! Every plan and example of the repository runs, and ends as it says.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod running;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
};

use running::{demo::Demo, summary_of};

/// What a short run of a plan ends with, where it is not 0.
const ENDS_WITH: [(&str, i64); 2] = [
    // It notices what the plan without `_checked` counts as a success.
    ("user_register_checked.yaml", 1),
    // It sends nothing, so there is nothing to judge.
    ("weights.yaml", 4),
];

/// What makes a plan short whose load has no single level or time that options change.
const SHORTENED_BY: [(&str, &[&str]); 6] = [
    ("capacity.yaml", SHORT_SEARCH),
    ("capacity.toml", SHORT_SEARCH),
    ("spike.yaml", SHORT_STAGES),
    ("spike.toml", SHORT_STAGES),
    (
        "staircase.yaml",
        &[
            "--set",
            "load.steps={ by: 2 users, to: 6 users, hold: 300ms }",
        ],
    ),
    (
        "own_load.yaml",
        &[
            "--ramp-up",
            "0s",
            "--duration",
            "1s",
            "--set",
            "users.crawler.load.start_after=200ms",
            "--set",
            "users.crawler.load.duration=500ms",
        ],
    ),
];
const SHORT_SEARCH: &[&str] = &[
    "--set",
    "load.find.to=15/s",
    "--set",
    "load.find.settle=0s",
    "--set",
    "load.find.hold=1s",
    "--set",
    "load.find.cool_down=0s",
];
const SHORT: &[&str] = &["--ramp-up", "0s", "--ramp-down", "0s", "--duration", "1s"];
const SHORT_STAGES: &[&str] = &[
    "--duration",
    "400ms",
    "--set",
    "load.stages.0.over=100ms",
    "--set",
    "load.stages.1.hold=200ms",
    "--set",
    "load.stages.3.hold=200ms",
    "--set",
    "load.stages.6.over=100ms",
];

/// What plans are warned of that show what happens without the care they lack: the
/// counter that is counted and forgotten, and what comes of that.
const WARNED_OF: [(&str, &[&str]); 2] = [
    ("user_register.yaml", &["P0402", "P0406"]),
    ("user_register_checked.yaml", &["P0402", "P0406"]),
];

fn plan(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plan"))
        .args(args)
        .output()
        .unwrap()
}

/// Plans in a folder; the files with tasks only are left out.
fn plans(folder: &str) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|ending| ending == "yaml" || ending == "toml")
                && path.file_stem().is_some_and(|name| name != "tasks")
        })
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no plans in {folder}");
    found
}

fn run_all(folder: &str) {
    let demo = Demo::start();
    thread::scope(|scope| {
        for path in plans(folder) {
            let demo = &demo;
            scope.spawn(move || run_one(&path, demo));
        }
    });
}

/// Runs a plan for a second, with hardly a wait.
fn run_one(path: &Path, demo: &Demo) {
    let name = path.to_str().unwrap();
    let validated = plan(&["validate", "--format", "json", name]);
    assert_eq!(validated.status.code(), Some(0), "{validated:?}");
    let told = String::from_utf8(validated.stdout).unwrap();
    let codes: Vec<String> = told
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|line| line["code"].as_str().unwrap().to_owned())
        .collect();
    let expected = WARNED_OF.iter().find(|(known, _)| path.ends_with(known));
    let expected = expected.map_or(&[][..], |(_, codes)| codes);
    assert_eq!(codes, expected, "{name}: {told}");

    let mut args = vec![
        "run",
        name,
        "--no-archive",
        "--target",
        &demo.url,
        "--quiet",
    ];
    args.extend(["--wait-scale", "0.02"]);
    let shortened = SHORTENED_BY.iter().find(|(known, _)| path.ends_with(known));
    args.extend(shortened.map_or(SHORT, |(_, options)| options));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("summary.json");
    args.extend(["--json", file.to_str().unwrap()]);
    let output = plan(&args);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(file.exists(), "{name}: {told}");
    let summary = summary_of(&file);

    let expected = ENDS_WITH.iter().find(|(known, _)| path.ends_with(known));
    let expected = expected.map_or(0, |(_, code)| *code);
    // How fast it is depends on the machine: a threshold on a time may fail here.
    let thresholds = summary["thresholds"].as_array().unwrap();
    let slow = thresholds
        .iter()
        .all(|threshold| threshold["outcome"] == "pass" || threshold["unit"] == "us");
    let ended = &summary["conclusion"]["exit"];
    assert!(
        *ended == expected || (*ended == 1 && slow),
        "{name}: {}\n{told}",
        String::from_utf8_lossy(&output.stdout)
    );
    if expected == 0 {
        assert_eq!(summary["total"]["failed"], 0, "{name}");
    }
}

#[test]
fn the_plans() {
    run_all("plans");
}

#[test]
fn the_plans_of_the_blog() {
    run_all("plans/flaskr");
}

#[test]
fn the_examples() {
    run_all("examples");
}

#[test]
fn the_example_program() {
    let demo = Demo::start();
    let text = fs::read_to_string("examples/first.yaml").unwrap();
    let text = text
        .replace("http://127.0.0.1:5000", &demo.url)
        .replace("duration: 10s", "duration: 1s");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("first.yaml");
    fs::write(&file, text).unwrap();

    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--example", "run_a_plan", "--"])
        .arg(&file)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(told.contains("\nGET /  "), "{told}");
    assert!(
        told.ends_with("PASSED: the threshold errors < 1% holds (exit 0)\n"),
        "{told}"
    );
}

/// Runs a plan to its own end against a demo of its own, with no waits.
fn counts(plan_file: &str) -> (i64, Vec<(String, u64)>) {
    let demo = Demo::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("summary.json");
    let args = [
        "run",
        plan_file,
        "--no-archive",
        "--target",
        &demo.url,
        "--quiet",
    ];
    let rest = ["--wait-scale", "0", "--ramp-up", "0s", "--json"];
    plan(&[&args[..], &rest, &[file.to_str().unwrap()]].concat());
    let summary = summary_of(&file);
    let rows = summary["rows"].as_array().unwrap().iter().map(|row| {
        assert_eq!(row["failed"], 0, "{row}");
        let name = row["name"].as_str().unwrap().to_owned();
        (name, row["requests"].as_u64().unwrap())
    });
    (
        summary["conclusion"]["exit"].as_i64().unwrap(),
        rows.collect(),
    )
}

#[test]
fn all_actions_are_done_exactly_as_often_as_the_plan_says() {
    // 22 users at 4 : 4 : 3 : 2 : 1 : 8, each with 20 rounds of its one set.
    let (edits, adds, deletes, logins, registers, looks) = (4, 4, 3, 2, 1, 8);
    let rounds = 20;
    let expected = [
        ("GET /", looks * rounds),
        ("POST /auth/login", logins * rounds + edits + adds + deletes),
        (
            "POST /auth/register",
            registers * rounds + edits + adds + deletes + logins,
        ),
        ("POST /create", (adds + deletes) * rounds + edits),
        ("POST /{post_id}/delete", deletes * rounds),
        ("POST /{post_id}/update", edits * rounds),
    ];
    assert_eq!(expected.map(|(_, count)| count), [160, 51, 33, 144, 60, 80]);
    for file in [
        "plans/flaskr/all_actions.yaml",
        "plans/flaskr/all_actions.toml",
    ] {
        let (exit, rows) = counts(file);
        let rows: Vec<_> = rows.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(rows, expected, "{file}");
        assert_eq!(exit, 0, "{file}");
    }
}

#[test]
fn what_is_done_once_is_done_once() {
    let (exit, rows) = counts("plans/flaskr/simple_requests.yaml");
    assert!(rows.iter().all(|(_, count)| *count == 1), "{rows:?}");
    assert_eq!((rows.len(), exit), (4, 0));
}
