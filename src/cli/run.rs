//! `plan run`: runs a plan, shows how it goes, and says what came of it.

pub(super) mod files;
pub(super) mod reach;
pub(super) mod signals;
pub(super) mod summary;

use std::{
    io::Write as _,
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::Args;
use tokio::{
    runtime,
    sync::{mpsc, watch},
};
use url::Url;

use self::{
    reach::{Reached, Told, Waiting, reach},
    signals::Signals,
};
use super::{
    CliError, Context, ExitCode, Reader,
    context::with_causes,
    findings,
    overrides::{OverrideArgs, time},
    prepare,
    secrets::SecretArgs,
};
use crate::{
    base::{address::without_credentials, printable::printable},
    demo,
    engine::{self, Placement, RunError, Settings, StopSignal, Wires},
    exchange::mask::Secrets,
    graph::Graph,
    health::raise_file_limit,
    plan::Overrides,
    protocol::{Protocol, http::Http},
    report,
    stats::{OnSaturation, RunRecord},
    view,
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

    /// Writes the numbers of the report as JSON.
    #[arg(
        long,
        env = "PLAN_SUMMARY",
        hide_env_values = true,
        value_name = "FILE"
    )]
    summary: Option<PathBuf>,

    /// Shows nothing while the run goes on; the report still comes.
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  plan run plans/flaskr_endurance.yaml
  plan run plans/flaskr_endurance.yaml --duration 72h --target http://127.0.0.1:5000
  plan run plans/flaskr_endurance.yaml --demo --duration 20s --ramp-up 2s --wait-scale 0.01
  plan run plan.yaml --users 5 --seed 7 --summary summary.json --quiet
  plan run plan.yaml --threshold 'p95 in stage hold < 300ms over 5m abort'

Ctrl-C ends a run early: running tasks are finished, `on_stop` runs, and the
report is written. A second Ctrl-C ends it at once.

