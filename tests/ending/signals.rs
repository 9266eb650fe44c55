//! SIGINT, SIGTERM and SIGHUP while a target does not answer.

use std::time::{Duration, Instant};

use super::{
    running::{Ended, Folder, Totals, end, signal, until},
    target::{Manner, Target},
};

const PLAN: &str = "
plan: 1
users:
  visitor: { wait: 1s, sequence: [{ get: / }], on_stop: [{ get: /out }] }
defaults: { timeout: 5m }
load: { users: 5, duration: 1h, graceful_stop: 5m }
thresholds: ['errors < 1%']
";

/// Sends signals to a run all of whose users wait for an answer.
fn signalled(plan: &str, signals: &[&str]) -> (Totals, Ended, Duration) {
    let target = Target::start(Manner::Hangs);
    let folder = Folder::new(plan);
    let run = folder.run(&target.url(), &["--quiet"]).spawn().unwrap();
    until("a request of each", || target.arrived() == 5);
    let began = Instant::now();
    for (at, name) in signals.iter().enumerate() {
        if at > 0 {
            // Two signals that come before anybody hears of them are one.
            std::thread::sleep(Duration::from_secs(1));
        }
        signal(&run, name);
    }
    let ended = end(run);
    let took = began.elapsed();
    assert_eq!(target.arrived(), 5, "nothing was sent after the signal");
    let summary = folder.summary();
    assert_eq!(
        summary["conclusion"]["exit"].as_i64(),
        ended.code().map(i64::from)
    );
    (Totals::of(&summary, &ended.stdout), ended, took)
}

const CUT_OFF: Totals = Totals {
    requests: 0,
    failed: 0,
    redirects: 0,
    interrupted: 5,
};

#[test]
fn a_second_signal_ends_at_once_and_everything_is_still_said() {
    for (name, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let (totals, ended, took) = signalled(PLAN, &[name, name]);
        assert_eq!(totals, CUT_OFF);
        assert_eq!(ended.code(), Some(code));
        assert!(
            took < Duration::from_secs(20),
            "not the five minutes: {took:?}"
        );
        let last = ended.last_line();
        assert!(last.contains(&format!("by SIG{name} after")), "{last}");
        assert!(last.ends_with(&format!("(exit {code})")), "{last}");
        assert_eq!(ended.stderr, "");
    }
}

/// What `nohup` does: the terminal may go, and the run goes on.
#[test]
fn a_hang_up_that_was_to_be_ignored_is_ignored() {
    let target = Target::start(Manner::Hangs);
    let folder = Folder::new(PLAN);
    let run = folder.run(&target.url(), &["--quiet"]);
    let mut ignoring = std::process::Command::new("sh");
    ignoring
        .args(["-c", "trap '' HUP; exec \"$0\" \"$@\""])
        .arg(run.get_program())
        .args(run.get_args())
        .current_dir(run.get_current_dir().unwrap())
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let run = ignoring.spawn().unwrap();
    until("a request of each", || target.arrived() == 5);
    signal(&run, "HUP");
    std::thread::sleep(Duration::from_millis(300));
    signal(&run, "TERM");
    std::thread::sleep(Duration::from_millis(300));
    signal(&run, "TERM");
    let ended = end(run);
    assert_eq!(ended.code(), Some(143));
    let last = ended.last_line();
    assert!(last.contains("by SIGTERM after"), "{last}");
}

#[test]
fn what_is_not_done_within_the_graceful_stop_is_cut_off() {
    let plan = PLAN.replace("graceful_stop: 5m", "graceful_stop: 700ms");
    let (totals, ended, took) = signalled(&plan, &["TERM"]);
    assert_eq!(totals, CUT_OFF);
    assert_eq!(ended.code(), Some(143));
    assert!(took >= Duration::from_millis(700), "{took:?}");
}

#[test]
fn the_first_signal_alone_waits_for_who_is_under_way() {
    // The answers never come, but each request has its own timeout.
    let plan = PLAN.replace("timeout: 5m", "timeout: 3s");
    let target = Target::start(Manner::Hangs);
    let folder = Folder::new(&plan);
    let run = folder.run(&target.url(), &["--quiet"]).spawn().unwrap();
    until("a request of each", || target.arrived() == 5);
    signal(&run, "INT");
    let ended = end(run);
    // What was under way has failed, and `on_stop` was tried.
    assert_eq!(target.arrived(), 10);
    let totals = Totals::of(&folder.summary(), &ended.stdout);
    assert_eq!(
        (totals.requests, totals.failed, totals.interrupted),
        (10, 10, 0)
    );
    assert_eq!(ended.code(), Some(130));
}

#[test]
fn a_chain_that_is_cut_off_counts_with_the_redirects_it_had_followed() {
    let target = Target::start(Manner::HangsBehindChains);
    let folder = Folder::new(&PLAN.replace("get: /", "get: /chain"));
    let run = folder.run(&target.url(), &["--quiet"]).spawn().unwrap();
    until("two requests of each", || target.arrived() == 10);
    signal(&run, "TERM");
    std::thread::sleep(Duration::from_millis(300));
    signal(&run, "TERM");
    let ended = end(run);
    let totals = Totals::of(&folder.summary(), &ended.stdout);
    assert_eq!(
        totals,
        Totals {
            redirects: 5,
            ..CUT_OFF
        }
    );
    assert_eq!(target.arrived(), totals.redirects + totals.interrupted);
}
