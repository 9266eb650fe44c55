//! `plan init`: a plan to begin with, for each kind of test.
//!
//! A kind is a text, not a setting: it is in the file, all of it, for whoever
//! reviews it. There is one text for each; its twin in TOML is made by
//! [`convert`].

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};

use super::{CliError, Context, ExitCode, put::Existing};
use crate::{
    base::printable::printable,
    plan::format::{Destination, convert},
    source::{Format, MemoryLoader, Source},
};

/// Writes a plan to begin with: commented, and ready to run against the demo.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct InitArgs {
    /// The file to write [default: plan.yaml, or plan.toml with --toml].
    #[arg(value_name = "FILE")]
    path: Option<PathBuf>,

    /// What the test is to find out.
    #[arg(long, value_name = "KIND", default_value = "endurance")]
    kind: Kind,

    /// Writes TOML; so does a FILE that ends in .toml.
    #[arg(long)]
    toml: bool,

    /// Writes over a file that is there.
    #[arg(long)]
    force: bool,
}

/// The kinds of tests that are about time and load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Ordinary load for days: does anything leak, drift or fail?
    Endurance,
    /// The load that is expected: is it as fast as promised?
    Load,
    /// Far more than is expected: does it go on answering?
    Stress,
    /// The same with more and more users: does it grow with what it runs on?
    Scalability,
    /// Many at the same moment: do those who are there already notice?
    Spike,
    /// The same thing done by many at once: does anything break?
    Concurrency,
    /// Step by step up: how many can there be?
    Capacity,
}

const EXAMPLES: &str = "\
Examples:
  plan init                              plan.yaml, an endurance test
  plan init --kind spike sale.yaml
  plan init --kind load --toml           plan.toml

Asks nothing, and writes over nothing without --force. The plan is about the
built-in demo, a blog with registration, login and posts; replace its target and
its tasks by your own.

Ends with 0; with 2 if the file is there already; with 3 if it cannot be written.";

/// The file that the texts speak of, for its own name to be put there.
const NAMED: &str = "plan.yaml";

/// Runs the command.
///
/// # Errors
///
/// If the file is there already, or cannot be written.
pub fn run(args: &InitArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let (path, format) = wanted(args)?;
    let existing = Existing::of_flag(args.force);
    existing.allows(&path)?;
    let text = args.kind.text(format);
    let shown = path.display().to_string();
    let text = match is_word(&shown) {
        true => text.replace(NAMED, &shown),
        false => text,
    };
    existing.put(&path, &text)?;
    let word = match is_word(&shown) {
        true => shown.clone(),
        false => format!("'{}'", shown.replace('\'', "'\\''")),
    };
    writeln!(ctx.stderr, "written: {}", printable(&shown))?;
    write!(ctx.stderr, "{}", next(&printable(&word), args.kind))?;
    Ok(ExitCode::Success)
}

fn wanted(args: &InitArgs) -> Result<(PathBuf, Format), CliError> {
    let Some(path) = &args.path else {
        return Ok(match args.toml {
            true => ("plan.toml".into(), Format::Toml),
            false => ("plan.yaml".into(), Format::Yaml),
        });
    };
    let shown = path.display().to_string();
    match Format::of(path) {
        None => Err(CliError::Wrong(format!(
            "`{}` has no known ending; use .yaml, .yml or .toml",
            printable(&shown)
        ))),
        Some(Format::Yaml) if args.toml => Err(CliError::Wrong(format!(
            "`{}` would be YAML; leave --toml out, or name it `.toml`",
            printable(&shown)
        ))),
        Some(format) => Ok((path.clone(), format)),
    }
}

/// Whether a name can stand in a command as it is.
fn is_word(name: &str) -> bool {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "._/-".contains(sign);
    !name.starts_with('-') && name.chars().all(is_plain)
}

/// What can be done with the new plan.
fn next(name: &str, kind: Kind) -> String {
    let short = kind.shortened();
    let rows = [
        (
            format!("plan validate {name}"),
            "finds mistakes, sends nothing",
        ),
        (
            format!("plan try {name} --demo"),
            "everything once, on the built-in demo",
        ),
        (format!("plan run {name} --demo {short}"), ""),
        (
            "plan schema > plan.schema.json".to_owned(),
            "for the editor, beside the plan",
        ),
    ];
    let explained = rows.iter().filter(|(_, why)| !why.is_empty());
    let width = explained.map(|(command, _)| command.chars().count()).max();
    let width = width.unwrap_or(0);
    let mut next = String::from("next:\n");
    for (command, why) in &rows {
        let line = format!("  {command:width$}  {why}");
        next.push_str(line.trim_end());
        next.push('\n');
    }
    next
}

impl Kind {
    /// Options that make a run short.
    fn shortened(self) -> &'static str {
        match self {
            Kind::Endurance | Kind::Load | Kind::Stress | Kind::Scalability | Kind::Concurrency => {
                "--duration 20s --ramp-up 1s --ramp-down 1s --wait-scale 0.05"
            }
            Kind::Spike => {
                "--duration 20s --wait-scale 0.05 --set users.crowd.load.start_after=5s --set users.crowd.load.duration=5s"
            }
            Kind::Capacity => {
                "--set 'load.find.to=40 users' --set load.find.settle=2s --set load.find.hold=5s"
            }
        }
    }

    fn text(self, format: Format) -> String {
        let text = match self {
            Kind::Endurance => include_str!("init/endurance.yaml"),
            Kind::Load => include_str!("init/load.yaml"),
            Kind::Stress => include_str!("init/stress.yaml"),
            Kind::Scalability => include_str!("init/scalability.yaml"),
            Kind::Spike => include_str!("init/spike.yaml"),
            Kind::Concurrency => include_str!("init/concurrency.yaml"),
            Kind::Capacity => include_str!("init/capacity.yaml"),
        };
        match format {
            Format::Yaml => text.to_owned(),
            Format::Toml => in_toml(text),
        }
    }
}

fn in_toml(text: &str) -> String {
    let source = Source {
        path: NAMED.into(),
        format: Format::Yaml,
        text: text.to_owned(),
    };
    // They include nothing.
    let mut to = Destination {
        path: Path::new("plan.toml"),
        format: Format::Toml,
        loader: &mut MemoryLoader::default(),
    };
    convert(&source, &mut MemoryLoader::default(), &mut to)
        .expect("our own texts mean the same in TOML: a test makes each of them")
}
