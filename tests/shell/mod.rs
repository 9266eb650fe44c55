//! The program as a person in a shell calls it, in a folder of its own.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]
// Every test program compiles all of this and uses its own part.
#![allow(dead_code)]

use std::{fs, process::Command};

use assert_cmd::cargo::CommandCargoExt as _;
use tempfile::TempDir;

/// A folder with files, in which the program is called.
pub struct Folder(TempDir);

/// What came of a call.
pub struct Ended {
    pub stdout: String,
    pub stderr: String,
    pub code: Option<i32>,
}

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    pub fn file(self, path: &str, text: impl AsRef<[u8]>) -> Folder {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Where a file of the folder is.
    pub fn path(&self, file: &str) -> String {
        self.0.path().join(file).to_str().unwrap().to_owned()
    }

    pub fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    /// Calls git in it, which has to succeed.
    pub fn git(&self, args: &[&str]) {
        let output = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@b"])
            .args(args)
            .current_dir(self.path(""))
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
    }

    /// Commits all that is in it.
    pub fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "x"]);
    }

    pub fn plan(&self, args: &[&str]) -> Ended {
        self.plan_where(&[], args)
    }

    /// The same, where these environment variables are set.
    pub fn plan_where(&self, environment: &[(&str, &str)], args: &[&str]) -> Ended {
        let output = Command::cargo_bin("plan")
            .unwrap()
            .args(args)
            .current_dir(&self.0)
            .env_clear()
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        Ended {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
        }
    }
}

impl Ended {
    #[track_caller]
    pub fn stderr(self, expected: &str) -> Ended {
        assert_eq!(self.stderr, expected);
        self
    }

    #[track_caller]
    pub fn exit(self, expected: i32) {
        assert_eq!(self.code, Some(expected), "{}{}", self.stdout, self.stderr);
    }
}
