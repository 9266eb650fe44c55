//! One worker: its users, its queue, its recorder.

mod coming;

use std::{cell::Cell, pin::pin, rc::Rc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    task::{JoinSet, yield_now},
    time::sleep_until,
};

use super::{
    broken::{Broken, caught, doing, who},
    gate::Gate,
    handing::Handing,
    phase::Deadlines,
    queue::Queue,
    rounds::{leave_if_due, leaves_at, starts_again},
    shared::Shared,
    step::{Turn, begin, drive, start_failed},
    user::{Life, User},
};
use crate::{
    exchange::{Failure, FailureKind},
    stats::{UserEvent, Window},
};

/// Wires between a worker and the conductor.
pub(super) struct Wires {
    pub(super) deadlines: watch::Receiver<Deadlines>,
    pub(super) windows: mpsc::Sender<Window>,
    pub(super) handing: Handing,
    /// What the worker's thread has computed, where it has one of its own.
    pub(super) computed: fn() -> Option<Duration>,
}

/// Where our own faults are counted.
pub(super) const INTERNAL_ROW: &str = "(internal)";

/// When a new user takes the place of one that broke us. Not scaled as waits are:
/// who breaks us will mostly do so again, and the plan has no say in it.
const AFTER_A_BREAK: Duration = Duration::from_secs(1);

/// How often a window is taken.
const WINDOW: Duration = Duration::from_secs(1);

struct Worker {
    shared: Rc<Shared>,
    queue: Queue,
    /// One for each open load.
    gates: Vec<Gate>,
    handing: Handing,
    running: JoinSet<(Box<User>, Ended)>,
    windows: mpsc::Sender<Window>,
    next_window: Duration,
    computed: Computed,
}

/// What the worker's thread has computed, where that is known.
struct Computed {
    until_now: fn() -> Option<Duration>,
    until_window: Option<Duration>,
}

/// Which of all seats are a worker's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Of the worker, from 0.
    pub(super) number: u32,
    /// How many workers there are.
    pub(super) of: u32,
}

/// How a user's turn ended.
enum Ended {
    Turn(Turn),
    Broke { doing: String, broken: Broken },
}

/// Whether a user has had a turn before.
#[derive(Clone, Copy)]
enum Comes {
    New,
    Again,
}

/// Lets the users of its seats live, from the first to the last.
pub(super) async fn work(shared: Shared, part: Part, wires: Wires) {
    let mut deadlines = wires.deadlines;
    let mut worker = Worker {
        gates: Gate::all(&shared.graph, shared.seed, part),
        handing: wires.handing,
        shared: Rc::new(shared),
        queue: Queue::default(),
        running: JoinSet::new(),
        windows: wires.windows,
        next_window: WINDOW,
        computed: Computed {
            until_now: wires.computed,
            until_window: (wires.computed)(),
        },
    };
    worker.expect_users(part);

    let clock = worker.shared.clock;
    let mut timer = pin!(sleep_until(clock.instant(Duration::ZERO)));
    let mut timer_at = Duration::ZERO;
    // When it is to go off, where that was in the future when it was asked for: what
    // goes on at once waits for no timer, and would only hide those that are late.
    let mut asked_for = None;
    loop {
        let now = clock.elapsed();
        if let Some(asked) = asked_for.take_if(|asked| *asked <= now) {
            worker.shared.recorder.borrow_mut().timer(now - asked);
        }
        if worker.wake(now) {
            yield_now().await;
        }
        worker.emit(now);
        if worker.is_done() {
            break;
        }
        if now >= worker.shared.deadlines.get().cut_at {
            worker.cut().await;
            break;
        }
        let wanted = worker.next_event();
        if wanted != timer_at {
            timer.as_mut().reset(clock.instant(wanted));
            timer_at = wanted;
            asked_for = (wanted > now).then_some(wanted);
        }
        tokio::select! {
            biased;
            Ok(()) = deadlines.changed() => worker.heed(*deadlines.borrow_and_update()),
            Some(done) = worker.running.join_next() => worker.settle(done),
            Some(handed) = worker.handing.next() => worker.take_over(handed),
            () = timer.as_mut() => {}
        }
        while let Some(done) = worker.running.try_join_next() {
            worker.settle(done);
        }
    }
    worker.refuse_all();
    worker.close().await;
}

