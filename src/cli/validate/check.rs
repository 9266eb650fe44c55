//! The checking of many files, on all cores of the machine.

use std::{
    num::NonZero,
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use super::gather::Gathered;
use crate::{
    cli::{CliError, Prepared, prepare},
    forecast::{Forecast, forecast},
    plan::Overrides,
};

/// What is to be found out about each file.
#[derive(Debug)]
pub struct Checking {
    pub overrides: Overrides,
    /// How long an answer takes, if what a plan will do is asked for.
    pub forecast_with: Option<Duration>,
}

/// A file that was checked, or the reason why it could not be.
#[derive(Debug)]
pub struct Checked {
    pub path: PathBuf,
    pub outcome: Result<Outcome, CliError>,
}

/// What was found out about a file.
#[derive(Debug)]
pub struct Outcome {
    pub prepared: Prepared,
    /// Of a good plan, if it was asked for.
    pub forecast: Option<Forecast>,
}

/// As much as the main thread has: plans can be nested deeply.
const STACK_BYTES: usize = 8 << 20;

/// Checks all files. What comes back is in their order, whoever was faster.
pub fn check(files: Vec<Gathered>, checking: &Checking) -> Vec<Checked> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let slots: Vec<_> = files.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((file, slot)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            files.get(at).zip(slots.get(at))
        } {
            if let Ok(path) = file {
                slot.get_or_init(|| check_one(path, checking));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..cores.min(files.len()) {
            let builder = thread::Builder::new().stack_size(STACK_BYTES);
            // Where the system gives no thread, this one does all the work.
            if builder.spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    let results = slots.into_iter().map(OnceLock::into_inner);
    let checked = |(file, result): (Gathered, Option<_>)| match file {
        Ok(path) => Checked {
            path,
            outcome: result.expect("each file was taken from the queue and checked"),
        },
        Err((path, error)) => Checked {
            path,
            outcome: Err(error),
        },
    };
    files.into_iter().zip(results).map(checked).collect()
}

/// Checks the plan as it is in each of its environments, where none was asked for.
/// What was said of the plan itself is not said again.
fn check_environments(
    path: &Path,
    prepared: &mut Prepared,
    overrides: &Overrides,
) -> Result<(), CliError> {
    let Some(plan) = &prepared.plan else {
        return Ok(());
    };
    let environments = &plan.checked.plan().environments;
    let names: Vec<String> = environments
        .iter()
        .map(|one| one.name.value.clone())
        .collect();
    for name in names {
        let mut overrides = overrides.clone();
        overrides.edits.environment = Some(name);
        let mut there = prepare(path, &overrides)?;
        there.compile();
        for found in there.found.sorted() {
            prepared.found.push_once(found.clone());
        }
    }
    Ok(())
}

fn check_one(path: &Path, checking: &Checking) -> Result<Outcome, CliError> {
    let mut prepared = prepare(path, &checking.overrides)?;
    // Making the graph is the last and strictest check.
    let graph = prepared.compile();
    check_environments(path, &mut prepared, &checking.overrides)?;
    let forecast = graph
        .zip(checking.forecast_with)
        .map(|(graph, response)| forecast(&graph, response));
    Ok(Outcome { prepared, forecast })
}
