//! What reviewers of plans see: drawings, differences, and the checks of a pull
//! request.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod differences;
mod drawings;
mod meaning;
#[path = "../shell/mod.rs"]
mod shell;

use std::path::{Path, PathBuf};

/// A file of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
