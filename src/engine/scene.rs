//! What one user does before all others come, or after all others have left.
//!
//! It is played on the conductor's thread, with a clock and a recorder of its own:
//! nothing of it is in the numbers of the load. What `setup` leaves in its variables
//! is handed to all users as they start, and to `teardown`.

use std::{
    cell::{Cell, RefCell},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::{Notify, mpsc},
    time::sleep_until,
};
use url::Url;

use super::{
    Settings, StopSignal, Witness,
    broken::{Broken, caught, doing, who},
    meetings::meeting_points,
    phase::Deadlines,
    shared::Shared,
    step::{Turn, begin, drive, start_failed},
    user::{Handed, Life, Role, User},
};
use crate::{
    base::{clock::Clock, ids::ClassId},
    exchange::{Failure, FailureKind},
    graph::{Graph, Occasion},
    protocol::Protocol,
    stats::{Recorder, SceneEnd, SceneTotals, Series, Window},
};

/// The `user.id` of whoever plays a scene: users are numbered from 1.
const NUMBER: u64 = 0;

/// Far from where sums of times end, and longer than anyone waits.
const NEVER: Duration = Duration::from_secs(1000 * 365 * 24 * 3600);

/// What whoever plays needs, users of workers too.
pub(super) struct World<'a> {
    pub(super) graph: &'a Arc<Graph>,
    pub(super) target: &'a Url,
    pub(super) protocol: &'a Protocol,
    pub(super) settings: &'a Settings,
    pub(super) witness: Option<Witness>,
}

/// What came of a scene.
pub(super) struct Played {
    pub(super) totals: SceneTotals,
    /// What its user holds at its end.
    pub(super) handed: Handed,
    /// What came while it was played, in this order.
    pub(super) signals: Vec<StopSignal>,
    log: Window,
}

impl Played {
    /// Whether all of it was done.
    pub(super) fn is_complete(&self) -> bool {
        self.totals.end == SceneEnd::Complete
    }

    /// The lines that it wrote, for the log of the run at some time of that.
    pub(super) fn take_log(&mut self, at: Duration) -> Window {
        self.log.take_log(at)
    }
}

/// When a scene is cut off that is not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// With the first signal.
    AtSignal,
    /// So long after the first signal, or with the second.
    AfterSignal(Duration),
    /// So long after its start, or with a signal.
    After(Duration),
}

impl World<'_> {
    /// Plays a scene to its end, or until it is cut off.
    pub(super) async fn play(
        &self,
        (occasion, class): (Occasion, ClassId),
        handed: &Handed,
        cut: Cut,
        stops: &mut mpsc::Receiver<StopSignal>,
    ) -> Played {
        let shared = self.shared(handed);
        let mut user = User::in_role(
            self.graph,
            &shared.protocol,
            shared.seed,
            role(occasion, class),
        );
        handed.give(&mut user);
        let mut signals = Vec::new();
        let in_time = perform(&mut user, &shared, cut, stops, &mut signals).await;
        let elapsed = shared.clock.elapsed();
        let mut window = shared.recorder.borrow_mut().take(elapsed);
        let log = window.take_log(elapsed);
        let mut series = Series::new(&self.graph.rows, &[], &self.graph.skips)
            .with_groups(self.graph.groups.as_ref().into(), Arc::default());
        series.add(window);
        let end = match (in_time, user.life) {
            (InTime::No, _) => SceneEnd::CutOff,
            (InTime::Yes, Life::Living) => SceneEnd::Complete,
            (InTime::Yes, Life::Starting | Life::Leaving) => SceneEnd::Failed,
        };
        Played {
            totals: series.finish_scene(elapsed, end),
            handed: Handed::of(&user),
            signals,
            log,
        }
    }

    fn shared(&self, handed: &Handed) -> Shared {
        let graph = self.graph.clone();
        let recorder = Recorder::new(
            &graph.rows,
            graph.classes.len() + graph.scenes.len(),
            graph.skips.len(),
        )
        .with_groups(graph.groups.len(), graph.meetings.len());
        // Who plays a scene ends it by `stop`, and there is nothing else to end.
        let (plan_stops, _nobody) = mpsc::channel(1);
        Shared {
            recorder: RefCell::new(recorder),
            graph,
            target: self.target.clone(),
            protocol: self.protocol.clone(),
            clock: Clock::start(),
            seed: self.settings.seed,
            run_id: self.settings.run_id.clone(),
            secrets: self.settings.secrets.clone(),
            wait_scale: self.settings.wait_scale,
            deadlines: Cell::new(Deadlines {
                drain_at: NEVER,
                cut_at: NEVER,
            }),
            plan_stops,
            meetings: meeting_points(self.graph),
            drained: Notify::new(),
            drawn: vec![Cell::new(0); self.graph.feeds.len()].into(),
            passes_left: Arc::default(),
            handed: handed.clone(),
            witness: self.witness.clone(),
        }
    }
}

