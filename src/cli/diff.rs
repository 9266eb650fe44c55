//! `plan diff`: what a change of a plan changes in meaning.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};

use super::{CliError, Context, ExitCode, findings};
use crate::{
    base::printable::printable,
    diff::{self, Content, Document},
    plan,
    source::{self, Diagnostics, FolderLoader, Loader, Source, Sources},
};
use revision::Revision;

mod revision;

/// Says what a change of a plan changes in meaning, and what of it is a risk.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DiffArgs {
    /// The plan as it was: a file, or REVISION:PATH out of git.
    #[arg(value_name = "OLD")]
    old: String,

    /// The plan as it is: a file, or REVISION:PATH out of git.
    #[arg(value_name = "NEW")]
    new: String,

    /// How to tell it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: DiffFormat,
}

/// A way to tell a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// For a terminal.
    Text,
    /// For programs.
    Json,
    /// For the comment of a pull request.
    Markdown,
}

const EXAMPLES: &str = "\
Examples:
  plan diff old.yaml new.yaml
  plan diff HEAD~1:plans/blog.yaml plans/blog.yaml
  plan diff main:plans/blog.yaml HEAD:plans/blog.yaml --format markdown

Comments, layout and the order of keys are no difference, nor are YAML and TOML.
What should be looked at twice is marked `!`: more load, a new request that
writes, a looser threshold, another target.

Exit code: 0 no difference, 1 a difference, 2 a plan with mistakes, 3 no git or
no such revision.";

/// Runs the command.
///
/// # Errors
///
/// If a plan cannot be read or has mistakes; and if git does not know the revision.
pub fn run(args: &DiffArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let old = document(&args.old, ctx)?;
    let new = document(&args.new, ctx)?;
    let difference = diff::diff(&old, &new);
    match args.format {
        DiffFormat::Text => {
            let text = diff::text(&difference, ctx.stdout.colour());
            write!(ctx.stdout, "{text}")?;
        }
        DiffFormat::Json => writeln!(ctx.stdout, "{:#}", diff::json(&difference))?,
        DiffFormat::Markdown => {
            let heading = match args.old == args.new {
                true => args.new.clone(),
                false => format!("{} → {}", args.old, args.new),
            };
            let heading = printable(&heading).replace('\n', " ");
            write!(ctx.stdout, "{}", diff::markdown(&difference, &heading))?;
        }
    }
    Ok(match difference.is_empty() {
        true => ExitCode::Success,
        false => ExitCode::Different,
    })
}

/// Where a plan is.
#[derive(Debug)]
enum Place {
    File(PathBuf),
    Revision(Revision, PathBuf),
}

impl Place {
    /// A file that is there is one, whatever it is called.
    fn of(argument: &str) -> Result<Place, CliError> {
        if Path::new(argument).exists() {
            return Ok(Place::File(argument.into()));
        }
        match argument.split_once(':') {
            Some((revision, path)) => {
                let (revision, path) = Revision::open(revision, path)?;
                Ok(Place::Revision(revision, path))
            }
            None => Ok(Place::File(argument.into())),
        }
    }

    fn source(&self) -> Result<Source, CliError> {
        Ok(match self {
            Place::File(path) => source::read(path)?,
            Place::Revision(revision, path) => revision.source(path)?,
        })
    }
}

/// Reads, parses and checks a plan, with all that it includes, as it is compared.
fn document(argument: &str, ctx: &mut Context) -> Result<Document, CliError> {
    let place = Place::of(argument)?;
    let mut sources = Sources::new(place.source()?);
    let mut loader: Box<dyn Loader> = match place {
        Place::File(path) => Box::new(FolderLoader::beside(&path)),
        Place::Revision(revision, _) => Box::new(revision),
    };
    let mut found = Diagnostics::new();
    let parsed = plan::parse(&mut sources, &mut *loader, &mut found);
    if let Some(plan) = &parsed {
        // What it finds is wanted, and what it cuts out is not: that is compared too.
        plan::check(plan.clone(), &mut found);
    }
    let Some(plan) = parsed.filter(|_| !found.has_errors()) else {
        findings::show(&sources, &found, ctx)?;
        let argument = printable(argument);
        return Err(CliError::Wrong(format!("`{argument}` has mistakes")));
    };
    let mut document = Document::of(&plan, &sources);
    for name in document.file_names() {
        // What cannot be read is for `plan validate` to tell.
        let rows = loader.rows(&sources.root().path, &name);
        if let Some(content) = rows.ok().and_then(|file| Content::of(&file).ok()) {
            document.has_file(name, content);
        }
    }
    Ok(document)
}
