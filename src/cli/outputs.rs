//! The files that reports are written to, each in its format.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{CliError, Context};
use crate::{
    archive::Run,
    base::printable::printable,
    report::{self, CSV_FILES, Contents},
    stats::RunRecord,
};

/// Where reports go besides the terminal. `-` is stdout.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Reports")]
pub struct OutputArgs {
    /// Writes all numbers as JSON.
    #[arg(long, env = "PLAN_JSON", hide_env_values = true, value_name = "FILE")]
    pub json: Option<PathBuf>,

    /// Writes a test suite for JUnit's readers: each threshold is a test case.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,

    /// Writes a comment for a pull request.
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,

    /// Writes the four files that Locust writes, with its columns: PREFIX_stats.csv,
    /// PREFIX_stats_history.csv, PREFIX_failures.csv, PREFIX_exceptions.csv.
    #[arg(long, value_name = "PREFIX")]
    pub csv: Option<PathBuf>,
}

/// A file to write.
struct Output {
    path: PathBuf,
    text: String,
}

impl OutputArgs {
    /// The reports that each run has in its folder.
    pub fn of_folder(folder: &Path) -> OutputArgs {
        OutputArgs {
            json: Some(folder.join("report.json")),
            ..OutputArgs::default()
        }
    }

    /// Whether there is anything to write.
    pub fn is_empty(&self) -> bool {
        self.files().is_empty()
    }

    /// The files that are written, `-` too.
    pub fn files(&self) -> Vec<PathBuf> {
        let OutputArgs {
            json,
            junit,
            markdown,
            csv,
        } = self;
        let files = [json, junit, markdown].into_iter().flatten().cloned();
        let csv = csv.iter().flat_map(|prefix| csv_files(prefix));
        files.chain(csv).collect()
    }

    /// Makes sure before the run that all can be written: after 72 hours it would be
    /// late to learn that a folder is missing.
    ///
    /// What a file holds stays until there is something new, and one that was not there is
    /// still not there: a run that never began leaves no empty report.
    ///
    /// # Errors
    ///
    /// If one cannot be written.
    pub fn can_be_written(&self) -> Result<(), CliError> {
        for path in self.files().iter().filter(|path| !is_stdout(path)) {
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
        }
        Ok(())
    }

    /// Writes all of them, each whatever became of the others. Returns those that are
    /// files.
    ///
    /// # Errors
    ///
    /// The first of those that cannot be written.
    pub fn write(
        &self,
        contents: &Contents<'_>,
        ctx: &mut Context,
    ) -> Result<Vec<PathBuf>, CliError> {
        let mut written = Vec::new();
        let mut failed = Ok(());
        for Output { path, text } in self.all(contents) {
            let result = match is_stdout(&path) {
                true => write!(ctx.stdout, "{text}").map_err(CliError::from),
                false => fs::write(&path, text).map_err(|why| unwritable(&path, why)),
            };
            match result {
                Ok(()) if is_stdout(&path) => {}
                Ok(()) => written.push(path),
                Err(why) => failed = failed.and(Err(why)),
            }
        }
        failed.map(|()| written)
    }

    fn all(&self, contents: &Contents<'_>) -> Vec<Output> {
        let mut all = Vec::new();
        let mut add = |path: &Option<PathBuf>, text: &dyn Fn() -> String| {
            if let Some(path) = path {
                let (path, text) = (path.clone(), text());
                all.push(Output { path, text });
            }
        };
        add(&self.json, &|| report::json_text(contents));
        add(&self.junit, &|| report::junit(contents.record));
        add(&self.markdown, &|| report::markdown(contents.record));
        if let Some(prefix) = &self.csv {
            let texts = csv_files(prefix).into_iter().zip(report::csv(contents));
            all.extend(texts.map(|(path, text)| Output { path, text }));
        }
        all
    }
}

/// Writes the reports that were asked for, and those that each run has in its folder.
/// Returns the files.
///
/// # Errors
///
/// The first of those that were asked for and cannot be written.
pub fn write_all(
    asked: &OutputArgs,
    run: Option<&Run>,
    record: &RunRecord,
    ctx: &mut Context,
) -> Result<Vec<PathBuf>, CliError> {
    let Some(run) = run else {
        return asked.write(&of_record(record), ctx);
    };
    let contents = of_run(run, record);
    // What was not asked for is no reason to fail.
    let own = OutputArgs::of_folder(&run.folder).write(&contents, ctx);
    let mut written = own.unwrap_or_default();
    written.extend(asked.write(&contents, ctx)?);
    Ok(written)
}

/// What there is to show of a run that was kept.
pub fn of_run<'a>(run: &'a Run, record: &'a RunRecord) -> Contents<'a> {
    Contents {
        record,
        points: &run.points,
        events: &run.events,
        plan: &run.plan,
        machine: Some(&run.identity.machine),
    }
}

/// What there is to show of a run of which only the record is there.
pub fn of_record(record: &RunRecord) -> Contents<'_> {
    Contents {
        record,
        points: &[],
        events: &[],
        plan: &[],
        machine: None,
    }
}

/// The four files of a prefix.
fn csv_files(prefix: &Path) -> Vec<PathBuf> {
    let of = |ending: &str| {
        let mut name = prefix.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    CSV_FILES.map(of).into()
}

fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn unwritable(path: &Path, why: std::io::Error) -> CliError {
    let shown = path.display().to_string();
    CliError::surroundings(format!("write the report `{}`", printable(&shown)), why)
}
