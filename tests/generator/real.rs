//! The built program on a real clock.

use std::{fs, path::Path, process::Output};

use assert_cmd::Command;
use serde_json::Value;

use super::{
    faults::{Faults, ok},
    running,
};

/// Between its requests each user computes for some tenths of a second without a pause,
/// and of four there is always another one who computes: whatever the worker has to do is
/// late, also where the target or the machine is slow and the worker gets no whole core.
const COMPUTING: &str = "
plan: 1
target: http://127.0.0.1:5000
users:
  computer: { wait: 10ms, tasks: [compute] }
tasks:
  compute:
    - get: /
    - repeat: 50
      do:
        - set: { digits: '{% for i in range(10000) %}{% endfor %}1' }
    - log: '{{ digits }}'
load: { users: 4, duration: 10s, graceful_stop: 2s }
";

/// Runs a plan with options on one worker; what it said, and its summary.
async fn run(plan: &str, target: String, options: &'static [&'static str]) -> (Output, Value) {
    let plan = plan.to_owned();
    let run = tokio::task::spawn_blocking(move || {
        let folder = tempfile::tempdir().unwrap();
        let in_folder = |name: &str| folder.path().join(name);
        fs::write(in_folder("plan.yaml"), plan).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_plan"))
            .args(["run", "--no-archive"])
            .arg(in_folder("plan.yaml"))
            .args(["--target", &target, "--workers", "1", "--json"])
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
    assert!(told.contains("  generator  "), "{told}{summary:#}");
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

/// Runs the program with what a shell does before.
async fn run_after(shell: &str, plan: &str, server: &Faults) -> (Output, Option<Value>) {
    let (shell, plan) = (shell.to_owned(), plan.to_owned());
    let target = server.url("/").to_string();
    let run = tokio::task::spawn_blocking(move || {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plan.yaml");
        let summary = folder.path().join("summary.json");
        fs::write(&file, plan).unwrap();
        let output = Command::new("sh")
            .args(["-c", &format!("{shell} && exec \"$0\" \"$@\"")])
            .args([env!("CARGO_BIN_EXE_plan"), "run", "--no-archive"])
            .arg(file)
            .args(["--target", &target, "--workers", "1", "--quiet", "--json"])
            .arg(&summary)
            .output()
            .unwrap();
        (
            output,
            summary.exists().then(|| running::summary_of(&summary)),
        )
    });
    run.await.unwrap()
}

#[tokio::test]
async fn a_run_does_not_begin_where_users_cannot_have_a_connection_each() {
    let server = Faults::start().await;
    let plan = "
plan: 1
target: http://127.0.0.1:5000
users: { visitor: { wait: 1s, sequence: [get: /] } }
load: { users: 100, duration: 1s }
";
    let (output, summary) = run_after("ulimit -n 64", plan, &server).await;
    assert_eq!(
        text(&output.stderr),
        "error: 100 users need 124 open files, one for each connection, and no more than 64 are allowed\n\
         help: raise the hard limit before: `ulimit -n 124` as root, `LimitNOFILE=124` in a unit of systemd, \
         `--ulimit nofile=124` of a container; or take fewer users\n"
    );
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(summary, None);
    assert_eq!(server.connections(), 0);

    // Who keeps none needs none for each, and arrivals need no user that is not busy.
    let changes = [
        ("users: { v", "defaults: { keep_alive: false }\nusers: { v"),
        ("users: 100", "arrivals: 2/s, max_users: 100"),
    ];
    for (from, to) in changes {
        let (output, _) = run_after("ulimit -n 64", &plan.replace(from, to), &server).await;
        let told = text(&output.stderr);
        assert!(
            told.starts_with(
                "warning: 100 users may need up to 124 open files, and no more than 64 are allowed: each connection is one\n\
                 help: raise the hard limit before: `ulimit -n 124` as root,"
            ),
            "{told}"
        );
    }
}

#[tokio::test]
async fn a_low_limit_that_may_be_raised_is_raised() {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    let plan = "
plan: 1
target: http://127.0.0.1:5000
users: { visitor: { wait: 1s, sequence: [get: /] } }
load: { users: 100, per_user: 1 }
";
    let (output, summary) = run_after("ulimit -Sn 64", plan, &server).await;
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    let summary = summary.unwrap();
    assert_eq!(summary["total"]["ok"], 100);
    if cfg!(target_os = "linux") {
        assert!(summary["generator"]["files"]["limit"].as_u64().unwrap() > 64);
    }
}

#[tokio::test]
async fn connections_without_a_file_are_told_of_before_and_after_and_leave_no_verdict() {
    let server = Faults::start().await;
    server.on("/", ok("x"));
    // Fifty connections, kept until the last pass is over; there is room for thirty.
    let plan = "
plan: 1
target: http://127.0.0.1:5000
users:
  visitor:
    wait: 500ms
    sequence:
      - parallel: [get: /, get: /, get: /, get: /, get: /]
load: { users: 10, per_user: 4, ramp_up: 1s }
thresholds: [errors < 100%]
";
    let (output, summary) = run_after("ulimit -n 44", plan, &server).await;
    let told = text(&output.stderr);
    assert!(
        told.starts_with(
            "warning: 10 users may need up to 74 open files, and no more than 44 are allowed"
        ),
        "{told}"
    );
    let report = text(&output.stdout);
    assert_eq!(output.status.code(), Some(4), "{report}");
    let last = report.lines().last().unwrap();
    assert!(
        last.starts_with("INCONCLUSIVE: the generator was the bottleneck: ")
            && last.ends_with("got no file or port of this machine (exit 4)"),
        "{report}"
    );
    let summary = summary.unwrap();
    assert_eq!(summary["failures"][0]["kind"], "no_socket");
    let detail = &summary["failures"][0]["examples"][0]["detail"];
    assert_eq!(
        detail,
        &format!(
            "this machine has no open file left for a connection to {}",
            server.place()
        )
    );
    assert_eq!(summary["generator"]["bottleneck"]["kind"], "unconnected");
}
