//! Nobody reads what is written, or it cannot be written.

use std::{
    fs::{self, OpenOptions},
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use super::{
    running::{Folder, Totals, end, signal, until},
    target::{Manner, Target},
};

const PLAN: &str = "
plan: 1
users:
  visitor: { wait: 20ms, sequence: [{ get: / }] }
load: { users: 2, duration: 1s }
";

const FULL: &str = "No space left on device (os error 28)";

#[test]
fn a_summary_that_became_unwritable_is_said_and_the_numbers_are_still_printed() {
    let target = Target::start(Manner::Answers);
    let folder = Folder::new(PLAN);
    let run = folder.run(&target.url(), &["--quiet"]).spawn().unwrap();
    until("the run is on", || target.arrived() > 0);
    fs::remove_dir_all(folder.out()).unwrap();
    let ended = end(run);

    let why = "cannot write the report `out/summary.json`: \
               No such file or directory (os error 2)";
    assert_eq!(ended.stderr, format!("error: {why}\n"));
    assert_eq!(
        ended.last_line(),
        format!("UNSAVED: {why}; PASSED: the threshold errors < 1% holds (exit 3)")
    );
    assert_eq!(ended.code(), Some(3));
    let lines = &mut ended.stdout.lines();
    let total = lines.find_map(|line| line.strip_prefix("total "));
    let total = total.and_then(|rest| rest.split_whitespace().next());
    assert_eq!(total, Some(&*target.arrived().to_string()));
}

#[test]
fn a_lost_summary_goes_before_a_signal() {
    let target = Target::start(Manner::Answers);
    let folder = Folder::new(&PLAN.replace("1s", "1h"));
    let run = folder
        .run(&target.url(), &["--quiet"])
        .args(["--users", "3"])
        .spawn()
        .unwrap();
    until("the run is on", || target.arrived() > 0);
    fs::remove_dir_all(folder.out()).unwrap();
    signal(&run, "INT");
    let ended = end(run);
    assert_eq!(ended.code(), Some(3));
    let last = ended.last_line();
    assert!(last.contains("; INTERRUPTED by SIGINT after"), "{last}");
    assert!(last.ends_with("(exit 3)"), "{last}");
}

#[test]
fn a_full_disk_under_the_report_is_in_the_summary() {
    let target = Target::start(Manner::Answers);
    let folder = Folder::new(PLAN);
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = folder.run(&target.url(), &["--quiet"]).stdout(full).spawn();
    let ended = end(run.unwrap());
    let why = format!("cannot write the output: {FULL}");
    assert_eq!(ended.stderr, format!("error: {why}\n"));
    assert_eq!(ended.code(), Some(3));
    let summary = folder.summary();
    assert_eq!(summary["conclusion"]["exit"], 3);
    assert_eq!(
        summary["conclusion"]["reason"],
        format!("UNSAVED: {why}; PASSED: the threshold errors < 1% holds")
    );
    assert_eq!(summary["total"]["requests"], target.arrived());
}

#[test]
fn two_full_disks_are_both_said() {
    let target = Target::start(Manner::Answers);
    let folder = Folder::new(PLAN);
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = folder.run(&target.url(), &["--quiet"]);
    std::os::unix::fs::symlink("/dev/full", folder.summary_file()).unwrap();
    let ended = end(command.stdout(full()).spawn().unwrap());
    assert_eq!(
        ended.stderr,
        format!(
            "error: cannot write the report `out/summary.json`: {FULL}\n\
             error: cannot write the output: {FULL}\n"
        )
    );
    assert_eq!(ended.code(), Some(3));
}

#[test]
fn readers_who_leave_early_break_nothing() {
    let target = Target::start(Manner::Answers);
    let mut arrived = 0;
    for (stdout, stderr) in [(true, false), (false, true), (true, true)] {
        let folder = Folder::new(PLAN);
        let mut run = folder.run(&target.url(), &[]).spawn().unwrap();
        if stdout {
            drop(run.stdout.take());
        }
        if stderr {
            drop(run.stderr.take());
        }
        let ended = end(run);
        assert_eq!(ended.code(), Some(0), "{stdout} {stderr}: {}", ended.stderr);
        let summary = folder.summary();
        let requests = summary["total"]["requests"].as_u64().unwrap();
        assert!(requests > 0);
        assert_eq!(requests, target.arrived() - arrived);
        arrived = target.arrived();
        if !stdout {
            Totals::of(&summary, &ended.stdout);
        }
    }
}

#[test]
fn a_reader_of_one_line_gets_it_and_a_failed_threshold_is_still_the_exit_code() {
    let target = Target::start(Manner::Answers);
    let folder = Folder::new(&format!("{PLAN}thresholds: ['p50 < 1us', 'errors < 1%']\n"));
    let mut run = folder.run(&target.url(), &["--quiet"]).spawn().unwrap();
    let mut line = String::new();
    let stdout = run.stdout.take().unwrap();
    BufReader::with_capacity(1, stdout)
        .read_line(&mut line)
        .unwrap();
    assert_eq!(line, "plan\n");
    let ended = end(run);
    assert_eq!((ended.code(), &*ended.stderr), (Some(1), ""));
    assert_eq!(folder.summary()["conclusion"]["exit"], 1);
}

#[test]
fn outputs_that_are_closed_from_the_start_break_nothing() {
    let target = Target::start(Manner::Answers);
    let folder = Folder::new(PLAN);
    let command = folder.run(&target.url(), &[]);
    let args: Vec<_> = command
        .get_args()
        .map(|arg| arg.to_str().unwrap())
        .collect();
    let call = format!(
        "exec '{}' {} >&- 2>&-",
        env!("CARGO_BIN_EXE_plan"),
        args.join(" ")
    );
    let run = std::process::Command::new("sh")
        .args(["-c", &call])
        .current_dir(folder.out().parent().unwrap())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    assert_eq!(end(run).code(), Some(0));
    assert_eq!(folder.summary()["total"]["requests"], target.arrived());
}

#[test]
fn a_password_in_the_address_of_the_target_is_written_nowhere() {
    let mut target = Target::start(Manner::Answers);
    let address = target.url().replace("http://", "http://ann:secret@");
    let folder = Folder::new(PLAN);
    // Without `--quiet`, and with failures.
    let run = folder.run(&address, &[]).spawn().unwrap();
    until("the run is on", || target.arrived() > 0);
    target.leave();
    let ended = end(run);
    assert_eq!(ended.code(), Some(1), "{}", ended.stderr);
    let summary = folder.summary();
    assert_eq!(summary["target"], target.url());
    for text in [&ended.stdout, &ended.stderr, &summary.to_string()] {
        assert!(!text.contains("secret") && !text.contains("ann:"), "{text}");
    }
}
