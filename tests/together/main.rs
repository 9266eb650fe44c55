//! Steps that belong together: groups, requests side by side, meetings.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

#[path = "../faults/mod.rs"]
mod faults;
mod groups;
mod iterations;
mod meetings;
mod parallel;
#[path = "../running/mod.rs"]
mod running;

use std::time::Duration;

use plan::{
    protocol::scripted::{Answer, Scripted},
    stats::RunRecord,
};
use running::{Log, Run, compile, logging};

/// A plan of one class, which does a sequence of steps in each pass.
fn plan(steps: &str, load: &str) -> String {
    let steps = running::dedent(steps);
    let steps: String = steps
        .lines()
        .map(|line| format!("      {line}\n"))
        .collect();
    format!(
        "plan: 1\ntarget: http://target\nusers:\n  visitor:\n    wait: 1s\n    sequence:\n{steps}load: {load}\n"
    )
}

/// `/fail…` is answered by 500, `/slow…` after a second and all others after 100 ms.
fn target(log: &Log) -> Scripted {
    logging(log, |_, path| {
        let status = if path.starts_with("/fail") { 500 } else { 200 };
        let latency = if path.starts_with("/slow") { 1000 } else { 100 };
        Answer::new(status, "").after(Duration::from_millis(latency))
    })
}

async fn run(text: &str) -> (RunRecord, Log) {
    let log = Log::default();
    let record = Run::of(compile(text), target(&log)).go().await;
    (record, log)
}
