//! The folder of a run: made before it begins, read when it has ended.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::Args;

use super::super::{CliError, Context, prepare::Prepared};
use crate::{
    archive::{self, Archive, FORMAT, Identity, Pace, PlanFile, Run},
    base::{address::without_credentials, clock::Clock, printable::printable},
    engine::Settings,
    graph::Graph,
    health,
    report::calendar,
    stats::{Keeper, RunRecord},
};

/// Where runs are kept, if nothing else is said.
pub(in crate::cli) const RUNS: &str = "runs";

/// Whether and where a run is kept.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Reports")]
pub(in crate::cli) struct KeepArgs {
    /// The folder to keep the run in [default: runs/TIME-NAME-ID].
    #[arg(long, value_name = "DIR", conflicts_with = "no_archive")]
    pub(in crate::cli) out: Option<PathBuf>,

    /// Keeps nothing of the run but the reports that are asked for.
    #[arg(long)]
    pub(in crate::cli) no_archive: bool,
}

/// A run's folder, if there is one.
#[derive(Debug)]
pub(in crate::cli) struct Kept(Option<Archive>);

/// What is run, and how.
pub(in crate::cli) struct Subject<'a> {
    pub graph: &'a Graph,
    pub prepared: &'a Prepared,
    pub settings: &'a Settings,
    pub plan: &'a Path,
}

impl Kept {
    /// Makes the folder. One that cannot be made is warned of, and the run goes on.
    ///
    /// # Errors
    ///
    /// If the folder that was asked for holds a run already, and if the warning cannot be
    /// written.
    pub(in crate::cli) fn begin(
        args: &KeepArgs,
        subject: &Subject<'_>,
        pace: Pace,
        ctx: &mut Context,
    ) -> Result<Kept, CliError> {
        if args.no_archive {
            return Ok(Kept(None));
        }
        let identity = identity(subject);
        let folder = match &args.out {
            Some(folder) => folder.clone(),
            None => Path::new(RUNS).join(identity.folder_name()),
        };
        let files = plan_files(subject);
        match Archive::create(&folder, &identity, &files, pace) {
            Ok(archive) => Ok(Kept(Some(archive))),
            Err(why) if why.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(CliError::Wrong(format!(
                    "`{}` holds a run already: name another folder with --out",
                    shown(&folder)
                )))
            }
            Err(why) => {
                let folder = shown(&folder);
                writeln!(
                    ctx.stderr,
                    "warning: the run is not kept: cannot write to `{folder}`: {why}"
                )?;
                ctx.flush()?;
                Ok(Kept(None))
            }
        }
    }

    /// Whoever hears of each second of the run.
    pub(in crate::cli) fn keeper(&self) -> Option<Box<dyn Keeper>> {
        self.0.as_ref().map(Archive::keeper)
    }

    /// Takes the folder away, of a run that never began.
    ///
    /// # Errors
    ///
    /// If that fails.
    pub(in crate::cli) fn discard(self) -> Result<(), CliError> {
        let discarded = self.0.map_or(Ok(()), Archive::discard);
        discarded.map_err(|why| CliError::surroundings("take away the run's folder", why))
    }

    /// Writes the end of the run, and reads all that was kept of it. Whatever is missing is
    /// in the record then.
    pub(in crate::cli) fn finish(self, record: &mut RunRecord) -> Option<Run> {
        let archive = self.0?;
        let folder = archive.folder().to_owned();
        let trouble = archive.finish(record);
        let unkept = |why: &str| format!("not all of the run could be kept: {why}");
        record.missing.extend(trouble.map(|why| unkept(&why)));
        match archive::read(&folder) {
            Ok(run) => {
                record.missing.extend(run.missing.iter().cloned());
                Some(run)
            }
            Err(why) => {
                record.missing.push(unkept(&why.to_string()));
                None
            }
        }
    }
}

fn identity(subject: &Subject<'_>) -> Identity {
    let Subject {
        graph,
        settings,
        plan,
        ..
    } = subject;
    let target = graph.target.as_ref();
    Identity {
        format: FORMAT,
        plan: graph.name.to_string(),
        file: name_of(plan),
        run_id: settings.run_id.to_string(),
        started: calendar(Clock::start().unix(std::time::Duration::ZERO), 3),
        target: target.map_or(String::new(), |target| {
            without_credentials(target).to_string()
        }),
        seed: settings.seed,
        fingerprint: settings.fingerprint.clone(),
        options: settings.options.clone(),
        version: settings.version.clone(),
        machine: health::machine(),
    }
}

/// The plan and what it includes, as they were read; where a secret that was supplied
/// stands in one of them, it is masked.
fn plan_files(subject: &Subject<'_>) -> Vec<PlanFile> {
    let mut files: Vec<PlanFile> = Vec::new();
    for (_, source) in subject.prepared.sources.iter() {
        let name = name_of(&source.path);
        // Two of the same name lie in two folders.
        let is_taken = |name: &str| files.iter().any(|file| file.name == name);
        let name = match is_taken(&name) {
            false => name,
            true => format!("{}-{name}", files.len()),
        };
        let text = subject.settings.secrets.hide(&source.text).into_owned();
        files.push(PlanFile { name, text });
    }
    files
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

fn shown(path: &Path) -> String {
    printable(&path.display().to_string()).into_owned()
}
