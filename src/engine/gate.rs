//! Where arrivals of an open load come in, and the users who wait there for them.
//!
//! Each worker has its part of the users of a load, and of its arrivals: of `N` users
//! the one with number `k` belongs to worker `k` modulo the number of workers, and the
//! n-th arrival to the worker of user `n` modulo `N`. So nothing is shared until all
//! users of a worker are busy: then it hands on what arrives (`handing`).
//!
//! Whom an arrival finds free is a user of its class that has been there before, the
//! one that became free last: its session, its connection and its variables are those
//! of its own earlier passes. Only if there is none a new one comes, by way of its
//! `on_start`.

use std::time::Duration;

use super::{
    user::{Seat, User},
    worker::Part,
};
use crate::{
    base::ids::{ClassId, LoadId},
    graph::Graph,
    profile::{Arrivals, Model},
};

/// The part of one worker in an open load.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) load: LoadId,
    part: Part,
    users: u32,
    arrivals: Arrivals,
    /// The next one of this worker's.
    next: Option<Arrival>,
    /// Until when it is open, where a time ends the load: also when nobody is due any
    /// more, since an hour of arrivals is an hour.
    open_until: Option<Duration>,
    /// How many more users can be busy.
    room: u32,
    classes: Vec<Waiting>,
}

/// Somebody is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    /// Among all arrivals of its load, from 0.
    pub(super) n: u64,
    pub(super) class: ClassId,
    pub(super) due: Duration,
}

/// The users of a class who are not busy.
#[derive(Debug)]
struct Waiting {
    class: ClassId,
    /// Those who have been busy before, the last one last.
    #[expect(
        clippy::vec_box,
        reason = "users move by their address, not by all they hold"
    )]
    free: Vec<Box<User>>,
    /// Seats whose users are gone, each with the generation of its next one.
    vacant: Vec<(Seat, u64)>,
    /// The next seat that nobody has had.
    unused: std::iter::StepBy<std::ops::Range<Seat>>,
}

/// Who plays an arrival.
pub(super) enum Found {
    Free(Box<User>),
    /// A new user, on this seat.
    New(Seat, u64),
    Nobody,
}

impl Gate {
    /// The gates of a worker: one for each open load.
    pub(super) fn all(graph: &Graph, seed: u64, part: Part) -> Vec<Gate> {
        let loads = graph.loads.iter().enumerate();
        let open = loads.filter_map(|(at, load)| match load.profile.model {
            Model::Closed => None,
            Model::Open { max_users, .. } => Some((LoadId::at(at), max_users)),
        });
        open.map(|(load, users)| Gate::of(graph, seed, part, load, users))
            .collect()
    }

    fn of(graph: &Graph, seed: u64, part: Part, load: LoadId, users: u32) -> Gate {
        let of_load = &graph.loads[load.index()];
        let seats = of_load.seats.clone();
        let in_turn = (seats.end - seats.start) / users.max(1);
        let first = seats.start + (part.number * in_turn).min(seats.end - seats.start);
        let classes = (0..in_turn).map(|place| Waiting {
            class: graph.seats[(seats.start + place) as usize],
            free: Vec::new(),
            vacant: Vec::new(),
            unused: (first + place..seats.end).step_by((part.of * in_turn) as usize),
        });
        let mut gate = Gate {
            load,
            part,
            users,
            arrivals: of_load.profile.all_arrivals(seed),
            next: None,
            open_until: of_load.profile.lasts_until(),
            room: users.saturating_sub(part.number).div_ceil(part.of),
            classes: classes.collect(),
        };
        gate.advance(graph);
        gate
    }

    /// When there is something to do next: when somebody is due, or when it closes.
    /// Nothing if it is closed.
    pub(super) fn next_due(&self) -> Option<Duration> {
        let arrival = self.next.map(|arrival| arrival.due);
        arrival.or(self.open_until)
    }

    /// Closes if it is time.
    pub(super) fn heed(&mut self, now: Duration) {
        self.open_until = self.open_until.filter(|until| now < *until);
    }

    /// Takes the next arrival, if its time has come.
    pub(super) fn pop_due(&mut self, now: Duration, graph: &Graph) -> Option<Arrival> {
        let arrival = self.next.filter(|arrival| arrival.due <= now)?;
        self.advance(graph);
        Some(arrival)
    }

    /// Nobody arrives any more.
    pub(super) fn close(&mut self) {
        self.next = None;
        self.open_until = None;
    }

    /// Finds somebody for an arrival, who is busy from now on.
    pub(super) fn find(&mut self, class: ClassId) -> Found {
        if self.room == 0 {
            return Found::Nobody;
        }
        let waiting = self.waiting(class);
        let found = match waiting.free.pop() {
            Some(user) => Found::Free(user),
            None => match waiting.vacant.pop() {
                Some((seat, generation)) => Found::New(seat, generation),
                None => match waiting.unused.next() {
                    Some(seat) => Found::New(seat, 0),
                    None => Found::Nobody,
                },
            },
        };
        if !matches!(found, Found::Nobody) {
            self.room -= 1;
        }
        found
    }

    /// A user is not busy any more, and stays.
    pub(super) fn free(&mut self, user: Box<User>) {
        self.room += 1;
        self.waiting(user.class).free.push(user);
    }

    /// A user is gone.
    pub(super) fn gone(&mut self, user: &User) {
        self.room += 1;
        let (seat, next) = (user.seat, user.generation + 1);
        self.waiting(user.class).vacant.push((seat, next));
    }

    /// Everyone who waits, if there is nothing to wait for.
    #[expect(clippy::vec_box, reason = "as above")]
    pub(super) fn dismissed(&mut self) -> Vec<Box<User>> {
        if self.next_due().is_some() {
            return Vec::new();
        }
        let free: Vec<_> = (self.classes.iter_mut())
            .flat_map(|waiting| waiting.free.drain(..))
            .collect();
        // They are busy with leaving.
        self.room -= u32::try_from(free.len()).expect("no more than there is room for");
        free
    }

    fn waiting(&mut self, class: ClassId) -> &mut Waiting {
        let mut classes = self.classes.iter_mut();
        classes
            .find(|waiting| waiting.class == class)
            .expect("arrivals are of the classes of their load")
    }

    /// Goes on to the next arrival of this worker's.
    fn advance(&mut self, graph: &Graph) {
        let (part, users) = (self.part, u64::from(self.users));
        let of_load = &graph.loads[self.load.index()];
        self.next = self
            .arrivals
            .by_ref()
            .find(|(n, _)| n % users % u64::from(part.of) == u64::from(part.number))
            .map(|(n, due)| Arrival {
                n,
                class: of_load.class_of_arrival(n),
                due,
            });
    }
}
