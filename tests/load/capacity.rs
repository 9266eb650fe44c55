//! The search for the capacity: from the plan's text to the answer.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use plan::{
    exchange::{Failure, FailureKind},
    protocol::scripted::Answer,
    stats::TryOutcome,
};

use super::running::{Log, Run, compile, logging, mistakes, ms, summary_of};

fn plan(find: &str, more: &str) -> String {
    format!(
        "plan: 1\nname: blog\nusers:\n  reader: {{ wait: none, sequence: [{{ get: / }}] }}\nload:\n  find: {find}\n{more}"
    )
}

/// Arrivals at a target that answers so many requests in a time.
const ARRIVALS: &str = "{ max: arrivals, while: [p95 < 300ms, errors < 1%], from: 10/s, to: 5000/s, settle: 2s, hold: 20s }";
const MANY: &str = "  max_users: 200\n";

fn simulate(folder: &Path, plan: &str, options: &[&str]) -> (Output, Option<Value>) {
    let path = folder.join("plan.yaml");
    fs::write(&path, plan).expect("the folder is there");
    let summary = folder.join("summary.json");
    let output = Command::new(env!("CARGO_BIN_EXE_plan"))
        .arg("simulate")
        .arg(&path)
        .args(["--latency", "20ms", "--json"])
        .arg(&summary)
        .args(options)
        .output()
        .expect("the program starts");
    let summary = summary.exists().then(|| summary_of(&summary));
    (output, summary)
}

fn last_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn the_rate_of_a_limited_target_is_found_within_five_percent() {
    let folder = tempfile::tempdir().unwrap();
    for rate in [25.0, 400.0] {
        let limit = format!("{rate}/s");
        let options = ["--max-rate", limit.as_str()];
        let (output, summary) = simulate(folder.path(), &plan(ARRIVALS, MANY), &options);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let summary = summary.unwrap();
        let capacity = &summary["capacity"];
        let held = capacity["held"].as_f64().unwrap();
        let broken = capacity["broken"].as_f64().unwrap();
        // Twenty seconds are too short to see that one more in a hundred is too many.
        assert!((rate * 0.95..=rate * 1.05).contains(&held), "{capacity:#}");
        assert!(held < broken && broken <= held * 1.05, "{capacity:#}");
        assert_eq!(capacity["outcome"], "found");
        // The report is of the try that decided, and says what the search ends with.
        let loads = &summary["schedule"]["loads"];
        assert_eq!(loads[0]["stages"][2]["begin"].as_f64(), Some(held));
        assert_eq!(summary["conclusion"]["exit"], 0);
        let told = last_line(&output);
        assert!(
            told.starts_with(&format!(
                "FOUND: {held}/s held, {broken}/s did not: p95 < 300ms was "
            )),
            "{told}"
        );
        // Each try that held did what it was for.
        for one in capacity["tries"].as_array().unwrap() {
            let (level, rate) = (
                one["level"].as_f64().unwrap(),
                one["rate_per_s"].as_f64().unwrap(),
            );
            if one["outcome"] == "held" {
                assert!((rate - level).abs() <= level * 0.02 + 0.1, "{one}");
            }
        }
        let tries = capacity["tries"].as_array().unwrap().len();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(stderr.lines().count(), tries + 1, "{stderr}");
        assert!(
            stderr.starts_with(
                "looking for the most arrivals from 10/s to 5000/s: at most 27 tries, "
            ),
            "{stderr}"
        );
    }
}

/// What is found of a target that answers 50 requests in a second, in 20 ms each.
const FIFTEEN: &str = "\
Capacity: 15 users held, 16 users did not
  looked   for the most users, from 1 user to 100 users, to within 5%
  while    p99 < 305ms, errors < 1%
  took     3m4s, 11 tries

              requests    p50    p95  errors  p95
    1 user ✓    50.1/s   20ms   20ms      0%  █▌
   2 users ✓      50/s   40ms   40ms      0%  ███
   4 users ✓      50/s   80ms   80ms      0%  ██████
   8 users ✓      50/s  160ms  160ms      0%  ████████████
  11 users ✓      50/s  220ms  220ms      0%  ████████████████▌
  13 users ✓      50/s  260ms  260ms      0%  ███████████████████▌
  14 users ✓      50/s  280ms  280ms      0%  █████████████████████
  15 users ✓      50/s  300ms  300ms      0%  ██████████████████████▌
  15 users ✓      50/s  300ms  300ms      0%  ██████████████████████▌
  16 users ✗      50/s  320ms  320ms      0%  ████████████████████████
  16 users ✗      50/s  320ms  320ms      0%  ████████████████████████

