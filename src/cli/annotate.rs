//! `plan annotate`: a note on what happened while a run went on.

use std::{io::Write as _, path::PathBuf, time::Duration};

use clap::Args;

use super::{CliError, Context, ExitCode, overrides::time, runs};
use crate::{
    archive::{self, State},
    base::{clock::Clock, figures, printable::printable},
};

/// Notes on a run what happened: it is an event of it from then on.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct AnnotateArgs {
    /// The run: its folder, or a part of its name in `runs`.
    #[arg(value_name = "RUN")]
    run: PathBuf,

    /// What happened.
    #[arg(value_name = "TEXT")]
    text: String,

    /// When, since the start of the run [default: now].
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Duration>,
}

const EXAMPLES: &str = "\
Examples:
  plan annotate k3j9x1a 'deploy 1.4.2'
  plan annotate runs/nightly 'database failed over' --at 26h12m";

/// The longest note, in characters.
const MAX_CHARS: usize = 200;

/// Runs the command.
///
/// # Errors
///
/// If there is no such run, if it is not known when it happened, or if it cannot be
/// written.
pub fn run(args: &AnnotateArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let folder = runs::find(Some(&args.run))?;
    let glance = archive::glance(&folder).map_err(runs::unreadable)?;
    let text = args.text.trim();
    if text.is_empty() || text.chars().count() > MAX_CHARS {
        return Err(CliError::Wrong(format!(
            "a note has 1 to {MAX_CHARS} characters, such as 'deploy 1.4.2'"
        )));
    }
    let at = match (args.at, glance.state) {
        (Some(at), _) => at,
        (None, State::GoingOn) => {
            let began = archive::began(&folder).map_err(runs::unreadable)?;
            let now = Clock::start().unix(Duration::ZERO);
            now.saturating_sub(began)
        }
        (None, State::Ended | State::Killed) => {
            return Err(CliError::Wrong(
                "the run is over: say when it happened, with `--at 26h12m`".to_owned(),
            ));
        }
    };
    let written = archive::annotate(&folder, at, text);
    written.map_err(|why| CliError::surroundings("write to the run's folder", why))?;
    let at = figures::time(at);
    writeln!(ctx.stderr, "noted at {at}: {}", printable(text))?;
    Ok(ExitCode::Success)
}
