//! The outside world, as commands see it.

use std::{
    collections::BTreeMap,
    env, error, fmt,
    io::{self, ErrorKind, IsTerminal as _, Write},
};

use clap::ValueEnum;

use super::Config;
use crate::{base::printable::printable, source::Colour};

/// All that a command can reach apart from files and the network.
#[derive(Debug)]
pub struct Context {
    /// For the data asked for.
    pub stdout: Output,
    /// For everything else.
    pub stderr: Output,
    /// How many columns the terminal has.
    pub width: u16,
    /// The environment variables that are text.
    pub environment: BTreeMap<String, String>,
    /// What this person holds all plans to.
    pub config: Config,
}

/// When to use colours; `auto` is on a terminal, unless `NO_COLOR` is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColourChoice {
    Auto,
    Always,
    Never,
}

/// What is assumed where there is no terminal to ask.
const DEFAULT_WIDTH: u16 = 100;

impl Context {
    /// The world of this process.
    pub fn of_process() -> Context {
        let width = terminal_size::terminal_size().map_or(DEFAULT_WIDTH, |(width, _)| width.0);
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        let reader = |is_terminal| match is_terminal {
            true => Reader::Terminal,
            false => Reader::Other,
        };
        let mut ctx = Context {
            stdout: Output::new(io::stdout(), reader(io::stdout().is_terminal())),
            stderr: Output::new(io::stderr(), reader(io::stderr().is_terminal())),
            width,
            environment: env::vars_os().filter_map(text).collect(),
            config: Config::default(),
        };
        ctx.choose_colour(ColourChoice::Auto);
        ctx
    }

    /// Decides for both outputs whether they carry colour.
    ///
    /// What was typed goes before `CLICOLOR_FORCE`, that before `NO_COLOR`, and
    /// that before what kind of terminal there is.
    pub fn choose_colour(&mut self, choice: ColourChoice) {
        let set = |name: &str| {
            let value = self.environment.get(name).map_or("", String::as_str);
            !value.is_empty()
        };
        let forced = set("CLICOLOR_FORCE") && self.environment["CLICOLOR_FORCE"] != "0";
        let dumb = self
            .environment
            .get("TERM")
            .is_some_and(|term| term == "dumb");
        let refused = set("NO_COLOR") || dumb;
        for output in [&mut self.stdout, &mut self.stderr] {
            let coloured = match choice {
                ColourChoice::Always => true,
                ColourChoice::Never => false,
                ColourChoice::Auto => forced || (output.reader == Reader::Terminal && !refused),
            };
            output.colour = if coloured {
                Colour::Coloured
            } else {
                Colour::Plain
            };
        }
    }

    /// Writes out what is still held back.
    ///
    /// # Errors
    ///
    /// As of writing: a full disk often shows only now.
    pub fn flush(&mut self) -> io::Result<()> {
        self.stdout.flush()?;
        self.stderr.flush()
    }
}

/// One of the two places where a command writes to.
///
/// Whoever closes it early (`plan schema | head`) has read enough: from then on
/// everything is thrown away, and nothing fails.
pub struct Output {
    writer: Box<dyn Write + Send>,
    reader: Reader,
    colour: Colour,
}

/// Who reads an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A person, now.
    Terminal,
    /// A file or another program.
    Other,
    /// Nobody any more.
    Gone,
}

impl Output {
    /// An output without colour, until somebody chooses.
    pub fn new(writer: impl Write + Send + 'static, reader: Reader) -> Output {
        Output {
            writer: Box::new(writer),
            reader,
            colour: Colour::Plain,
        }
    }

    /// Who reads it.
    pub fn reader(&self) -> Reader {
        self.reader
    }

    /// Whether what is written here carries colour.
    pub fn colour(&self) -> Colour {
        self.colour
    }

    /// Says what ended a command, with its causes.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn error(&mut self, error: &dyn error::Error) -> io::Result<()> {
        let text = with_causes(error);
        let text = printable(&text);
        match self.colour {
            Colour::Plain => writeln!(self, "error: {text}"),
            Colour::Coloured => {
                let red = anstyle::AnsiColor::BrightRed.on_default().bold();
                writeln!(self, "{red}error{red:#}: {text}")
            }
        }
    }

    fn unless_gone<T>(&mut self, result: io::Result<T>, instead: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.reader = Reader::Gone;
                Ok(instead)
            }
            Ok(_) | Err(_) => result,
        }
    }
}

/// An error in one line, and what led to it.
pub(super) fn with_causes(error: &dyn error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.reader {
            Reader::Gone => Ok(bytes.len()),
            Reader::Terminal | Reader::Other => {
                let written = self.writer.write(bytes);
                self.unless_gone(written, bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.reader {
            Reader::Gone => Ok(()),
            Reader::Terminal | Reader::Other => {
                let flushed = self.writer.flush();
                self.unless_gone(flushed, ())
            }
        }
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output")
            .field("reader", &self.reader)
            .field("colour", &self.colour)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Typed, environment, who reads: whether there is colour.
    #[test]
    fn colour_is_what_was_wished_most_clearly() {
        use ColourChoice::{Always, Auto, Never};
        type Row<'a> = (ColourChoice, &'a [(&'a str, &'a str)], Reader, bool);
        let rows: [Row<'_>; 10] = [
            (Auto, &[], Reader::Terminal, true),
            (Auto, &[], Reader::Other, false),
            (Auto, &[("NO_COLOR", "1")], Reader::Terminal, false),
            (Auto, &[("NO_COLOR", "")], Reader::Terminal, true),
            (Auto, &[("TERM", "dumb")], Reader::Terminal, false),
            (Auto, &[("CLICOLOR_FORCE", "1")], Reader::Other, true),
            (Auto, &[("CLICOLOR_FORCE", "0")], Reader::Other, false),
            (
                Auto,
                &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")],
                Reader::Other,
                true,
            ),
            (Always, &[("NO_COLOR", "1")], Reader::Other, true),
            (Never, &[("CLICOLOR_FORCE", "1")], Reader::Terminal, false),
        ];
        for (choice, environment, reader, expected) in rows {
            let mut ctx = Context {
                stdout: Output::new(io::sink(), reader),
                stderr: Output::new(io::sink(), reader),
                width: 80,
                environment: environment
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                config: Config::default(),
            };
            ctx.choose_colour(choice);
            let coloured = ctx.stdout.colour() == Colour::Coloured;
            assert_eq!(coloured, expected, "{choice:?} {environment:?} {reader:?}");
        }
    }

    #[test]
    fn a_reader_who_leaves_is_no_failure_and_a_full_disk_is_one() {
        struct Fails(ErrorKind);
        impl Write for Fails {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(self.0.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(self.0.into())
            }
        }
        let mut left = Output::new(Fails(ErrorKind::BrokenPipe), Reader::Other);
        assert!(writeln!(left, "more").is_ok());
        assert!(left.flush().is_ok());
        assert_eq!(left.reader(), Reader::Gone);

        let mut full = Output::new(Fails(ErrorKind::StorageFull), Reader::Other);
        assert!(writeln!(full, "more").is_err());
        assert!(full.flush().is_err());
    }
}
