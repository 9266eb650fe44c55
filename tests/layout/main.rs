//! Files in their one layout: what it is, and that nothing is lost by it.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

mod command;
mod convert;
mod generated;
mod laws;
mod toml;
mod yaml;
