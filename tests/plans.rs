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
const ENDS_WITH: [(&str, i64); 0] = [];

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
    let validated = plan(&["validate", name]);
    assert_eq!(validated.status.code(), Some(0), "{validated:?}");

    let mut args = vec!["run", name, "--target", &demo.url, "--quiet"];
    args.extend([
        "--wait-scale",
        "0.02",
        "--ramp-up",
        "0s",
        "--ramp-down",
        "0s",
    ]);
    args.extend(["--duration", "1s"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("summary.json");
    args.extend(["--summary", file.to_str().unwrap()]);
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
