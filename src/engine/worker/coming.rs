//! How users come: by the stays of their seats, or with arrivals.

use std::time::Duration;

use super::{Comes, Part, Worker};
use crate::{
    base::dealing::AtEnd,
    engine::{
        gate::{Arrival, Found},
        handing::Handed,
        queue::Start,
        rounds::{leave_by, leaves_at},
        shared::Shared,
        user::{Seat, User},
    },
    graph::When,
    profile::Model,
    stats::{LATE, UserEvent},
};

impl Worker {
    /// Notes when each of its seats is taken first.
    pub(super) fn expect_users(&mut self, part: Part) {
        let graph = self.shared.graph.clone();
        let closed = graph.loads.iter();
        let closed = closed.filter(|load| load.profile.model == Model::Closed);
        for load in closed {
            let its = |seat: &Seat| seat % part.of == part.number;
            for seat in load.seats.clone().filter(its) {
                let Some(stay) = load.profile.stays(load.place(seat)).next() else {
                    continue;
                };
                let start = Start {
                    seat,
                    generation: 0,
                    drawn: Box::default(),
                };
                self.queue.come(stay.from, start);
            }
        }
    }

    /// Somebody is due: a user that is free plays it, or a new one, or nobody.
    pub(super) fn arrive(&mut self, gate: usize, arrival: Arrival, now: Duration) {
        let shared = self.shared.clone();
        let Arrival { class, due, .. } = arrival;
        if due >= shared.deadlines.get().drain_at {
            return self.gates[gate].close();
        }
        shared.recorder.borrow_mut().user(class, UserEvent::Due);
        let handed = Handed {
            gate,
            arrival,
            asked: 0,
        };
        if !self.play(gate, arrival, now) && !self.handing.on(handed) {
            let mut recorder = shared.recorder.borrow_mut();
            recorder.user(class, UserEvent::Dropped);
            recorder.drop_lag(now.saturating_sub(due));
        }
    }

    /// Another worker had nobody for an arrival.
    pub(super) fn take_over(&mut self, handed: Handed) {
        let shared = self.shared.clone();
        let now = shared.clock.elapsed();
        if !self.play(handed.gate, handed.arrival, now) && !self.handing.on(handed) {
            let mut recorder = shared.recorder.borrow_mut();
            recorder.user(handed.arrival.class, UserEvent::Dropped);
        }
    }

    /// Nobody is left who could take over anything.
    pub(super) fn refuse_all(&mut self) {
        for handed in self.handing.close() {
            if !self.handing.on(handed) {
                let mut recorder = self.shared.recorder.borrow_mut();
                recorder.user(handed.arrival.class, UserEvent::Dropped);
            }
        }
    }

    /// A user that is free plays an arrival, or a new one. Returns whether there is one.
    fn play(&mut self, gate: usize, arrival: Arrival, now: Duration) -> bool {
        let shared = self.shared.clone();
        let Arrival { n, class, due } = arrival;
        // Who was due before the end and comes long after it begins nothing any more.
        if now > shared.deadlines.get().drain_at + LATE {
            return false;
        }
        let ends_at = shared.graph.loads[self.gates[gate].load.index()]
            .profile
            .ends_at();
        let (mut user, comes) = match self.gates[gate].find(class) {
            Found::Free(user) => (user, Comes::Again),
            Found::New(seat, generation) => {
                let mut user = self.made((seat, generation), &[], ends_at);
                user.turn = Some(n);
                if !self.has_rows(&user) {
                    self.gates[gate].gone(&user);
                    return false;
                }
                let mut recorder = shared.recorder.borrow_mut();
                recorder.user(class, UserEvent::Started);
                (user, Comes::New)
            }
            Found::Nobody => return false,
        };
        shared.recorder.borrow_mut().start_lag(now - due);
        user.turn = Some(n);
        user.arrival = Some(due);
        user.due = Some(due);
        self.run(user, comes);
        true
    }

    /// Lets those go for whom nobody will arrive any more.
    pub(super) fn dismiss(&mut self, gate: usize) {
        for user in self.gates[gate].dismissed() {
            self.release(user);
        }
    }

    /// Sends a user on its way out that waits for arrivals.
    fn release(&mut self, mut user: Box<User>) {
        if let Some(leave) = user.leave_to.take() {
            leave_by(&mut user, &self.shared, leave);
        }
        self.run(user, Comes::Again);
    }

    fn made(&self, place: (Seat, u64), drawn: &[u64], retires_at: Duration) -> Box<User> {
        let Shared {
            graph,
            protocol,
            seed,
            handed,
            ..
        } = &*self.shared;
        let mut user = Box::new(User::new(graph, protocol, *seed, place, drawn, retires_at));
        handed.give(&mut user);
        user
    }

    /// Whether a new user has a row of all data that it needs; else there is nothing
    /// that it could do.
    fn has_rows(&self, user: &User) -> bool {
        match user.out_of_rows(&self.shared.graph, When::AtStart) {
            None => true,
            Some(AtEnd::StopRun) => {
                self.shared.stop_run();
                false
            }
            Some(AtEnd::Wrap | AtEnd::StopUser | AtEnd::Fail) => false,
        }
    }

    /// A user takes its seat, which it was to do `at` a time.
    pub(super) fn start(&mut self, start: Start, (at, now): (Duration, Duration)) {
        let shared = self.shared.clone();
        let seat = start.seat;
        let load = shared.graph.load(shared.graph.seats[seat as usize]);
        let load = load.expect("every seat is one of a load");
        let Some(stay) = load.profile.stay_after(load.place(seat), now) else {
            return;
        };
        if stay.from > now {
            return self.queue.come(stay.from, start);
        }
        let user = self.made((seat, start.generation), &start.drawn, stay.to);
        if now >= leaves_at(&user, &shared) || !self.has_rows(&user) {
            return;
        }
        let mut recorder = shared.recorder.borrow_mut();
        recorder.user(user.class, UserEvent::Started);
        recorder.start_lag(now - at);
        drop(recorder);
        self.run(user, Comes::New);
    }

    /// A new user takes the seat of one that is gone, if its load wants that then or
    /// later.
    pub(super) fn come_again(&mut self, user: &User, from: Duration) {
        let graph = &self.shared.graph;
        let now = self.shared.clock.elapsed();
        let at = from.max(now);
        let load = graph.load(user.class).expect("it is a user of a load");
        let Some(stay) = load.profile.stay_after(load.place(user.seat), at) else {
            return;
        };
        let at = at.max(stay.from);
        if at < self.shared.deadlines.get().drain_at {
            let start = Start {
                seat: user.seat,
                generation: user.generation + 1,
                drawn: user.drawn(graph),
            };
            self.queue.come(at, start);
        }
    }
}
