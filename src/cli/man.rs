//! `plan man`: pages for `man`.

use std::{fs, io::Write as _, path::PathBuf};

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;

use super::{Arguments, CliError, Context, ExitCode};
use crate::{base::printable::printable, source::nearest};

/// Prints a manual page, or writes all of them into a folder.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ManArgs {
    /// The command that the page is about; the program as a whole if not given.
    #[arg(value_name = "COMMAND")]
    command: Option<String>,

    /// Writes a page for the program and one for each command into this folder.
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    dir: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  plan man run | man -l -
  plan man --dir ~/.local/share/man/man1 && man plan-run";

/// Runs the command.
///
/// # Errors
///
/// If the pages cannot be written, or there is no such command.
pub fn run(args: &ManArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let program = program();
    if let Some(dir) = &args.dir {
        let writing = |why| {
            let dir = printable(&dir.display().to_string()).into_owned();
            CliError::surroundings(format!("write pages into `{dir}`"), why)
        };
        fs::create_dir_all(dir).map_err(writing)?;
        for command in std::iter::once(&program).chain(program.get_subcommands()) {
            let page = of(command.clone());
            let file = dir.join(page.get_filename());
            fs::write(file, text(&page)?).map_err(writing)?;
        }
        return Ok(ExitCode::Success);
    }
    let command = match &args.command {
        None => program,
        Some(name) => find(&program, name)?,
    };
    ctx.stdout.write_all(&text(&of(command))?)?;
    Ok(ExitCode::Success)
}

/// The whole command line, with the full names of its commands.
fn program() -> Command {
    let mut program = Arguments::command().disable_help_subcommand(true);
    program.build();
    program
}

fn find(program: &Command, name: &str) -> Result<Command, CliError> {
    let commands = || program.get_subcommands();
    if let Some(command) = commands().find(|command| command.get_name() == name) {
        return Ok(command.clone());
    }
    let proposal = match nearest(name, commands().map(Command::get_name)) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => String::new(),
    };
    let name = printable(name);
    Err(CliError::Wrong(format!(
        "there is no command `{name}`{proposal}"
    )))
}

fn of(command: Command) -> Man {
    Man::new(command).source(concat!("plan ", env!("CARGO_PKG_VERSION")))
}

/// In the language of `man`, with the title that such pages have for examples.
fn text(page: &Man) -> Result<Vec<u8>, std::io::Error> {
    let mut text = Vec::new();
    page.render(&mut text)?;
    let text = String::from_utf8(text).map_err(std::io::Error::other)?;
    Ok(text
        .replace(".SH EXTRA\nExamples:\n", ".SH EXAMPLES\n")
        .into_bytes())
}
