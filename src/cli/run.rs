//! `plan run`: runs a plan, shows how it goes, and says what came of it.

mod conduct;
pub(super) mod files;
pub(super) mod kept;
pub(super) mod reach;
pub(super) mod signals;

use std::{
    io::Write as _,
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use url::Url;

use self::{
    conduct::{Conducted, conduct},
    kept::{KeepArgs, Kept, Subject},
};
use super::{
    CliError, Context, ExitCode, Reader,
    context::with_causes,
    findings, outputs,
    outputs::OutputArgs,
    overrides::{OverrideArgs, time},
    prepare,
    prepare::Prepared,
    secrets::SecretArgs,
};
use crate::{
    archive::Pace,
    base::printable::printable,
    demo,
    engine::{Placement, Settings, StopSignal},
    exchange::mask::Secrets,
    graph::Graph,
    health::raise_file_limit,
    plan::Overrides,
    report,
    stats::{OnSaturation, RunRecord},
};

/// Runs a plan and reports what came of it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    /// The plan (.yaml, .yml or .toml).
    #[arg(value_name = "PLAN")]
    plan: PathBuf,

    #[command(flatten)]
    overrides: OverrideArgs,

    #[command(flatten)]
    secrets: SecretArgs,

    /// Runs against the built-in demo, started for this run, in place of the plan's target.
    #[arg(long, conflicts_with = "target")]
    demo: bool,

    /// Waits so long for somebody to listen at the target [default: must be there at once].
    #[arg(long, value_name = "TIME", value_parser = time)]
    wait_for_target: Option<Duration>,

    /// Number that all random choices follow from [default: a new one].
    #[arg(long, env = "PLAN_SEED", hide_env_values = true, value_name = "NUMBER")]
    seed: Option<u64>,

    /// What `{{ run.id }}` stands for [default: a new one].
    #[arg(long, env = "PLAN_RUN_ID", hide_env_values = true, value_name = "TEXT")]
    run_id: Option<String>,

    /// Worker threads [default: one per processor core].
    #[arg(
        long,
        env = "PLAN_WORKERS",
        hide_env_values = true,
        value_name = "NUMBER"
    )]
    workers: Option<NonZeroU32>,

    /// Multiplies every wait: 0.1 for a tenth of them, 0 for none.
    #[arg(long, value_name = "FACTOR", default_value = "1", value_parser = factor, allow_negative_numbers = true)]
    wait_scale: f64,

    /// Judges the run also if the generator was the bottleneck: to drive it at full tilt on purpose.
    #[arg(long)]
    allow_saturation: bool,

    #[command(flatten)]
    keep: KeepArgs,

    #[command(flatten)]
    outputs: OutputArgs,

    /// Shows nothing while the run goes on; the report still comes.
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  plan run plans/flaskr_endurance.yaml
  plan run plans/flaskr_endurance.yaml --duration 72h --target http://127.0.0.1:5000
  plan run plans/flaskr_endurance.yaml --demo --duration 20s --ramp-up 2s --wait-scale 0.01
  plan run plan.yaml --users 5 --seed 7 --json report.json --quiet
  plan run plan.yaml --threshold 'p95 in stage hold < 300ms over 5m abort'
  plan run plan.yaml --out runs/nightly --junit junit.xml --markdown comment.md
  plan run examples/capacity.yaml --target http://127.0.0.1:5000
                                     looks for the highest load that holds

Ctrl-C ends a run early: running tasks are finished, `on_stop` runs, and the
report is written. A second Ctrl-C ends it at once.

Exit codes:
  0  ran, all thresholds hold;       3  the surroundings stopped us
     looked, and found
  1  ran, a threshold failed; not    4  inconclusive: no data, or the generator
     even the lowest level holds        was the bottleneck
  2  the plan or the call is wrong   129, 130, 143  ended by a signal";

