//! `plan show`: the plan as it would run, after includes and overrides.
//!
//! What it prints is a plan itself, of one file, in the canonical spelling of
//! every form.

use std::{io::Write as _, path::PathBuf};

use clap::{Args, ValueEnum};

use super::{CliError, Context, ExitCode, findings, overrides::OverrideArgs, prepare};
use crate::plan;

/// Prints the effective plan: includes merged in, overrides applied.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ShowArgs {
    /// Plan file (.yaml, .yml or .toml).
    #[arg(value_name = "PLAN")]
    path: PathBuf,

    /// How to spell it.
    #[arg(long, value_name = "FORMAT", default_value = "yaml")]
    format: ShowFormat,

    #[command(flatten)]
    overrides: OverrideArgs,
}

/// A spelling of the effective plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ShowFormat {
    Yaml,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  plan show plan.yaml
  plan show plan.yaml --users 5 --duration 10m --format json";

/// Runs the command.
///
/// # Errors
///
/// If the file cannot be read, or the output cannot be written.
pub fn run(args: &ShowArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let prepared = prepare(&args.path, &args.overrides.overrides(ctx))?;
    let Some(plan) = prepared.plan.filter(|_| !prepared.found.has_errors()) else {
        findings::show(&prepared.sources, &prepared.found, ctx)?;
        return Ok(ExitCode::WrongInput);
    };
    let document = plan::print(plan.checked.plan(), &prepared.sources);
    match args.format {
        ShowFormat::Yaml => {
            let text = serde_yaml::to_string(&document).expect("any JSON can be spelled in YAML");
            write!(ctx.stdout, "{text}")?;
        }
        ShowFormat::Json => writeln!(ctx.stdout, "{document:#}")?,
    }
    Ok(ExitCode::Success)
}
