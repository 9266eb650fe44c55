//! The flagship plan against the real flaskr, which keeps count in its own log.

use std::{
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use tempfile::TempDir;

use super::{
    running::{Ended, Totals, end, signal, summary, until},
    support::flaskr::Flaskr,
};

/// Each of these tests wants the machine for itself.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// 5 editors and 4 authors register; the reader does not.
const WHO_REGISTER: u64 = 9;

/// A run of the flagship by 10 users. Passwords cost a real application so much time
/// that no more come in than two in a second.
struct Flagship {
    blog: Flaskr,
    /// Requests that the blog had answered before.
    logged_before: u64,
    folder: TempDir,
    _alone: MutexGuard<'static, ()>,
}

impl Flagship {
    /// Nothing where the real flaskr is not installed.
    fn start(duration: &str) -> Option<(Flagship, Child)> {
        let alone = ONE_AT_A_TIME.lock();
        let alone = alone.unwrap_or_else(PoisonError::into_inner);
        let blog = Flaskr::start()?;
        // It has been asked whether it is there. A line is written when its answer
        // has been sent, so maybe a moment later.
        until("the log has begun", || blog.logged_count() > 0);
        let flagship = Flagship {
            logged_before: blog.logged_count(),
            blog,
            folder: tempfile::tempdir().unwrap(),
            _alone: alone,
        };
        let run = Command::new(env!("CARGO_BIN_EXE_plan"))
            .args([
                "run",
                "plans/flaskr_endurance.yaml",
                "--quiet",
                "--no-archive",
            ])
            .args(["--target", &flagship.blog.url(), "--users", "10"])
            .args(["--workers", "3", "--wait-scale", "0.1"])
            .args(["--ramp-up", "5s", "--duration", duration, "--json"])
            .arg(flagship.folder.path().join("summary.json"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        Some((flagship, run.unwrap()))
    }

    fn answered(&self) -> u64 {
        self.blog.logged_count() - self.logged_before
    }

    /// Waits until everyone has come and is in the middle of it.
    fn is_busy(&self) {
        until("everyone is there", || {
            self.blog.users_count() == WHO_REGISTER && self.answered() > 100
        });
    }

    /// The totals, which are those of the terminal, the summary and the blog's log.
    fn agree(&self, ended: &Ended) -> (Totals, Value) {
        self.agree_but_for(0, ended)
    }

    /// The same, where the log may have so many lines more.
    fn agree_but_for(&self, unsent: u64, ended: &Ended) -> (Totals, Value) {
        let summary = summary(&self.folder.path().join("summary.json"));
        let totals = Totals::of(&summary, &ended.stdout);
        // A failure with a whole answer is one that the blog knows of as well.
        let failures = summary["failures"].as_array().unwrap();
        let answered_failures: u64 = failures
            .iter()
            .filter(|failure| {
                let kind = failure["kind"].as_str().unwrap();
                ["status", "expectation", "extraction"].contains(&kind)
            })
            .map(|failure| failure["count"].as_u64().unwrap())
            .sum();
        let expected = totals.ok() + totals.redirects + answered_failures;
        until("the log is written", || self.answered() >= expected);
        let answered = self.answered();
        assert!(
            (expected..=expected + unsent).contains(&answered),
            "{answered} answered, {expected} expected: {}",
            ended.stdout
        );
        (totals, summary)
    }

    /// Everyone who was there has taken back what they wrote, and said good-bye.
    fn all_have_left(&self, summary: &Value) {
        assert_eq!(self.blog.posts_count(), 0, "{summary:#}");
        assert_eq!(self.blog.users_count(), WHO_REGISTER, "{summary:#}");
        assert_eq!(requests("GET /auth/logout", summary), WHO_REGISTER);
        let written = requests("POST /create", summary);
        assert_eq!(requests("POST /{post_id}/delete", summary), written);
    }
}

fn requests(name: &str, summary: &Value) -> u64 {
    let rows = summary["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["name"] == name).unwrap();
    row["requests"].as_u64().unwrap()
}

/// Editors and authors who completed their `on_start`, and so have to do `on_stop`.
fn started_well(summary: &Value) -> u64 {
    let classes = summary["users"].as_array().unwrap().iter();
    let logging_out = classes.filter(|class| class["class"] != "reader");
    let well = |class: &Value| {
        class["started"].as_u64().unwrap() - class["failed_starts"].as_u64().unwrap()
    };
    logging_out.map(well).sum()
}

#[test]
fn the_end_of_the_time_leaves_no_post() {
    let Some((flagship, run)) = Flagship::start("4s") else {
        return;
    };
    let ended = end(run);
    let (totals, summary) = flagship.agree(&ended);
    assert_eq!((totals.failed, totals.interrupted), (0, 0));
    flagship.all_have_left(&summary);
    assert_eq!(summary["ended"], "finished");
}

#[test]
fn signals_leave_no_post() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let Some((flagship, run)) = Flagship::start("1h") else {
            return;
        };
        flagship.is_busy();
        assert!(flagship.blog.posts_count() > 0, "the editors' posts");
        signal(&run, name);
        let ended = end(run);
        let (totals, summary) = flagship.agree(&ended);
        assert_eq!((totals.failed, totals.interrupted), (0, 0));
        flagship.all_have_left(&summary);
        assert_eq!(ended.code(), Some(code), "{}", ended.last_line());
        assert_eq!(summary["ended"], format!("sig{}", name.to_lowercase()));
    }
}

#[test]
fn the_end_of_the_target_is_counted_to_the_request() {
    let Some((flagship, run)) = Flagship::start("1h") else {
        return;
    };
    flagship.is_busy();
    flagship.blog.shut_down();
    until("it is gone", || {
        std::net::TcpStream::connect(flagship.blog.address).is_err()
    });
    std::thread::sleep(std::time::Duration::from_secs(1));
    signal(&run, "TERM");
    let ended = end(run);
    // The blog writes a line before it sends the answer: as it ends, each of the ten users
    // can be waiting for one that is only in the log.
    let (totals, summary) = flagship.agree_but_for(10, &ended);
    assert!(totals.failed > 5, "{}", ended.stdout);
    assert_eq!(totals.interrupted, 0);
    assert_eq!(ended.code(), Some(143));
    // `on_stop` was tried by everyone, and to its last step.
    assert_eq!(
        requests("GET /auth/logout", &summary),
        started_well(&summary)
    );
}
