//! The built program on a real clock.

use std::{fs, path::Path, process::Output};

use assert_cmd::Command;
use serde_json::Value;

use super::{
    faults::{Faults, ok},
    running,
};

/// Between its requests each user computes for a second or so without a pause, so
/// that whatever else the worker has to do is late; on a slow machine even more so.
const COMPUTING: &str = "
plan: 1
target: http://127.0.0.1:5000
users:
  computer: { wait: 10ms, tasks: [compute] }
tasks:
  compute:
    - get: /
    - repeat: 100
      do:
        - set: { digits: '{% for i in range(10000) %}{% endfor %}1' }
    - log: '{{ digits }}'
load: { users: 2, duration: 7s, graceful_stop: 1s }
";

/// Runs a plan with options on one worker; what it said, and its summary.
async fn run(plan: &str, target: String, options: &'static [&'static str]) -> (Output, Value) {
    let plan = plan.to_owned();
    let run = tokio::task::spawn_blocking(move || {
        let folder = tempfile::tempdir().unwrap();
        let in_folder = |name: &str| folder.path().join(name);
        fs::write(in_folder("plan.yaml"), plan).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_plan"))
            .arg("run")
            .arg(in_folder("plan.yaml"))
            .args(["--target", &target, "--workers", "1", "--summary"])
            .arg(in_folder("summary.json"))
            .args(options)
            .output()
            .unwrap();
        let summary = running::summary_of(Path::new(&in_folder("summary.json")));
        (output, summary)
    });
    run.await.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn a_worker_that_computes_all_the_time_leaves_no_verdict_unless_that_is_wanted() {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    let target = server.url("/").to_string();
    let ((judged, summary), (allowed, allowed_summary)) = tokio::join!(
        run(COMPUTING, target.clone(), &[]),
        run(COMPUTING, target, &["--allow-saturation", "--quiet"]),
    );

    let (report, told) = (text(&judged.stdout), text(&judged.stderr));
    assert_eq!(judged.status.code(), Some(4), "{report}{told}");
    assert!(
        report.contains("\n\nThe generator was the bottleneck: it"),
        "{report}"
    );
    let last = report.lines().last().unwrap();
    assert!(
        last.starts_with("INCONCLUSIVE: the generator was the bottleneck: it"),
        "{last}"
    );
    assert!(told.contains("  generator  "), "{told}");
    assert_eq!(summary["verdict"], "inconclusive");
    assert_eq!(summary["generator"]["bottleneck"]["kind"], "saturated");
    assert_eq!(summary["thresholds"][0]["outcome"], "pass");
    if cfg!(target_os = "linux") {
        for known in ["cpu", "memory", "files", "ports"] {
            assert!(summary["generator"][known].is_object(), "{summary:#}");
        }
    }

    let report = text(&allowed.stdout);
    assert_eq!(allowed.status.code(), Some(0), "{report}");
    assert!(
        report.contains(" --allow-saturation\n  started "),
        "{report}"
    );
    assert!(
        report.contains("; which --allow-saturation tolerates.\n"),
        "{report}"
    );
    assert_eq!(allowed_summary["verdict"], "passed");
    assert_eq!(allowed_summary["generator"]["tolerated"], true);
}
