//! `plan schema`: what editors and other programs need to know of plan files and of
//! reports.

use std::io::Write as _;

use clap::Args;

use super::{CliError, Context, ExitCode};
use crate::{plan, report};

/// Prints the JSON Schema of plan files, or of reports.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SchemaArgs {
    /// That of what `--json` of `plan run` and `plan report` writes.
    #[arg(long)]
    report: bool,
}

const EXAMPLES: &str = "\
Examples:
  plan schema > plan.schema.json
  plan schema --report > report.schema.json

An editor then completes and checks a plan whose first line is
  # yaml-language-server: $schema=plan.schema.json";

/// Runs the command.
///
/// # Errors
///
/// If the output cannot be written.
pub fn run(args: &SchemaArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    match args.report {
        true => write!(ctx.stdout, "{}", report::SCHEMA)?,
        false => writeln!(ctx.stdout, "{:#}", plan::schema())?,
    }
    Ok(ExitCode::Success)
}