The last try at the highest level that held

blog
";

#[test]
fn as_many_users_are_found_as_the_target_answers_in_time() {
    let folder = tempfile::tempdir().unwrap();
    // Of N users without waits each has its answer after N/50 s.
    let find = "{ max: users, while: [p99 < 305ms, errors < 1%], from: 1 user, to: 100 users, settle: 2s, hold: 10s }";
    let (output, summary) = simulate(
        folder.path(),
        &plan(find, ""),
        &["--max-rate", "50/s", "--quiet"],
    );
    let capacity = &summary.unwrap()["capacity"];
    assert_eq!(
        (&capacity["held"], &capacity["broken"]),
        (&Value::from(15), &Value::from(16)),
        "{capacity:#}"
    );
    assert!(output.stderr.is_empty(), "{output:?}");
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let (_, report) = report.split_once("\n\n").unwrap();
    assert!(report.starts_with(FIFTEEN), "{report}");
    assert!(report.contains("\n  reader  15 planned"), "{report}");
}

#[test]
fn the_lowest_and_the_highest_level_are_answers_too() {
    let folder = tempfile::tempdir().unwrap();
    let find = "{ max: arrivals, while: [p95 < 300ms, errors < 1%], from: 10/s, to: 20/s, settle: 0s, hold: 10s }";
    let (output, _) = simulate(folder.path(), &plan(find, MANY), &[]);
    assert_eq!(
        last_line(&output),
        "FOUND: 20/s held, the highest level that was looked at (exit 0)"
    );
    assert_eq!(output.status.code(), Some(0));
    let (output, summary) = simulate(folder.path(), &plan(find, MANY), &["--errors", "5%"]);
    let told = last_line(&output);
    assert!(
        told.starts_with("FAILED: not even 10/s held: errors < 1% was "),
        "{told}"
    );
    assert_eq!(output.status.code(), Some(1));
    let summary = summary.unwrap();
    assert_eq!(summary["capacity"]["held"], Value::Null);
    assert_eq!(summary["verdict"], "failed");
}

#[test]
fn the_thresholds_of_the_plan_are_what_it_keeps_to_unless_it_says_while() {
    let folder = tempfile::tempdir().unwrap();
    let find = "{ max: users, from: 1 user, to: 4 users, settle: 0s, hold: 5s }";
    let text = plan(find, "thresholds: [errors < 50%]\n");
    let of = |plan: &str, options: &[&str]| {
        let (output, summary) = simulate(folder.path(), plan, options);
        let conditions = &summary.unwrap_or_else(|| panic!("{output:?}"))["capacity"]["while"];
        conditions.to_string()
    };
    assert_eq!(of(&text, &[]), r#"["errors < 50%"]"#);
    let options = ["--threshold", "p50 < 1s"];
    assert_eq!(of(&text, &options), r#"["errors < 50%","p50 < 1s"]"#);
    let with_while = text.replace("max: users,", "max: users, while: [p95 < 1s],");
    assert_eq!(of(&with_while, &options), r#"["p95 < 1s","p50 < 1s"]"#);
}

#[test]
fn what_says_nothing_of_the_target_is_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let find =
        "{ max: users, while: [errors < 1%], from: 1 user, to: 4 users, settle: 0s, hold: 5s }";
    let text = plan(find, "setup:\n  - get: /\n    expect: { status: 201 }\n");
    let (output, summary) = simulate(folder.path(), &text, &["--errors", "100%"]);
    assert_eq!(
        last_line(&output),
        "INCONCLUSIVE: 1 user could not be judged: `setup` failed, so no user came; until then nothing was found out (exit 4)"
    );
    assert_eq!(output.status.code(), Some(4));
    // It was tried again before that was said.
    let summary = summary.unwrap();
    assert_eq!(summary["capacity"]["tries"].as_array().unwrap().len(), 2);
    assert_eq!(summary["capacity"]["outcome"], "spoiled");
}

/// Of a user whose rows are used up nobody is left.
#[test]
fn a_level_that_was_not_held_to_its_end_is_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let text = "\
plan: 1
data: { ids: { rows: [{ id: 1 }, { id: 2 }], at_end: stop_user } }
users:
  reader: { wait: 1s, sequence: [{ get: '/{{ ids.id }}' }] }
load:
  find: { max: users, while: [errors < 1%], from: 1 user, to: 4 users, settle: 0s, hold: 10s }
";
    let (output, _) = simulate(folder.path(), text, &[]);
    let told = last_line(&output);
    let expected = "INCONCLUSIVE: 1 user could not be judged: nobody was left after ";
    assert!(told.starts_with(expected), "{told}{output:?}");
}

/// Somebody who no longer listens has not too much to do.
#[tokio::test(start_paused = true)]
async fn a_target_that_is_gone_has_no_capacity() {
    let text = super::plan("none", "{ users: 2, duration: 5s }");
    let target = logging(&Log::default(), |_, _| {
        Answer::failed(Failure::new(FailureKind::Refused, "refused")).after(ms(50))
    });
    let record = Run::of(compile(&text), target).go().await;
    let outcome = TryOutcome::of(&record, ms(5_000), ms(30_000));
    let why = "not one request had an answer: refused";
    assert_eq!(outcome, TryOutcome::Spoiled(why.to_owned()));
}

#[test]
fn options_for_one_level_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = plan(ARRIVALS, MANY);
    for (options, key) in [
        (["--rate", "5/s"], "to"),
        (["--users", "5"], "to"),
        (["--duration", "5m"], "hold"),
        (["--ramp-up", "5s"], "hold"),
    ] {
        let (output, summary) = simulate(folder.path(), &text, &options);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let expected = format!(
            "{}: the plan looks for the highest level: change how with `--set load.find.{key}=…`\n",
            options[0]
        );
        assert!(told.ends_with(&expected), "{told}");
        assert_eq!((output.status.code(), summary), (Some(2), None));
    }
    let options = ["--set", "load.find.to=20/s", "--set", "load.find.hold=5s"];
    let (output, _) = simulate(folder.path(), &text, &options);
    assert_eq!(
        last_line(&output),
        "FOUND: 20/s held, the highest level that was looked at (exit 0)"
    );
}

