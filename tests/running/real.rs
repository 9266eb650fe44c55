//! Plans run for real: over HTTP, on the real clock, on threads.

use std::{num::NonZeroU32, sync::Arc};

use plan::{
    engine::{self, Placement, Settings, StopSignal, Wires},
    graph::Graph,
    protocol::{Protocol, http::Http},
    stats::RunRecord,
};
use tokio::sync::{mpsc, watch};

/// Runs a graph to its end.
pub async fn run(graph: Graph, workers: u32) -> RunRecord {
    let (_stop, stops) = mpsc::channel(4);
    run_until(graph, workers, stops).await
}

/// The same, until it is stopped.
pub async fn run_until(graph: Graph, workers: u32, stops: mpsc::Receiver<StopSignal>) -> RunRecord {
    let settings = Settings {
        seed: 1,
        run_id: "x".into(),
        secrets: plan::exchange::mask::Secrets::default(),
        workers: NonZeroU32::new(workers).expect("a run with workers"),
        placement: Placement::Threads,
        wait_scale: 1.0,
        fingerprint: "0123456789abcdef".into(),
        options: Vec::new(),
        version: "0.0.0".into(),
        on_saturation: plan::stats::OnSaturation::Inconclusive,
    };
    let (snapshots, _nobody) = watch::channel(None);
    let protocol = Protocol::Http(Http::new(graph.wires()));
    engine::run(
        Arc::new(graph),
        protocol,
        settings,
        Wires {
            stops,
            snapshots,
            witness: None,
            keeper: None,
        },
    )
    .await
    .expect("nothing keeps it from starting")
}
