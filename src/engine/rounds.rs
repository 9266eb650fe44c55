//! Rounds, the waits between them, and where a user leaves.
//!
//! Each of these functions moves the user's cursor, and says until when it is to
//! sleep there, if it is.

use std::time::Duration;

use super::{
    act,
    shared::Shared,
    user::{Frame, Life, Opened, User},
};
use crate::{
    base::{
        dealing::AtEnd,
        ids::{Depth, StepId},
        wait::Wait,
    },
    graph::{Node, When},
    stats::{GroupOutcome, GroupSample, LATE, UserEvent},
};

/// A round that neither waited nor sent anything sleeps this long, so that a plan
/// that does nothing does it without eating a processor.
pub(super) const IDLE_ROUND: Duration = Duration::from_millis(1);

/// Sends a user that stands where it may leave on its way out, if it is time.
pub(super) fn leave_if_due(user: &mut User, shared: &Shared) {
    let leave = user.leave_to.take();
    if let Some(leave) = leave
        && user.life == Life::Living
        && is_due(user, shared)
    {
        leave_by(user, shared, leave);
    }
}

/// From here on it is on its way out.
pub(super) fn leave_by(user: &mut User, shared: &Shared, leave: StepId) {
    end_pass(user, shared);
    user.life = Life::Leaving;
    user.cursor = leave;
}

/// Whether it is time for a user to leave. Where its load fell and has risen again
/// by now, it is taken back.
fn is_due(user: &mut User, shared: &Shared) -> bool {
    let now = user.now;
    // Who was due before the end and is seen to with the next tick of the clock was due.
    let late = user.arrival.map_or(Duration::ZERO, |_| LATE);
    if now < leaves_at(user, shared) + late {
        return false;
    }
    if now >= shared.deadlines.get().drain_at || shared.is_open(user) {
        return true;
    }
    let stay = shared
        .load(user)
        .and_then(|load| load.profile.stay_after(load.place(user.seat), now));
    match stay.filter(|stay| stay.from <= now) {
        Some(stay) => {
            user.retires_at = stay.to;
            false
        }
        None => true,
    }
}

/// From when on a user is to leave.
pub(super) fn leaves_at(user: &User, shared: &Shared) -> Duration {
    user.retires_at.min(shared.deadlines.get().drain_at)
}

/// `on_start` is complete: the rounds begin.
pub(super) fn started(user: &mut User, next: StepId) {
    user.life = Life::Living;
    user.frame(Depth(0)).began = user.now;
    user.cursor = next;
}

/// Goes through a node of rounds or waits.
pub(super) fn go(user: &mut User, shared: &Shared, node: &Node) -> Option<Duration> {
    match node {
        Node::Wait { wait, next } => {
            user.cursor = *next;
            self::wait(user, shared, *wait)
        }
        Node::Pause {
            wait,
            depth,
            next,
            leave,
        } => {
            user.cursor = *next;
            // Who comes for an arrival goes when it is over.
            if shared.is_open(user) && matches!(shared.graph.node(*next), Node::Round { .. }) {
                return None;
            }
            // A user that is to leave does so here, before the wait or, woken
            // early, after it.
            user.leave_to = Some(*leave);
            if is_done(user, shared, *next) {
                return None;
            }
            let until = pause(user, shared, *wait, *depth);
            if until.is_none() {
                leave_if_due(user, shared);
            }
            until
        }
        Node::Round { next, leave } => round(user, shared, *next, *leave),
        Node::Enter { depth, next } => {
            // A part of the pass in which the set is entered.
            *user.frame(*depth) = Frame {
                rounds: 1,
                began: user.now,
                deeds: Some(user.deeds),
            };
            user.cursor = *next;
            None
        }
        Node::Again { .. } => again(user, shared, node),
        Node::Request { .. }
        | Node::Act { .. }
        | Node::Record { .. }
        | Node::When { .. }
        | Node::If { .. }
        | Node::Loop { .. }
        | Node::Repeat { .. }
        | Node::Each { .. }
        | Node::Open { .. }
        | Node::Close { .. }
        | Node::Fork { .. }
        | Node::Join { .. }
        | Node::Meet { .. }
        | Node::Draw(_)
        | Node::Settled(_)
        | Node::Started { .. }
        | Node::StartFailed
        | Node::Leave { .. }
        | Node::StopRun { .. }
        | Node::End => unreachable!("asked for rounds and waits only"),
    }
}

/// A pass is over, if the user was in one. How long it takes is known of those only in
/// which nothing failed: what fails leads out of its task.
pub(super) fn end_pass(user: &mut User, shared: &Shared) {
    let Some(opened) = user.pass.take() else {
        return;
    };
    let now = user.now;
    // A wait that it leaves early is over too.
    user.goes_on();
    let sample = GroupSample {
        whole: now.saturating_sub(opened.at),
        waited: user.waited.saturating_sub(opened.waited),
        done: now,
        outcome: match user.failures > opened.failures {
            true => GroupOutcome::BrokenOff,
            false => GroupOutcome::Ok,
        },
    };
    shared.recorder.borrow_mut().iteration(user.class, &sample);
}

/// Whether a user has come to the end of its passes, so that nothing follows the wait.
fn is_done(user: &User, shared: &Shared, next: StepId) -> bool {
    let next_is_a_pass = match shared.graph.node(next) {
        Node::Round { .. } => true,
        Node::Again { rounds, until, .. } => rounds.is_none() && until.is_none(),
        Node::Request { .. }
        | Node::Act { .. }
        | Node::Record { .. }
        | Node::When { .. }
        | Node::If { .. }
        | Node::Loop { .. }
        | Node::Repeat { .. }
        | Node::Each { .. }
        | Node::Wait { .. }
        | Node::Pause { .. }
        | Node::Enter { .. }
        | Node::Open { .. }
        | Node::Close { .. }
        | Node::Fork { .. }
        | Node::Join { .. }
        | Node::Meet { .. }
        | Node::Draw(_)
        | Node::Settled(_)
        | Node::Started { .. }
        | Node::StartFailed
        | Node::Leave { .. }
        | Node::StopRun { .. }
        | Node::End => false,
    };
    next_is_a_pass
        && user.life == Life::Living
        && (has_all(user, shared) || shared.has_no_pass(user) || has_no_row(user, shared).is_some())
}

