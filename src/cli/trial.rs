//! `plan try`: everything once, and shown as it happens.
//!
//! The plan becomes one in which every task is done once ([`plan::trial`]); the
//! engine runs that as it runs any other, with a witness.

mod json;
mod talk;
mod tally;
mod told;

use std::{io::Write as _, num::NonZeroU32, path::PathBuf, sync::Arc, time::Duration};

use clap::{Args, ValueEnum};
use tokio::{
    runtime,
    sync::{mpsc, watch},
};
use url::Url;

use self::{talk::Talk, tally::Tally};
use super::{
    CliError, Context, ExitCode, findings,
    overrides::EditArgs,
    prepare,
    prepare::Prepared,
    run::{
        Chance, not_started,
        reach::{Reached, Told, Waiting, reach},
        signals::Signals,
    },
    secrets::SecretArgs,
};
use crate::{
    base::printable::printable,
    demo,
    engine::{self, Placement, RunError, Settings, StopSignal, Wires, Witness, Witnessed},
    exchange::mask::Secrets,
    graph::Graph,
    plan::{self, Overrides, Trial},
    protocol::{Protocol, http::Http},
    source::{Diagnostics, Sources},
    stats::{Ended, OnSaturation},
};

/// Does everything once and shows each request and its answer.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct TryArgs {
    /// The plan (.yaml, .yml or .toml).
    #[arg(value_name = "PLAN")]
    plan: PathBuf,

    /// Only a user of this class.
    #[arg(long, value_name = "CLASS")]
    user: Option<String>,

    /// Between start and end of a user only this task.
    #[arg(long, value_name = "NAME")]
    task: Option<String>,

    /// How often each user goes round.
    #[arg(long, value_name = "NUMBER", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=1000))]
    iterations: u32,

    #[command(flatten)]
    edits: EditArgs,

    /// Base URL of the system under test, in place of the plan's own.
    #[arg(long, env = "PLAN_TARGET", hide_env_values = true, value_name = "URL", value_parser = super::overrides::target)]
    target: Option<Url>,

    #[command(flatten)]
    secrets: SecretArgs,

    /// Tries it on the built-in demo, started for this.
    #[arg(long, conflicts_with = "target")]
    demo: bool,

    /// Shows for each request the command that sends it again.
    #[arg(long)]
    curl: bool,

    /// Shows only what failed.
    #[arg(long, short)]
    quiet: bool,

    /// How to show it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TryFormat,

    /// Number that all random choices follow from [default: a new one].
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,

    /// What `{{ run.id }}` stands for [default: a new one].
    #[arg(long, value_name = "TEXT")]
    run_id: Option<String>,
}

/// A way to show a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TryFormat {
    /// A conversation, for people.
    Text,
    /// An object per line: each request, then the sum.
    Json,
}

const EXAMPLES: &str = "\
Examples:
  plan try plan.yaml --demo
  plan try plan.yaml --user editor --target http://127.0.0.1:5000
  plan try plan.yaml --task add_post --curl
  plan try plan.yaml --iterations 2     what only the second round comes to, too
  plan try plan.yaml --quiet --format json | jq 'select(.failure)'

One user of each class starts, does each of its tasks once, in the order of the
plan, and leaves; all that it could draw is done in turn, a nested set goes round
once. Nobody waits. Conditions decide as in a run; requests that none of the users
came to are listed at the end.
Passwords, tokens, cookies and the like are shown as ***.

Exit codes:
  0  all as expected                 3  the target is not there
  1  something failed                129, 130, 143  ended by a signal
  2  the plan or the call is wrong";

