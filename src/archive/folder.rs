//! The files of a run, and what they are called.
//!
//! ```text
//! runs/20261124T091500Z-flaskr_endurance-k3j9x1a/
//!   run.json            what was run, for people and programs
//!   plan/               the plan and what it includes, as they were read
//!   start.rec           what was known when the load began
//!   seconds-….rec       the last ten minutes, second by second: one file a minute
//!   tens-….rec          the last two hours, in tens of seconds: one file each ten minutes
//!   minutes.rec         the whole run, in minutes
//!   state-….rec         all numbers so far, every five minutes; the last two
//!   events.rec          what happened besides requests
//!   examples.rec        failures as they happened
//!   annotations.rec     what people wrote to it
//!   end.rec             the record of the whole run, once it has ended
//!   report.html, report.json
//! ```

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::stats::Machine;

/// The version of the format. A program reads the versions that it knows and no other.
pub const FORMAT: u32 = 1;

pub(super) const RUN: &str = "run.json";
pub(super) const PLAN: &str = "plan";
pub(super) const START: &str = "start.rec";
pub(super) const MINUTES: &str = "minutes.rec";
pub(super) const EVENTS: &str = "events.rec";
pub(super) const EXAMPLES: &str = "examples.rec";
pub(super) const ANNOTATIONS: &str = "annotations.rec";
pub(super) const END: &str = "end.rec";
/// Held by the program that writes.
pub(super) const LOCK: &str = "lock";

pub(super) const SECONDS: &str = "seconds";
pub(super) const TENS: &str = "tens";
pub(super) const STATE: &str = "state";

/// What was run, and where: the content of `run.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub format: u32,
    /// The plan's name, and the file that it was read from.
    pub plan: String,
    pub file: String,
    pub run_id: String,
    /// RFC 3339, in UTC.
    pub started: String,
    pub target: String,
    pub seed: u64,
    /// Of the plan as its author wrote it.
    pub fingerprint: String,
    /// Options that changed what was run or judged, as typed.
    pub options: Vec<String>,
    /// Of this program.
    pub version: String,
    pub machine: Machine,
}

impl Identity {
    /// What the folder of the run is called: `20261124T091500Z-flaskr_endurance-k3j9x1a`.
    pub fn folder_name(&self) -> String {
        let time: String = self.started.chars().take(19).collect();
        let time = time.replace(['-', ':'], "");
        format!("{time}Z-{}-{}", slug(&self.plan), slug(&self.run_id))
    }
}

/// A text as a part of a file's name: letters, digits, `_` and `-`, and not too many.
fn slug(text: &str) -> String {
    const MOST: usize = 40;
    let fits = |c: char| match c.is_ascii_alphanumeric() || c == '_' {
        true => c,
        false => '-',
    };
    let slug: String = text.chars().map(fits).take(MOST).collect();
    let slug = slug.trim_matches('-');
    match slug.is_empty() {
        true => "run".to_owned(),
        false => slug.to_owned(),
    }
}

/// The name of a file that is one of many, by when it begins.
pub(super) fn numbered(kind: &str, from: Duration) -> String {
    format!("{kind}-{:08}.rec", (from + HALF_A_SECOND).as_secs())
}

/// Those of one kind in a folder, in their order.
pub(super) fn all_of(folder: &Path, kind: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let number = name
            .and_then(|name| name.strip_prefix(kind)?.strip_prefix('-'))
            .and_then(|name| name.strip_suffix(".rec"));
        if number.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit())) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Seconds end a little before or after they are full.
const HALF_A_SECOND: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_called_by_time_plan_and_run() {
        let rows = [
            ("flaskr_endurance", "k3j", "flaskr_endurance-k3j"),
            ("Über alles/../x", "a b", "ber-alles----x-a-b"),
            ("…", "", "run-run"),
        ];
        for (plan, run_id, expected) in rows {
            let identity = Identity {
                format: FORMAT,
                plan: plan.to_owned(),
                file: String::new(),
                run_id: run_id.to_owned(),
                started: "2026-11-24T09:15:00.250Z".to_owned(),
                target: String::new(),
                seed: 0,
                fingerprint: String::new(),
                options: Vec::new(),
                version: String::new(),
                machine: Machine::default(),
            };
            let expected = format!("20261124T091500Z-{expected}");
            assert_eq!(identity.folder_name(), expected);
        }
    }
}
