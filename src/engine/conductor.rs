//! Starts the workers, collects their windows, hears signals, closes the books.

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use tokio::{
    sync::{mpsc, watch},
    time::sleep_until,
};
use url::Url;

use super::{
    RunError, Settings, StopSignal, Wires,
    broken::Broken,
    checkup::Checkup,
    crew::Crew,
    meetings::meeting_points,
    phase::Deadlines,
    scene::{Cut, Played, World},
    user::Handed,
};
use crate::{
    base::{
        address::without_credentials,
        clock::Clock,
        ids::ClassId,
        threshold::{Judged, Threshold},
    },
    feed::Feed,
    graph::{Graph, Occasion},
    profile::{Model, Slope, Stage},
    protocol::Protocol,
    stats::{
        Beginning, Ended, Phase, RunMeta, RunRecord, SceneTotals, Schedule, ScheduledLoad, Second,
        Series, Slice, Snapshot, Window,
    },
};

/// Windows that may wait for the conductor, for each worker. A worker that finds
/// no place keeps its numbers for the next window.
const WINDOWS_IN_FLIGHT: usize = 4;

pub(super) async fn conduct(
    graph: Arc<Graph>,
    protocol: Protocol,
    settings: Settings,
    mut wires: Wires,
) -> Result<RunRecord, RunError> {
    let target = graph.target.clone().ok_or(RunError::NoTarget)?;
    let world = World {
        graph: &graph,
        target: &target,
        protocol: &protocol,
        settings: &settings,
        witness: wires.witness.clone(),
    };
    let mut conductor = Conductor::of(&graph, &settings);
    let setup = conductor.set_up(&world, &mut wires).await;
    let is_set_up = setup.as_ref().is_none_or(Played::is_complete);
    let handed = setup.as_ref().map(|played| played.handed.clone());
    let handed = handed.unwrap_or_default();

    // The load begins when all is set up.
    conductor.clock = Clock::start();
    let mut elapsed = Duration::ZERO;
    let mut teardown = None;
    if is_set_up {
        let meta = conductor.meta(&target, &settings);
        if let Some(keeper) = &mut wires.keeper {
            keeper.begin(Beginning {
                meta: &meta,
                series: &conductor.series,
                setup: setup.as_ref().map(|played| &played.totals),
            });
        }
        let worked = conductor.load(&world, &handed, &mut wires).await;
        elapsed = conductor.clock.elapsed();
        teardown = conductor.tear_down(&world, &handed, &mut wires).await;
        worked?;
    }
    conductor.publish(&wires, Phase::Ended);
    let meta = conductor.meta(&target, &settings);
    let record = conductor.series.finish(meta, elapsed, conductor.ended);
    let record = conductor.checkup.conclude(record, &settings);
    Ok(RunRecord {
        setup: setup.map(|played| played.totals),
        teardown,
        ..record
    })
}

struct Conductor {
    graph: Arc<Graph>,
    clock: Clock,
    series: Series,
    /// What the run is judged by.
    thresholds: Arc<[Judged]>,
    checkup: Checkup,
    schedule: Schedule,
    deadlines: Deadlines,
    ended: Ended,
    /// Whether a second signal has come: then nothing more is begun.
    hurried: bool,
    /// What has come since the last second that was kept, and when that ended; only
    /// where somebody keeps it.
    unkept: (Duration, Option<Window>),
    /// Why not all is kept, once that is so.
    trouble: Option<Arc<str>>,
}

/// Everything that can happen while a run goes on.
enum Event {
    Window(Box<Window>),
    Stop(StopSignal),
    Tick,
    /// The last worker is gone.
    Over,
}

impl Conductor {
    fn of(graph: &Arc<Graph>, settings: &Settings) -> Conductor {
        let deadlines = Deadlines::of(graph);
        let thresholds = thresholds(graph);
        let meetings = graph.meetings.iter();
        let meetings = meetings.map(|meeting| meeting.name.clone()).collect();
        Conductor {
            series: Series::new(&graph.user_rows, &graph.class_names(), &graph.skips)
                .with_namers(&graph.namers)
                .with_data(data(graph))
                .with_groups(graph.groups.as_ref().into(), meetings)
                .with_thresholds(&thresholds, settings.workers.get()),
            thresholds,
            checkup: Checkup::of(graph, settings),
            schedule: schedule(graph),
            deadlines,
            ended: Ended::Finished,
            hurried: false,
            unkept: (Duration::ZERO, None),
            trouble: None,
            clock: Clock::start(),
            graph: graph.clone(),
        }
    }