/// Runs the command.
///
/// # Errors
///
/// [`CliError`] for what keeps the trial from starting, and for output that
/// cannot be written.
pub fn run(args: &TryArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    // Before anything is started: a mistake in the plan comes first.
    let Some(mut tried) = compile(args, args.target.clone(), ctx)? else {
        return Ok(ExitCode::WrongInput);
    };
    // Held until the end; the demo ends when it is dropped.
    let _demo = if args.demo {
        let demo =
            demo::Child::start().map_err(|why| CliError::surroundings("start the demo", why))?;
        let url = Url::parse(demo.url()).expect("the demo names a whole URL");
        tried.graph.target = Some(url.clone());
        if let Some(again) = compile_quietly(args, Some(url), ctx)? {
            tried = again;
        }
        Some(demo)
    } else {
        None
    };
    if tried.graph.target.is_none() {
        let path = printable(&args.plan.display().to_string()).into_owned();
        return Err(CliError::Wrong(format!(
            "`{path}` names no target: add `target:` to it, or give --target URL or --demo"
        )));
    }
    let secrets = args.secrets.supply(&tried.graph.secrets, ctx)?;
    conduct(tried, secrets, args, ctx)
}

/// A plan that is ready to be tried.
struct Tried {
    graph: Graph,
    sources: Sources,
}

/// Compiles the plan and then the trial of it, and shows what there is to say.
fn compile(
    args: &TryArgs,
    target: Option<Url>,
    ctx: &mut Context,
) -> Result<Option<Tried>, CliError> {
    let mut prepared = prepared(args, target, ctx)?;
    let graph = prepared.compile();
    findings::show(&prepared.sources, &prepared.found, ctx)?;
    ctx.flush()?;
    if graph.is_none() {
        return prepared.no_graph(&args.plan).map(|_| None);
    }
    let mut found = Diagnostics::new();
    let graph = trial_of(&mut prepared, args, &mut found)?;
    if graph.is_none() {
        findings::show(&prepared.sources, &found, ctx)?;
        writeln!(
            ctx.stderr,
            "error: the plan is good as a whole, and this part of it cannot be tried alone"
        )?;
    }
    Ok(graph.map(|graph| Tried {
        graph,
        sources: prepared.sources,
    }))
}

/// The same with another target, of which nothing new is to be said.
fn compile_quietly(
    args: &TryArgs,
    target: Option<Url>,
    ctx: &Context,
) -> Result<Option<Tried>, CliError> {
    let mut prepared = prepared(args, target, ctx)?;
    let graph = trial_of(&mut prepared, args, &mut Diagnostics::new())?;
    Ok(graph.map(|graph| Tried {
        graph,
        sources: prepared.sources,
    }))
}

fn prepared(args: &TryArgs, target: Option<Url>, ctx: &Context) -> Result<Prepared, CliError> {
    let overrides = Overrides {
        edits: args.edits.edits(),
        allowed: ctx.config.allowed.clone(),
        target,
        ..Overrides::default()
    };
    prepare(&args.plan, &overrides)
}

fn trial_of(
    prepared: &mut Prepared,
    args: &TryArgs,
    found: &mut Diagnostics,
) -> Result<Option<Graph>, CliError> {
    let Some(whole) = &prepared.plan else {
        return Ok(None);
    };
    let wanted = Trial {
        class: args.user.clone(),
        task: args.task.clone(),
        iterations: args.iterations,
    };
    let trial = plan::trial(whole.checked.plan().clone(), &wanted)
        .map_err(|why| CliError::Wrong(printable(&why.to_string()).into_owned()))?;
    let checked = plan::check(trial, found);
    Ok(prepared.compile_trial(&checked, found))
}

/// Whom the trial is shown, and what it is shown with.
struct Audience {
    graph: Arc<Graph>,
    sources: Sources,
    secrets: Secrets,
    quiet: bool,
    tally: Tally,
    /// `None` where lines of JSON are asked for.
    talk: Option<Talk>,
}

impl Audience {
    fn of(graph: Arc<Graph>, sources: Sources, secrets: Secrets, args: &TryArgs) -> Audience {
        let talk = match args.format {
            TryFormat::Text => Some(Talk::new(&graph, secrets.clone(), args.curl, args.quiet)),
            TryFormat::Json => None,
        };
        Audience {
            tally: Tally::of(&graph),
            graph,
            sources,
            secrets,
            quiet: args.quiet,
            talk,
        }
    }

    fn show(&mut self, witnessed: &Witnessed, ctx: &mut Context) -> Result<(), CliError> {
        self.tally.add(witnessed, &self.graph);
        if let Some(talk) = &mut self.talk {
            talk.add(witnessed, &self.graph, &self.sources, ctx)?;
        } else {
            let seen = json::Seen {
                graph: &self.graph,
                sources: &self.sources,
                secrets: &self.secrets,
            };
            json::write(witnessed, &seen, self.quiet, ctx)?;
        }
        Ok(ctx.flush()?)
    }

