//! What runs are judged by: scopes, stages, windows, and runs that end early.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod abort;
mod mistakes;
mod options;
#[path = "../running/mod.rs"]
mod running;
mod scopes;
mod stages;
mod windows;

use plan::{
    protocol::scripted::Scripted,
    stats::{RunRecord, ThresholdResult},
};
use running::{Run, compile};

/// A plan of one class that asks for `/` each second, where answers take 100 ms.
fn plan(thresholds: &[&str], load: &str) -> String {
    let thresholds = list(thresholds);
    format!(
        "plan: 1\ntarget: http://target\nusers:\n  visitor:\n    wait: 900ms\n    \
         sequence: [{{ get: / }}]\nload: {load}\nthresholds:\n{thresholds}"
    )
}

fn list(thresholds: &[&str]) -> String {
    let lines = thresholds.iter();
    lines.map(|text| format!("  - '{text}'\n")).collect()
}

async fn run(plan: &str, target: Scripted) -> RunRecord {
    Run::of(compile(plan), target).go().await
}

/// What came of the thresholds: with a mark, as a report says it.
fn told(record: &RunRecord) -> Vec<String> {
    let told = |result: &ThresholdResult| {
        format!(
            "{:?}: {} {}",
            result.outcome,
            result.threshold,
            result.finding()
        )
    };
    record.thresholds.iter().map(told).collect()
}
