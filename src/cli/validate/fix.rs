//! `--fix`: mends in the files what can be mended in one way only.

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
};

use super::gather::Gathered;
use crate::{
    base::printable::printable,
    cli::{CliError, Context},
    plan,
    source::{
        self, DataFile, Diagnostic, Diagnostics, FolderLoader, Loader, ReadError, Source, Sources,
        mend,
    },
};

/// How often a file is read again: a mended slip can have hidden another.
const MOST_PASSES: usize = 20;

/// Mends all files, and those that they include; says what it did on stderr.
///
/// A file that cannot be read is left to the check, which says why.
///
/// # Errors
///
/// If a mended file cannot be written; those before it are.
pub fn all(files: &[Gathered], is_quiet: bool, ctx: &mut Context) -> Result<(), CliError> {
    for path in files.iter().flatten() {
        let Ok(mended) = mended(path) else {
            continue;
        };
        for (path, text) in &mended.texts.by_path {
            source::write(path, text).map_err(|why| {
                let path = printable(&path.display().to_string()).into_owned();
                CliError::surroundings(format!("write `{path}`"), why)
            })?;
        }
        if !is_quiet {
            for line in &mended.told {
                writeln!(ctx.stderr, "{line}")?;
            }
        }
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Mended {
    texts: Texts,
    /// "fixed: plan.yaml:7:10: …".
    told: Vec<String>,
}

/// Mends a plan in memory, until nothing certain is left to be mended.
fn mended(path: &Path) -> Result<Mended, ReadError> {
    let root = source::read(path)?;
    let mut mended = Mended::default();
    for _ in 0..MOST_PASSES {
        let mut sources = Sources::new(mended.texts.instead_of(root.clone()));
        let mut found = Diagnostics::new();
        let mut loader = Overlaid {
            texts: &mended.texts,
            loader: FolderLoader::beside(path),
        };
        let parsed = plan::parse(&mut sources, &mut loader, &mut found);
        if let Some(plan) = parsed {
            plan::check(plan, &mut found);
        }
        let files = mend(&sources, &found);
        if files.is_empty() {
            break;
        }
        for file in files {
            let told = file.mistakes.iter().map(|mistake| tell(&sources, mistake));
            mended.told.extend(told);
            let path = sources.get(file.file).path.clone();
            mended.texts.by_path.insert(path, file.text);
        }
    }
    Ok(mended)
}

fn tell(sources: &Sources, mistake: &Diagnostic) -> String {
    let place = match mistake.labels.first() {
        Some(label) => {
            let path = sources.get(label.span.file).path.display().to_string();
            let (line, column) = sources.line_and_column(label.span);
            format!("{}:{line}:{column}: ", printable(&path))
        }
        None => String::new(),
    };
    let help = match mistake.help.last() {
        Some(help) => format!(" ({help})"),
        None => String::new(),
    };
    let told = format!("{}{help}", mistake.message);
    format!("fixed: {place}{}", printable(&told))
}

/// Mended texts, by the path of their file.
#[derive(Debug, Default)]
struct Texts {
    by_path: BTreeMap<PathBuf, String>,
}

impl Texts {
    fn instead_of(&self, mut source: Source) -> Source {
        if let Some(text) = self.by_path.get(&source.path) {
            source.text.clone_from(text);
        }
        source
    }
}

/// The files of a folder, with mended texts in place of theirs.
struct Overlaid<'t> {
    texts: &'t Texts,
    loader: FolderLoader,
}

impl Loader for Overlaid<'_> {
    fn plan(&mut self, from: &Path, relative: &str) -> Result<Source, ReadError> {
        let source = self.loader.plan(from, relative)?;
        Ok(self.texts.instead_of(source))
    }

    fn data(&mut self, from: &Path, relative: &str) -> Result<String, ReadError> {
        self.loader.data(from, relative)
    }

    fn rows(&mut self, from: &Path, relative: &str) -> Result<DataFile, ReadError> {
        self.loader.rows(from, relative)
    }
}