/// Runs the command.
///
/// # Errors
///
/// [`CliError`] for what keeps the run from starting, and for a summary that
/// cannot be written; the report has then been printed.
pub fn run(args: &RunArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let file_limit = raise_file_limit();
    let mut overrides = args.overrides.overrides(ctx);
    // Before anything is started: a mistake in the plan comes first.
    let Some(mut ready) = compile(&args.plan, &overrides, ctx)? else {
        return Ok(ExitCode::WrongInput);
    };
    // Held until the report is written; it ends when it is dropped.
    let _demo = if args.demo {
        let demo =
            demo::Child::start().map_err(|why| CliError::surroundings("start the demo", why))?;
        let url = Url::parse(demo.url()).expect("the demo names a whole URL");
        overrides.target = Some(url);
        let mut prepared = prepare(&args.plan, &overrides)?;
        if let Some(graph) = prepared.compile() {
            ready = Ready { graph, prepared };
        }
        Some(demo)
    } else {
        None
    };
    if ready.graph.target.is_none() {
        let path = printable(&args.plan.display().to_string()).into_owned();
        return Err(CliError::Wrong(format!(
            "`{path}` names no target: add `target:` to it, or give --target URL or --demo"
        )));
    }

    args.outputs.can_be_written()?;
    let secrets = args.secrets.supply(&ready.graph.secrets, ctx)?;
    let fingerprint = ready.prepared.plan.as_ref();
    let fingerprint = fingerprint.map_or_else(String::new, |plan| plan.fingerprint.clone());
    let settings = settings(args, fingerprint, secrets)?;
    files::suffice(&ready.graph, settings.workers.get(), file_limit, ctx)?;
    let Ready {
        graph,
        mut prepared,
    } = ready;
    let subject = Subject {
        graph: &graph,
        prepared: &prepared,
        settings: &settings,
        plan: &args.plan,
    };
    let kept = Kept::begin(&args.keep, &subject, Pace::OfTheRun, ctx)?;
    let conducted = conduct(graph, &mut prepared, settings, args, &kept, ctx);
    match conducted {
        Err(why) => {
            // What kept it from starting is worth more than what is left of it.
            let _ = kept.discard();
            Err(why)
        }
        Ok(Conducted::Run(record)) => conclude(*record, kept, args, ctx),
        Ok(Conducted::NeverBegan(signal)) => {
            kept.discard()?;
            let (name, code) = match signal {
                StopSignal::Terminate => ("SIGTERM", ExitCode::Terminated),
                StopSignal::HangUp => ("SIGHUP", ExitCode::HungUp),
                StopSignal::Interrupt | StopSignal::Plan => ("SIGINT", ExitCode::Interrupted),
            };
            let text = "before the run began: nothing was sent, so there is nothing to report";
            writeln!(ctx.stderr, "{name} {text}")?;
            Ok(code)
        }
    }
}

/// Writes down what came of a run, wherever it can be written.
///
/// Each place is tried, whatever became of the others: numbers of three days are not lost
/// because one of them is full.
fn conclude(
    mut record: RunRecord,
    kept: Kept,
    args: &RunArgs,
    ctx: &mut Context,
) -> Result<ExitCode, CliError> {
    let layout = report::Layout {
        width: match ctx.stdout.reader() {
            Reader::Terminal => ctx.width.into(),
            Reader::Other | Reader::Gone => report::PAGE_WIDTH,
        },
        colour: ctx.stdout.colour(),
    };
    let run = kept.finish(&mut record);
    // The files first, so that the last line of the report knows how it ends.
    let mut written = outputs::write_all(&args.outputs, run.as_ref(), &record, ctx);
    if let Err(error) = &written {
        record.unsaved = Some(with_causes(error));
    }
    let printed = write!(ctx.stdout, "{}", report::render(&record, layout))
        .and_then(|()| ctx.flush())
        .map_err(CliError::from);
    if let Err(unprinted) = printed {
        // It says how the program ends, which has changed since it was written.
        record.unsaved = Some(with_causes(&unprinted));
        if let Err(unwritten) =
            written.and_then(|_| outputs::write_all(&args.outputs, run.as_ref(), &record, ctx))
        {
            // Where stderr is gone too, the exit code is all that can still be said.
            let _ = ctx.stderr.error(&unwritten);
        }
        return Err(unprinted);
    }
    if let (Some(run), false) = (&run, args.quiet) {
        let folder = run.folder.display().to_string();
        writeln!(ctx.stderr, "kept    {}", printable(&folder))?;
    }
    for path in written.iter_mut().flatten().filter(|_| !args.quiet) {
        let path = path.display().to_string();
        writeln!(ctx.stderr, "report  {}", printable(&path))?;
    }
    written.map(|_| ExitCode::of_run(&record.conclusion()))
}

