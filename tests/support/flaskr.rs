//! The real flaskr, served by gunicorn for one test.

use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::browser::Browser;

/// How long it may take to answer for the first time.
const START_WITHIN: Duration = Duration::from_secs(60);

/// A server with an empty database, gone when this is dropped.
#[derive(Debug)]
pub struct Flaskr {
    pub address: SocketAddr,
    python: PathBuf,
    folder: TempDir,
    server: Child,
}

impl Flaskr {
    /// Starts it, if it is installed: `tests/run` sees to that and says where
    /// in `PLAN_FLASKR`.
    pub fn start() -> Option<Flaskr> {
        let Some(venv) = env::var_os("PLAN_FLASKR") else {
            eprintln!("skipped: PLAN_FLASKR is not set; tests/run installs the real flaskr");
            return None;
        };
        let folder = TempDir::new().unwrap();
        // It ends with its input, which ends with us: see the script.
        let mut server = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/flaskr/serve"))
            .arg("0")
            .arg(folder.path())
            .env("PLAN_FLASKR", &venv)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let address = address(&folder.path().join("gunicorn.log"), &mut server);
        assert_eq!(Browser::of(address).get("/hello").status, 200);
        Some(Flaskr {
            address,
            python: Path::new(&venv).join("bin/python"),
            folder,
            server,
        })
    }

    /// `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many users its database has.
    pub fn users_count(&self) -> u64 {
        self.count("user")
    }

    /// How many posts its database has.
    pub fn posts_count(&self) -> u64 {
        self.count("post")
    }

    /// How many requests it has answered, by its own log.
    pub fn logged_count(&self) -> u64 {
        self.log().lines().count() as u64
    }

    /// Its own log: a line for each request that it has answered.
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.path().join("access.log"));
        log.unwrap_or_default()
    }

    /// Ends it in order: what it has begun to answer it answers, and nothing more.
    pub fn shut_down(&self) {
        let log = fs::read_to_string(self.folder.path().join("gunicorn.log")).unwrap();
        let master = log
            .split_once("Listening at: http://")
            .and_then(|(_, rest)| rest.split_once('('))
            .and_then(|(_, rest)| rest.split_once(')'))
            .map(|(master, _)| master.to_owned());
        let told = Command::new("kill")
            .args(["-TERM", &master.expect("its number")])
            .status();
        assert!(told.unwrap().success());
    }

    fn count(&self, table: &str) -> u64 {
        const COUNT: &str = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1])\
                             .execute('select count(*) from ' + sys.argv[2]).fetchone()[0])";
        let output = Command::new(&self.python)
            .args(["-c", COUNT])
            .arg(self.folder.path().join("flaskr.sqlite"))
            .arg(table)
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        printed.trim().parse().unwrap()
    }
}

impl Drop for Flaskr {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}

/// Waits for the line in which gunicorn says where it listens.
fn address(log: &Path, server: &mut Child) -> SocketAddr {
    let began = Instant::now();
    loop {
        let text = fs::read_to_string(log).unwrap_or_default();
        let found = text
            .split_once("Listening at: http://")
            .and_then(|(_, rest)| rest.split_once(' '));
        if let Some((address, _)) = found {
            return address.parse().unwrap();
        }
        let ended = server.try_wait().unwrap();
        assert!(ended.is_none(), "flaskr ended ({ended:?}): {text}");
        assert!(began.elapsed() < START_WITHIN, "flaskr is silent: {text}");
        thread::sleep(Duration::from_millis(20));
    }
}
