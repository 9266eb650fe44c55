//! A run that is killed at any moment is read as far as it had come.

use std::{
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use super::{folder, json, running::demo::Demo};

/// At most the second that goes on and the one before are lost, and no request is in the
/// report that the target has not seen.
#[test]
fn at_most_two_seconds_are_lost_ten_times() {
    let demo = Demo::start();
    let folder = folder();
    let mut before = 0;
    for number in 0..10_u64 {
        let out = format!("kept{number}");
        let mut run = Command::new(env!("CARGO_BIN_EXE_plan"))
            .args([
                "run",
                "plan.yaml",
                "--target",
                &demo.url,
                "--duration",
                "1h",
            ])
            .args(["--quiet", "--out", &out])
            .current_dir(folder.path(""))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let began = Instant::now();
        // At another place of a second each time.
        sleep(Duration::from_millis(
            2_200 + number * 137 % 1_000 + number * 40,
        ));
        let lasted = began.elapsed();
        run.kill().unwrap();
        run.wait().unwrap();

        let ended = folder.plan(&["report", &out, "--json", "-"]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let document = json(&ended.stdout);
        let seen = demo.counts()["total"].as_u64().unwrap();
        let told = document["total"]["requests"].as_u64().unwrap();
        let elapsed = Duration::from_micros(document["elapsed_us"].as_u64().unwrap());
        assert!(
            told > 0 && told <= seen - before,
            "{told} of {}",
            seen - before
        );
        assert!(
            elapsed + Duration::from_secs(2) >= lasted,
            "{elapsed:?} of {lasted:?}"
        );
        assert_eq!(document["extent"]["kind"], "until_killed");
        assert_eq!(document["conclusion"]["exit"], 3);
        before = seen;
    }
    let list = folder.plan(&["runs", "."]);
    assert_eq!(list.stdout.matches("killed").count(), 10, "{}", list.stdout);
}

/// A run is read while it goes on, and somebody writes to it.
#[test]
fn a_run_that_goes_on_is_shown_and_noted_on() {
    let demo = Demo::start();
    let folder = folder();
    let mut run = Command::new(env!("CARGO_BIN_EXE_plan"))
        .args([
            "run",
            "plan.yaml",
            "--target",
            &demo.url,
            "--duration",
            "5s",
            "--quiet",
        ])
        .current_dir(folder.path(""))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let now = loop {
        sleep(Duration::from_millis(200));
        let ended = folder.plan(&["report", "--json", "-"]);
        if ended.code == Some(0) && json(&ended.stdout)["total"]["requests"] != 0 {
            break ended;
        }
        assert!(
            Instant::now() < deadline,
            "{}{}",
            ended.stdout,
            ended.stderr
        );
    };
    assert_eq!(json(&now.stdout)["extent"]["kind"], "so_far");
    assert!(now.stderr.contains("the run goes on"), "{}", now.stderr);
    let noted = folder.plan(&["annotate", "two-pages", "deploy 1.4.2"]);
    assert_eq!(noted.code, Some(0), "{}", noted.stderr);
    let list = folder.plan(&["runs", "--json"]);
    assert_eq!(json(&list.stdout)[0]["state"], "going on");
    assert_eq!(run.wait().unwrap().code(), Some(0));

    let ended = folder.plan(&["report", "--json", "-"]);
    let document = json(&ended.stdout);
    assert_eq!(document["extent"]["kind"], "whole");
    let events = document["events"].as_array().unwrap();
    let is_note = |event: &&serde_json::Value| event["kind"] == "annotation";
    let note = events.iter().find(is_note).unwrap();
    assert_eq!(note["text"], "deploy 1.4.2");
    assert!(note["at_us"].as_u64().unwrap() > 500_000, "{note}");
    folder
        .plan(&["annotate", "two-pages", "too late"])
        .stderr("error: the run is over: say when it happened, with `--at 26h12m`\n")
        .exit(2);
    folder
        .plan(&["annotate", "two-pages", "after all", "--at", "2s"])
        .stderr("noted at 2s: after all\n")
        .exit(0);
    let shown = folder.plan(&["report"]);
    assert!(shown.stdout.starts_with("Events\n"), "{}", shown.stdout);
    assert!(shown.stdout.contains("2s  after all\n"), "{}", shown.stdout);
}
