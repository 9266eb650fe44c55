//! `--threshold`, and what a run that aborts looks like from outside.

use std::process::{Command, Output};

use super::{
    plan,
    running::{demo::Demo, summary_of},
};

fn run(args: &[&str]) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_plan"))
        .args(args)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// A plan in a folder of its own.
fn file(thresholds: &[&str], load: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.yaml");
    std::fs::write(&path, plan(thresholds, load)).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn a_threshold_that_is_none_is_refused_with_its_option() {
    let (_folder, path) = file(&["errors < 1%"], "{ users: 1, duration: 1s }");
    for command in ["run", "validate"] {
        let (exit, _, stderr) = run(&[command, &path, "--threshold", "eror < 1%"]);
        assert_eq!(exit, 2);
        assert!(
            stderr.contains(
                "invalid value 'eror < 1%' for '--threshold <TEXT>': `eror` is no metric"
            ),
            "{stderr}"
        );
        assert!(stderr.contains("did you mean `errors`?"), "{stderr}");
    }
}

#[test]
fn a_threshold_on_what_is_not_there_is_told_of_with_its_option() {
    let (_folder, path) = file(&["errors < 1%"], "{ users: 1, duration: 1s }");
    let (exit, _, stderr) = run(&["validate", &path, "--threshold", "p95 of class nobody < 1s"]);
    assert_eq!(exit, 2);
    assert!(
        stderr.contains("error[P0206]: no class is named `nobody`"),
        "{stderr}"
    );
    assert!(stderr.contains("--threshold"), "{stderr}");
    let (exit, ..) = run(&[
        "validate",
        &path,
        "--threshold",
        "p95 of class visitor < 1s",
    ]);
    assert_eq!(exit, 0);
}

/// The plan has none: then the default is not used. Terminal, summary and the target's
/// own count agree on a run that ended early.
#[test]
fn a_threshold_of_the_command_line_ends_a_run() {
    let demo = Demo::start();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.yaml");
    let text = plan(&[], "{ users: 3, duration: 5m }").replace("thresholds:\n", "");
    std::fs::write(&path, text).unwrap();
    let summary = folder.path().join("summary.json");
    let (exit, stdout, stderr) = run(&[
        "run",
        "--no-archive",
        path.to_str().unwrap(),
        "--target",
        &demo.url,
        "--threshold",
        "max < 1us abort",
        "--threshold",
        "errors < 1%",
        "--json",
        summary.to_str().unwrap(),
    ]);
    assert_eq!(exit, 1, "{stdout}{stderr}");
    let summary = summary_of(&summary);
    assert_eq!(summary["ended"], "aborted_by_threshold");
    assert_eq!(summary["thresholds_are_default"], false);
    let options = serde_json::json!([
        format!("--target {}/", demo.url),
        "--threshold 'max < 1us abort'",
        "--threshold 'errors < 1%'",
    ]);
    assert_eq!(summary["options"], options);
    let requests = summary["total"]["requests"].as_u64().unwrap();
    assert!(requests >= 3);
    assert_eq!(demo.counts()["total"], requests, "{}", demo.counts());
    let total = stdout
        .lines()
        .find(|line| line.starts_with("total"))
        .unwrap();
    assert!(total.contains(&format!(" {requests} ")), "{total}");
    let last = stdout.lines().last().unwrap();
    assert!(last.starts_with("FAILED, aborted after "), "{last}");
    assert!(last.contains(": max < 1us abort was "), "{last}");
    assert!(
        stderr.contains("  threshold  max < 1us abort was "),
        "{stderr}"
    );
}
