//! Plans as they were: files of a revision, out of git.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{
    base::printable::printable,
    cli::CliError,
    source::{self, DataFile, Format, Loader, ReadError, Source, tidy},
};

/// A revision of a repository, and the folder of a plan in it.
#[derive(Debug)]
pub(super) struct Revision {
    /// Its files, as git knows them: never a name that moves while we read.
    tree: String,
    /// What paths begin with that are relative to where we are: `./`.
    prefix: &'static str,
    folder: PathBuf,
}

impl Revision {
    /// A revision for the plan at `path`, and that path without its prefix.
    ///
    /// # Errors
    ///
    /// If there is no git, no repository or no such revision.
    pub(super) fn open(name: &str, path: &str) -> Result<(Revision, PathBuf), CliError> {
        let name = if name.is_empty() { "HEAD" } else { name };
        let doing = format!("find the revision `{}`", printable(name));
        let object = format!("{name}^{{tree}}");
        let output = git(&["rev-parse", "--verify", "--end-of-options", &object])
            .map_err(|why| CliError::surroundings("run `git`", why))?;
        if !output.status.success() {
            return Err(CliError::surroundings(doing, told(&output)));
        }
        let tree = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let (prefix, path) = match path.strip_prefix("./") {
            Some(path) => ("./", path),
            None => ("", path),
        };
        let path = tidy(Path::new(path));
        let revision = Revision {
            tree,
            prefix,
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
        };
        Ok((revision, path))
    }

    /// The plan file at a path.
    ///
    /// # Errors
    ///
    /// See [`ReadError`].
    pub(super) fn source(&self, path: &Path) -> Result<Source, ReadError> {
        let format =
            Format::of(path).ok_or_else(|| ReadError::UnknownFormat { path: path.into() })?;
        source::read_from(&*self.read(path)?, path, format)
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        let io = |source| ReadError::Io {
            path: path.to_owned(),
            source,
        };
        // Git has slashes on every system.
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        let object = format!("{}:{}{}", self.tree, self.prefix, parts.join("/"));
        let output = git(&["cat-file", "blob", &object]).map_err(io)?;
        if !output.status.success() {
            return Err(io(io::Error::new(io::ErrorKind::NotFound, told(&output))));
        }
        Ok(output.stdout)
    }

    /// The file that `from` names, if it is below the plan's folder.
    fn named(&self, from: &Path, relative: &str) -> Result<Vec<u8>, ReadError> {
        let path = self.resolve(from, relative)?;
        self.read(&path)
    }

    fn resolve(&self, from: &Path, relative: &str) -> Result<PathBuf, ReadError> {
        let path = tidy(&from.parent().unwrap_or(Path::new("")).join(relative));
        let is_inside = path.starts_with(&self.folder) && !path.starts_with("..");
        if Path::new(relative).is_absolute() || !is_inside {
            return Err(ReadError::Outside {
                path,
                folder: self.folder.clone(),
            });
        }
        Ok(path)
    }
}

impl Loader for Revision {
    fn plan(&mut self, from: &Path, relative: &str) -> Result<Source, ReadError> {
        self.source(&self.resolve(from, relative)?)
    }

    fn data(&mut self, from: &Path, relative: &str) -> Result<String, ReadError> {
        let bytes = self.named(from, relative)?;
        String::from_utf8(bytes).map_err(|_| ReadError::Binary {
            path: relative.into(),
        })
    }

    fn bytes(&mut self, from: &Path, relative: &str) -> Result<Vec<u8>, ReadError> {
        self.named(from, relative)
    }

    fn rows(&mut self, from: &Path, relative: &str) -> Result<DataFile, ReadError> {
        Ok(DataFile::in_memory(self.named(from, relative)?))
    }
}

fn git(args: &[&str]) -> io::Result<Output> {
    Command::new("git").args(args).output()
}

/// What git said of it, in a line.
fn told(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().next().unwrap_or("git says no more");
    let line = line.strip_prefix("fatal: ").unwrap_or(line);
    match line {
        "Needed a single revision" => "git knows none of that name".to_owned(),
        line => printable(line).into_owned(),
    }
}
