//! The workers of a run: how they are started, and how they end.

use std::{
    cell::{Cell, RefCell},
    sync::{Arc, atomic::AtomicU64},
    thread,
};

use tokio::{
    runtime,
    sync::{Notify, mpsc, watch},
    task::{JoinHandle, LocalSet, spawn_local},
};

use super::{
    Placement, RunError, StopSignal,
    broken::Broken,
    handing::Handing,
    meetings::MeetingPoint,
    phase::Deadlines,
    scene::World,
    shared::Shared,
    user::Handed,
    worker::{self, Part, work},
};
use crate::{
    base::{clock::Clock, threshold::Judged},
    health::thread_cpu,
    stats::{Recorder, Window},
};

/// What is needed to start the workers.
pub(super) struct Crew<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) handed: &'a Handed,
    pub(super) clock: Clock,
    pub(super) deadlines: watch::Receiver<Deadlines>,
    pub(super) windows: mpsc::Sender<Window>,
    pub(super) plan_stops: mpsc::Sender<StopSignal>,
    pub(super) meetings: Arc<[MeetingPoint]>,
    pub(super) passes_left: Arc<[Option<Arc<AtomicU64>>]>,
    pub(super) thresholds: Arc<[Judged]>,
}

/// A worker that was started.
pub(super) enum Started {
    Thread(thread::JoinHandle<()>),
    Here(JoinHandle<()>),
}

impl Started {
    /// Waits for its end. A worker that broke takes the run with it: its users
    /// and numbers are gone, and a report without them would be wrong.
    pub(super) async fn join(self) -> Result<(), Broken> {
        match self {
            Started::Thread(handle) => handle.join().map_err(|payload| Broken::of(&*payload)),
            Started::Here(handle) => handle
                .await
                .map_err(|error| Broken::of(&*error.into_panic())),
        }
    }
}

/// Ends the run when a worker breaks: nobody should learn of it 72 hours later.
struct Alarm(mpsc::Sender<StopSignal>);

impl Drop for Alarm {
    fn drop(&mut self) {
        if thread::panicking() {
            // A full channel holds a stop already.
            let _ = self.0.try_send(StopSignal::Plan);
        }
    }
}

impl Crew<'_> {
    pub(super) fn start(self) -> Result<Vec<Started>, RunError> {
        let workers = self.world.settings.workers.get();
        let mut handing = Handing::all(workers).into_iter();
        (0..workers)
            .map(|number| {
                let handing = handing.next().expect("one for each worker");
                self.start_one(number, workers, handing)
            })
            .collect()
    }

    fn start_one(&self, number: u32, workers: u32, handing: Handing) -> Result<Started, RunError> {
        let failed = |source| RunError::Worker { number, source };
        let part = Part {
            number,
            of: workers,
        };
        let wires = worker::Wires {
            deadlines: self.deadlines.clone(),
            windows: self.windows.clone(),
            handing,
            computed: match self.world.settings.placement {
                Placement::Threads => thread_cpu,
                Placement::Here => || None,
            },
        };
        let shared = self.shared();
        match self.world.settings.placement {
            Placement::Here => Ok(Started::Here(spawn_local(work(shared(), part, wires)))),
            Placement::Threads => {
                let runtime = runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .map_err(failed)?;
                let alarm = Alarm(self.plan_stops.clone());
                thread::Builder::new()
                    .name(format!("worker {number}"))
                    .spawn(move || {
                        let _alarm = alarm;
                        LocalSet::new().block_on(&runtime, work(shared(), part, wires));
                        // A name that is still being looked up must not hold up the end.
                        runtime.shutdown_background();
                    })
                    .map(Started::Thread)
                    .map_err(failed)
            }
        }
    }

    /// Makes a worker's shared state on the thread that will own it.
    fn shared(&self) -> impl FnOnce() -> Shared + Send + use<> {
        let graph = self.world.graph.clone();
        let target = self.world.target.clone();
        let protocol = self.world.protocol.clone();
        let clock = self.clock;
        let seed = self.world.settings.seed;
        let run_id = self.world.settings.run_id.clone();
        let secrets = self.world.settings.secrets.clone();
        let wait_scale = self.world.settings.wait_scale;
        let deadlines = *self.deadlines.borrow();
        let plan_stops = self.plan_stops.clone();
        let passes_left = self.passes_left.clone();
        let meetings = self.meetings.clone();
        let handed = self.handed.clone();
        let witness = self.world.witness.clone();
        let thresholds = self.thresholds.clone();
        let drawn = graph.feeds.len();
        move || Shared {
            recorder: RefCell::new(
                Recorder::new(&graph.rows, graph.classes.len(), graph.skips.len())
                    .with_groups(graph.groups.len(), graph.meetings.len())
                    .with_thresholds(&thresholds, &graph.class_names()),
            ),
            graph,
            target,
            protocol,
            clock,
            seed,
            run_id,
            secrets,
            wait_scale,
            deadlines: Cell::new(deadlines),
            plan_stops,
            meetings,
            drained: Notify::new(),
            drawn: vec![Cell::new(0); drawn].into(),
            passes_left,
            handed,
            witness,
        }
    }
}
