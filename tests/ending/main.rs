//! Runs that end, each in its way: the whole program, against targets that leave.

// Clippy lets tests unwrap and print, but not what tests call.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod blog;
mod gone;
mod outputs;
mod running;
mod signals;
mod start;
#[path = "../support/mod.rs"]
mod support;
mod target;
