//! Plans as text in, run records out: on a paused clock, against a script.

// Every test program compiles all of this and uses its own part.
#![allow(dead_code, clippy::unwrap_used)]

pub mod demo;
pub mod real;

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use plan::{
    engine::{self, Placement, Settings, StopSignal, Wires},
    graph::{self, Graph},
    plan::{check, parse},
    protocol::{
        Protocol,
        scripted::{Answer, Scripted},
    },
    source::{Colour, Diagnostics, Format, MemoryLoader, Source, Sources, render_text},
    stats::{RunRecord, Snapshot},
};
use tokio::sync::{mpsc, watch};

/// Compiles a YAML plan that must have no mistakes.
pub fn compile(text: &str) -> Graph {
    compile_with(text, MemoryLoader::new())
}

/// The same, with files that the plan names.
pub fn compile_with(text: &str, mut loader: MemoryLoader) -> Graph {
    let mut sources = sources(text);
    let mut found = Diagnostics::new();
    let graph = parse(&mut sources, &mut loader, &mut found).and_then(|plan| {
        let checked = check(plan, &mut found);
        graph::compile(&checked, &sources, &mut loader, &mut found)
    });
    graph.unwrap_or_else(|| panic!("{}", render_text(&sources, &found, Colour::Plain)))
}

/// What is wrong with a YAML plan, as its author sees it.
pub fn mistakes(text: &str) -> String {
    mistakes_with(text, MemoryLoader::new())
}

/// The same, with files that the plan names.
pub fn mistakes_with(text: &str, mut loader: MemoryLoader) -> String {
    let mut sources = sources(text);
    let mut found = Diagnostics::new();
    if let Some(plan) = parse(&mut sources, &mut loader, &mut found) {
        let checked = check(plan, &mut found);
        let graph = graph::compile(&checked, &sources, &mut loader, &mut found);
        assert_eq!(graph.is_none(), found.has_errors());
    }
    render_text(&sources, &found, Colour::Plain)
}

fn sources(text: &str) -> Sources {
    Sources::new(Source {
        path: Path::new("plan.yaml").into(),
        format: Format::Yaml,
        text: dedent(text),
    })
}

/// Without the indentation that the text has only because it stands in a test.
pub fn dedent(text: &str) -> String {
    let lines: Vec<_> = text.trim_start_matches('\n').lines().collect();
    let indent = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    lines
        .iter()
        .map(|line| format!("{}\n", line.get(indent..).unwrap_or("").trim_end()))
        .collect()
}

/// A run on a paused clock; it must be awaited in a `start_paused` test.
pub struct Run {
    graph: Arc<Graph>,
    protocol: Protocol,
    seed: u64,
    workers: u32,
    wait_scale: f64,
    stops: Vec<(Duration, StopSignal)>,
}

impl Run {
    pub fn of(graph: Graph, target: Scripted) -> Run {
        Run::over(graph, Protocol::Scripted(target))
    }

    /// The same over any protocol; a real one needs a clock that goes.
    pub fn over(graph: Graph, protocol: Protocol) -> Run {
        Run {
            graph: Arc::new(graph),
            protocol,
            seed: 1,
            workers: 1,
            wait_scale: 1.0,
            stops: Vec::new(),
        }
    }

    pub fn seed(mut self, seed: u64) -> Run {
        self.seed = seed;
        self
    }

    pub fn workers(mut self, workers: u32) -> Run {
        self.workers = workers;
        self
    }

    pub fn wait_scale(mut self, factor: f64) -> Run {
        self.wait_scale = factor;
        self
    }

    /// Sends a signal so long after the start.
    pub fn stop(mut self, at: Duration, signal: StopSignal) -> Run {
        self.stops.push((at, signal));
        self
    }

    pub async fn go(self) -> RunRecord {
        self.go_watched(|_| {}).await
    }

    /// The same; `watch` sees the snapshot of every second.
    pub async fn go_watched(self, mut watch: impl FnMut(&Snapshot)) -> RunRecord {
        let (stop, stops) = mpsc::channel(4);
        let (snapshots, mut seen) = watch::channel(None);
        let settings = Settings {
            seed: self.seed,
            run_id: "x".into(),
            secrets: plan::exchange::mask::Secrets::default(),
            workers: NonZeroU32::new(self.workers).expect("a test with workers"),
            placement: Placement::Here,
            wait_scale: self.wait_scale,
            fingerprint: "0123456789abcdef".into(),
            options: Vec::new(),
            version: "0.0.0".into(),
            on_saturation: plan::stats::OnSaturation::Inconclusive,
        };
        let planned = self.stops;
        let run = engine::run(
            self.graph,
            self.protocol,
            settings,
            Wires {
                stops,
                snapshots,
                witness: None,
                keeper: None,
            },
        );
        let signals = async move {
            let start = tokio::time::Instant::now();
            for (at, signal) in planned {
                tokio::time::sleep_until(start + at).await;
                stop.send(signal).await.expect("the run is on");
            }
            std::future::pending::<()>().await;
        };
        let watcher = async move {
            while seen.changed().await.is_ok() {
                let snapshot: Option<Arc<Snapshot>> = seen.borrow_and_update().clone();
                watch(&snapshot.expect("a sent snapshot"));
            }
            std::future::pending::<()>().await;
        };
        let all = async {
            tokio::select! {
                record = run => record.expect("nothing keeps it from starting"),
                () = signals => unreachable!("signals never end"),
                () = watcher => unreachable!("the watcher never ends"),
            }
        };
        tokio::task::LocalSet::new().run_until(all).await
    }
}

/// What each user asked for, in its order: `(milliseconds, request)`.
pub type Log = Arc<Mutex<BTreeMap<u64, Vec<(u128, String)>>>>;

/// A target that writes down who asks for what, and then answers.
pub fn logging(
    log: &Log,
    answer: impl Fn(u64, &str) -> Answer + Send + Sync + 'static,
) -> Scripted {
    let log = log.clone();
    Scripted::new(move |asked| {
        let body = asked
            .request
            .body
            .as_ref()
            .map_or("", |body| str::from_utf8(&body.bytes).unwrap());
        let path = asked.request.url.path();
        let line = format!("{} {path} {body}", asked.request.method)
            .trim_end()
            .to_owned();
        log.lock()
            .unwrap()
            .entry(asked.user)
            .or_default()
            .push((asked.at.as_millis(), line));
        answer(asked.user, path)
    })
}

pub fn lines(log: &Log, user: u64) -> Vec<String> {
    log.lock().unwrap()[&user]
        .iter()
        .map(|(_, line)| line.clone())
        .collect()
}

/// The moments of a user's requests, in milliseconds.
pub fn moments(log: &Log, user: u64) -> Vec<u128> {
    let log = log.lock().unwrap();
    let of_user = log.get(&user).into_iter().flatten();
    of_user.map(|(at, _)| *at).collect()
}

/// Requests that count under a name.
pub fn requests(record: &RunRecord, name: &str) -> u64 {
    record
        .rows
        .iter()
        .find(|row| &*row.name == name)
        .map_or(0, |row| row.ok + row.failed)
}

/// Milliseconds.
pub fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// What `--json` wrote.
pub fn summary_of(file: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(file).expect("the run has written it");
    serde_json::from_str(&text).expect("it is JSON")
}
