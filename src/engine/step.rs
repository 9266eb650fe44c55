//! Drives a user from one wait to the next.

use std::{cell::RefCell, time::Duration};

use super::{
    judge::{judge, template_failure},
    scope::UserScope,
    user::{Life, User},
    worker::Shared,
};
use crate::{
    base::{
        ids::{RequestId, RowId},
        wait::Wait,
    },
    exchange::Failure,
    graph::{Node, OnStartFail, Request, RequestName},
    stats::{Recorder, Sample, UserEvent},
};

/// Why a user was handed back to its worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It waits until then, unless it has to leave earlier.
    Sleep { until: Duration },
    /// It is gone, and its seat stays empty.
    Gone,
    /// It is gone, and a new user takes its seat then.
    Replaced { at: Duration },
}

/// A round that neither waited nor sent anything sleeps this long, so that a plan
/// that does nothing does it without eating a processor.
const IDLE_ROUND: Duration = Duration::from_millis(1);

/// Lets a user go on until it waits or is gone.
pub(super) async fn drive(user: &mut User, shared: &Shared) -> Turn {
    let graph = &*shared.graph;
    loop {
        match graph.node(user.cursor) {
            Node::Request {
                request,
                next,
                on_fail,
            } => {
                user.idle = false;
                let passed = ask(user, shared, *request).await;
                user.cursor = if passed { *next } else { *on_fail };
            }
            Node::Wait { wait, next } => {
                user.cursor = *next;
                if let Some(turn) = sleep(user, shared, *wait) {
                    return turn;
                }
            }
            Node::Pause { wait, next } => {
                user.cursor = *next;
                // A user that is to leave does so here, before the wait or, woken
                // early, after it.
                user.may_leave = true;
                if let Some(turn) = sleep(user, shared, *wait) {
                    return turn;
                }
                leave_if_due(user, shared);
            }
            Node::Round { next } => {
                if user.idle {
                    user.idle = false;
                    return Turn::Sleep {
                        until: shared.clock.elapsed() + IDLE_ROUND,
                    };
                }
                user.may_leave = true;
                if !leave_if_due(user, shared) {
                    user.begin_round();
                    user.cursor = *next;
                }
            }
            Node::Draw(choice) => user.cursor = choice.draw(&mut user.draws),
            Node::Started { next } => {
                user.life = Life::Living;
                user.cursor = *next;
            }
            Node::StartFailed => return start_failed(user, shared),
            Node::StopRun { next } => {
                shared.stop_run();
                user.cursor = *next;
            }
            Node::End => {
                shared
                    .recorder
                    .borrow_mut()
                    .user(user.class, UserEvent::Ended);
                return Turn::Gone;
            }
        }
    }
}

/// Sends a user that stands where it may leave to its `on_stop`, if it is time.
/// Returns whether it leaves.
pub(super) fn leave_if_due(user: &mut User, shared: &Shared) -> bool {
    let may = std::mem::replace(&mut user.may_leave, false);
    let leaves =
        may && user.life == Life::Living && shared.clock.elapsed() >= leaves_at(user, shared);
    if leaves {
        user.life = Life::Leaving;
        user.cursor = shared.graph.class(user.class).stop;
    }
    leaves
}

/// From when on a user is to leave.
pub(super) fn leaves_at(user: &User, shared: &Shared) -> Duration {
    user.retires_at.min(shared.deadlines.get().drain_at)
}

/// `None` if there is nothing to wait for.
fn sleep(user: &mut User, shared: &Shared, wait: Wait) -> Option<Turn> {
    let time = shared.scaled(wait.draw(&mut user.waits));
    let now = shared.clock.elapsed();
    if time.is_zero() || now >= leaves_at(user, shared) {
        return None;
    }
    user.idle = false;
    Some(Turn::Sleep { until: now + time })
}

/// `on_start` or `vars` failed: the user is gone, and the plan says what follows.
pub(super) fn start_failed(user: &mut User, shared: &Shared) -> Turn {
    let class = shared.graph.class(user.class);
    shared
        .recorder
        .borrow_mut()
        .user(user.class, UserEvent::StartFailed);
    match class.on_start_fail {
        OnStartFail::NewUser => {
            // Not at once: a target that refuses everybody would be asked without end.
            let wait = shared
                .scaled(class.wait.draw(&mut user.waits))
                .max(IDLE_ROUND);
            Turn::Replaced {
                at: shared.clock.elapsed() + wait,
            }
        }
        OnStartFail::StopUser => Turn::Gone,
        OnStartFail::StopRun => {
            shared.stop_run();
            Turn::Gone
        }
    }
}

