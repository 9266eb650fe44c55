//! `plan validate`: reads plans and says what is wrong with them.
//!
//! Sends nothing. What it accepts, `plan run` will start.

mod check;
mod fix;
pub(super) mod gather;
mod github;
mod sarif;

use std::{
    collections::BTreeSet,
    fmt,
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
};
use crate::{
    base::printable::printable,
    forecast,
    source::{Severity, render_json, render_json_error},
};
use check::{Checked, Checking, Outcome, check};
use gather::gather;

/// Checks plan files without sending a single request.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ValidateArgs {
    /// Plan files (.yaml, .yml or .toml), or folders with plans.
    #[arg(required = true, value_name = "PLAN")]
    paths: Vec<PathBuf>,

    /// Says nothing of good files.
    #[arg(short, long)]
    quiet: bool,

    /// Fails on warnings too.
    #[arg(long)]
    strict: bool,

    /// Mends first what can be mended in one way only, in the files themselves.
    #[arg(long)]
    fix: bool,

    /// How to write what is found.
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
    /// For people.
    Text,
    /// An object per line for each mistake.
    Json,
    /// One SARIF 2.1.0 document, for code scanning and editors.
    Sarif,
    /// Workflow commands, which GitHub shows at the lines of a pull request.
    Github,
}

const EXAMPLES: &str = "\
Examples:
  plan validate plan.yaml
  plan validate plans/ examples/first.yaml
  plan validate --quiet plans/*.yaml plans/*.toml
  plan validate --strict --format json plan.yaml | jq .message
  plan validate --fix plan.yaml
  plan validate --strict --format github plans/
  plan validate --format sarif plans/ > plans.sarif
  plan validate --explain --users 500 --assume-response 100ms plan.yaml

In folders, all that ends in .yaml, .yml or .toml is a plan; hidden folders and
target, node_modules, venv and vendor are left out.

--fix writes a file anew, whole, if what stands in it can mean one thing only:
quotes, spaces and brackets that are missing, a value alone where a list belongs.
Names that are not known and times without a unit are proposed, never written.

Ends with 0 if all files are good, and with 2 if one is not. Warnings are good
unless --strict is given. What is for programs goes to stdout, with nothing for
good files; text about mistakes goes to stderr. --explain adds what a good plan
will do, to stdout: as text, or as one more object of JSON, under `forecast`.";

/// Runs the command.
///
/// Diagnostics go to stderr as text, and to stdout for programs. No file ends
/// the command, also not one that cannot be read, so that one call reports on
/// all of them.
///
/// # Errors
///
/// If the output cannot be written, or has no place for what was asked for.
pub fn run(args: &ValidateArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    if args.explain {
        match args.format {
            ValidateFormat::Text | ValidateFormat::Json => {}
            ValidateFormat::Sarif | ValidateFormat::Github => {
                let wrong = "`--explain` is told as text or json only";
                return Err(CliError::Wrong(wrong.to_owned()));
            }
        }
    }
    let files = gather(&args.paths);
    if args.fix {
        fix::all(&files, args.quiet, ctx)?;
    }
    let checking = Checking {
        overrides: args.overrides.overrides(ctx),
        forecast_with: args
            .explain
            .then(|| args.assume_response.unwrap_or_default()),
    };
    let all = check(files, &checking);
    let mut tally = Tally::default();
    for checked in &all {
        tally.add(checked, args);
    }
    match args.format {
        ValidateFormat::Text => as_text(&all, &tally, args, ctx)?,
        ValidateFormat::Json => as_json(&all, ctx)?,
        ValidateFormat::Sarif => writeln!(ctx.stdout, "{:#}", sarif::document(&all))?,
        ValidateFormat::Github => as_commands(&all, ctx)?,
    }
    Ok(match tally.all_good() {
        true => ExitCode::Success,
        false => ExitCode::WrongInput,
    })
}

/// Whether a plan is as good as was asked for.
fn is_good(prepared: &Prepared, args: &ValidateArgs) -> bool {
    let tolerated = match args.strict {
        true => Severity::Note,
        false => Severity::Warning,
    };
    prepared.found.worst() <= Some(tolerated) && prepared.plan.is_some()
}

fn as_text(
    all: &[Checked],
    tally: &Tally,
    args: &ValidateArgs,
    ctx: &mut Context,
) -> Result<(), CliError> {
    let mut shown = Shown::default();
    for Checked { path, outcome } in all {
        let Outcome { prepared, forecast } = match outcome {
            Ok(outcome) => outcome,
            Err(error) => {
                ctx.stderr.error(error)?;
                continue;
            }
        };
        shown.add(&prepared.sources, &prepared.found, ctx)?;
        if is_good(prepared, args) && !args.quiet {
            writeln!(ctx.stdout, "{}", verdict(path, prepared))?;
        }
        if let Some(forecast) = forecast {
            write!(ctx.stdout, "\n{}", forecast::text(forecast))?;
            if all.len() > 1 {
                writeln!(ctx.stdout)?;
            }
        }
    }
    if all.len() > 1 && !args.quiet {
        writeln!(ctx.stdout, "{tally}")?;
    }
    shown.hint(ctx)?;
    Ok(())
}

fn as_json(all: &[Checked], ctx: &mut Context) -> Result<(), CliError> {
    for Checked { path, outcome } in all {
        let path = path.display().to_string();
        let Outcome { prepared, forecast } = match outcome {
            Ok(outcome) => outcome,
            Err(error) => {
                let line = render_json_error(&path, &with_causes(error));
                write!(ctx.stdout, "{line}")?;
                continue;
            }
        };
        let lines = render_json(&prepared.sources, &prepared.found);
        write!(ctx.stdout, "{lines}")?;
        if let Some(forecast) = forecast {
            let line = json!({ "plan": path, "forecast": forecast::json(forecast) });
            writeln!(ctx.stdout, "{line}")?;
        }
    }
    Ok(())
}

/// What is wrong in a file that several plans include is told once.
fn as_commands(all: &[Checked], ctx: &mut Context) -> Result<(), CliError> {
    let mut told = BTreeSet::new();
    for Checked { path, outcome } in all {
        let lines = match outcome {
            Ok(Outcome { prepared, .. }) => github::commands(&prepared.sources, &prepared.found),
            Err(error) => vec![github::unreadable(path, error)],
        };
        for line in lines {
            if told.insert(line.clone()) {
                writeln!(ctx.stdout, "{line}")?;
            }
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

/// How many files are how good: the last line, where there are several.
#[derive(Debug, Default)]
struct Tally {
    good: usize,
    wrong: usize,
    unreadable: usize,
    /// In those that are wrong.
    errors: usize,
    /// In those that are wrong.
    warnings: usize,
}

impl Tally {
    fn add(&mut self, checked: &Checked, args: &ValidateArgs) {
        match &checked.outcome {
            Ok(Outcome { prepared, .. }) if is_good(prepared, args) => self.good += 1,
            Ok(Outcome { prepared, .. }) => {
                self.wrong += 1;
                self.errors += prepared.found.count(Severity::Error);
                self.warnings += prepared.found.count(Severity::Warning);
            }
            Err(_) => self.unreadable += 1,
        }
    }

    fn all_good(&self) -> bool {
        self.wrong == 0 && self.unreadable == 0
    }
}

impl fmt::Display for Tally {
    /// "12 plans: 10 ok, 1 with 2 errors, 1 not read".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |n: usize, what: &str| match n {
            1 => format!("1 {what}"),
            n => format!("{n} {what}s"),
        };
        let all = self.good + self.wrong + self.unreadable;
        write!(f, "{}: {} ok", plural(all, "plan"), self.good)?;
        match (self.wrong, self.errors) {
            (0, _) => {}
            (wrong, 0) => write!(f, ", {wrong} with {}", plural(self.warnings, "warning"))?,
            (wrong, errors) => write!(f, ", {wrong} with {}", plural(errors, "error"))?,
        }
        match self.unreadable {
            0 => Ok(()),
            unreadable => write!(f, ", {unreadable} not read"),
        }
    }
}
