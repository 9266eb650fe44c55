//! Rows of data: from their files to the requests that they are sent with.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

#[path = "../running/mod.rs"]
mod running;

mod dealing;
mod ends;
mod files;
mod large;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

/// Runs the program in a folder.
fn plan(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plan"))
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// A folder with files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// What `plan validate` says on stderr, in one piece.
fn told(folder: &Path, args: &[&str]) -> (String, Option<i32>) {
    let output = plan(folder, args);
    let told = String::from_utf8(output.stderr).unwrap();
    (told, output.status.code())
}
