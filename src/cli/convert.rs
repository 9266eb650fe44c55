//! `plan convert`: a plan in the other of the two formats.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};

use super::{CliError, Context, ExitCode, findings, put::Existing};
use crate::{
    base::printable::printable,
    plan::format::{Destination, NotConverted, convert},
    source::{self, FolderLoader, Format, Source},
};

/// Spells a plan in the other format, YAML or TOML, and keeps every comment.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ConvertArgs {
    /// The plan file (.yaml, .yml or .toml).
    #[arg(value_name = "PLAN")]
    path: PathBuf,

    /// Where to write it [default: stdout].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// The format to spell it in [default: by the name of --output, or else the other one].
    #[arg(long, value_name = "FORMAT")]
    to: Option<Spelling>,

    /// Writes over a file that is there.
    #[arg(long, requires = "output")]
    force: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Spelling {
    Yaml,
    Toml,
}

const EXAMPLES: &str = "\
Examples:
  plan convert plan.yaml                    the plan in TOML, on stdout
  plan convert plan.yaml -o plan.toml
  plan convert plan.toml -o plan.yaml --force

Comments stay with the key or the item that they are about; TOML has the keys of a
table before the tables in it, so some change places. What the plan includes is
named as before, and is not touched. Aliases and merge keys of YAML are written out.

Before anything is written, the new text is read, with all that it includes: it has
to be the same plan, to hold the same comments, and to be in the layout of plan fmt.

Ends with 0; with 2 if the file is no plan, or a wrong one, or holds a null, which
TOML has not, or if the output is there already; with 3 if something would be lost.";

/// Runs the command.
///
/// # Errors
///
/// If the file cannot be read, or says something that the other format cannot, or
/// if the output is there already, or cannot be written.
pub fn run(args: &ConvertArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let source = source::read(&args.path)?;
    let format = wanted(args, &source)?;
    let path = match &args.output {
        Some(path) => path.clone(),
        None => args.path.with_extension(ending(format)),
    };
    let existing = Existing::of_flag(args.force);
    if let Some(path) = &args.output {
        existing.allows(path)?;
    }
    let mut to = Destination {
        path: &path,
        format,
        loader: &mut FolderLoader::beside(&path),
    };
    let text = match convert(&source, &mut FolderLoader::beside(&args.path), &mut to) {
        Ok(text) => text,
        Err(why) => return refused(&source, &path, why, ctx),
    };
    match &args.output {
        None => write!(ctx.stdout, "{text}")?,
        Some(path) => {
            existing.put(path, &text)?;
            let shown = path.display().to_string();
            writeln!(ctx.stderr, "written: {}", printable(&shown))?;
        }
    }
    Ok(ExitCode::Success)
}

fn wanted(args: &ConvertArgs, source: &Source) -> Result<Format, CliError> {
    let named = args.to.map(|to| match to {
        Spelling::Yaml => Format::Yaml,
        Spelling::Toml => Format::Toml,
    });
    let Some(path) = &args.output else {
        return Ok(named.unwrap_or(match source.format {
            Format::Yaml => Format::Toml,
            Format::Toml => Format::Yaml,
        }));
    };
    let shown = path.display().to_string();
    let shown = printable(&shown);
    match (Format::of(path), named) {
        (None, _) => Err(CliError::Wrong(format!(
            "`{shown}` has no known ending; use .yaml, .yml or .toml"
        ))),
        (Some(format), Some(named)) if format != named => Err(CliError::Wrong(format!(
            "`{shown}` would be a file of the other format; name it `.{}`",
            ending(named)
        ))),
        (Some(format), _) => Ok(format),
    }
}

fn ending(format: Format) -> &'static str {
    match format {
        Format::Yaml => "yaml",
        Format::Toml => "toml",
    }
}

fn refused(
    source: &Source,
    into: &Path,
    why: NotConverted,
    ctx: &mut Context,
) -> Result<ExitCode, CliError> {
    let path = source.path.display().to_string();
    let path = printable(&path);
    match why {
        NotConverted::Wrong(sources, found) => {
            findings::show(&sources, &found, ctx)?;
            Ok(ExitCode::WrongInput)
        }
        NotConverted::Unreadable(sources, found) => {
            findings::show(&sources, &found, ctx)?;
            let into = into.display().to_string();
            let why = format!("as `{}` it could not be read", printable(&into));
            Err(CliError::surroundings(format!("convert `{path}`"), why))
        }
        NotConverted::NoPlan => Err(CliError::Wrong(format!(
            "`{path}` is no plan: it has no `plan: 1`"
        ))),
        NotConverted::Null { line } => Err(CliError::Wrong(format!(
            "`{path}` has a null in line {line}, and TOML has none; \
             leave the key out, or keep the plan in YAML"
        ))),
        NotConverted::Breaks(law) => Err(CliError::surroundings(
            format!("convert `{path}`"),
            format!("the other spelling {law}; nothing is written"),
        )),
    }
}