    /// Plays `setup`, if there is one. A signal ends it: nobody has come yet.
    async fn set_up(&mut self, world: &World<'_>, wires: &mut Wires) -> Option<Played> {
        let class = self.graph.scene(Occasion::Setup)?;
        self.publish_at(Duration::ZERO, wires, Phase::Setup);
        let cut = Cut::AtSignal;
        let nothing = Handed::default();
        let mut played = world
            .play((Occasion::Setup, class), &nothing, cut, &mut wires.stops)
            .await;
        self.series.add(played.take_log(Duration::ZERO));
        for signal in played.signals.drain(..) {
            self.stop(signal);
        }
        Some(played)
    }

    /// Plays `teardown`, if there is one; after a signal it has as long as users have.
    async fn tear_down(
        &mut self,
        world: &World<'_>,
        handed: &Handed,
        wires: &mut Wires,
    ) -> Option<SceneTotals> {
        let class = self.graph.scene(Occasion::Teardown)?;
        if self.hurried {
            return Some(SceneTotals::never_begun());
        }
        self.publish(wires, Phase::Teardown);
        let time = self.graph.graceful_stop();
        let cut = match self.ended {
            Ended::Finished | Ended::StoppedByPlan | Ended::AbortedByThreshold => {
                Cut::AfterSignal(time)
            }
            Ended::Interrupted | Ended::Terminated | Ended::HungUp => Cut::After(time),
        };
        let mut played = world
            .play((Occasion::Teardown, class), handed, cut, &mut wires.stops)
            .await;
        self.series.add(played.take_log(self.clock.elapsed()));
        for signal in played.signals.drain(..) {
            self.stop(signal);
        }
        Some(played.totals)
    }

    /// Lets all users come, live and leave.
    async fn load(
        &mut self,
        world: &World<'_>,
        handed: &Handed,
        wires: &mut Wires,
    ) -> Result<(), RunError> {
        let (deadlines, deadlines_seen) = watch::channel(self.deadlines);
        let (windows, windows_seen) =
            mpsc::channel(WINDOWS_IN_FLIGHT * world.settings.workers.get() as usize);
        let (plan_stops, plan_stops_seen) = mpsc::channel(1);
        let crew = Crew {
            world,
            handed,
            clock: self.clock,
            deadlines: deadlines_seen,
            windows,
            plan_stops,
            meetings: meeting_points(&self.graph),
            passes_left: passes_left(&self.graph),
            thresholds: self.thresholds.clone(),
        };
        let workers = crew.start()?;
        let settings = world.settings;
        let sources = (windows_seen, plan_stops_seen);
        self.follow(sources, wires, &deadlines, settings).await;
        self.series.load_ends(self.deadlines.drain_at);
        let mut worked = Ok(());
        for (number, worker) in (0..).zip(workers) {
            let joined = worker.join().await;
            let joined = joined.map_err(|Broken(why)| RunError::Broken { number, why });
            worked = worked.and(joined);
        }
        worked
    }

    async fn follow(
        &mut self,
        (mut windows, mut plan_stops): (mpsc::Receiver<Window>, mpsc::Receiver<StopSignal>),
        wires: &mut Wires,
        deadlines: &watch::Sender<Deadlines>,
        settings: &Settings,
    ) {
        let mut next_tick = Duration::ZERO;
        loop {
            let event = tokio::select! {
                biased;
                Some(signal) = wires.stops.recv() => Event::Stop(signal),
                Some(signal) = plan_stops.recv() => Event::Stop(signal),
                window = windows.recv() => window.map_or(Event::Over, |window| Event::Window(Box::new(window))),
                () = sleep_until(self.clock.instant(next_tick)) => Event::Tick,
            };
            match event {
                Event::Window(window) => {
                    self.checkup.hear(&window);
                    if wires.keeper.is_some() {
                        self.unkept(&window);
                    }
                    self.series.add(*window);
                    continue;
                }
                Event::Stop(signal) => {
                    self.stop(signal);
                    // Workers that are gone already need not be told.
                    let _ = deadlines.send(self.deadlines);
                }
                Event::Tick => {
                    let now = self.clock.elapsed();
                    self.checkup.look(now);
                    next_tick = snapshot_after(now);
                    self.series.load_ends(self.deadlines.drain_at);
                    if self.series.judge(now) {
                        self.abort(now);
                        let _ = deadlines.send(self.deadlines);
                    }
                    self.keep(wires, settings);
                }
                Event::Over => {
                    self.checkup.look(self.clock.elapsed());
                    return self.keep(wires, settings);
                }
            }
            self.publish(wires, self.phase());
        }
    }

    /// Notes what has to be kept with the second that goes on.
    fn unkept(&mut self, window: &Window) {
        match &mut self.unkept.1 {
            None => self.unkept.1 = Some(window.clone()),
            Some(unkept) => unkept.add(window),
        }
    }

