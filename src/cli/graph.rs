//! `plan graph`: what a plan compiles to.

use std::{io::Write as _, path::PathBuf};

use clap::{Args, ValueEnum};

use super::{CliError, Context, ExitCode, findings, overrides::OverrideArgs, prepare};
use crate::graph;

/// Prints the execution graph: each step, and where it goes on.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct GraphArgs {
    /// Plan file (.yaml, .yml or .toml).
    #[arg(value_name = "PLAN")]
    path: PathBuf,

    /// How to draw it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: GraphFormat,

    #[command(flatten)]
    overrides: OverrideArgs,
}

/// A drawing of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum GraphFormat {
    Text,
}

const EXAMPLES: &str = "\
Examples:
  plan graph plan.yaml
  plan graph plan.yaml --users 5

Steps are numbered in the order in which a user can come to them. `draw 4 → 7`
takes step 7 with weight 4; `pause` is the wait after a task, where a user that
is to leave turns to the step marked `stop`.";

/// Runs the command.
///
/// # Errors
///
/// If the file cannot be read, or the output cannot be written.
pub fn run(args: &GraphArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let mut prepared = prepare(&args.path, &args.overrides.overrides(ctx))?;
    let graph = prepared.compile();
    findings::show(&prepared.sources, &prepared.found, ctx)?;
    let Some(graph) = graph else {
        return prepared.no_graph(&args.path);
    };
    match args.format {
        GraphFormat::Text => write!(ctx.stdout, "{}", graph::text(&graph))?,
    }
    Ok(ExitCode::Success)
}
