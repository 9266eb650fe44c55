//! Runs that are kept: written while they go on, read after whatever happened to them.

#![allow(clippy::unwrap_used)]

#[path = "../faults/mod.rs"]
mod faults;
#[path = "../running/mod.rs"]
mod running;
#[path = "../shell/mod.rs"]
mod shell;

mod agreeing;
mod killed;
mod long;
mod parts;
mod schema;
mod trouble;

use serde_json::Value;
use shell::Folder;

/// Asks two pages of the demo, one of which is not there.
const PLAN: &str = "
plan: 1
name: two pages
target: http://127.0.0.1:1
users:
  reader: { wait: 20ms..40ms, sequence: [page, nothing] }
tasks:
  page:
    - get: /
  nothing:
    - get: /nothing
load: { users: 4, ramp_up: 500ms, duration: 3s }
thresholds:
  - errors < 60%
  - p95 < 5s
";

/// A folder with the plan.
fn folder() -> Folder {
    Folder::new().file("plan.yaml", PLAN)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|why| panic!("{why}: {text}"))
}