/// Four of a class are not to be had where only two users are tried.
#[test]
fn a_plan_that_its_lowest_level_cannot_have_is_a_mistake() {
    let text = "plan: 1\ntarget: http://127.0.0.1:1\nusers:\n  a: { count: 4, wait: none, sequence: [{ get: / }] }\n  b: { wait: none, sequence: [{ get: / }] }\nload:\n  find: { max: users, while: [errors < 1%], from: 2 users, to: 100 users }\n";
    let folder = tempfile::tempdir().unwrap();
    let (output, _) = simulate(folder.path(), text, &[]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("error[P0105]"), "{told}");
    assert!(mistakes(&text.replace("from: 2 users", "from: 5 users")).is_empty());
}

#[test]
fn a_forecast_says_what_is_looked_for_and_for_how_long_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.yaml");
    fs::write(&path, plan(ARRIVALS, MANY)).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_plan"))
        .args(["validate", "--explain"])
        .arg(&path)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let expected = "\
  find     the most arrivals from 10/s to 5000/s: at most 27 tries, 25m34s in all
           what follows is of one try, at 5000/s
  load     to 5000/s over 1s, hold 1s, hold 20s, by at most 200 users
";
    assert!(told.contains(expected), "{told}");
}

/// Over HTTP, against the demo, with a signal between two tries.
#[test]
fn a_search_that_a_signal_ends_tells_what_it_knows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.yaml");
    let find = "{ max: users, while: [errors < 1%], from: 1 user, to: 50 users, settle: 0s, hold: 1s, cool_down: 1m }";
    fs::write(&path, plan(find, "")).unwrap();
    let summary = folder.path().join("summary.json");
    let mut child = Command::new(env!("CARGO_BIN_EXE_plan"))
        .args(["run", "--no-archive"])
        .arg(&path)
        .args(["--demo", "--allow-saturation", "--json"])
        .arg(&summary)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let first = lines.find(|line| line.as_ref().is_ok_and(|line| line.starts_with("try 1")));
    let first = first.unwrap().unwrap();
    assert!(first.starts_with("try 1: 1 user held: p95 "), "{first}");
    // Now it waits for a minute.
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let mut report = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut report)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{report}");
    assert!(report.contains("Capacity: 1 user held\n"), "{report}");
    let last = report.lines().last().unwrap();
    assert!(last.starts_with("INTERRUPTED by SIGINT after "), "{last}");
    assert!(
        last.ends_with("until then: 1 user held (exit 130)"),
        "{last}"
    );
    let summary = summary_of(&summary);
    assert_eq!(summary["ended"], "sigint");
    assert_eq!(summary["capacity"]["outcome"], "stopped");
}
