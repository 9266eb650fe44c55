//! Load models: who is there when, and who arrives when.

mod capacity;
mod closed;
mod latency;
mod mistakes;
mod open;
mod overrides;
#[path = "../running/mod.rs"]
mod running;

use std::time::Duration;

use plan::{protocol::scripted::Answer, stats::RunRecord};
use running::{Log, Run, compile, logging};

/// A plan of one class that asks for `/` once a pass.
fn plan(wait: &str, load: &str) -> String {
    let load: String = match load.starts_with('{') {
        true => format!("  {load}\n"),
        false => running::dedent(load)
            .lines()
            .map(|line| format!("  {line}\n"))
            .collect(),
    };
    format!(
        "plan: 1\n\
         target: http://127.0.0.1:1\n\
         users:\n  visitor:\n    wait: {wait}\n    sequence:\n      - get: /\n\
         load:\n{load}"
    )
}

/// Runs a plan whose target takes so long for each answer.
async fn run(text: &str, latency: Duration) -> (RunRecord, Log) {
    let log = Log::default();
    let target = logging(&log, move |_, _| Answer::new(200, "").after(latency));
    let record = Run::of(compile(text), target).go().await;
    (record, log)
}

/// When anything was asked for, in milliseconds, by whomever.
fn times(log: &Log) -> Vec<u128> {
    let log = log.lock().expect("no test panics while it writes");
    let mut times: Vec<_> = log.values().flatten().map(|(at, _)| *at).collect();
    times.sort_unstable();
    times
}

/// How many users asked for something in each second.
fn users_by_second(log: &Log, seconds: u128) -> Vec<usize> {
    let log = log.lock().expect("no test panics while it writes");
    let asked = |second: u128| {
        let in_second =
            |asked: &Vec<(u128, String)>| asked.iter().any(|(at, _)| at / 1_000 == second);
        log.values().filter(|asked| in_second(asked)).count()
    };
    (0..seconds).map(asked).collect()
}

/// Arrivals that were due, and those of them that were dropped.
fn arrivals(record: &RunRecord) -> (u64, u64) {
    let classes = || record.classes.iter();
    (
        classes().map(|class| class.due).sum(),
        classes().map(|class| class.dropped).sum(),
    )
}
