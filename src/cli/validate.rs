//! `plan validate`: reads plans and says what is wrong with them.
//!
//! Sends nothing. What it accepts, `plan run` will start.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::{
    CliError, Context, ExitCode, Prepared,
    context::with_causes,
    findings::Shown,
    overrides::{self, OverrideArgs},
    prepare,
};
use crate::{
    base::printable::printable,
    forecast::{self, forecast},
    graph::Graph,
    source::{ReadError, Severity, render_json, render_json_error},
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

    /// Fails on warnings too.
    #[arg(long)]
    strict: bool,

    /// How to write what is found: for people, or a JSON object per line.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ValidateFormat,

    /// Says what a plan will do: users, requests, rates, what grows.
    #[arg(long)]
    explain: bool,

    /// How long an answer takes, for --explain; no time unless given.
    #[arg(long, value_name = "TIME", requires = "explain", value_parser = overrides::time)]
    assume_response: Option<Duration>,

    #[command(flatten)]
    overrides: OverrideArgs,
}

/// A way to write what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ValidateFormat {
    Text,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  plan validate plan.yaml
  plan validate --quiet plans/*.yaml plans/*.toml
  plan validate --strict --format json plan.yaml | jq .message
  plan validate --explain --users 500 --assume-response 100ms plan.yaml

Ends with 0 if all files are good, and with 2 if one is not. Warnings are good
unless --strict is given. JSON goes to stdout, an object for each mistake and
nothing for good files; text about mistakes goes to stderr. --explain adds what
a good plan will do, to stdout: as text, or as one more object, under `forecast`.";

/// Runs the command.
///
/// Diagnostics go to stderr, as JSON to stdout. No file ends the command, also
/// not one that cannot be read, so that one call reports on all of them.
///
/// # Errors
///
/// If the output cannot be written.
pub fn run(args: &ValidateArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let tolerated = if args.strict {
        Severity::Note
    } else {
        Severity::Warning
    };
    let mut ended = ExitCode::Success;
    let mut shown = Shown::default();
    for path in &args.paths {
        let mut prepared = match prepare(path, &args.overrides.overrides()) {
            Ok(prepared) => prepared,
            Err(error) => {
                unreadable(path, error, args.format, ctx)?;
                ended = ExitCode::WrongInput;
                continue;
            }
        };
        // Making the graph is the last and strictest check.
        let graph = prepared.compile();
        let Prepared { sources, found, .. } = &prepared;
        match args.format {
            ValidateFormat::Text => shown.add(sources, found, ctx)?,
            ValidateFormat::Json => write!(ctx.stdout, "{}", render_json(sources, found))?,
        }
        if found.worst() > Some(tolerated) || prepared.plan.is_none() {
            ended = ExitCode::WrongInput;
        } else if args.format == ValidateFormat::Text && !args.quiet {
            writeln!(ctx.stdout, "{}", verdict(path, &prepared))?;
        }
        if let Some(graph) = graph.filter(|_| args.explain) {
            explain(path, &graph, args, ctx)?;
        }
    }
    shown.hint(ctx)?;
    Ok(ended)
}

/// Says what a plan will do.
fn explain(
    path: &Path,
    graph: &Graph,
    args: &ValidateArgs,
    ctx: &mut Context,
) -> Result<(), CliError> {
    let forecast = forecast(graph, args.assume_response.unwrap_or_default());
    match args.format {
        ValidateFormat::Text => {
            write!(ctx.stdout, "\n{}", forecast::text(&forecast))?;
            if args.paths.len() > 1 {
                writeln!(ctx.stdout)?;
            }
        }
        ValidateFormat::Json => {
            let path = path.display().to_string();
            let line = json!({ "plan": path, "forecast": forecast::json(&forecast) });
            writeln!(ctx.stdout, "{line}")?;
        }
    }
    Ok(())
}

fn unreadable(
    path: &Path,
    error: ReadError,
    format: ValidateFormat,
    ctx: &mut Context,
) -> Result<(), CliError> {
    let error = CliError::from(error);
    match format {
        ValidateFormat::Text => ctx.stderr.error(&error)?,
        ValidateFormat::Json => {
            let path = path.display().to_string();
            let line = render_json_error(&path, &with_causes(&error));
            write!(ctx.stdout, "{line}")?;
        }
    }
    Ok(())
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