impl Worker {
    /// Whether nobody is there and nobody will come.
    fn is_done(&self) -> bool {
        let expects = |gate: &Gate| gate.next_due().is_some();
        self.queue.is_empty() && self.running.is_empty() && !self.gates.iter().any(expects)
    }

    /// Lets everyone go on whose time has come. Returns whether more are due: of many only
    /// so many are seen to at once that those who are under way go on too, and that those
    /// who have nothing to wait for are gone before others come. When a load of thousands
    /// ends, each of them has its last turn.
    fn wake(&mut self, now: Duration) -> bool {
        // As many as are polled before the worker is asked again.
        const MOST_AT_ONCE: usize = 64;
        // Each of these makes a connection: whoever is there already goes first.
        const MOST_STARTS: usize = 16;
        let (mut arrived, mut woken, mut started) = (0, 0, 0);
        for at in 0..self.gates.len() {
            while arrived < MOST_AT_ONCE
                && let Some(arrival) = self.gates[at].pop_due(now, &self.shared.graph)
            {
                arrived += 1;
                self.arrive(at, arrival, now);
            }
            self.gates[at].heed(now);
            self.dismiss(at);
        }
        while woken < MOST_AT_ONCE
            && let Some(mut user) = self.queue.pop_waiting(now)
        {
            woken += 1;
            user.now = now;
            leave_if_due(&mut user, &self.shared);
            self.run(user, Comes::Again);
        }
        while started < MOST_STARTS
            && let Some((at, start)) = self.queue.pop_coming(now)
        {
            started += 1;
            self.start(start, (at, now));
        }
        arrived.max(woken) == MOST_AT_ONCE || started == MOST_STARTS
    }

    fn run(&mut self, mut user: Box<User>, comes: Comes) {
        let shared = self.shared.clone();
        self.running.spawn_local(async move {
            let ended = play(&mut user, comes, &shared).await;
            (user, ended)
        });
    }

    /// A user's turn is over.
    fn settle(&mut self, done: Result<(Box<User>, Ended), tokio::task::JoinError>) {
        let (user, ended) =
            done.expect("panics are caught inside the task, and tasks are only cut at the end");
        user.session.rest();
        match ended {
            Ended::Turn(turn) => self.after(user, turn),
            Ended::Broke { doing, broken } => self.replace(user, &doing, broken),
        }
    }

    /// A user broke us: counted as our failure, not as one of the request, which may
    /// have been answered well.
    fn replace(&mut self, user: Box<User>, doing: &str, Broken(what): Broken) {
        let shared = &self.shared;
        let now = shared.clock.elapsed();
        let failure = Failure::new(
            FailureKind::Internal,
            format!("the program broke while it played a user: {what}"),
        );
        let row = shared.recorder.borrow_mut().row(INTERNAL_ROW);
        shared.record_broken_off((user.class, row), now, &failure, || {
            format!("{} in {doing}", who(&user, shared))
        });
        shared
            .recorder
            .borrow_mut()
            .user(user.class, UserEvent::Ended);
        let again = match user.life {
            Life::Starting | Life::Living => starts_again(&user, shared),
            // It was on its way out, and nobody was to come after it.
            Life::Leaving => false,
        };
        if again {
            let at = now + AFTER_A_BREAK;
            self.after(user, Turn::Replaced { at });
        }
    }

    fn after(&mut self, mut user: Box<User>, turn: Turn) {
        let load = user.load.expect("only users of a load are played here");
        let gate = self.gates.iter().position(|gate| gate.load == load);
        match (turn, gate) {
            (Turn::Free { leave }, Some(gate)) => {
                user.leave_to = Some(leave);
                self.gates[gate].free(user);
                return self.dismiss(gate);
            }
            (Turn::Gone | Turn::Replaced { .. }, Some(gate)) => {
                return self.gates[gate].gone(&user);
            }
            (
                Turn::Sleep { .. }
                | Turn::Nap { .. }
                | Turn::Free { .. }
                | Turn::Gone
                | Turn::Replaced { .. },
                _,
            ) => {}
        }
        match turn {
            Turn::Sleep { until } => {
                let at = until.min(leaves_at(&user, &self.shared));
                self.queue.wait(at, user);
            }
            Turn::Nap { until } => self.queue.wait(until, user),
            Turn::Free { .. } => unreachable!("who has no gate waits for no arrival"),
            Turn::Gone => self.come_again(&user, user.retires_at),
            Turn::Replaced { at } => self.come_again(&user, at),
        }
    }

