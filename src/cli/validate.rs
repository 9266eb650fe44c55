//! `plan validate`: reads plans and says what is wrong with them.
//!
//! Sends nothing. What it accepts, `plan run` will start.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{CliError, Context, ExitCode, Prepared, prepare};
use crate::{
    base::printable::printable,
    plan::Overrides,
    source::{Severity, render_text},
};

/// Checks plan files without sending a single request.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ValidateArgs {
    /// Plan files (.yaml, .yml or .toml).
    #[arg(required = true, value_name = "PLAN")]
    paths: Vec<PathBuf>,

    /// Says nothing of good files.
    #[arg(short, long)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  plan validate plan.yaml
  plan validate --quiet plans/*.yaml plans/*.toml

Ends with 0 if all files are good (warnings are), and with 2 if one is not.";

/// Runs the command.
///
/// Diagnostics go to stderr. No file ends the command, also not one that cannot
/// be read, so that one call reports on all of them.
///
/// # Errors
///
/// If the output cannot be written.
pub fn run(args: &ValidateArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let mut ended = ExitCode::Success;
    for path in &args.paths {
        let mut prepared = match prepare(path, &Overrides::default()) {
            Ok(prepared) => prepared,
            Err(error) => {
                ctx.stderr.error(&CliError::from(error))?;
                ended = ExitCode::WrongInput;
                continue;
            }
        };
        // The graph is thrown away: making it is the last and strictest check.
        let _graph = prepared.compile();
        let text = render_text(&prepared.sources, &prepared.found, ctx.stderr.colour());
        write!(ctx.stderr, "{text}")?;
        if prepared.found.has_errors() || prepared.plan.is_none() {
            ended = ExitCode::WrongInput;
        } else if !args.quiet {
            writeln!(ctx.stdout, "{}", verdict(path, &prepared))?;
        }
    }
    Ok(ended)
}

/// "plans/x.yaml: ok, 2 warnings".
fn verdict(path: &Path, prepared: &Prepared) -> String {
    let mut line = format!("{}: ok", printable(&path.display().to_string()));
    if prepared.is_fragment() {
        line.push_str(" (a fragment: checked through the plans that include it)");
    }
    match prepared.found.count(Severity::Warning) {
        0 => {}
        1 => line.push_str(", 1 warning"),
        warnings => line.push_str(&format!(", {warnings} warnings")),
    }
    line
}
