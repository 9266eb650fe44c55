//! `plan runs`: which runs there are; and finding the one that is meant.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{CliError, Context, ExitCode, run::kept::RUNS};
use crate::{
    archive::{self, Glance, ReadError, State},
    base::{figures, nearest, printable::printable},
    report::{self, RunLine},
    stats::{RowTotals, RunRecord},
};

/// Lists the runs that were kept, the latest first.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RunsArgs {
    /// The folder that they are in.
    #[arg(value_name = "DIR", default_value = RUNS)]
    folder: PathBuf,

    /// Prints a JSON array in place of the table.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  plan runs
  plan runs nightly/
  plan runs --json | jq '.[0].folder'

What the first column says names a run for `plan report` and `plan annotate`.";

/// Runs the command.
///
/// # Errors
///
/// If the folder cannot be read, or the output cannot be written.
pub fn run(args: &RunsArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let runs: Vec<_> = all(&args.folder)?
        .into_iter()
        .filter_map(|folder| Some((archive::glance(&folder).ok()?, folder)))
        .collect();
    if args.json {
        let list: Vec<_> = runs
            .iter()
            .map(|(run, folder)| document(run, folder))
            .collect();
        writeln!(ctx.stdout, "{:#}", json!(list))?;
        return Ok(ExitCode::Success);
    }
    if runs.is_empty() {
        let folder = shown(&args.folder);
        writeln!(ctx.stderr, "no run is kept in `{folder}`")?;
        return Ok(ExitCode::Success);
    }
    let lines: Vec<_> = runs.iter().map(|(run, folder)| line(run, folder)).collect();
    write!(ctx.stdout, "{}", report::list(&lines))?;
    Ok(ExitCode::Success)
}

fn document(run: &Glance, folder: &Path) -> serde_json::Value {
    let record = run.record.as_ref();
    let conclusion = record.map(RunRecord::conclusion);
    json!({
        "folder": folder.display().to_string(),
        "plan": run.identity.plan,
        "run_id": run.identity.run_id,
        "started": run.identity.started,
        "target": run.identity.target,
        "state": word(run.state),
        "elapsed_us": record.map(|record| u64::try_from(record.elapsed.as_micros()).unwrap_or(u64::MAX)),
        "requests": record.map(|record| record.total.requests()),
        "failed": record.map(|record| record.total.failed),
        "exit": conclusion.as_ref().map(|conclusion| conclusion.exit),
        "reason": conclusion.map(|conclusion| conclusion.reason),
    })
}

fn line(run: &Glance, folder: &Path) -> RunLine {
    let record = run.record.as_ref();
    let name = folder.file_name().unwrap_or(folder.as_os_str());
    let total = record.map(|record| &record.total);
    RunLine {
        name: name.to_string_lossy().into_owned(),
        took: record.map(|record| figures::time(record.elapsed)),
        requests: total.map(|total| total.requests().to_string()),
        errors: total.and_then(RowTotals::errors).map(figures::share),
        p95: total
            .and_then(|total| total.response().percentile(95.0))
            .map(figures::time),
        outcome: match record {
            Some(record) => record.conclusion().to_string(),
            None => word(run.state).to_owned(),
        },
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::GoingOn => "going on",
        State::Ended => "ended",
        State::Killed => "killed",
    }
}

/// The folder of the run that is meant: a path, or a part of the name of one in `runs`;
/// nothing for the latest.
///
/// # Errors
///
/// If there is none, or more than one.
pub(super) fn find(meant: Option<&Path>) -> Result<PathBuf, CliError> {
    let runs = Path::new(RUNS);
    let Some(meant) = meant else {
        let latest = all(runs)?.into_iter().next();
        return latest.ok_or_else(|| {
            CliError::Wrong(format!(
                "no run is kept in `{RUNS}`: name the folder of one, or run a plan first"
            ))
        });
    };
    if meant.is_dir() {
        return Ok(meant.to_owned());
    }
    let text = meant.to_string_lossy();
    let names: Vec<String> = all(runs)?
        .iter()
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .collect();
    let fitting: Vec<_> = names.iter().filter(|name| name.contains(&*text)).collect();
    match fitting.as_slice() {
        [one] => Ok(runs.join(one)),
        [] => {
            let nearest = nearest::nearest(&text, names.iter().map(String::as_str));
            let help = match nearest {
                Some(name) => format!("; did you mean `{}`?", printable(name)),
                None => "; `plan runs` lists them".to_owned(),
            };
            let text = printable(&text).into_owned();
            Err(CliError::Wrong(format!(
                "`{text}` is no folder, and no run in `{RUNS}` is called like this{help}"
            )))
        }
        [first, second, ..] => Err(CliError::Wrong(format!(
            "`{}` names {} runs, such as `{}` and `{}`: say more of the name",
            printable(&text),
            fitting.len(),
            printable(first),
            printable(second),
        ))),
    }
}

/// The folders in a folder that hold a run, the latest first.
fn all(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(why) => {
            let doing = format!("read `{}`", shown(folder));
            return Err(CliError::surroundings(doing, why));
        }
    };
    let mut found: Vec<(String, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let path = entry.path();
            let started = archive::started(&path)?;
            Some((started, path))
        })
        .collect();
    found.sort();
    Ok(found.into_iter().rev().map(|(_, path)| path).collect())
}

/// What keeps a run from being read, as an error of the command.
pub(super) fn unreadable(why: ReadError) -> CliError {
    match why {
        ReadError::File { .. } | ReadError::Strange { .. } => {
            CliError::surroundings("read the run", why)
        }
        ReadError::NoRun { .. }
        | ReadError::Format { .. }
        | ReadError::NeverBegan
        | ReadError::Beyond { .. } => CliError::Wrong(why.to_string()),
    }
}

fn shown(path: &Path) -> String {
    printable(&path.display().to_string()).into_owned()
}