    /// Hands on what has come since the last time.
    fn keep(&mut self, wires: &mut Wires, settings: &Settings) {
        let Some(keeper) = &mut wires.keeper else {
            return;
        };
        let (from, Some(window)) = (self.unkept.0, self.unkept.1.take()) else {
            return;
        };
        let slice = Slice::new(from, window);
        self.unkept.0 = slice.to;
        let snapshot = self.snapshot(self.clock.elapsed(), self.phase());
        keeper.keep(Second {
            slice,
            series: &self.series,
            snapshot: &snapshot,
            generator: self.checkup.so_far(self.clock.elapsed(), settings),
            ended: self.ended,
        });
        self.trouble = keeper.trouble();
    }

    fn meta(&self, target: &Url, settings: &Settings) -> RunMeta {
        let graph = &self.graph;
        RunMeta {
            plan: graph.name.to_string(),
            fingerprint: settings.fingerprint.clone(),
            options: settings.options.clone(),
            version: settings.version.clone(),
            run_id: settings.run_id.to_string(),
            seed: settings.seed,
            target: without_credentials(target).to_string(),
            started_unix: self.clock.unix(Duration::ZERO),
            workers: settings.workers.get(),
            wait_scale: settings.wait_scale,
            schedule: self.schedule.clone(),
            insecure: graph.insecure().collect(),
            thresholds_are_default: graph.thresholds.is_empty(),
        }
    }

    /// A threshold ends the run, as a first signal would; after one it is over anyway.
    fn abort(&mut self, now: Duration) {
        if self.ended == Ended::Finished {
            self.deadlines = self.deadlines.drained(now, &self.graph);
            self.ended = Ended::AbortedByThreshold;
        }
    }

    fn stop(&mut self, signal: StopSignal) {
        let now = self.clock.elapsed();
        let first = self.ended == Ended::Finished;
        self.deadlines = if first {
            self.deadlines.drained(now, &self.graph)
        } else {
            self.hurried = true;
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
        let load = self.graph.loads.first();
        let stage = load.and_then(|load| load.profile.stage_at(now));
        match stage.map(Stage::slope) {
            Some(Slope::Up) => Phase::RampUp,
            // Of several loads the first may be over before the others.
            Some(Slope::Level) | None => Phase::Hold,
            Some(Slope::Down) => Phase::RampDown,
        }
    }

    fn publish(&mut self, wires: &Wires, phase: Phase) {
        self.publish_at(self.clock.elapsed(), wires, phase);
    }

    fn publish_at(&mut self, elapsed: Duration, wires: &Wires, phase: Phase) {
        let snapshot = self.snapshot(elapsed, phase);
        wires.snapshots.send_replace(Some(snapshot));
    }

    fn snapshot(&mut self, elapsed: Duration, phase: Phase) -> Arc<Snapshot> {
        let mut snapshot = self.series.snapshot(elapsed, &self.schedule, phase);
        snapshot.warnings = self.checkup.warnings(elapsed);
        if let [load] = &*self.graph.loads {
            snapshot.stage = load.profile.name_at(elapsed).cloned();
        }
        snapshot.unkept.clone_from(&self.trouble);
        Arc::new(snapshot)
    }
}

/// When the next snapshot is made: shortly after the next full second, when the
/// workers have told of it.
fn snapshot_after(now: Duration) -> Duration {
    const LAG: Duration = Duration::from_millis(50);
    Duration::from_secs(now.saturating_sub(LAG).as_secs() + 1) + LAG
}

/// The passes that the users of each load may still begin together, where that is
/// limited; the number of arrivals is their limit.
fn passes_left(graph: &Graph) -> Arc<[Option<Arc<AtomicU64>>]> {
    let limits = graph.loads.iter().map(|load| match load.profile.model {
        Model::Closed => load.profile.iterations,
        Model::Open { .. } => None,
    });
    limits
        .map(|limit| limit.map(|limit| Arc::new(AtomicU64::new(limit.into()))))
        .collect()
}

/// The sources of data, each with its number of rows.
fn data(graph: &Graph) -> impl Iterator<Item = (Arc<str>, u64)> {
    let rows = graph.feeds.iter().map(Feed::rows);
    graph.feed_names.iter().cloned().zip(rows)
}

fn schedule(graph: &Graph) -> Schedule {
    let loads = graph.loads.iter().map(|load| ScheduledLoad {
        class: load.class.map(|class| graph.class(class).name.clone()),
        profile: load.profile.clone(),
    });
    Schedule {
        loads: loads.collect(),
        classes: graph
            .classes
            .iter()
            .enumerate()
            .map(|(index, class)| (class.name.clone(), graph.users_of(ClassId::at(index))))
            .collect(),
    }
}

/// Those of the plan, or the one that stands for none.
fn thresholds(graph: &Graph) -> Arc<[Judged]> {
    if !graph.thresholds.is_empty() {
        return graph.thresholds.as_ref().into();
    }
    let default = Judged {
        threshold: Threshold::default_of_a_plan(),
        within: None,
    };
    [default].into()
}
