//! `plan completions`: what shells need to complete commands and options.

use std::io::Write as _;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Arguments, CliError, Context, ExitCode};

/// Prints a completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CompletionsArgs {
    /// The shell that will read it.
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  plan completions bash > ~/.local/share/bash-completion/completions/plan
  plan completions fish > ~/.config/fish/completions/plan.fish";

/// Runs the command.
///
/// # Errors
///
/// If the output cannot be written.
pub fn run(args: &CompletionsArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    // Into memory first: the generator panics where a writer fails.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "plan", &mut script);
    ctx.stdout.write_all(&script)?;
    Ok(ExitCode::Success)
}
