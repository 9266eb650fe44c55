//! `plan fmt`: the one layout of plan files.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use clap::Args;
use similar::TextDiff;

use super::{CliError, Context, ExitCode, findings, validate::gather::gather};
use crate::{
    base::printable::printable,
    plan::format::{self, Law, NotFormatted},
    source::{self, Colour, Diagnostics, Format, Source, Sources},
};

/// Lays plan files out in the one way, and keeps every comment.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FmtArgs {
    /// Plan files (.yaml, .yml or .toml), folders with plans, or `-` for stdin.
    #[arg(required = true, value_name = "PLAN")]
    paths: Vec<PathBuf>,

    /// Writes nothing; shows what would change, and fails if anything would.
    #[arg(long)]
    check: bool,

    /// Says nothing of files that change.
    #[arg(short, long)]
    quiet: bool,

    /// What comes from stdin is TOML.
    #[arg(long)]
    toml: bool,
}

const EXAMPLES: &str = "\
Examples:
  plan fmt plan.yaml
  plan fmt plans/ examples/first.toml
  plan fmt --check plans/
  plan fmt - < plan.yaml | less

In folders, files without a `plan` of their own at the top level are left alone.

A file is written anew, whole, only if something changes. Before that its new text
is read: it has to say the same, hold the same comments in their order, and stay as
it is when laid out again. Where one of these does not hold, nothing is written.

Ends with 0; with 1 if --check finds a file that would change; with 2 if a file
cannot be read, or is no plan; with 3 if its layout would lose something.";

/// Runs the command.
///
/// No file ends it, so that one call reports on all of them.
///
/// # Errors
///
/// If the output cannot be written.
pub fn run(args: &FmtArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let mut worst = ExitCode::Success;
    for path in gather(&args.paths) {
        let ended = match path {
            Ok(path) => file(&path, args, ctx),
            Err((_, error)) => Err(error),
        };
        let code = match ended {
            Ok(code) => code,
            Err(CliError::Write(error)) => return Err(CliError::Write(error)),
            Err(error) => {
                ctx.stderr.error(&error)?;
                error.exit_code()
            }
        };
        if code.number() > worst.number() {
            worst = code;
        }
    }
    Ok(worst)
}

fn file(path: &Path, args: &FmtArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let from_stdin = path == Path::new("-");
    let source = match from_stdin {
        true => {
            let format = if args.toml {
                Format::Toml
            } else {
                Format::Yaml
            };
            source::read_from(io::stdin().lock(), Path::new("stdin"), format)?
        }
        false => source::read(path)?,
    };
    let text = match format::format(&source) {
        Ok(text) => text,
        Err(NotFormatted::Torn(found)) => return torn(source, &found, ctx),
        Err(NotFormatted::NoPlan) if is_named(path, args) => return Err(no_plan(&source)),
        Err(NotFormatted::NoPlan) => return Ok(ExitCode::Success),
        Err(NotFormatted::Breaks(law)) => return Err(breaks(&source, law)),
    };
    let changed = text != source.text;
    if args.check {
        if changed {
            show_diff(&source, &text, ctx)?;
        }
    } else if from_stdin {
        write!(ctx.stdout, "{text}")?;
        return Ok(ExitCode::Success);
    } else if changed {
        let shown = printable(&path.display().to_string()).into_owned();
        source::write(path, &text)
            .map_err(|why| CliError::surroundings(format!("write `{shown}`"), why))?;
        if !args.quiet {
            writeln!(ctx.stderr, "formatted: {shown}")?;
        }
    }
    Ok(match args.check && changed {
        true => ExitCode::Different,
        false => ExitCode::Success,
    })
}

/// Whether a file was named itself, not only a folder that it is in.
fn is_named(path: &Path, args: &FmtArgs) -> bool {
    args.paths.iter().any(|named| named == path)
}

fn torn(source: Source, found: &Diagnostics, ctx: &mut Context) -> Result<ExitCode, CliError> {
    findings::show(&Sources::new(source), found, ctx)?;
    Ok(ExitCode::WrongInput)
}

fn no_plan(source: &Source) -> CliError {
    let path = source.path.display().to_string();
    CliError::Wrong(format!(
        "`{}` is no plan: it has no `plan: 1`",
        printable(&path)
    ))
}

fn breaks(source: &Source, law: Law) -> CliError {
    let path = source.path.display().to_string();
    CliError::surroundings(
        format!("format `{}`", printable(&path)),
        format!("its layout {law}; it is left as it is"),
    )
}

/// The changes as a unified diff, for people and for `patch`.
fn show_diff(source: &Source, text: &str, ctx: &mut Context) -> io::Result<()> {
    let path = source.path.display().to_string();
    let path = printable(&path);
    let diff = TextDiff::from_lines(source.text.as_str(), text);
    let mut diff = diff.unified_diff();
    let diff = diff
        .context_radius(3)
        .header(&format!("{path} as it is"), &format!("{path} laid out"))
        .to_string();
    for line in diff.split_inclusive('\n') {
        let colour = match (ctx.stdout.colour(), line.as_bytes().first()) {
            (Colour::Coloured, Some(b'+')) => Some(anstyle::AnsiColor::Green),
            (Colour::Coloured, Some(b'-')) => Some(anstyle::AnsiColor::Red),
            (Colour::Coloured | Colour::Plain, _) => None,
        };
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        let line = printable(line);
        match colour.map(anstyle::AnsiColor::on_default) {
            Some(colour) => write!(ctx.stdout, "{colour}{line}{colour:#}{end}")?,
            None => write!(ctx.stdout, "{line}{end}")?,
        }
    }
    Ok(())
}