fn role(occasion: Occasion, class: ClassId) -> Role {
    Role {
        class,
        load: None,
        seat: 0,
        generation: 0,
        number: NUMBER,
        // Random values of its own: those of no user, and not those of the other scene.
        stream: match occasion {
            Occasion::Setup => u64::MAX,
            Occasion::Teardown => u64::MAX - 1,
        },
        retires_at: NEVER,
    }
}

/// Whether a scene came to its end by itself.
enum InTime {
    Yes,
    No,
}

async fn perform(
    user: &mut User,
    shared: &Shared,
    cut: Cut,
    stops: &mut mpsc::Receiver<StopSignal>,
    signals: &mut Vec<StopSignal>,
) -> InTime {
    let mut cut_at = match cut {
        Cut::AtSignal | Cut::AfterSignal(_) => None,
        Cut::After(time) => Some(time),
    };
    let mut life = std::pin::pin!(live(user, shared));
    loop {
        let deadline = shared.clock.instant(cut_at.unwrap_or(NEVER));
        tokio::select! {
            biased;
            Some(signal) = stops.recv() => {
                signals.push(signal);
                match (cut, cut_at) {
                    (Cut::AfterSignal(time), None) => cut_at = Some(shared.clock.elapsed() + time),
                    (Cut::AtSignal | Cut::After(_), _) | (Cut::AfterSignal(_), Some(_)) => {
                        return InTime::No;
                    }
                }
            }
            () = &mut life => return InTime::Yes,
            () = sleep_until(deadline), if cut_at.is_some() => return InTime::No,
        }
    }
}

/// Lets the user do all that it does.
async fn live(user: &mut User, shared: &Shared) {
    let begun = caught(pin!(async { begin(user, shared) })).await;
    match begun {
        Ok(true) => {}
        Ok(false) => {
            start_failed(user, shared);
            return;
        }
        Err(Broken(what)) => return broke(user, shared, "its `vars`", &what),
    }
    loop {
        let turn = caught(pin!(drive(user, shared))).await;
        match turn {
            Ok(Turn::Sleep { until } | Turn::Nap { until }) => {
                sleep_until(shared.clock.instant(until)).await;
            }
            Ok(Turn::Gone | Turn::Replaced { .. } | Turn::Free { .. }) => return,
            Err(Broken(what)) => {
                let doing = doing(user, &shared.graph);
                return broke(user, shared, &doing, &what);
            }
        }
    }
}

/// The program broke while it played a scene, which is then not complete.
fn broke(user: &mut User, shared: &Shared, doing: &str, what: &str) {
    user.life = Life::Starting;
    let failure = Failure::new(
        FailureKind::Internal,
        format!("the program broke while it played a user: {what}"),
    );
    let row = shared
        .recorder
        .borrow_mut()
        .row(super::worker::INTERNAL_ROW);
    let of = (user.class, row);
    shared.record_broken_off(of, shared.clock.elapsed(), &failure, || {
        format!("{} in {doing}", who(user, shared))
    });
}