    /// Shows the sum. Returns whether all was as expected.
    fn finish(self, ctx: &mut Context) -> Result<bool, CliError> {
        if let Some(talk) = self.talk {
            talk.finish(ctx)?;
            self.tally.tell(&self.graph, &self.sources, ctx)?;
        } else {
            let sum = self.tally.json(&self.graph, &self.sources);
            writeln!(ctx.stdout, "{sum}")?;
        }
        Ok(self.tally.is_good())
    }
}

/// Runs the trial on this thread, its one worker on another, and shows what it does.
fn conduct(
    tried: Tried,
    secrets: Secrets,
    args: &TryArgs,
    ctx: &mut Context,
) -> Result<ExitCode, CliError> {
    engine::note_panics();
    let chance = Chance::new()?;
    let settings = Settings {
        seed: args.seed.unwrap_or_else(|| chance.seed()),
        run_id: args
            .run_id
            .clone()
            .unwrap_or_else(|| chance.run_id())
            .into(),
        secrets,
        workers: NonZeroU32::MIN,
        placement: Placement::Threads,
        wait_scale: 0.0,
        fingerprint: String::new(),
        options: Vec::new(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        on_saturation: OnSaturation::Inconclusive,
    };
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(not_started)?;
    let code = runtime.block_on(attend(tried, settings, args, ctx));
    // Names that are still being looked up are not worth waiting for.
    runtime.shutdown_background();
    code
}

async fn attend(
    tried: Tried,
    settings: Settings,
    args: &TryArgs,
    ctx: &mut Context,
) -> Result<ExitCode, CliError> {
    let Tried { graph, sources } = tried;
    let mut signals = Signals::listen().map_err(not_started)?;
    let protocol = Protocol::Http(Http::new(graph.wires()).asking_only(ctx.config.allowed.clone()));
    let waiting = Waiting {
        most: Duration::ZERO,
        told: Told::Nobody,
        reports: &[],
    };
    if let Reached::Stopped(signal) = reach(&protocol, &graph, waiting, &mut signals, ctx).await? {
        return Ok(of_signal(signal));
    }
    let graph = Arc::new(graph);
    let (stop, stops) = mpsc::channel(4);
    let (snapshots, _unseen) = watch::channel(None);
    let (witness, mut seen) = Witness::new();
    let wires = Wires {
        stops,
        snapshots,
        witness: Some(witness),
        keeper: None,
    };
    let mut audience = Audience::of(graph.clone(), sources, settings.secrets.clone(), args);
    let running = engine::run(graph, protocol, settings, wires);
    let mut running = std::pin::pin!(signals.during(stop, running));
    let record = loop {
        tokio::select! {
            biased;
            Some(witnessed) = seen.recv() => audience.show(&witnessed, ctx)?,
            record = &mut running => break record,
        }
    };
    // All is told by now that ever will be.
    while let Ok(witnessed) = seen.try_recv() {
        audience.show(&witnessed, ctx)?;
    }
    let record = record.map_err(|why| match why {
        RunError::NoTarget | RunError::Worker { .. } => not_started(why),
        RunError::Broken { .. } => CliError::surroundings("go on with the trial", why),
    })?;
    let is_good = audience.finish(ctx)?;
    Ok(match record.ended {
        Ended::Interrupted => ExitCode::Interrupted,
        Ended::Terminated => ExitCode::Terminated,
        Ended::HungUp => ExitCode::HungUp,
        Ended::Finished | Ended::StoppedByPlan | Ended::AbortedByThreshold => match is_good {
            true => ExitCode::Success,
            false => ExitCode::ThresholdFailed,
        },
    })
}

/// A signal that came before anything was sent.
fn of_signal(signal: StopSignal) -> ExitCode {
    match signal {
        StopSignal::Terminate => ExitCode::Terminated,
        StopSignal::HangUp => ExitCode::HungUp,
        StopSignal::Interrupt | StopSignal::Plan => ExitCode::Interrupted,
    }
}
