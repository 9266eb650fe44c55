//! Any bytes as a plan in YAML.
#![no_main]

#[path = "../body.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| body::validate("plan.yaml", bytes));
