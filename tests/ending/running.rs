//! The program under way: signals, pipes, and what it leaves.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, ExitStatus, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// No run of these tests takes nearly so long; one that does hangs.
const TOO_LONG: Duration = Duration::from_secs(60);

/// A folder with a plan in it.
pub struct Folder(TempDir);

impl Folder {
    pub fn new(plan: &str) -> Folder {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("plan.yaml"), plan).unwrap();
        Folder(folder)
    }

    /// `plan run plan.yaml --target … --json out/summary.json …`.
    pub fn run(&self, target: &str, options: &[&str]) -> Command {
        fs::create_dir_all(self.out()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_plan"));
        command
            .args([
                "run",
                "plan.yaml",
                "--no-archive",
                "--target",
                target,
                "--seed",
                "1",
            ])
            .args(["--workers", "2", "--json", "out/summary.json"])
            .args(options)
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Where summaries go.
    pub fn out(&self) -> PathBuf {
        self.0.path().join("out")
    }

    pub fn summary_file(&self) -> PathBuf {
        self.out().join("summary.json")
    }

    pub fn summary(&self) -> Value {
        summary(&self.summary_file())
    }
}

pub fn summary(file: &Path) -> Value {
    let text = fs::read_to_string(file).expect("the run has written it");
    serde_json::from_str(&text).expect("it is JSON")
}

/// What came of a call.
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    pub fn last_line(&self) -> &str {
        self.stdout.lines().last().unwrap_or_default()
    }
}

/// Waits for the end; whoever takes too long is killed, and the test fails.
pub fn end(mut run: Child) -> Ended {
    let began = Instant::now();
    // Reports are smaller than what a pipe holds, so nobody waits for us.
    let status = loop {
        if let Some(status) = run.try_wait().unwrap() {
            break status;
        }
        if began.elapsed() > TOO_LONG {
            run.kill().unwrap();
            panic!("it does not end");
        }
        sleep(Duration::from_millis(10));
    };
    let (mut stdout, mut stderr) = (String::new(), String::new());
    if let Some(mut pipe) = run.stdout.take() {
        pipe.read_to_string(&mut stdout).unwrap();
    }
    if let Some(mut pipe) = run.stderr.take() {
        pipe.read_to_string(&mut stderr).unwrap();
    }
    Ended {
        status,
        stdout,
        stderr,
    }
}

/// Sends a signal: `INT`, `TERM`.
pub fn signal(run: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([format!("-{name}"), run.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// Waits until something is so.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < TOO_LONG, "never: {what}");
        sleep(Duration::from_millis(5));
    }
}

/// The lines of a stderr up to one that contains `text`.
pub fn lines_until(stderr: &mut BufReader<ChildStderr>, text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        let read = stderr.read_line(&mut line).unwrap();
        assert!(read > 0, "no `{text}` in {lines:#?}");
        lines.push(line.trim_end().to_owned());
        if line.contains(text) {
            return lines;
        }
    }
}

/// Requests of a run as it counts them itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    pub requests: u64,
    pub failed: u64,
    pub redirects: u64,
    pub interrupted: u64,
}

impl Totals {
    /// Those of a summary, which must be consistent in itself and with the report.
    pub fn of(summary: &Value, report: &str) -> Totals {
        let total = |field: &str| summary["total"][field].as_u64().expect("a number");
        let totals = Totals {
            requests: total("requests"),
            failed: total("failed"),
            redirects: total("redirects"),
            interrupted: total("interrupted"),
        };
        assert_eq!(totals.requests, total("ok") + totals.failed);
        let rows = summary["rows"].as_array().expect("rows");
        let added: u64 = rows.iter().filter_map(|row| row["requests"].as_u64()).sum();
        assert_eq!(totals.requests, added);
        assert_eq!(totals, Totals::shown(report), "{report}");
        totals
    }

    /// Those of a report on the terminal.
    fn shown(report: &str) -> Totals {
        let aside = |begin: &str| {
            let found = report.lines().find_map(|line| line.strip_prefix(begin));
            found.map_or(0, |rest| {
                let (_, number) = rest.rsplit_once(": ").expect("a number behind it");
                number.parse().unwrap()
            })
        };
        let total = report.lines().find_map(|line| line.strip_prefix("total "));
        let mut columns = total.expect("a line of totals").split_whitespace();
        let mut column = || columns.next().unwrap().parse().unwrap();
        Totals {
            requests: column(),
            failed: column(),
            redirects: aside("Redirects followed"),
            interrupted: aside("Requests interrupted"),
        }
    }

    pub fn ok(self) -> u64 {
        self.requests - self.failed
    }
}
