//! Meetings of users.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{select, sync::watch, time::sleep_until};

use super::{rounds::leaves_at, shared::Shared, user::User};
use crate::{
    base::ids::MeetingId,
    graph::{Graph, Meeting},
    stats::Met,
};

/// Where users of all workers wait for each other. Touched by those who come there
/// and by nobody else.
#[derive(Debug)]
pub(super) struct MeetingPoint {
    users: u32,
    timeout: Duration,
    waiting: Mutex<Waiting>,
    /// How often as many have come as were to meet.
    times: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Waiting {
    users: u32,
    /// As in `times`.
    times: u64,
}

impl MeetingPoint {
    fn of(meeting: &Meeting) -> MeetingPoint {
        MeetingPoint {
            users: meeting.users,
            timeout: meeting.timeout,
            waiting: Mutex::default(),
            times: watch::Sender::new(0),
        }
    }

    /// Somebody comes. Returns how often others have met before, and whether this
    /// was the last one who was missing.
    fn come(&self) -> (u64, bool) {
        let mut waiting = self.lock();
        let times = waiting.times;
        waiting.users += 1;
        let all = waiting.users >= self.users;
        if all {
            *waiting = Waiting {
                users: 0,
                times: times + 1,
            };
            // Within the lock: whoever comes next sees that these have met.
            self.times.send_replace(times + 1);
        }
        (times, all)
    }

    /// Somebody goes who came at that time. Returns whether the others came meanwhile.
    fn go(&self, came: u64) -> bool {
        let mut waiting = self.lock();
        let met = waiting.times > came;
        if !met {
            waiting.users -= 1;
        }
        met
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        // Two numbers cannot be left half changed.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The meeting points of a plan.
pub(super) fn meeting_points(graph: &Graph) -> Arc<[MeetingPoint]> {
    graph.meetings.iter().map(MeetingPoint::of).collect()
}

/// Somebody who waits. Dropped before it met anybody, it is not waited for any more.
struct Stay<'a> {
    point: &'a MeetingPoint,
    came: u64,
    is_over: bool,
}

impl Stay<'_> {
    /// Goes. Returns whether the others came meanwhile.
    fn end(mut self) -> bool {
        self.is_over = true;
        self.point.go(self.came)
    }
}

impl Drop for Stay<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.point.go(self.came);
        }
    }
}

/// Waits until the others have come, it takes too long, or the user is to leave.
pub(super) async fn meet(user: &mut User, shared: &Shared, id: MeetingId) {
    let met = wait(user, shared, &shared.meetings[id.index()]).await;
    user.now = shared.clock.elapsed();
    user.goes_on();
    // Whatever comes after it is not what the pace was kept for.
    user.due = None;
    user.deeds += 1;
    shared.recorder.borrow_mut().met(id, met);
}

async fn wait(user: &mut User, shared: &Shared, point: &MeetingPoint) -> Met {
    if user.now >= leaves_at(user, shared) {
        return Met::Left;
    }
    user.waits();
    let mut times = point.times.subscribe();
    let (came, all) = point.come();
    if all {
        return Met::Together;
    }
    let stay = Stay {
        point,
        came,
        is_over: false,
    };
    let too_late = user.now + point.timeout;
    loop {
        // Before the deadlines are looked at: they may change from then on.
        let drained = shared.drained.notified();
        let until = too_late.min(leaves_at(user, shared));
        select! {
            biased;
            _ = times.wait_for(|times| *times > came) => break,
            () = sleep_until(shared.clock.instant(until)) => break,
            () = drained => {}
        }
    }
    if stay.end() {
        Met::Together
    } else if shared.clock.elapsed() >= too_late {
        Met::TimedOut
    } else {
        Met::Left
    }
}
