//! `plan simulate`: a run on a virtual clock, against a target that is nowhere.

use std::{io::Write as _, num::NonZeroU32, path::PathBuf, sync::Arc, time::Duration};

use clap::Args;
use tokio::{
    runtime,
    sync::{mpsc, watch},
    task::LocalSet,
};
use url::Url;

use super::{
    CliError, Context, ExitCode, Reader,
    capacity::{self, Searching},
    findings, outputs,
    outputs::OutputArgs,
    overrides::{OverrideArgs, rate},
    prepare,
    prepare::Prepared,
    run::{
        kept::{KeepArgs, Kept, Subject},
        not_started,
        reach::Told,
        signals::Signals,
    },
};
use crate::{
    archive::Pace,
    base::{clock::Clock, colour::Colour, figures, rate::Rate},
    engine::{self, Placement, Settings, Wires},
    exchange::mask::Secrets,
    graph::Graph,
    health,
    protocol::{
        Protocol,
        simulated::{EXAMPLES as LATENCIES, Latency, Model},
    },
    report::{self, Chart},
    stats::{Keeper, OnSaturation, RunRecord, Snapshot},
    view,
};

/// Runs a plan on a virtual clock: three days in less than a minute, nothing is sent.
///
/// The engine is the same, and so are who comes when, what is drawn, waited for and
/// counted. The target is a model: every expectation holds, every extraction finds the
/// text `1`, and each answer takes as long as `--latency` says.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SimulateArgs {
    /// The plan (.yaml, .yml or .toml).
    #[arg(value_name = "PLAN")]
    plan: PathBuf,

    #[command(flatten)]
    overrides: OverrideArgs,

    /// How long answers take: a time, or a lognormal distribution by two percentiles.
    #[arg(long, value_name = "MODEL", default_value = "p50=20ms,p99=200ms", value_parser = latency)]
    latency: Latency,

    /// The share of requests that fail, with status 500.
    #[arg(long, value_name = "PERCENT", default_value = "0%", value_parser = share)]
    errors: f64,

    /// The target answers so many requests in a time and no more: the others wait.
    #[arg(long, value_name = "RATE", value_parser = rate)]
    max_rate: Option<Rate>,

    /// Number that all random choices follow from [default: 1].
    #[arg(long, env = "PLAN_SEED", hide_env_values = true, value_name = "NUMBER")]
    seed: Option<u64>,

    /// Keeps what came of it in a folder, as `plan run` does.
    #[arg(long, value_name = "DIR", help_heading = "Reports")]
    out: Option<PathBuf>,

    #[command(flatten)]
    outputs: OutputArgs,

    /// Shows nothing while it goes on; the report still comes.
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  plan simulate plans/flaskr_endurance.yaml --duration 72h
  plan simulate plan.yaml --latency 20ms --errors 1%
  plan simulate plan.yaml --latency p50=50ms,p99=2s --json simulated.json

It ends as `plan run` does: 0 if all thresholds hold on the simulated numbers.";

/// Runs the command.
///
/// # Errors
///
/// [`CliError`] for what keeps it from starting, and for a report that cannot be written.
pub fn run(args: &SimulateArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let mut overrides = args.overrides.overrides(ctx);
    let mut prepared = prepare(&args.plan, &overrides)?;
    let without_target = prepared
        .plan
        .as_ref()
        .is_some_and(|plan| plan.checked.plan().target.is_none());
    if without_target {
        let nowhere = Url::parse("http://simulated.invalid").expect("it is a URL");
        overrides.target = Some(nowhere);
        prepared = prepare(&args.plan, &overrides)?;
    }
    let graph = prepared.compile();
    findings::show(&prepared.sources, &prepared.found, ctx)?;
    ctx.flush()?;
    let (Some(graph), Some(plan)) = (graph, &prepared.plan) else {
        return prepared.no_graph(&args.plan);
    };
    args.outputs.can_be_written()?;
    let settings = settings(args, &graph, plan.fingerprint.clone());
    let subject = Subject {
        graph: &graph,
        prepared: &prepared,
        settings: &settings,
        plan: &args.plan,
    };
    let keep = KeepArgs {
        out: args.out.clone(),
        no_archive: args.out.is_none(),
    };
    let kept = Kept::begin(&keep, &subject, Pace::OfTheDisk, ctx)?;
    match simulate(graph, &mut prepared, settings, args, &kept, ctx) {
        Ok(simulated) => conclude(simulated, kept, args, ctx),
        Err(why) => {
            // What kept it from starting is worth more than what is left of it.
            let _ = kept.discard();
            Err(why)
        }
    }
}