Exit codes:
  0  ran, all thresholds hold        3  the surroundings stopped us
  1  ran, a threshold failed         4  inconclusive: no data, or the generator
                                        was the bottleneck
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
        ready.graph = prepare(&args.plan, &overrides)?
            .compile()
            .unwrap_or(ready.graph);
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

    if let Some(path) = &args.summary {
        summary::can_be_written(path)?;
    }
    let secrets = args.secrets.supply(&ready.graph.secrets, ctx)?;
    let settings = settings(args, ready.fingerprint, secrets)?;
    files::suffice(&ready.graph, settings.workers.get(), file_limit, ctx)?;
    match conduct(ready.graph, settings, args, ctx)? {
        Conducted::Run(record) => conclude(*record, args.summary.as_deref(), ctx),
        Conducted::NeverBegan(signal) => {
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
/// Each of two places is tried, whatever became of the other: numbers of three days
/// are not lost because one of them is full.
fn conclude(
    mut record: RunRecord,
    summary: Option<&Path>,
    ctx: &mut Context,
) -> Result<ExitCode, CliError> {
    let layout = report::Layout {
        width: match ctx.stdout.reader() {
            Reader::Terminal => ctx.width.into(),
            Reader::Other | Reader::Gone => PAGE_WIDTH,
        },
        colour: ctx.stdout.colour(),
    };
    // The summary first, so that the last line of the report knows how it ends.
    let written = match summary {
        Some(path) => summary::write(path, &record),
        None => Ok(()),
    };
    if let Err(error) = &written {
        record.unsaved = Some(with_causes(error));
    }
    let printed = write!(ctx.stdout, "{}", report::render(&record, layout))
        .and_then(|()| ctx.flush())
        .map_err(CliError::from);
    match (written, printed) {
        (Ok(()), Ok(())) => Ok(ExitCode::of_run(&record.conclusion())),
        (Err(unwritten), Ok(())) => Err(unwritten),
        (Ok(()), Err(unprinted)) => {
            // It says how the program ends, which has changed since it was written.
            record.unsaved = Some(with_causes(&unprinted));
            summary.map_or(Ok(()), |path| summary::write(path, &record))?;
            Err(unprinted)
        }
        (Err(unwritten), Err(unprinted)) => {
            // Where stderr is gone too, the exit code is all that can still be said.
            let _ = ctx.stderr.error(&unwritten);
            Err(unprinted)
        }
    }
}

/// A plan that can be run.
struct Ready {
    graph: Graph,
    fingerprint: String,
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
    match (graph, prepared.plan.take()) {
        (Some(graph), Some(plan)) => Ok(Some(Ready {
            graph,
            fingerprint: plan.fingerprint,
        })),
        (_, plan) => {
            prepared.plan = plan;
            prepared.no_graph(path).map(|_| None)
        }
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

/// What came of conducting.
enum Conducted {
    Run(Box<RunRecord>),
    /// A signal came before the first user.
    NeverBegan(StopSignal),
}

/// Runs on this thread, with the workers on theirs, and the view on its own.
fn conduct(
    graph: Graph,
    settings: Settings,
    args: &RunArgs,
    ctx: &mut Context,
) -> Result<Conducted, CliError> {
    engine::note_panics();
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(not_started)?;
    let conducted = runtime.block_on(async {
        let mut signals = Signals::listen().map_err(not_started)?;
        let protocol =
            Protocol::Http(Http::new(graph.wires()).asking_only(ctx.config.allowed.clone()));
        let waiting = Waiting {
            most: args.wait_for_target.unwrap_or(Duration::ZERO),
            told: match args.quiet {
                true => Told::Nobody,
                false => Told::OnStderr,
            },
            summary: args.summary.as_deref(),
        };
        match reach(&protocol, &graph, waiting, &mut signals, ctx).await? {
            Reached::Yes => {}
            Reached::Stopped(signal) => return Ok(Conducted::NeverBegan(signal)),
        }
        let record = watched(graph, protocol, settings, signals, view_kind(args, ctx)).await?;
        Ok(Conducted::Run(Box::new(record)))
    });
    // Names that are still being looked up are not worth waiting for.
    runtime.shutdown_background();
    conducted
}

/// Runs a graph, hears signals, and shows how it goes.
async fn watched(
    graph: Graph,
    protocol: Protocol,
    settings: Settings,
    signals: Signals,
    kind: view::Kind,
) -> Result<RunRecord, CliError> {
    let (stop, stops) = mpsc::channel(4);
    let (snapshots, seen) = watch::channel(None);
    let title = view::Title {
        plan: graph.name.to_string(),
        target: graph
            .target
            .as_ref()
            .map(|target| without_credentials(target).to_string())
            .unwrap_or_default(),
    };
    let live = view::Live::start(kind, title, seen, view::stderr()).map_err(not_started)?;
    let heard = tokio::spawn(signals.pass_on(stop));
    let wires = Wires {
        stops,
        snapshots,
        witness: None,
    };
    let record = engine::run(Arc::new(graph), protocol, settings, wires).await;
    heard.abort();
    live.finish();
    record.map_err(|why| match why {
        RunError::NoTarget | RunError::Worker { .. } => not_started(why),
        RunError::Broken { .. } => CliError::surroundings("go on with the run", why),
    })
}

pub(super) fn not_started(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> CliError {
    CliError::surroundings("start the run", why)
}

fn view_kind(args: &RunArgs, ctx: &Context) -> view::Kind {
    let dumb = ctx
        .environment
        .get("TERM")
        .is_some_and(|term| term == "dumb");
    if args.quiet {
        view::Kind::Quiet
    } else if ctx.stderr.reader() == Reader::Terminal && !dumb {
        view::Kind::Bars(ctx.stderr.colour())
    } else {
        view::Kind::Lines
    }
}

fn factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor.is_finite() && (0.0..=MAX_WAIT_SCALE).contains(&factor) => Ok(factor),
        Ok(_) | Err(_) => Err(format!(
            "a factor is a number from 0 to {MAX_WAIT_SCALE}, such as 0.1"
        )),
    }
}

/// The width of a report that is not for a terminal: every column fits.
const PAGE_WIDTH: usize = 120;

/// The most that waits are stretched. Beyond, a wait of a year would overflow.
const MAX_WAIT_SCALE: f64 = 1000.0;
