//! How the program ends.

use std::{error, fmt, io, path::PathBuf, process, time::Duration};

use super::run::files::how_to_raise;
use crate::{
    base::{duration, printable::printable},
    source::ReadError,
    stats::Conclusion,
};

/// What the number that the program ends with means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitCode {
    /// Done; of a run: all thresholds hold.
    Success,
    /// It ran, and a threshold failed.
    ThresholdFailed,
    /// Two things that were compared are not the same.
    Different,
    /// The plan or the command line is wrong; nothing was sent.
    WrongInput,
    /// The surroundings stopped us.
    Surroundings,
    /// It ran, and the numbers are good for no verdict.
    Inconclusive,
    /// SIGINT ended the run; the report is written.
    Interrupted,
    /// SIGTERM ended the run; the report is written.
    Terminated,
    /// SIGHUP ended the run; the report is written, where it still can be.
    HungUp,
}

impl ExitCode {
    /// What a run ends with.
    pub fn of_run(conclusion: &Conclusion) -> ExitCode {
        const OF_RUNS: [ExitCode; 7] = [
            ExitCode::Success,
            ExitCode::ThresholdFailed,
            ExitCode::Surroundings,
            ExitCode::Inconclusive,
            ExitCode::Interrupted,
            ExitCode::Terminated,
            ExitCode::HungUp,
        ];
        OF_RUNS
            .into_iter()
            .find(|code| code.number() == conclusion.exit)
            .expect("a run concludes with one of these")
    }

    /// The number itself.
    pub fn number(self) -> u8 {
        match self {
            ExitCode::Success => 0,
            ExitCode::ThresholdFailed | ExitCode::Different => 1,
            ExitCode::WrongInput => 2,
            ExitCode::Surroundings => 3,
            ExitCode::Inconclusive => 4,
            ExitCode::Interrupted => 130,
            ExitCode::Terminated => 143,
            ExitCode::HungUp => 129,
        }
    }
}

impl From<ExitCode> for process::ExitCode {
    fn from(code: ExitCode) -> process::ExitCode {
        code.number().into()
    }
}

/// What ends a command before it has done what it is for.
///
/// Mistakes in a plan are no errors but diagnostics; a missed threshold is a
/// verdict.
#[derive(Debug)]
pub enum CliError {
    /// A file that was named cannot be read.
    Read(ReadError),
    /// What was asked for makes no sense, in a sentence without a full stop.
    Wrong(String),
    /// The surroundings failed while we were `doing` something.
    Surroundings {
        /// After "cannot": "write the report `run.json`".
        doing: String,
        source: Box<dyn error::Error + Send + Sync>,
    },
    /// Nobody listens at the target; nothing was sent.
    Unreachable {
        /// Its address, without what nobody may see of it.
        target: String,
        /// How long it was waited for, if at all.
        within: Option<Duration>,
        /// "connection refused by 127.0.0.1:5000"
        why: String,
        /// What can be done about it, in a sentence without a full stop.
        help: &'static str,
        /// The reports that were asked for; there is nothing to write to them.
        reports: Vec<PathBuf>,
    },
    /// This process may not have as many files open as users have connections; nothing
    /// was sent.
    TooFewFiles { users: u64, needed: u64, limit: u64 },
    /// Our own output cannot be written.
    Write(io::Error),
}

impl CliError {
    /// The surroundings failed while we were `doing` something: "write `x`".
    pub fn surroundings(
        doing: impl Into<String>,
        source: impl Into<Box<dyn error::Error + Send + Sync>>,
    ) -> CliError {
        CliError::Surroundings {
            doing: doing.into(),
            source: source.into(),
        }
    }

    /// Lines that follow the error: what can be done about it, what else it means.
    pub fn asides(&self) -> Vec<String> {
        match self {
            CliError::Unreachable { help, reports, .. } => {
                let unwritten = |path: &PathBuf| {
                    let path = path.display().to_string();
                    let path = printable(&path);
                    format!("note: nothing was measured, so `{path}` is not written")
                };
                let help = format!("help: {help}");
                [help]
                    .into_iter()
                    .chain(reports.iter().map(unwritten))
                    .collect()
            }
            CliError::TooFewFiles { needed, .. } => {
                vec![format!("help: {}", how_to_raise(*needed))]
            }
            CliError::Read(_)
            | CliError::Wrong(_)
            | CliError::Surroundings { .. }
            | CliError::Write(_) => Vec::new(),
        }
    }

    /// What the program ends with.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            CliError::Read(_) | CliError::Wrong(_) => ExitCode::WrongInput,
            CliError::Surroundings { .. }
            | CliError::Unreachable { .. }
            | CliError::TooFewFiles { .. }
            | CliError::Write(_) => ExitCode::Surroundings,
        }
    }
}

impl fmt::Display for CliError {
    // Lowercase, no full stop: the text stands after "error: ".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CliError::Read(error) => write!(f, "cannot read {error}"),
            CliError::Wrong(message) => f.write_str(message),
            CliError::Surroundings { doing, .. } => write!(f, "cannot {doing}"),
            CliError::Unreachable {
                target,
                within,
                why,
                ..
            } => {
                write!(f, "cannot reach the target {target}")?;
                if let Some(within) = within {
                    write!(f, " within {}", duration::text(*within))?;
                }
                write!(f, ": {why}")
            }
            CliError::TooFewFiles {
                users,
                needed,
                limit,
            } => write!(
                f,
                "{users} users need {needed} open files, one for each connection, and no more than {limit} are allowed"
            ),
            CliError::Write(_) => f.write_str("cannot write the output"),
        }
    }
}

impl error::Error for CliError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            // Its own text is part of ours, so its cause comes next.
            CliError::Read(error) => error.source(),
            CliError::Wrong(_) | CliError::Unreachable { .. } | CliError::TooFewFiles { .. } => {
                None
            }
            CliError::Surroundings { source, .. } => Some(&**source),
            CliError::Write(error) => Some(error),
        }
    }
}

impl From<ReadError> for CliError {
    fn from(error: ReadError) -> CliError {
        CliError::Read(error)
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> CliError {
        CliError::Write(error)
    }
}
