//! What several test programs share: a browser of few words, the demo in
//! process, the real flaskr.

// Every test program compiles all of this and uses its own part.
#![allow(dead_code)]
// Clippy lets tests unwrap and print, but not what tests call.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

pub mod browser;
pub mod demo;
pub mod flaskr;
pub mod outline;
