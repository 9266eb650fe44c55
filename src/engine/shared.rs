//! What the users of one worker share: no other thread sees any of it, but for the
//! count of passes that a plan may limit for all.

use std::{
    cell::{Cell, RefCell},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, mpsc};
use url::Url;

use super::{
    StopSignal,
    judge::template_failure,
    meetings::MeetingPoint,
    phase::Deadlines,
    scope::UserScope,
    user::{Handed, User},
    witness::{Deed, Witness},
};
use crate::{
    base::{
        clock::Clock,
        ids::{ClassId, RowId},
    },
    exchange::{Example, Failure, Phases, Timing, mask::Secrets},
    graph::{Graph, Load},
    profile::Model,
    protocol::Protocol,
    stats::{Recorder, Sample},
    template::RenderError,
};

/// What the users of one worker have in common. Lives on the worker's thread.
pub(super) struct Shared {
    pub(super) graph: Arc<Graph>,
    pub(super) target: Url,
    pub(super) protocol: Protocol,
    pub(super) clock: Clock,
    pub(super) seed: u64,
    pub(super) run_id: Arc<str>,
    pub(super) secrets: Secrets,
    pub(super) wait_scale: f64,
    pub(super) recorder: RefCell<Recorder>,
    pub(super) deadlines: Cell<Deadlines>,
    pub(super) plan_stops: mpsc::Sender<StopSignal>,
    /// The passes that all users of a load together may still begin, by load, where
    /// they are limited. Touched once in a pass, never by a request.
    pub(super) passes_left: Arc<[Option<Arc<AtomicU64>>]>,
    /// Where users of all workers wait for each other.
    pub(super) meetings: Arc<[MeetingPoint]>,
    /// Told when users are to leave earlier than they knew.
    pub(super) drained: Notify,
    /// Rows drawn since the last window, by source of data.
    pub(super) drawn: Box<[Cell<u64>]>,
    /// What `setup` has left for everyone.
    pub(super) handed: Handed,
    /// Only where a plan is tried out.
    pub(super) witness: Option<Witness>,
}

impl Shared {
    /// A wait, as long as this run takes it.
    pub(super) fn scaled(&self, wait: Duration) -> Duration {
        if self.wait_scale == 1.0 {
            wait
        } else {
            wait.mul_f64(self.wait_scale)
        }
    }

    /// Counts a failure that came before anything could be sent.
    pub(super) fn record_unsent(
        &self,
        of: (ClassId, RowId),
        now: Duration,
        failure: &Failure,
        what: &str,
    ) {
        self.record_broken_off(of, now, failure, || format!("{what} (not sent)"));
    }

    /// Counts a failure of what has no times; `what` was being done.
    pub(super) fn record_broken_off(
        &self,
        (class, row): (ClassId, RowId),
        now: Duration,
        failure: &Failure,
        what: impl FnOnce() -> String,
    ) {
        let mut recorder = self.recorder.borrow_mut();
        let sample = Sample {
            row,
            due: now,
            timing: Timing {
                sent: now,
                first_byte: now,
                done: now,
            },
            phases: Phases::default(),
            received_bytes: 0,
            redirects: 0,
            resent: 0,
            failure: Some(failure.kind),
        };
        recorder.record_of(class, &sample);
        recorder.note_failure(row, now, failure.kind, || {
            Example::unsent(&what(), failure, &self.secrets)
        });
    }

    /// The load that a user is a part of; none for who plays a scene.
    pub(super) fn load(&self, user: &User) -> Option<&Load> {
        user.load.map(|load| &self.graph.loads[load.index()])
    }

    /// Whether a user does nothing but what arrivals ask of it.
    pub(super) fn is_open(&self, user: &User) -> bool {
        self.load(user)
            .is_some_and(|load| load.profile.model != Model::Closed)
    }

    /// The passes that all users of a load share.
    fn passes_left(&self, user: &User) -> Option<&AtomicU64> {
        self.passes_left.get(user.load?.index())?.as_deref()
    }

    /// Whether the passes that all users of its load share are used up.
    pub(super) fn has_no_pass(&self, user: &User) -> bool {
        let left = self.passes_left(user);
        left.is_some_and(|left| left.load(Ordering::Relaxed) == 0)
    }

    /// Takes one of the passes that all users of its load share; there may be none left.
    pub(super) fn takes_pass(&self, user: &User) -> bool {
        let Some(left) = self.passes_left(user) else {
            return true;
        };
        let one_less = |left: u64| left.checked_sub(1);
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less)
            .is_ok()
    }

    /// What templates see of a user.
    pub(super) fn scope<'a>(&'a self, user: &'a mut User, now: Duration) -> UserScope<'a> {
        UserScope {
            user,
            graph: &self.graph,
            run_id: &self.run_id,
            secrets: &self.secrets,
            seed: self.seed,
            unix_now: self.clock.unix(now),
            drawn: &self.drawn,
        }
    }

    /// Counts a template that could not be rendered, where there is no request
    /// that it belongs to: under `what`, in brackets.
    pub(super) fn record_broken(&self, user: &User, what: &str, error: RenderError) {
        let now = self.clock.elapsed();
        self.witnessed(user, || Deed::Broke {
            what: what.to_owned(),
            why: error.message.clone(),
        });
        let row = self.recorder.borrow_mut().row(what);
        self.record_unsent((user.class, row), now, &template_failure(error), what);
    }

    /// Tells what a user did, if anybody is to know.
    pub(super) fn witnessed(&self, user: &User, deed: impl FnOnce() -> Deed) {
        if let Some(witness) = &self.witness {
            witness.tell(user, deed());
        }
    }

    /// The plan wants the run to end.
    pub(super) fn stop_run(&self) {
        // A full channel holds a stop already.
        let _ = self.plan_stops.try_send(StopSignal::Plan);
    }
}
