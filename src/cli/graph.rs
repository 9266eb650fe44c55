//! `plan graph`: who does what in a plan, and how often, as a drawing.

use std::{io::Write as _, path::PathBuf};

use clap::{Args, ValueEnum};

use super::{CliError, Context, ExitCode, findings, overrides::OverrideArgs, prepare};
use crate::{graph, sketch};

/// Draws a plan: its classes, tasks and steps, with their shares.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct GraphArgs {
    /// Plan file (.yaml, .yml or .toml).
    #[arg(value_name = "PLAN")]
    path: PathBuf,

    /// How to draw it.
    #[arg(long, value_name = "FORMAT", default_value = "mermaid")]
    format: GraphFormat,

    #[command(flatten)]
    overrides: OverrideArgs,
}

/// A way to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum GraphFormat {
    /// A flowchart that pull requests show as a picture.
    Mermaid,
    /// For graphviz.
    Dot,
    /// Indented lines.
    Text,
    /// What the plan compiles to: each step, and where it goes on.
    Steps,
}

const EXAMPLES: &str = "\
Examples:
  plan graph plan.yaml
  plan graph plan.yaml --format text --users 5
  plan graph plan.yaml --format dot | dot -Tsvg > plan.svg
  plan graph plan.yaml --format steps

A line from one to another says how often, or in which order: the share of users
in a class, the share of a task among those that are drawn, the place of a step.
What may change data of the target is marked `writes`.

In `--format steps` steps are numbered in the order in which a user can come to
them. `draw 4 → 7` takes step 7 with weight 4; `pause` is the wait after a task,
where a user that is to leave turns to the step marked `stop`.";

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
    let plan = prepared.plan.expect("what has a graph has a plan");
    let sketch = sketch::sketch(&plan.checked);
    match args.format {
        GraphFormat::Mermaid => write!(ctx.stdout, "{}", sketch::mermaid(&sketch))?,
        GraphFormat::Dot => write!(ctx.stdout, "{}", sketch::dot(&sketch))?,
        GraphFormat::Text => write!(ctx.stdout, "{}", sketch::text(&sketch))?,
        GraphFormat::Steps => write!(ctx.stdout, "{}", graph::text(&graph))?,
    }
    Ok(ExitCode::Success)
}
