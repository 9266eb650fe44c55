//! The target leaves in the middle of a run.

use std::{collections::BTreeSet, thread::sleep, time::Duration};

use super::{
    running::{Ended, Folder, Totals, end, signal, until},
    target::{Manner, Target},
};

/// Twenty users who ask for single pages and for chains of two.
const PLAN: &str = "
plan: 1
users:
  visitor:
    wait: 20ms
    on_start: [{ get: /in }]
    tasks: { page: 1, chain: 1 }
    on_stop: [{ get: /out }]
tasks:
  page: [{ get: /page }]
  chain: [{ post: /chain, form: { a: b } }]
load: { users: 20, duration: 1h }
";

fn kinds(summary: &serde_json::Value) -> BTreeSet<String> {
    let failures = summary["failures"].as_array().unwrap();
    let kind = |failure: &serde_json::Value| failure["kind"].as_str().unwrap().to_owned();
    failures.iter().map(kind).collect()
}

#[test]
fn a_target_that_comes_back_finds_its_users_again() {
    let mut target = Target::start(Manner::Answers);
    let folder = Folder::new(PLAN);
    let run = folder.run(&target.url(), &["--quiet"]).spawn().unwrap();
    until("a hundred requests", || target.arrived() > 100);
    target.leave();
    let before = target.arrived();
    sleep(Duration::from_secs(1));
    target.come();
    until("a hundred requests more", || {
        target.arrived() > before + 100
    });
    signal(&run, "INT");
    let ended = end(run);

    let summary = folder.summary();
    let totals = Totals::of(&summary, &ended.stdout);
    assert_all_told(&target, &totals, &ended);
    assert!(totals.failed > 0, "{}", ended.stdout);
    let expected = BTreeSet::from(["refused".to_owned(), "reset".to_owned()]);
    assert!(kinds(&summary).is_subset(&expected), "{}", ended.stdout);
    // Nobody is lost on the way: everyone who came in says good-bye.
    let users = |field: &str| summary["users"][0][field].as_u64().unwrap();
    let came_in = users("started") - users("failed_starts");
    let rows = summary["rows"].as_array().unwrap();
    let out = rows.iter().find(|row| row["name"] == "GET /out").unwrap();
    assert_eq!(out["ok"], came_in, "{}", ended.stdout);
    assert_eq!(ended.code(), Some(130), "{}", ended.last_line());
}

#[test]
fn a_target_that_dies_is_counted_to_its_last_answer() {
    let mut target = Target::start(Manner::Answers);
    let folder = Folder::new(PLAN);
    let run = folder.run(&target.url(), &["--quiet"]).spawn().unwrap();
    until("a hundred requests", || target.arrived() > 100);
    target.leave();
    sleep(Duration::from_millis(500));
    signal(&run, "TERM");
    let ended = end(run);

    let totals = Totals::of(&folder.summary(), &ended.stdout);
    assert_all_told(&target, &totals, &ended);
    assert_eq!(totals.interrupted, 0);
    assert_eq!(ended.code(), Some(143), "{}", ended.last_line());
}

#[test]
fn what_a_target_took_and_never_answered_is_a_failure() {
    let mut target = Target::start(Manner::Hangs);
    let plan = PLAN
        .replace("20ms", "1h")
        .replace("duration: 1h", "duration: 2s");
    let folder = Folder::new(&plan);
    let run = folder.run(&target.url(), &["--quiet"]).spawn().unwrap();
    until("one request of each", || target.arrived() == 20);
    target.leave();
    let ended = end(run);

    let summary = folder.summary();
    let failure = &summary["failures"][0];
    assert_eq!(failure["name"], "GET /in");
    assert_eq!(
        (&failure["kind"], &failure["count"]),
        (&"reset".into(), &20.into())
    );
    assert_eq!(Totals::of(&summary, &ended.stdout).requests, 20);
    // Each would be followed by another an hour later.
    assert_eq!(summary["users"][0]["failed_starts"], 20);
}

/// A request is answered if the target counted it, so what failed never arrived; but for
/// the first answers of chains that broke there, of which a user is in one at most.
fn assert_all_told(target: &Target, totals: &Totals, ended: &Ended) {
    let told = totals.ok() + totals.redirects;
    let arrived = target.arrived();
    assert!(
        told <= arrived && arrived <= told + 20,
        "{arrived} arrived\n{}",
        ended.stdout
    );
}
