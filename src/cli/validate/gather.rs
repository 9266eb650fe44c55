//! Which files are to be checked: those named, and the plans in folders named.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    cli::CliError,
    source::{Format, ReadError, tidy},
};

/// Folders that hold what others made, and no plans of one's own.
const SKIPPED: [&str; 4] = ["target", "node_modules", "venv", "vendor"];

/// A file to check; or a folder in which there is none, and why.
pub type Gathered = Result<PathBuf, (PathBuf, CliError)>;

/// The files in the order of the arguments, those of a folder by their names.
///
/// A file that is named is checked whatever it is called and as often as it is
/// named; one found in a folder only if it was not met before.
pub fn gather(paths: &[PathBuf]) -> Vec<Gathered> {
    let is_file = |path: &&PathBuf| !path.is_dir();
    let mut met: BTreeSet<PathBuf> = paths
        .iter()
        .filter(is_file)
        .map(|path| tidy(path))
        .collect();
    let mut gathered = Vec::new();
    for path in paths {
        if !path.is_dir() {
            gathered.push(Ok(path.clone()));
            continue;
        }
        let mut found = Vec::new();
        walk(path, &mut found);
        if found.is_empty() {
            found.push(Err((path.clone(), no_plans(path))));
        }
        let new = |file: &Gathered| match file {
            Ok(file) => met.insert(tidy(file)),
            Err(_) => true,
        };
        gathered.extend(found.into_iter().filter(new));
    }
    gathered
}

/// Adds the plans of a folder and of those in it. Links to folders are not
/// followed: they could lead round in a circle.
fn walk(folder: &Path, found: &mut Vec<Gathered>) {
    let mut entries = match entries(folder) {
        Ok(entries) => entries,
        Err(source) => {
            let path = folder.to_owned();
            let error = ReadError::Io {
                path: path.clone(),
                source,
            };
            found.push(Err((path, error.into())));
            return;
        }
    };
    entries.sort();
    for (path, is_folder) in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        if is_folder {
            if !SKIPPED.contains(&name.as_ref()) {
                walk(&path, found);
            }
        } else if Format::of(&path).is_some() && !path.is_dir() {
            found.push(Ok(path));
        }
    }
}

/// What is in a folder, and whether it is a folder itself.
fn entries(folder: &Path) -> io::Result<Vec<(PathBuf, bool)>> {
    let entry = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        Ok((entry.path(), entry.file_type()?.is_dir()))
    };
    fs::read_dir(folder)?.map(entry).collect()
}

fn no_plans(folder: &Path) -> CliError {
    let folder = folder.display();
    CliError::Wrong(format!(
        "there is no plan in `{folder}`: no file that ends in .yaml, .yml or .toml"
    ))
}
