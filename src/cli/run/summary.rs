//! The file of `--summary`.

use std::{fs, path::Path};

use super::super::CliError;
use crate::{base::printable::printable, report, stats::RunRecord};

/// Makes sure before the run that a summary can be written: after 72 hours it
/// would be late to learn that a folder is missing.
///
/// What the file holds stays until there is something new, and one that was not
/// there is still not there: a run that never began leaves no empty summary.
///
/// # Errors
///
/// If it cannot be written.
pub(in crate::cli) fn can_be_written(path: &Path) -> Result<(), CliError> {
    let was_there = path.symlink_metadata().is_ok();
    fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .map_err(|why| unwritable(path, why))?;
    if !was_there {
        // Whoever took it away in between did the same.
        let _ = fs::remove_file(path);
    }
    Ok(())
}

/// Writes the numbers of a run.
///
/// # Errors
///
/// If the file has become unwritable since the run began.
pub(in crate::cli) fn write(path: &Path, record: &RunRecord) -> Result<(), CliError> {
    let text = format!("{:#}\n", report::summary(record));
    fs::write(path, text).map_err(|why| unwritable(path, why))
}

fn unwritable(path: &Path, why: std::io::Error) -> CliError {
    CliError::surroundings(format!("write the summary `{}`", shown(path)), why)
}

/// A path as it can stand in a message.
pub(super) fn shown(path: &Path) -> String {
    printable(&path.display().to_string()).into_owned()
}
