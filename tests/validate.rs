//! `plan validate` and the commands beside it, as a person in a shell sees them.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

use std::{fs, process::Command};

use assert_cmd::cargo::CommandCargoExt as _;
use tempfile::TempDir;

#[test]
fn files_that_cannot_be_read_are_all_named() {
    let folder = Folder::new()
        .file("latin.yaml", b"plan: 1\nname: \xB3ucznik\n")
        .file("notes.txt", b"plan: 1\n");
    folder
        .plan(&["validate", "gone.yaml", "latin.yaml", "notes.txt"])
        .stderr(
            "\
error: cannot read `gone.yaml`: No such file or directory (os error 2)
error: cannot read `latin.yaml`: line 2 is not UTF-8 (save the file as UTF-8)
error: cannot read `notes.txt`: its name has no known ending; use .yaml, .yml or .toml
",
        )
        .exit(2);
}

#[test]
fn a_wrong_command_line_ends_with_2_and_help_with_0() {
    let folder = Folder::new();
    for args in [
        &["validat", "x.yaml"][..],
        &["validate"],
        &["validate", "--loud", "x.yaml"],
        &["show", "x.yaml", "--users", "0"],
        &["show", "x.yaml", "--users", "1000001"],
        &["show", "x.yaml", "--target", "ftp://example.org"],
        &["completions", "tcsh"],
        &[],
    ] {
        let ended = folder.plan(args);
        assert_eq!(ended.stdout, "", "{args:?}");
        assert_ne!(ended.stderr, "", "{args:?}");
        ended.exit(2);
    }
    for command in ["validate", "show", "schema", "completions"] {
        let ended = folder.plan(&[command, "--help"]);
        assert!(ended.stdout.contains("Examples:\n  plan "), "{command}");
        assert!(ended.stdout.ends_with('\n'), "{command}");
        ended.stderr("").exit(0);
    }
    let version = folder.plan(&["--version"]);
    assert_eq!(
        version.stdout,
        format!("plan {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_wrong_duration_is_explained() {
    Folder::new()
        .plan(&["show", "x.yaml", "--duration", "30"])
        .stderr(
            "\
error: invalid value '30' for '--duration <TIME>': every number of a duration needs a unit: ms, s, m, h or d; valid are 500ms, 7s, 1m, 1h20m, 72h, 3d

For more information, try '--help'.
",
        )
        .exit(2);
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = Folder::new().plan(&["completions", shell]);
        assert!(ended.stdout.contains("validate"), "{shell}");
        ended.stderr("").exit(0);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_with_3() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let ended = Command::cargo_bin("plan")
        .unwrap()
        .args(["completions", "bash"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&ended.stderr),
        "error: cannot write the output: No space left on device (os error 28)\n"
    );
    assert_eq!(ended.status.code(), Some(3));
}

#[cfg(unix)]
#[test]
fn whoever_stops_reading_has_read_enough() {
    use std::{os::fd::OwnedFd, process::Stdio};
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = Command::cargo_bin("plan")
        .unwrap()
        .args(["completions", "bash"])
        .stdout(Stdio::from(OwnedFd::from(writer)))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
    assert_eq!(ended.status.code(), Some(0));
}

/// A folder with files, in which the program is called.
struct Folder(TempDir);

/// What came of a call.
struct Ended {
    stdout: String,
    stderr: String,
    code: Option<i32>,
}

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn file(self, path: &str, text: impl AsRef<[u8]>) -> Folder {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn plan(&self, args: &[&str]) -> Ended {
        let output = Command::cargo_bin("plan")
            .unwrap()
            .args(args)
            .current_dir(&self.0)
            .env_clear()
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
    fn stderr(self, expected: &str) -> Ended {
        assert_eq!(self.stderr, expected);
        self
    }

    #[track_caller]
    fn exit(self, expected: i32) {
        assert_eq!(self.code, Some(expected), "{}{}", self.stdout, self.stderr);
    }
}
