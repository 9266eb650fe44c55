//! Forms of pages, and bodies with files: what plans send, compared with what a real
//! browser sends and with what a real application takes.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

#[path = "../running/mod.rs"]
mod running;
#[path = "../shell/mod.rs"]
mod shell;
#[path = "../support/mod.rs"]
mod support;

mod auth;
mod blog;
mod cases;
mod chromium;
mod files;
mod submit;
mod wire;
