//! `plan schema`: what editors and other programs need to know of plan files.

use std::io::Write as _;

use clap::Args;

use super::{CliError, Context, ExitCode};
use crate::plan;

/// Prints the JSON Schema of plan files.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SchemaArgs {}

const EXAMPLES: &str = "\
Examples:
  plan schema > plan.schema.json

An editor then completes and checks a plan whose first line is
  # yaml-language-server: $schema=plan.schema.json";

/// Runs the command.
///
/// # Errors
///
/// If the output cannot be written.
pub fn run(_args: &SchemaArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    writeln!(ctx.stdout, "{:#}", plan::schema())?;
    Ok(ExitCode::Success)
}
