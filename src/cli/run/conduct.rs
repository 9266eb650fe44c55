//! Playing a run, or the many of a search, on this thread: the workers have theirs, and
//! the view its own.

use std::{io::Write as _, sync::Arc, time::Duration};

use tokio::{
    runtime,
    sync::{mpsc, watch},
};

use super::{
    RunArgs,
    kept::Kept,
    not_started,
    reach::{Reached, Told, Waiting, reach},
    signals::Signals,
};
use crate::{
    base::{address::without_credentials, printable::printable},
    cli::{
        CliError, Context, Reader,
        capacity::{self, Searching},
        prepare::Prepared,
    },
    engine::{self, RunError, Settings, StopSignal, Wires},
    graph::Graph,
    profile,
    protocol::{Protocol, http::Http},
    stats::{Keeper, RunRecord},
    view,
};

/// What came of conducting.
pub(super) enum Conducted {
    Run(Box<RunRecord>),
    /// A signal came before the first user.
    NeverBegan(StopSignal),
}

/// Plays what there is to play.
///
/// # Errors
///
/// What keeps it from starting, or from going on.
pub(super) fn conduct(
    graph: Graph,
    prepared: &mut Prepared,
    settings: Settings,
    args: &RunArgs,
    kept: &Kept,
    ctx: &mut Context,
) -> Result<Conducted, CliError> {
    engine::note_panics();
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(not_started)?;
    let conducted = runtime.block_on(async {
        let mut signals = Signals::listen().map_err(not_started)?;
        let allowed = ctx.config.allowed.clone();
        let http =
            |graph: &Graph| Protocol::Http(Http::new(graph.wires()).asking_only(allowed.clone()));
        let protocol = http(&graph);
        let told = match args.quiet {
            true => Told::Nobody,
            false => Told::OnStderr,
        };
        let waiting = Waiting {
            most: args.wait_for_target.unwrap_or(Duration::ZERO),
            told,
            reports: &args.outputs.files(),
        };
        match reach(&protocol, &graph, waiting, &mut signals, ctx).await? {
            Reached::Yes => {}
            Reached::Stopped(signal) => return Ok(Conducted::NeverBegan(signal)),
        }
        let kind = view_kind(args, ctx);
        let record = match graph.find {
            None => {
                announce(&graph, told, ctx)?;
                let title = title(&graph, None);
                let shown = (kind, title, kept.keeper());
                watched(graph, protocol, settings, &mut signals, shown).await?
            }
            Some(find) => {
                let searching = Searching {
                    prepared,
                    graph,
                    find,
                    settings,
                    told,
                };
                capacity::search(searching, &mut signals, ctx, async |attempt, signals| {
                    let protocol = http(&attempt.graph);
                    let title = title(&attempt.graph, Some(&attempt.title));
                    // Of a search its end is kept, and no second of its tries.
                    let shown = (kind, title, None);
                    watched(attempt.graph, protocol, attempt.settings, signals, shown).await
                })
                .await?
            }
        };
        Ok(Conducted::Run(Box::new(record)))
    });
    // Names that are still being looked up are not worth waiting for.
    runtime.shutdown_background();
    conducted
}

/// Says how much comes when: options may have changed what the plan says.
fn announce(graph: &Graph, told: Told, ctx: &mut Context) -> Result<(), CliError> {
    match told {
        Told::Nobody => return Ok(()),
        Told::OnStderr => {}
    }
    for load in &graph.loads {
        let whose = load.class.map(|class| printable(&graph.class(class).name));
        let whose = whose.map_or(String::new(), |class| format!("{class}: "));
        writeln!(ctx.stderr, "load  {whose}{}", profile::text(&load.profile))?;
    }
    Ok(ctx.flush()?)
}

/// What a view shows above the bars; of one try of many also which.
fn title(graph: &Graph, attempt: Option<&str>) -> view::Title {
    let target = graph.target.as_ref();
    let attempt = attempt.map_or(String::new(), |attempt| format!(" · {attempt}"));
    view::Title {
        plan: format!("{}{attempt}", graph.name),
        target: target
            .map(|target| without_credentials(target).to_string())
            .unwrap_or_default(),
    }
}

/// Runs a graph, hears signals, and shows how it goes.
async fn watched(
    graph: Graph,
    protocol: Protocol,
    settings: Settings,
    signals: &mut Signals,
    (kind, title, keeper): (view::Kind, view::Title, Option<Box<dyn Keeper>>),
) -> Result<RunRecord, CliError> {
    let (stop, stops) = mpsc::channel(4);
    let (snapshots, seen) = watch::channel(None);
    let live = view::Live::start(kind, title, seen, view::stderr()).map_err(not_started)?;
    let wires = Wires {
        stops,
        snapshots,
        witness: None,
        keeper,
    };
    let running = engine::run(Arc::new(graph), protocol, settings, wires);
    let record = signals.during(stop, running).await;
    live.finish();
    record.map_err(|why| match why {
        RunError::NoTarget | RunError::Worker { .. } => not_started(why),
        RunError::Broken { .. } => CliError::surroundings("go on with the run", why),
    })
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