/// Whether a user has had as many passes as each user gets.
fn has_all(user: &User, shared: &Shared) -> bool {
    let limit = shared.load(user).and_then(|load| load.profile.per_user);
    limit.is_some_and(|limit| user.iteration >= u64::from(limit))
}

/// What happens to a user that has used all the rows that its rounds need.
fn has_no_row(user: &User, shared: &Shared) -> Option<AtEnd> {
    user.out_of_rows(&shared.graph, When::InRounds)
}

/// Whether a new user takes the place of one whose start failed, or who broke us.
///
/// Where only the number of passes ends a run, a start that failed uses up one: a
/// target that lets nobody in would else be asked for ever.
pub(super) fn starts_again(user: &User, shared: &Shared) -> bool {
    let Some(load) = shared.load(user) else {
        return false;
    };
    let profile = &load.profile;
    if profile.has_end() {
        return true;
    }
    let failed = user.generation + 1;
    let has_tries = |limit: u32| failed < u64::from(limit);
    profile.per_user.is_none_or(has_tries)
        && match user.life {
            Life::Starting => shared.takes_pass(user),
            // It has used up its own.
            Life::Living | Life::Leaving => !shared.has_no_pass(user),
        }
}

/// A wait inside a task: `None` if there is nothing to wait for.
fn wait(user: &mut User, shared: &Shared, wait: Wait) -> Option<Duration> {
    let time = shared.scaled(wait.draw(&mut user.waits));
    // Whatever comes after it is not what the pace was kept for.
    user.due = None;
    if time.is_zero() || is_due(user, shared) {
        return None;
    }
    user.deeds += 1;
    Some(user.now + time)
}

/// The wait after a task of a round.
fn pause(user: &mut User, shared: &Shared, wait: Wait, depth: Depth) -> Option<Duration> {
    let Wait::Pacing(period) = wait else {
        return self::wait(user, shared, wait);
    };
    let now = user.now;
    let planned = user.frame(depth).began + shared.scaled(period);
    if planned <= now || is_due(user, shared) {
        // What was missed is not made up for: the pace is kept from here. But what comes
        // now was due then.
        user.frame(depth).began = now;
        user.due = Some(planned.min(now));
        return None;
    }
    user.frame(depth).began = planned;
    user.due = Some(planned);
    user.deeds += 1;
    Some(planned)
}

/// The class's next round begins, or the user leaves.
fn round(user: &mut User, shared: &Shared, next: StepId, leave: StepId) -> Option<Duration> {
    if let Some(until) = nap(user, Depth(0), leave) {
        return Some(until);
    }
    let begins = begin_pass(user, shared, leave);
    let arrival = user.arrival.take();
    if begins {
        let deeds = user.deeds;
        user.frame(Depth(0)).deeds = Some(deeds);
        user.cursor = next;
    } else if arrival.is_some() {
        // It came too late to be played.
        let mut recorder = shared.recorder.borrow_mut();
        recorder.user(user.class, UserEvent::Dropped);
    }
    None
}

/// A set's next round begins, or all of them are over.
fn again(user: &mut User, shared: &Shared, node: &Node) -> Option<Duration> {
    let Node::Again {
        depth,
        rounds,
        until,
        next,
        done,
        leave,
    } = node
    else {
        unreachable!("called for rounds of sets only");
    };
    if let Some(nap) = nap(user, *depth, *leave) {
        return Some(nap);
    }
    let begun = user.frame(*depth).rounds;
    let over = |until| act::holds(user, shared, until, "(until)").unwrap_or(true);
    if rounds.is_some_and(|rounds| begun >= u64::from(rounds)) || until.is_some_and(over) {
        user.cursor = *done;
        return None;
    }
    if begin_pass(user, shared, *leave) {
        let deeds = user.deeds;
        let frame = user.frame(*depth);
        frame.rounds += 1;
        frame.deeds = Some(deeds);
        user.cursor = *next;
    }
    None
}

/// A short sleep where the last round neither waited nor sent anything.
fn nap(user: &mut User, depth: Depth, leave: StepId) -> Option<Duration> {
    let deeds = user.deeds;
    if user.frame(depth).deeds != Some(deeds) {
        return None;
    }
    user.deeds += 1;
    user.leave_to = Some(leave);
    Some(user.now + IDLE_ROUND)
}

/// Begins a pass, unless it is time to leave or the plan allows no more.
fn begin_pass(user: &mut User, shared: &Shared, leave: StepId) -> bool {
    // What goes round inside a start or an end is no pass.
    if user.life != Life::Living {
        return true;
    }
    end_pass(user, shared);
    // Before a pass is taken that another user can still use.
    let no_row = has_no_row(user, shared);
    if no_row == Some(AtEnd::StopRun) {
        shared.stop_run();
    }
    if is_due(user, shared) || has_all(user, shared) || no_row.is_some() || !shared.takes_pass(user)
    {
        leave_by(user, shared, leave);
        return false;
    }
    user.pass = Some(Opened {
        at: user.now,
        waited: user.waited,
        failures: user.failures,
    });
    user.begin_pass();
    user.answer = None;
    let mut recorder = shared.recorder.borrow_mut();
    recorder.user(user.class, UserEvent::Pass);
    true
}
