//! Parts of a run, and how runs are found.

use super::{Folder, json};

/// An hour and a bit: seconds, tens and minutes; all answers take 50 ms, and a request
/// comes each second.
const PLAN: &str = "
plan: 1
name: hours
users: { visitor: { wait: 950ms, sequence: [get: /] } }
load:
  stages:
    - { to: 1 users, over: 0s }
    - { hold: 1h, name: quiet }
    - { to: 2 users, over: 0s }
    - { hold: 1h30m, name: busy }
thresholds:
  - p95 < 1s
  - rate > 0.5/s over 1m
";

#[test]
fn a_part_is_counted_and_judged_by_itself() {
    let folder = Folder::new().file("plan.yaml", PLAN);
    let ended = folder.plan(&[
        "simulate",
        "plan.yaml",
        "-q",
        "--latency",
        "50ms",
        "--out",
        "kept",
        "--json",
        "all.json",
    ]);
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    let all = json(&folder.text("all.json"));
    let timeline = all["timeline"].as_array().unwrap();
    // Each time once, the last ten minutes and a bit by the second, two hours by ten.
    let mut until = 0;
    let mut of_length = [0_u32; 3];
    for part in timeline {
        let (from, to) = (
            part["from_us"].as_u64().unwrap(),
            part["to_us"].as_u64().unwrap(),
        );
        assert_eq!(from, until);
        until = to;
        let place = match (to - from + 500_000) / 1_000_000 {
            1 => 0,
            10 => 1,
            60 => 2,
            other => panic!("{other} s"),
        };
        of_length[place] += 1;
    }
    assert!((600..=661).contains(&of_length[0]), "{of_length:?}");
    assert!((654..=724).contains(&of_length[1]), "{of_length:?}");
    assert!(of_length[2] >= 20, "{of_length:?}");
    let requests = |part: &serde_json::Value| part["total"]["requests"].as_u64().unwrap();
    let sum: u64 = timeline.iter().map(requests).sum();
    assert_eq!(sum, requests(&all));
    let minute = &timeline[3];
    assert_eq!(requests(minute), 60);
    assert_eq!(minute["total"]["worst"]["fewest_requests"], 10);
    assert_eq!(minute["total"]["worst"]["of_us"], 10_000_000);

    // Ten minutes of the second hour.
    let ended = folder.plan(&[
        "report", "kept", "--from", "70m", "--to", "80m", "--json", "-",
    ]);
    let part = json(&ended.stdout);
    assert_eq!(part["extent"]["kind"], "part", "{}", ended.stderr);
    assert_eq!(requests(&part), 1_200);
    let rate = part["total"]["rate_per_s"].as_f64().unwrap();
    assert!((1.99..=2.01).contains(&rate), "{rate}");
    for threshold in part["thresholds"].as_array().unwrap() {
        assert_eq!(threshold["outcome"], "pass", "{threshold}");
    }
    let p95 = part["total"]["response"]["p95_us"].as_f64().unwrap();
    assert!((p95 / 50_000.0 - 1.0).abs() < 0.008, "{p95}");

    folder
        .plan(&["report", "kept", "--from", "4h"])
        .stderr("error: there is nothing from 4h on: the run took 2h30m\n")
        .exit(2);
    folder
        .plan(&["report", "kept", "--from", "2h", "--to", "1h"])
        .stderr("error: a part of a run ends after it begins: give --to a later time than --from\n")
        .exit(2);
    let events = all["events"].as_array().unwrap();
    let stages = events.iter().filter(|event| event["kind"] == "stage");
    let texts: Vec<_> = stages
        .map(|event| event["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["stage quiet", "stage busy"]);
}

#[test]
fn runs_are_found_by_a_part_of_their_name() {
    let folder = super::folder();
    folder
        .plan(&["report"])
        .stderr("error: no run is kept in `runs`: name the folder of one, or run a plan first\n")
        .exit(2);
    folder
        .plan(&["runs"])
        .stderr("no run is kept in `runs`\n")
        .exit(0);
    for id in ["first", "second"] {
        let args = [
            "run",
            "plan.yaml",
            "--demo",
            "--duration",
            "1s",
            "-q",
            "--run-id",
            id,
        ];
        folder.plan(&args).exit(0);
    }
    let list = folder.plan(&["runs"]);
    let lines: Vec<_> = list.stdout.lines().collect();
    assert!(lines[2].contains("two-pages-second"), "{}", list.stdout);
    assert!(lines[3].contains("two-pages-first"), "{}", list.stdout);
    assert!(
        lines[2].ends_with("PASSED: all 2 thresholds hold (exit 0)"),
        "{}",
        list.stdout
    );

    let run_id = |ended: &super::shell::Ended| json(&ended.stdout)["run_id"].clone();
    let latest = folder.plan(&["report", "--json", "-"]);
    assert_eq!(run_id(&latest), "second");
    let other = folder.plan(&["report", "first", "--json", "-"]);
    assert_eq!(run_id(&other), "first");
    let both = folder.plan(&["report", "two-pages"]);
    assert!(
        both.stderr
            .starts_with("error: `two-pages` names 2 runs, such as `"),
        "{}",
        both.stderr
    );
    assert!(
        both.stderr.ends_with("`: say more of the name\n"),
        "{}",
        both.stderr
    );
    folder
        .plan(&["report", "gone"])
        .stderr("error: `gone` is no folder, and no run in `runs` is called like this; `plan runs` lists them\n")
        .exit(2);
}

#[test]
fn a_folder_holds_one_run_or_none() {
    let folder = super::folder();
    folder
        .plan(&["report", "."])
        .stderr("error: `.` holds no run: there is no run.json in it\n")
        .exit(2);
    let kept = [
        "run",
        "plan.yaml",
        "--demo",
        "--duration",
        "1s",
        "-q",
        "--out",
        "runs/mine",
    ];
    folder.plan(&kept).exit(0);
    folder
        .plan(&kept)
        .stderr("error: `runs/mine` holds a run already: name another folder with --out\n")
        .exit(2);
}
