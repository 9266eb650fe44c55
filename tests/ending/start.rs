//! Nobody is there when a run is to begin.

use std::{
    io::BufReader,
    net::{SocketAddr, TcpListener},
};

use super::{
    running::{Ended, Folder, end, lines_until, signal},
    target::{Manner, Target},
};

const PLAN: &str = "
plan: 1
users:
  visitor: { wait: 50ms, sequence: [{ get: / }] }
load: { users: 2, duration: 300ms }
";

/// An address at which nobody listens.
fn nobody() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

fn run(plan: &str, target: &str, options: &[&str]) -> (Folder, Ended) {
    let folder = Folder::new(plan);
    let ended = end(folder.run(target, options).spawn().unwrap());
    (folder, ended)
}

#[test]
fn nobody_at_the_target_is_one_clear_line() {
    let place = nobody();
    let (folder, ended) = run(PLAN, &format!("http://ann:secret@{place}"), &[]);
    assert_eq!(
        ended.stderr,
        format!(
            "error: cannot reach the target http://{place}/: connection refused by {place}\n\
             help: start it, name another with `--target URL`, or wait for it with \
             `--wait-for-target 30s`\n\
             note: nothing was measured, so `out/summary.json` is not written\n"
        )
    );
    assert_eq!((ended.code(), &*ended.stdout), (Some(3), ""));
    assert!(!folder.summary_file().exists(), "not even an empty one");
}

#[test]
fn a_summary_of_the_last_run_stays_what_it_is() {
    let folder = Folder::new(PLAN);
    let mut command = folder.run(&format!("http://{}", nobody()), &[]);
    std::fs::write(folder.summary_file(), "of yesterday").unwrap();
    assert_eq!(end(command.spawn().unwrap()).code(), Some(3));
    let kept = std::fs::read_to_string(folder.summary_file()).unwrap();
    assert_eq!(kept, "of yesterday");
}

#[test]
fn a_host_without_an_address_is_no_target_either() {
    let (_, ended) = run(PLAN, "http://nobody.invalid", &[]);
    let first = ended.stderr.lines().next().unwrap();
    let begin = "error: cannot reach the target http://nobody.invalid/: \
                 no address found for `nobody.invalid`: ";
    assert!(first.starts_with(begin), "{first}");
    assert_eq!((ended.code(), &*ended.stdout), (Some(3), ""));
}

#[test]
fn a_plan_that_asks_the_target_nothing_needs_none() {
    let record = PLAN.replace(
        "{ get: / }",
        "{ record: { type: PUT, name: x, time: 1ms } }",
    );
    let (folder, ended) = run(&record, &format!("http://{}", nobody()), &[]);
    assert_eq!(ended.code(), Some(0), "{}", ended.stderr);
    assert!(folder.summary()["total"]["ok"].as_u64() > Some(0));

    let other = Target::start(Manner::Answers);
    let elsewhere = PLAN.replace("get: /", &format!("get: '{}'", other.url()));
    let (_, ended) = run(&elsewhere, &format!("http://{}", nobody()), &[]);
    assert_eq!(ended.code(), Some(0), "{}", ended.stderr);
}

#[test]
fn a_target_can_be_waited_for() {
    let place = nobody();
    let folder = Folder::new(PLAN);
    let url = format!("http://{place}");
    let mut run = folder
        .run(&url, &["--wait-for-target", "50s"])
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(run.stderr.take().unwrap());
    assert_eq!(
        lines_until(&mut stderr, "waiting"),
        [format!(
            "waiting for {url}/, 1s of 50s: connection refused by {place}"
        )]
    );
    let target = Target::start_at(place, Manner::Answers);
    assert_eq!(
        lines_until(&mut stderr, "is there"),
        [format!("{url}/ is there")]
    );
    lines_until(&mut stderr, "ended");
    assert_eq!(end(run).code(), Some(0));
    assert_eq!(folder.summary()["total"]["requests"], target.arrived());
}

#[test]
fn a_target_is_not_waited_for_longer_than_it_may_take() {
    let place = nobody();
    let url = format!("http://{place}");
    let (_, ended) = run(PLAN, &url, &["--wait-for-target", "1200ms", "--quiet"]);
    assert_eq!(
        ended.stderr,
        format!(
            "error: cannot reach the target {url}/ within 1s200ms: connection refused by {place}\n\
             help: start it, or name another with `--target URL`\n\
             note: nothing was measured, so `out/summary.json` is not written\n"
        )
    );
    assert_eq!(ended.code(), Some(3));
}

#[test]
fn a_signal_ends_the_wait() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let folder = Folder::new(PLAN);
        let url = format!("http://{}", nobody());
        let mut run = folder
            .run(&url, &["--wait-for-target", "1h"])
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(run.stderr.take().unwrap());
        lines_until(&mut stderr, "waiting");
        signal(&run, name);
        assert_eq!(
            lines_until(&mut stderr, "SIG"),
            [format!(
                "SIG{name} before the run began: nothing was sent, so there is nothing to report"
            )]
        );
        let ended = end(run);
        assert_eq!((ended.code(), &*ended.stdout), (Some(code), ""));
        assert!(!folder.summary_file().exists());
    }
}
