//! The command line: arguments, conversion, call, verdict.
//!
//! One file per subcommand. Each turns what was typed into what the rooms
//! below understand, calls them in the order of the flow, and says with an
//! [`ExitCode`] how it ended. The outside world is one struct, [`Context`], so
//! that a test can be the terminal.
//!
//! # What holds here
//!
//! - Nothing below this room knows how arguments are written.
//! - One thing goes to stdout: the data asked for. Everything else goes to
//!   stderr.
//!
//! # What is not here
//!
//! Any idea of plans or numbers: whoever uses the library needs nothing of this.

mod allowed;
mod annotate;
mod capacity;
mod completions;
mod config;
mod context;
mod convert;
mod demo;
mod diff;
mod exit;
mod explain;
mod findings;
mod fmt;
mod graph;
mod init;
mod man;
mod outputs;
mod overrides;
mod prepare;
mod put;
mod report;
mod run;
mod runs;
mod schema;
mod secrets;
mod show;
mod simulate;
mod trial;
mod validate;

use std::{ffi::OsString, io::Write as _, path::PathBuf};

use clap::{Parser, Subcommand};

use crate::source::Colour;

pub use config::Config;
pub use context::{ColourChoice, Context, Output, Reader};
pub use exit::{CliError, ExitCode};
pub use prepare::{Prepared, prepare};

/// A declarative runner for load and endurance tests.
#[derive(Debug, Parser)]
#[command(name = "plan", version, arg_required_else_help = true, after_help = EXAMPLES)]
struct Arguments {
    /// When to use colours; auto is on a terminal, unless NO_COLOR is set.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColourChoice,

    /// The configuration to hold plans to [default: ~/.config/plan/config.toml, if there is one].
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "PLAN_CONFIG",
        hide_env_values = true
    )]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  plan demo                          a small blog to try things on
  plan init --kind load              a plan to begin with
  plan validate plans/*.yaml         find every mistake, send nothing
  plan explain P0301                 why it is a mistake, how to mend it
  plan try plan.yaml --demo          everything once, with all that is sent and answered
  plan run plan.yaml --demo          run against the demo, started for this run
  plan run plan.yaml --duration 72h  run against the plan's own target
  plan simulate plan.yaml            the same on a virtual clock, nothing is sent
  plan report --markdown comment.md  the last run again, as a comment for a pull request
  plan runs                          which runs there are, and how they ended
  plan show plan.yaml --users 5      the plan as it would run
  plan fmt plans/                    the one layout, every comment kept
  plan convert plan.yaml             the same plan in TOML, or back";

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::InitArgs),
    Run(run::RunArgs),
    Try(trial::TryArgs),
    Simulate(simulate::SimulateArgs),
    Report(report::ReportArgs),
    Runs(runs::RunsArgs),
    Annotate(annotate::AnnotateArgs),
    Validate(validate::ValidateArgs),
    Explain(explain::ExplainArgs),
    Show(show::ShowArgs),
    Fmt(fmt::FmtArgs),
    Convert(convert::ConvertArgs),
    Graph(graph::GraphArgs),
    Diff(diff::DiffArgs),
    Demo(demo::DemoArgs),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Runs the program as it was called; `args` begin with its name.
///
/// Never ends the process: that is for `main`, once everything is written.
pub fn run(args: impl IntoIterator<Item = OsString>, ctx: &mut Context) -> ExitCode {
    let arguments = match Arguments::try_parse_from(args) {
        Ok(arguments) => arguments,
        Err(told) => return ended(usage(&told, ctx), ctx),
    };
    ctx.choose_colour(arguments.color);
    match Config::read(arguments.config.as_deref(), ctx) {
        Ok(config) => ctx.config = config,
        Err(error) => return ended(Err(error), ctx),
    }
    let result = match &arguments.command {
        Command::Init(args) => init::run(args, ctx),
        Command::Run(args) => run::run(args, ctx),
        Command::Try(args) => trial::run(args, ctx),
        Command::Simulate(args) => simulate::run(args, ctx),
        Command::Report(args) => report::run(args, ctx),
        Command::Runs(args) => runs::run(args, ctx),
        Command::Annotate(args) => annotate::run(args, ctx),
        Command::Validate(args) => validate::run(args, ctx),
        Command::Explain(args) => explain::run(args, ctx),
        Command::Show(args) => show::run(args, ctx),
        Command::Fmt(args) => fmt::run(args, ctx),
        Command::Convert(args) => convert::run(args, ctx),
        Command::Graph(args) => graph::run(args, ctx),
        Command::Diff(args) => diff::run(args, ctx),
        Command::Demo(args) => demo::run(args, &mut ctx.stdout)
            .map(|()| ExitCode::Success)
            .map_err(|why| CliError::surroundings("serve the demo", why)),
        Command::Schema(args) => schema::run(args, ctx),
        Command::Completions(args) => completions::run(args, ctx),
        Command::Man(args) => man::run(args, ctx),
    };
    ended(result, ctx)
}

/// Writes out what is held back, and says what went wrong.
fn ended(result: Result<ExitCode, CliError>, ctx: &mut Context) -> ExitCode {
    let error = match result.and_then(|code| Ok(ctx.flush().map(|()| code)?)) {
        Ok(code) => return code,
        Err(error) => error,
    };
    // Where stderr is gone too, the exit code is all that can still be said.
    let _ = ctx.stderr.error(&error);
    for aside in error.asides() {
        let _ = writeln!(ctx.stderr, "{aside}");
    }
    let _ = ctx.stderr.flush();
    error.exit_code()
}

/// Help and version were asked for; everything else is a mistake.
fn usage(told: &clap::Error, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let (output, code) = if told.use_stderr() {
        (&mut ctx.stderr, ExitCode::WrongInput)
    } else {
        (&mut ctx.stdout, ExitCode::Success)
    };
    let text = told.render();
    match output.colour() {
        Colour::Plain => write!(output, "{text}")?,
        Colour::Coloured => write!(output, "{}", text.ansi())?,
    }
    if !text.to_string().ends_with('\n') {
        writeln!(output)?;
    }
    Ok(code)
}
