//! How people begin: a plan of `plan init`, and a place where plans are reviewed.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

#[path = "../shell/mod.rs"]
mod shell;

mod init;
