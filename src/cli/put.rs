//! Files that a command writes because it was asked to: never over another one,
//! unless that was asked for too.

use std::{fs, io, io::Write as _, path::Path};

use super::CliError;
use crate::{base::printable::printable, source};

/// What happens to a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and the command ends.
    Stays,
    /// It is written over.
    IsReplaced,
}

impl Existing {
    /// As `--force` says.
    pub fn of_flag(force: bool) -> Existing {
        match force {
            true => Existing::IsReplaced,
            false => Existing::Stays,
        }
    }

    /// Whether a file may be written.
    ///
    /// # Errors
    ///
    /// If it is there and stays.
    pub fn allows(self, path: &Path) -> Result<(), CliError> {
        match self {
            Existing::Stays if fs::symlink_metadata(path).is_ok() => Err(is_there(path)),
            Existing::Stays | Existing::IsReplaced => Ok(()),
        }
    }

    /// Writes a file, whole.
    ///
    /// # Errors
    ///
    /// If it is there and stays, and those of the file system.
    pub fn put(self, path: &Path, text: &str) -> Result<(), CliError> {
        let written = match self {
            Existing::IsReplaced if path.exists() => source::write(path, text),
            Existing::IsReplaced | Existing::Stays => create(path, text),
        };
        written.map_err(|why| match (self, why.kind()) {
            (Existing::Stays, io::ErrorKind::AlreadyExists) => is_there(path),
            _ => {
                let shown = path.display().to_string();
                CliError::surroundings(format!("write `{}`", printable(&shown)), why)
            }
        })
    }
}

fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn is_there(path: &Path) -> CliError {
    let path = path.display().to_string();
    CliError::Wrong(format!(
        "`{}` is there already; --force writes over it",
        printable(&path)
    ))
}
