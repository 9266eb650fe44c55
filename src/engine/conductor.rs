//! Starts the workers, collects their windows, hears signals, closes the books.

use std::{
    cell::{Cell, RefCell},
    sync::{Arc, atomic::AtomicU64},
    thread,
    time::Duration,
};

use tokio::{
    runtime,
    sync::{mpsc, watch},
    task::{JoinHandle, LocalSet, spawn_local},
    time::sleep_until,
};
use url::Url;

use super::{
    Placement, RunError, Settings, StopSignal, Wires, Witness,
    broken::Broken,
    phase::Deadlines,
    shared::Shared,
    worker::{self, work},
};
use crate::{
    base::{address::without_credentials, clock::Clock, ids::ClassId, threshold::Threshold},
    graph::Graph,
    profile::Stage,
    protocol::Protocol,
    stats::{Ended, Phase, Recorder, RunMeta, RunRecord, Schedule, Series, Window},
};

/// Windows that may wait for the conductor, for each worker. A worker that finds
/// no place keeps its numbers for the next window.
const WINDOWS_IN_FLIGHT: usize = 4;

pub(super) async fn conduct(
    graph: Arc<Graph>,
    protocol: Protocol,
    settings: Settings,
    wires: Wires,
) -> Result<RunRecord, RunError> {
    let target = graph.target.clone().ok_or(RunError::NoTarget)?;
    let clock = Clock::start();
    let class_names: Vec<_> = graph
        .classes
        .iter()
        .map(|class| class.name.clone())
        .collect();
    let mut conductor = Conductor {
        series: Series::new(&graph.rows, &class_names, &graph.skips).with_namers(&graph.namers),
        schedule: schedule(&graph),
        deadlines: Deadlines::of(&graph.profile),
        ended: Ended::Finished,
        clock,
        graph,
    };
    let (deadlines, deadlines_seen) = watch::channel(conductor.deadlines);
    let (windows, windows_seen) =
        mpsc::channel(WINDOWS_IN_FLIGHT * settings.workers.get() as usize);
    let (plan_stops, plan_stops_seen) = mpsc::channel(1);
    let crew = Crew {
        graph: &conductor.graph,
        target: &target,
        protocol,
        settings: &settings,
        clock,
        deadlines: deadlines_seen,
        windows,
        plan_stops,
        witness: wires.witness.clone(),
        passes_left: conductor
            .graph
            .profile
            .iterations
            .map(|limit| Arc::new(AtomicU64::new(limit.into()))),
    };
    let workers = crew.start()?;

    conductor
        .follow(windows_seen, plan_stops_seen, wires, &deadlines)
        .await;
    for (number, worker) in (0..).zip(workers) {
        worker
            .join()
            .await
            .map_err(|Broken(why)| RunError::Broken { number, why })?;
    }
    let meta = meta(
        &conductor.graph,
        &target,
        &settings,
        conductor.schedule,
        clock,
    );
    Ok(conductor
        .series
        .finish(meta, clock.elapsed(), conductor.ended))
}

struct Conductor {
    graph: Arc<Graph>,
    clock: Clock,
    series: Series,
    schedule: Schedule,
    deadlines: Deadlines,
    ended: Ended,
}

/// Everything that can happen while a run goes on.
enum Event {
    Window(Window),
    Stop(StopSignal),
    Tick,
    /// The last worker is gone.
    Over,
}

impl Conductor {
    async fn follow(
        &mut self,
        mut windows: mpsc::Receiver<Window>,
        mut plan_stops: mpsc::Receiver<StopSignal>,
        mut wires: Wires,
        deadlines: &watch::Sender<Deadlines>,
    ) {
        let mut next_tick = Duration::ZERO;
        loop {
            let event = tokio::select! {
                biased;
                Some(signal) = wires.stops.recv() => Event::Stop(signal),
                Some(signal) = plan_stops.recv() => Event::Stop(signal),
                window = windows.recv() => window.map_or(Event::Over, Event::Window),
                () = sleep_until(self.clock.instant(next_tick)) => Event::Tick,
            };
            match event {
                Event::Window(window) => {
                    self.series.add(window);
                    continue;
                }
                Event::Stop(signal) => {
                    self.stop(signal);
                    // Workers that are gone already need not be told.
                    let _ = deadlines.send(self.deadlines);
                }
                Event::Tick => next_tick = snapshot_after(self.clock.elapsed()),
                Event::Over => {
                    self.publish(&wires, Phase::Ended);
                    return;
                }
            }
            self.publish(&wires, self.phase());
        }
    }

    fn stop(&mut self, signal: StopSignal) {
        let now = self.clock.elapsed();
        let first = self.ended == Ended::Finished;
        self.deadlines = if first {
            self.deadlines.drained(now, &self.graph.profile)
        } else {
            self.deadlines.cut(now)
        };
        self.ended = match signal {
            StopSignal::Interrupt => Ended::Interrupted,
            StopSignal::Terminate => Ended::Terminated,
            StopSignal::HangUp => Ended::HungUp,
            StopSignal::Plan if first => Ended::StoppedByPlan,
            StopSignal::Plan => self.ended,
        };
    }

