//! The whole program: the flagship plan against the built-in demo, as a person runs it.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod running;

use std::{
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use running::{demo::Demo, summary_of};
use serde_json::Value;

/// The flagship, short and quick, against `target`.
fn flagship(target: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plan"));
    command
        .args([
            "run",
            "plans/flaskr_endurance.yaml",
            "--no-archive",
            "--target",
            target,
        ])
        .args(["--ramp-up", "1s", "--wait-scale", "0.05", "--seed", "7"]);
    command
}

fn total(summary: &Value, field: &str) -> u64 {
    summary["total"][field].as_u64().expect("a number")
}

/// Everything that the demo has seen is in the report, and nothing else.
fn agree(summary: &Value, counts: &Value) {
    let sent =
        total(summary, "requests") + total(summary, "redirects") + total(summary, "interrupted");
    assert_eq!(counts["total"], sent, "{summary:#}\n{counts:#}");
}

#[test]
fn the_flagship_passes_and_leaves_nothing_behind() {
    let demo = Demo::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("summary.json");
    let output = flagship(&demo.url)
        .args(["--duration", "5s", "--json"])
        .arg(&file)
        .output()
        .unwrap();

    // How fast it is depends on the machine; that nothing fails does not.
    let report = String::from_utf8(output.stdout).unwrap();
    let summary = summary_of(&file);
    assert_eq!(summary["thresholds"][0]["outcome"], "pass", "{report}");
    assert_eq!(
        output.status.code().map(i64::from),
        summary["conclusion"]["exit"].as_i64(),
        "{report}"
    );
    let counts = demo.counts();
    agree(&summary, &counts);
    assert_eq!(total(&summary, "failed"), 0);
    assert!(total(&summary, "requests") > 200, "{summary:#}");
    // 45 of 50 users write posts; all of them have taken theirs back.
    assert_eq!(counts["posts"], 0);
    assert_eq!(counts["users"], 45);
}

#[test]
fn the_demo_can_be_started_for_a_run() {
    let output = Command::new(env!("CARGO_BIN_EXE_plan"))
        .args([
            "run",
            "plans/flaskr_endurance.yaml",
            "--no-archive",
            "--demo",
            "--quiet",
        ])
        .args([
            "--users",
            "10",
            "--duration",
            "1s",
            "--ramp-up",
            "0s",
            "--wait-scale",
            "0.01",
        ])
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.stderr, b"", "quiet is quiet");
}

#[test]
fn ctrl_c_lets_everyone_clean_up() {
    let demo = Demo::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("summary.json");
    let mut run = flagship(&demo.url)
        .args(["--duration", "1h", "--quiet", "--json"])
        .arg(&file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    sleep(Duration::from_secs(3));
    signal(&run, "INT");
    let status = run.wait().unwrap();

    assert_eq!(status.code(), Some(130));
    let summary = summary_of(&file);
    let counts = demo.counts();
    agree(&summary, &counts);
    assert_eq!(summary["ended"], "sigint");
    assert_eq!(counts["posts"], 0);
    assert_eq!(total(&summary, "interrupted"), 0);
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([format!("-{name}"), child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

#[test]
fn a_missing_target_is_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.yaml");
    let text = "plan: 1\nusers:\n  visitor: { wait: 1s, sequence: [{ get: / }] }\nload: { users: 1, duration: 1s }\n";
    std::fs::write(&file, text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_plan"))
        .args(["run", "--no-archive"])
        .arg(&file)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.contains("names no target") && told.contains("--target"),
        "{told}"
    );
}

#[test]
fn a_summary_that_cannot_be_written_is_said_before_the_run() {
    let demo = Demo::start();
    let output = flagship(&demo.url)
        .args([
            "--duration",
            "1s",
            "--quiet",
            "--json",
            "/nowhere/to/be/found.json",
        ])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(
        told.contains("cannot write the report `/nowhere/to/be/found.json`"),
        "{told}"
    );
    assert_eq!(demo.counts()["total"], 0, "nothing was sent");
}

#[test]
fn a_factor_below_zero_is_refused_with_the_reason() {
    let output = Command::new(env!("CARGO_BIN_EXE_plan"))
        .args(["run", "plans/flaskr_endurance.yaml", "--wait-scale", "-1"])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.contains("a factor is a number from 0 to 1000"),
        "{told}"
    );
}

#[test]
fn a_full_disk_under_the_report_does_not_take_the_summary_with_it() {
    let demo = Demo::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("summary.json");
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = flagship(&demo.url)
        .args(["--duration", "1s", "--quiet", "--json"])
        .arg(&file)
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("cannot write the output"), "{told}");
    assert!(total(&summary_of(&file), "requests") > 0);
}