/// A plan that can be run.
struct Ready {
    graph: Graph,
    prepared: Prepared,
}

/// Compiles the plan and shows what there is to say about it.
fn compile(
    path: &Path,
    overrides: &Overrides,
    ctx: &mut Context,
) -> Result<Option<Ready>, CliError> {
    let mut prepared = prepare(path, overrides)?;
    let graph = prepared.compile();
    findings::show(&prepared.sources, &prepared.found, ctx)?;
    ctx.flush()?;
    match graph {
        Some(graph) => Ok(Some(Ready { graph, prepared })),
        None => prepared.no_graph(path).map(|_| None),
    }
}

fn settings(args: &RunArgs, fingerprint: String, secrets: Secrets) -> Result<Settings, CliError> {
    let chance = Chance::new()?;
    let run_id = args.run_id.clone().unwrap_or_else(|| chance.run_id());
    Ok(Settings {
        seed: args.seed.unwrap_or_else(|| chance.seed()),
        run_id: run_id.into(),
        secrets,
        workers: args.workers.unwrap_or_else(|| {
            let cores = std::thread::available_parallelism();
            cores
                .ok()
                .and_then(|cores| u32::try_from(cores.get()).ok()?.try_into().ok())
                .unwrap_or(NonZeroU32::MIN)
        }),
        placement: Placement::Threads,
        wait_scale: args.wait_scale,
        fingerprint,
        options: told(args),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        on_saturation: if args.allow_saturation {
            OnSaturation::Tolerated
        } else {
            OnSaturation::Inconclusive
        },
    })
}

/// Options that changed what is run or judged, as they would be typed.
fn told(args: &RunArgs) -> Vec<String> {
    let mut told = args.overrides.told();
    if args.allow_saturation {
        told.push("--allow-saturation".to_owned());
    }
    told
}

/// Where seeds and run ids come from that nobody has chosen.
pub(super) struct Chance([u8; 8]);

impl Chance {
    pub(super) fn new() -> Result<Chance, CliError> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes)
            .map_err(|why| CliError::surroundings("ask for a random seed", why))?;
        Ok(Chance(bytes))
    }

    /// Short enough to be copied by hand, and exact in every reader of JSON.
    pub(super) fn seed(&self) -> u64 {
        u64::from_le_bytes(self.0) >> 32
    }

    /// Seven letters and digits: they stand in names of users, and two runs
    /// against one database must not share them.
    pub(super) fn run_id(&self) -> String {
        const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let mut rest = u64::from_le_bytes(self.0).rotate_left(17);
        let mut id = String::with_capacity(7);
        for _ in 0..7 {
            id.push(char::from(ALPHABET[(rest % 36) as usize]));
            rest /= 36;
        }
        id
    }
}

pub(super) fn not_started(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> CliError {
    CliError::surroundings("start the run", why)
}

fn factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor.is_finite() && (0.0..=MAX_WAIT_SCALE).contains(&factor) => Ok(factor),
        Ok(_) | Err(_) => Err(format!(
            "a factor is a number from 0 to {MAX_WAIT_SCALE}, such as 0.1"
        )),
    }
}

/// The most that waits are stretched. Beyond, a wait of a year would overflow.
const MAX_WAIT_SCALE: f64 = 1000.0;