    /// New deadlines: who waits has to think again.
    fn heed(&mut self, deadlines: Deadlines) {
        self.shared.deadlines.set(deadlines);
        if deadlines.drain_at <= self.shared.clock.elapsed() {
            for gate in 0..self.gates.len() {
                self.gates[gate].close();
                self.dismiss(gate);
            }
            self.queue.wake_all();
            self.shared.drained.notify_waiters();
        }
    }

    /// The next moment at which there is something to do without being asked.
    fn next_event(&self) -> Duration {
        let cut_at = self.shared.deadlines.get().cut_at;
        let next_cut = self.shared.recorder.borrow().next_cut();
        let next = self.next_window.min(cut_at);
        let arrivals = self.gates.iter().filter_map(Gate::next_due);
        arrivals
            .chain(self.queue.next_due())
            .chain(next_cut)
            .fold(next, Duration::min)
    }

    /// Hands over a window each second. If the conductor is behind, the numbers
    /// wait in the recorder and go with the next one.
    fn emit(&mut self, now: Duration) {
        self.emit_cut(now);
        if now < self.next_window {
            return;
        }
        while self.next_window <= now {
            self.next_window += WINDOW;
        }
        if let Ok(place) = self.windows.try_reserve() {
            place.send(taken(&self.shared, &mut self.computed, now));
        }
    }

    /// Hands over what belongs to a stage that is over, if numbers of it are told apart.
    fn emit_cut(&mut self, now: Duration) {
        let mut recorder = self.shared.recorder.borrow_mut();
        recorder.cut_at(now);
        while recorder.holds_cut()
            && let Ok(place) = self.windows.try_reserve()
            && let Some(window) = recorder.take_cut()
        {
            place.send(window);
        }
    }

    /// Cuts off what still runs; each exchange under way counts as interrupted.
    async fn cut(&mut self) {
        self.running.shutdown().await;
        self.queue.clear();
    }

    async fn close(mut self) {
        let now = self.shared.clock.elapsed();
        let mut windows = Vec::new();
        {
            let mut recorder = self.shared.recorder.borrow_mut();
            recorder.cut_at(now);
            windows.extend(std::iter::from_fn(|| recorder.take_cut()));
        }
        windows.push(taken(&self.shared, &mut self.computed, now));
        for window in windows {
            // Without a conductor there is nobody to tell.
            let _ = self.windows.send(window).await;
        }
    }
}

/// What was seen since the last window.
fn taken(shared: &Shared, computed: &mut Computed, now: Duration) -> Window {
    let mut window = shared.recorder.borrow_mut().take(now);
    window.drew(shared.drawn.iter().map(Cell::take));
    let until_now = (computed.until_now)();
    let until_window = std::mem::replace(&mut computed.until_window, until_now);
    if let (Some(before), Some(after)) = (until_window, until_now) {
        window.computed(after.saturating_sub(before));
    }
    window
}

/// Lets a user go on until it waits, is gone, or breaks us.
async fn play(user: &mut User, comes: Comes, shared: &Shared) -> Ended {
    match comes {
        Comes::New => {
            let begun = caught(pin!(async { begin(user, shared) })).await;
            match begun {
                Ok(true) => {}
                Ok(false) => return Ended::Turn(start_failed(user, shared)),
                Err(broken) => {
                    return Ended::Broke {
                        doing: "its `vars`".to_owned(),
                        broken,
                    };
                }
            }
        }
        Comes::Again => {}
    }
    let turn = caught(pin!(drive(user, shared))).await;
    match turn {
        Ok(turn) => Ended::Turn(turn),
        Err(broken) => Ended::Broke {
            doing: doing(user, &shared.graph),
            broken,
        },
    }
}
