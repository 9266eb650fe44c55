//! Steps that hold steps: plans on a paused clock, and what is said of them.

// Clippy lets tests unwrap, but not what tests call.
#![allow(clippy::unwrap_used)]

mod branches;
mod loops;
#[path = "../running/mod.rs"]
mod running;
mod written;

use plan::{protocol::scripted::Answer, stats::RunRecord};
use running::{Log, Run, compile, logging};

/// A plan of one class, with tasks of its own.
fn plan(class: &str, tasks: &str, load: &str) -> String {
    let indented = |text: &str, by: usize| {
        let pad = " ".repeat(by);
        let lines = running::dedent(text);
        let lines = lines.lines().map(|line| format!("{pad}{line}\n"));
        lines.collect::<String>()
    };
    let tasks = match tasks {
        "" => String::new(),
        _ => format!("tasks:\n{}", indented(tasks, 2)),
    };
    format!(
        "plan: 1\ntarget: http://target\nusers:\n  visitor:\n{}{tasks}load: {load}\n",
        indented(class, 4),
    )
}

/// Runs a plan; paths that begin with `/fail` are answered by 500.
async fn run(text: &str) -> (RunRecord, Log) {
    let log = Log::default();
    let target = logging(&log, |_, path| {
        Answer::new(if path.starts_with("/fail") { 500 } else { 200 }, "")
    });
    let record = Run::of(compile(text), target).go().await;
    (record, log)
}

/// Compares with a text that is indented as it stands in the test.
fn same(found: &str, expected: &str) {
    let expected = running::dedent(expected);
    let (found, expected) = (found.trim_end(), expected.trim_end());
    assert!(found == expected, "found\n{found}\nexpected\n{expected}");
}
