//! `plan report`: a run that was kept, shown again.

use std::{io::Write as _, path::PathBuf, time::Duration};

use clap::Args;

use super::{
    CliError, Context, ExitCode, Reader, outputs, outputs::OutputArgs, overrides::time, runs,
};
use crate::{
    archive::{self, State},
    base::printable::printable,
    report,
};

/// Shows a run that was kept: in the terminal, or in files.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ReportArgs {
    /// The run: its folder, or a part of its name in `runs` [default: the latest].
    #[arg(value_name = "RUN")]
    run: Option<PathBuf>,

    /// Only from this time of the run on.
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<Duration>,

    /// Only to this time of the run.
    #[arg(long, value_name = "TIME", value_parser = time)]
    to: Option<Duration>,

    #[command(flatten)]
    outputs: OutputArgs,
}

const EXAMPLES: &str = "\
Examples:
  plan report                              the latest run
  plan report runs/20261124T091500Z-flaskr_endurance-k3j9x1a
  plan report k3j9x1a --from 24h --to 48h  a day of three
  plan report k3j9x1a --json all.json --junit junit.xml --csv locust
  plan report --markdown - | gh pr comment 12 --body-file -

A run that goes on, or that was killed, is shown as far as it has come. With files to
write, nothing is shown in the terminal.

It ends with 0 if it could show the run, whatever came of that; `--json` has it under
`conclusion`.";

/// Runs the command.
///
/// # Errors
///
/// If there is no such run, if nothing can be read of it, or if a report cannot be
/// written.
pub fn run(args: &ReportArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let is_part = args.from.is_some() || args.to.is_some();
    let asked = args.from.unwrap_or_default()..args.to.unwrap_or(Duration::MAX);
    if asked.is_empty() {
        return Err(CliError::Wrong(
            "a part of a run ends after it begins: give --to a later time than --from".to_owned(),
        ));
    }
    args.outputs.can_be_written()?;
    let folder = runs::find(args.run.as_deref())?;
    let mut run = archive::read(&folder).map_err(runs::unreadable)?;
    let record = match is_part {
        true => run.part(&asked),
        false => run.record(),
    };
    let record = record.map_err(runs::unreadable)?;
    if is_part {
        run.points = run.points_in(&asked).cloned().collect();
        run.events.retain(|event| asked.contains(&event.at));
    }
    let contents = outputs::of_run(&run, &record);
    if args.outputs.is_empty() {
        let layout = report::Layout {
            width: match ctx.stdout.reader() {
                Reader::Terminal => ctx.width.into(),
                Reader::Other | Reader::Gone => report::PAGE_WIDTH,
            },
            colour: ctx.stdout.colour(),
        };
        write!(ctx.stdout, "{}", report::events(&contents))?;
        write!(ctx.stdout, "{}", report::render(&record, layout))?;
        return Ok(ExitCode::Success);
    }
    for path in args.outputs.write(&contents, ctx)? {
        let path = path.display().to_string();
        writeln!(ctx.stderr, "report  {}", printable(&path))?;
    }
    if run.state == State::GoingOn {
        writeln!(
            ctx.stderr,
            "note: the run goes on; this is what there is now"
        )?;
    }
    Ok(ExitCode::Success)
}