    fn phase(&self) -> Phase {
        let now = self.clock.elapsed();
        if now >= self.deadlines.drain_at {
            return Phase::Draining;
        }
        match self.graph.profile.stage_at(now) {
            Stage::RampUp => Phase::RampUp,
            Stage::Hold => Phase::Hold,
            Stage::RampDown => Phase::RampDown,
            Stage::Over => Phase::Draining,
        }
    }

    fn publish(&self, wires: &Wires, phase: Phase) {
        let snapshot = self
            .series
            .snapshot(self.clock.elapsed(), &self.schedule, phase);
        wires.snapshots.send_replace(Some(Arc::new(snapshot)));
    }
}

/// When the next snapshot is made: shortly after the next full second, when the
/// workers have told of it.
fn snapshot_after(now: Duration) -> Duration {
    const LAG: Duration = Duration::from_millis(50);
    Duration::from_secs(now.saturating_sub(LAG).as_secs() + 1) + LAG
}

/// What is needed to start the workers.
struct Crew<'a> {
    graph: &'a Arc<Graph>,
    target: &'a Url,
    protocol: Protocol,
    settings: &'a Settings,
    clock: Clock,
    deadlines: watch::Receiver<Deadlines>,
    windows: mpsc::Sender<Window>,
    plan_stops: mpsc::Sender<StopSignal>,
    passes_left: Option<Arc<AtomicU64>>,
    witness: Option<Witness>,
}

/// A worker that was started.
enum Started {
    Thread(thread::JoinHandle<()>),
    Here(JoinHandle<()>),
}

impl Started {
    /// Waits for its end. A worker that broke takes the run with it: its users
    /// and numbers are gone, and a report without them would be wrong.
    async fn join(self) -> Result<(), Broken> {
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
    fn start(self) -> Result<Vec<Started>, RunError> {
        let workers = self.settings.workers.get();
        (0..workers)
            .map(|number| self.start_one(number, workers))
            .collect()
    }

    fn start_one(&self, number: u32, workers: u32) -> Result<Started, RunError> {
        let failed = |source| RunError::Worker { number, source };
        let seats = (number..self.graph.profile.users).step_by(workers as usize);
        let wires = worker::Wires {
            deadlines: self.deadlines.clone(),
            windows: self.windows.clone(),
        };
        let shared = self.shared();
        match self.settings.placement {
            Placement::Here => Ok(Started::Here(spawn_local(work(shared(), seats, wires)))),
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
                        LocalSet::new().block_on(&runtime, work(shared(), seats, wires));
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
        let graph = self.graph.clone();
        let target = self.target.clone();
        let protocol = self.protocol.clone();
        let clock = self.clock;
        let seed = self.settings.seed;
        let run_id = self.settings.run_id.clone();
        let secrets = self.settings.secrets.clone();
        let wait_scale = self.settings.wait_scale;
        let deadlines = *self.deadlines.borrow();
        let plan_stops = self.plan_stops.clone();
        let passes_left = self.passes_left.clone();
        let witness = self.witness.clone();
        move || Shared {
            recorder: RefCell::new(Recorder::new(
                &graph.rows,
                graph.classes.len(),
                graph.skips.len(),
            )),
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
            passes_left,
            witness,
        }
    }
}

fn schedule(graph: &Graph) -> Schedule {
    let profile = &graph.profile;
    Schedule {
        users: profile.users,
        iterations: profile.iterations,
        per_user: profile.per_user,
        ramp_up: profile.ramp_up,
        duration: profile.duration,
        ramp_down: profile.ramp_down,
        graceful_stop: profile.graceful_stop,
        classes: graph
            .classes
            .iter()
            .enumerate()
            .map(|(index, class)| (class.name.clone(), graph.users_of(ClassId::at(index))))
            .collect(),
    }
}

fn meta(
    graph: &Graph,
    target: &Url,
    settings: &Settings,
    schedule: Schedule,
    clock: Clock,
) -> RunMeta {
    let thresholds_are_default = graph.thresholds.is_empty();
    RunMeta {
        plan: graph.name.to_string(),
        fingerprint: settings.fingerprint.clone(),
        options: settings.options.clone(),
        version: settings.version.clone(),
        run_id: settings.run_id.to_string(),
        seed: settings.seed,
        target: without_credentials(target).to_string(),
        started_unix: clock.unix(Duration::ZERO),
        workers: settings.workers.get(),
        wait_scale: settings.wait_scale,
        schedule,
        insecure: graph.insecure().collect(),
        thresholds: if thresholds_are_default {
            vec![Threshold::default_of_a_plan()]
        } else {
            graph.thresholds.to_vec()
        },
        thresholds_are_default,
    }
}
