//! Any bytes as a plan in TOML.
#![no_main]

#[path = "../body.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| body::validate("plan.toml", bytes));