impl SimulateArgs {
    /// The target as it is asked for.
    fn model(&self) -> Model {
        Model {
            latency: self.latency,
            errors: self.errors,
            max_rate: self.max_rate,
        }
    }
}

fn settings(args: &SimulateArgs, graph: &Graph, fingerprint: String) -> Settings {
    let secrets = graph.secrets.iter().map(|_| Arc::from("simulated"));
    Settings {
        seed: args.seed.unwrap_or(1),
        run_id: "simulated".into(),
        workers: NonZeroU32::MIN,
        placement: Placement::Here,
        secrets: Secrets::of(secrets),
        wait_scale: 1.0,
        fingerprint,
        options: args.overrides.told(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        on_saturation: OnSaturation::Tolerated,
    }
}

/// What came of it.
struct Simulated {
    record: RunRecord,
    /// Requests so far, every now and then; of many tries nothing.
    course: Course,
    /// How long it took in earnest.
    took: Duration,
}

/// Requests so far at times of a run.
type Course = Vec<(Duration, u64)>;

fn simulate(
    graph: Graph,
    prepared: &mut Prepared,
    settings: Settings,
    args: &SimulateArgs,
    kept: &Kept,
    ctx: &mut Context,
) -> Result<Simulated, CliError> {
    engine::note_panics();
    // Outside of the runtime below, whose time stands still: in earnest.
    let earnest = Clock::start();
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .map_err(not_started)?;
    let model = args.model();
    let kind = view_kind(args, ctx);
    let (record, course) = runtime.block_on(LocalSet::new().run_until(async {
        let mut signals = Signals::listen().map_err(not_started)?;
        let Some(find) = graph.find else {
            let title = graph.name.to_string();
            let view = (kind, title, kept.keeper());
            return play(graph, model, settings, &mut signals, view).await;
        };
        let searching = Searching {
            prepared,
            graph,
            find,
            settings,
            told: match args.quiet {
                true => Told::Nobody,
                false => Told::OnStderr,
            },
        };
        let found = capacity::search(searching, &mut signals, ctx, async |attempt, signals| {
            let title = format!("{} · {}", attempt.graph.name, attempt.title);
            let view = (kind, title, None);
            let played = play(attempt.graph, model, attempt.settings, signals, view).await;
            played.map(|(record, _)| record)
        });
        found.await.map(|record| (record, Course::new()))
    }))?;
    Ok(Simulated {
        record,
        course,
        took: earnest.elapsed(),
    })
}

/// One run against the model of a target.
async fn play(
    graph: Graph,
    model: Model,
    settings: Settings,
    signals: &mut Signals,
    (kind, plan, keeper): (view::Kind, String, Option<Box<dyn Keeper>>),
) -> Result<(RunRecord, Course), CliError> {
    let (stop, stops) = mpsc::channel(4);
    let (snapshots, seen) = watch::channel(None);
    let title = view::Title {
        plan,
        target: model.to_string(),
    };
    let live = view::Live::start(kind, title, seen.clone(), view::stderr()).map_err(not_started)?;
    let followed = tokio::task::spawn_local(follow(seen));
    let wires = Wires {
        stops,
        snapshots,
        witness: None,
        keeper,
    };
    let target = Protocol::Scripted(model.target(settings.seed));
    let running = engine::run(Arc::new(graph), target, settings, wires);
    let record = signals.during(stop, running).await;
    live.finish();
    let course = followed.await.map_err(not_started)?;
    record.map(|record| (record, course)).map_err(not_started)
}

/// Notes how many requests there were, until nobody tells any more; ever more rarely,
/// so that it is never more than a few thousand times.
async fn follow(mut seen: watch::Receiver<Option<Arc<Snapshot>>>) -> Course {
    const MOST: usize = 4_096;
    let mut course = Vec::new();
    let mut every = Duration::from_secs(1);
    let mut next = Duration::ZERO;
    while seen.changed().await.is_ok() {
        let now = seen
            .borrow_and_update()
            .as_ref()
            .map(|now| (now.elapsed, now.requests));
        let Some((elapsed, requests)) = now.filter(|(elapsed, _)| *elapsed >= next) else {
            continue;
        };
        course.push((elapsed, requests));
        next = elapsed + every / 2;
        if course.len() == MOST {
            every *= 2;
            let mut at = 0;
            course.retain(|_| {
                at += 1;
                at % 2 == 0
            });
        }
    }
    course
}

fn conclude(
    simulated: Simulated,
    kept: Kept,
    args: &SimulateArgs,
    ctx: &mut Context,
) -> Result<ExitCode, CliError> {
    let Simulated {
        mut record,
        course,
        took,
    } = simulated;
    record.meta.target = format!("nowhere: a simulated target, {}", args.model());
    let summary_text = format!("{:#}\n", report::summary(&record));
    let run = kept.finish(&mut record);
    outputs::write_all(&args.outputs, run.as_ref(), &record, ctx)?;
    let width = match ctx.stdout.reader() {
        Reader::Terminal => usize::from(ctx.width),
        Reader::Other | Reader::Gone => report::PAGE_WIDTH,
    };
    let colour: Colour = ctx.stdout.colour();
    if record.capacity.is_none() {
        for chart in charts(&record, &course, width) {
            writeln!(ctx.stdout, "{chart}")?;
        }
    }
    let (tries, elapsed) = match &record.capacity {
        None => (None, record.elapsed),
        Some(capacity) => (Some(capacity.tries.len()), capacity.elapsed),
    };
    let memory = health::System::new(1).read().memory_peak_bytes;
    writeln!(
        ctx.stdout,
        "Simulated {} in {}{}, {} of memory at most, a summary of {}.\n",
        figures::time(elapsed),
        figures::time(took),
        match tries {
            None => format!(": {} requests", record.total.requests()),
            Some(tries) => format!(": {tries} tries"),
        },
        memory.map_or_else(|| "an unknown amount".to_owned(), figures::bytes),
        figures::bytes(summary_text.len() as u64),
    )?;
    let layout = report::Layout { width, colour };
    write!(ctx.stdout, "{}", report::render(&record, layout))?;
    Ok(ExitCode::of_run(&record.conclusion()))
}

/// The load as it was planned, and what came of it.
fn charts(record: &RunRecord, course: &[(Duration, u64)], width: usize) -> Vec<String> {
    let columns = width.saturating_sub(12).clamp(20, MOST_COLUMNS);
    let until = record.elapsed;
    let at = |column: usize| until.mul_f64((column as f64 + 0.5) / columns as f64);
    let mut charts = Vec::new();
    for load in &record.meta.schedule.loads {
        let values: Vec<f64> = (0..columns)
            .map(|column| load.profile.level_at(at(column)))
            .collect();
        let what = match load.profile.peak_rate() {
            None => "users wanted",
            Some(_) => "arrivals per second",
        };
        let whose = load.class.as_ref();
        let whose = whose.map_or(String::new(), |class| format!(" of {class}"));
        charts.push(
            Chart {
                title: &format!("{what}{whose}"),
                values: &values,
                until,
            }
            .draw(),
        );
    }
    let done = |time: Duration| {
        let after = course.partition_point(|(elapsed, _)| *elapsed <= time);
        after.checked_sub(1).map_or(0, |last| course[last].1)
    };
    let part = until.div_f64(columns as f64);
    let values: Vec<f64> = (0..columns)
        .map(|column| {
            let from = part.mul_f64(column as f64);
            let requests = done(from + part).saturating_sub(done(from));
            requests as f64 / part.as_secs_f64().max(f64::MIN_POSITIVE)
        })
        .collect();
    charts.push(
        Chart {
            title: "requests per second",
            values: &values,
            until,
        }
        .draw(),
    );
    charts
}

fn view_kind(args: &SimulateArgs, ctx: &Context) -> view::Kind {
    // A line for every ten simulated seconds would be a line every millisecond.
    if args.quiet || ctx.stderr.reader() != Reader::Terminal {
        view::Kind::Quiet
    } else {
        view::Kind::Bars(ctx.stderr.colour())
    }
}

fn latency(text: &str) -> Result<Latency, String> {
    text.parse()
        .map_err(|why| format!("{why}; valid are {LATENCIES}"))
}

fn share(text: &str) -> Result<f64, String> {
    let percent = text
        .strip_suffix('%')
        .and_then(|number| number.parse::<f64>().ok());
    percent
        .filter(|percent| (0.0..=100.0).contains(percent))
        .map(|percent| percent / 100.0)
        .ok_or_else(|| "a share is a percentage such as 1%".to_owned())
}

/// Wider charts tell no more.
const MOST_COLUMNS: usize = 72;
