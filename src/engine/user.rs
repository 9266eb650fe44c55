//! One user: data, and where it is.

use std::{cell::Cell, sync::Arc, time::Duration};

use crate::{
    base::{
        ids::{ClassId, FeedId, StepId, UserNumber},
        random::{Purpose, Stream},
        value::Value,
    },
    graph::Graph,
    protocol::{Protocol, Session},
};

/// A user's place among those that are there at the same time, from 0.
///
/// A seat belongs to one class and one worker for the whole run. When a user's
/// `on_start` fails, a new user takes its seat.
pub(super) type Seat = u32;

/// A user of the target.
#[derive(Debug)]
pub(super) struct User {
    pub(super) seat: Seat,
    /// How many users had the seat before.
    pub(super) generation: u64,
    pub(super) number: UserNumber,
    pub(super) class: ClassId,
    pub(super) cursor: StepId,
    /// From when on it starts no new task.
    pub(super) retires_at: Duration,
    pub(super) life: Life,
    /// Whether it stands between two tasks, where it may leave.
    pub(super) may_leave: bool,
    /// Passes of the class's body, 0 in `on_start`.
    pub(super) iteration: u64,
    /// Whether this pass has waited or sent anything yet.
    pub(super) idle: bool,
    pub(super) vars: Box<[Option<Value>]>,
    pub(super) hands: Box<[Cell<Hand>]>,
    pub(super) draws: Stream,
    pub(super) waits: Stream,
    pub(super) values: Stream,
    pub(super) session: Session,
}

/// How far a user's life has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// In `on_start`: it stays until that is complete, or has failed.
    Starting,
    /// In its rounds.
    Living,
    /// In `on_stop`.
    Leaving,
}

/// What a user holds of a feed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hand {
    /// The row of this pass; drawn when something first reads it.
    pub(super) row: Option<u32>,
    /// How many rows it has drawn before.
    pub(super) draws: u64,
}

impl User {
    /// A new user on a seat.
    pub(super) fn new(
        graph: &Arc<Graph>,
        protocol: &Protocol,
        seed: u64,
        seat: Seat,
        generation: u64,
    ) -> User {
        let class = graph.seats[seat as usize];
        let number = number(graph, seat, generation);
        User {
            seat,
            generation,
            number,
            class,
            cursor: graph.class(class).entry,
            retires_at: graph.profile.retires_at(seat),
            life: Life::Starting,
            may_leave: false,
            iteration: 0,
            idle: false,
            vars: vec![None; graph.vars.len()].into(),
            hands: vec![Cell::default(); graph.feeds.len()].into(),
            draws: Stream::of(seed, number, Purpose::Draws),
            waits: Stream::of(seed, number, Purpose::Waits),
            values: Stream::of(seed, number, Purpose::Values),
            session: protocol.session(number),
        }
    }

    /// The row of this pass: drawn when something first reads it, which is while
    /// a template is rendered that sees the user as it is.
    pub(super) fn row(&self, graph: &Graph, feed: FeedId) -> u32 {
        let hand = &self.hands[feed.index()];
        let Hand { row, draws } = hand.get();
        row.unwrap_or_else(|| {
            let row = graph.feed(feed).row(self.seat, graph.profile.users, draws);
            let row = u32::try_from(row).expect("feeds are bounded below 2^32 rows");
            hand.set(Hand {
                row: Some(row),
                draws: draws + 1,
            });
            row
        })
    }

    /// A new pass: new rows, one more iteration.
    pub(super) fn begin_round(&mut self) {
        self.iteration += 1;
        self.idle = true;
        for hand in &self.hands {
            hand.set(Hand {
                row: None,
                ..hand.get()
            });
        }
    }
}

/// The number of the user on a seat: a function of both, so that workers need not
/// agree on it, and never used twice.
fn number(graph: &Graph, seat: Seat, generation: u64) -> UserNumber {
    u64::from(seat) + 1 + generation * u64::from(graph.profile.users)
}