/// Works out the variables of a user that starts. Returns whether that succeeded.
pub(super) fn begin(user: &mut User, shared: &Shared) -> bool {
    shared
        .recorder
        .borrow_mut()
        .user(user.class, UserEvent::Started);
    let now = shared.clock.elapsed();
    let Err(error) = scope(user, shared, now).set_vars() else {
        return true;
    };
    let row = shared.recorder.borrow_mut().row(VARS_ROW);
    shared.record_unsent(row, now, &template_failure(error), VARS_ROW);
    false
}

/// Where failures of `vars` are counted: they belong to no request.
const VARS_ROW: &str = "(vars)";

/// Sends one request and judges its answer. Returns whether all was as expected.
async fn ask(user: &mut User, shared: &Shared, id: RequestId) -> bool {
    let request = shared.graph.request(id);
    let now = shared.clock.elapsed();
    let row = match row(request, user, shared, now) {
        Ok(row) => row,
        Err((row, failure)) => {
            shared.record_unsent(row, now, &failure, request.method.as_str());
            return false;
        }
    };

    let rendered;
    let ready = match &request.ready {
        Some(ready) => ready,
        None => match request.render(&shared.target, &mut scope(user, shared, now)) {
            Ok(made) => {
                rendered = made;
                &rendered
            }
            Err(error) => {
                shared.record_unsent(row, now, &template_failure(error), request.method.as_str());
                return false;
            }
        },
    };

    let in_flight = InFlight::new(&shared.recorder, row);
    let exchange = user.session.exchange(ready, &shared.clock).await;
    in_flight.landed();

    let judgement = match &exchange.outcome {
        Ok(response) => judge(
            request,
            response,
            &mut scope(user, shared, exchange.timing.done),
        ),
        Err(failure) => Err(failure.clone()),
    };
    let mut recorder = shared.recorder.borrow_mut();
    recorder.record(&Sample {
        row,
        due: exchange.timing.sent,
        timing: exchange.timing,
        received_bytes: exchange.received_bytes,
        redirects: exchange.redirects,
        failure: judgement.as_ref().err().map(|failure| failure.kind),
    });
    match judgement {
        Ok(extracted) => {
            for (var, value) in extracted {
                user.vars[var.index()] = Some(value);
            }
            true
        }
        Err(failure) => {
            recorder.note_failure(row, exchange.timing.done, &failure, || ready.line());
            false
        }
    }
}

/// The row of a request; made now where its name has a template in it.
fn row(
    request: &Request,
    user: &mut User,
    shared: &Shared,
    now: Duration,
) -> Result<RowId, (RowId, Failure)> {
    match &request.name {
        RequestName::Known(row) => Ok(*row),
        RequestName::Templated(template) => {
            let mut name = String::new();
            let rendered = template.render(&mut scope(user, shared, now), &mut name);
            let mut recorder = shared.recorder.borrow_mut();
            match rendered {
                Ok(()) => Ok(recorder.row(&name)),
                Err(error) => Err((recorder.row("(name)"), template_failure(error))),
            }
        }
    }
}

fn scope<'a>(user: &'a mut User, shared: &'a Shared, now: Duration) -> UserScope<'a> {
    UserScope {
        user,
        graph: &shared.graph,
        run_id: &shared.run_id,
        seed: shared.seed,
        unix_now: shared.clock.unix(now),
    }
}

/// A request under way. Dropped before it has landed, it counts as interrupted;
/// unless the program itself broke, which is counted where it is caught.
struct InFlight<'a> {
    recorder: &'a RefCell<Recorder>,
    row: RowId,
    landed: bool,
}

impl<'a> InFlight<'a> {
    fn new(recorder: &'a RefCell<Recorder>, row: RowId) -> InFlight<'a> {
        InFlight {
            recorder,
            row,
            landed: false,
        }
    }

    fn landed(mut self) {
        self.landed = true;
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if !self.landed && !std::thread::panicking() {
            self.recorder.borrow_mut().interrupted(self.row);
        }
    }
}
