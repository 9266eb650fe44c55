//! The scenes of a run: what of a plan is played, what comes before and after
//! all users, and where they meet.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its own machinery fails"
)]

#[path = "../running/mod.rs"]
mod running;
#[path = "../shell/mod.rs"]
mod shell;

mod setup;
mod tags;
