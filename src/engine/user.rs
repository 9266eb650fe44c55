//! One user: data, and where it is.

use std::{cell::OnceCell, sync::Arc, time::Duration};

use crate::{
    base::{
        dealing::AtEnd,
        ids::{ClassId, Depth, FeedId, GroupDepth, LoadId, StepId, UserNumber},
        random::{Purpose, Stream},
        value::Value,
    },
    exchange::{Response, json},
    feed::{Cells, Drawer, NoRow},
    graph::{Graph, When, goes_on_with_seat},
    protocol::{Protocol, Session},
    template::Fact,
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
    /// None for who plays a scene.
    pub(super) load: Option<LoadId>,
    pub(super) cursor: StepId,
    /// What the clock said when something that takes time was last over for it: what
    /// comes next takes none, so it need not look again.
    pub(super) now: Duration,
    /// From when on it starts no new task.
    pub(super) retires_at: Duration,
    pub(super) life: Life,
    /// Where it would go to leave, while it stands between two tasks.
    pub(super) leave_to: Option<StepId>,
    /// Passes of the class's body, 0 in `on_start`.
    pub(super) iteration: u64,
    /// How often it has waited or sent anything.
    pub(super) deeds: u64,
    /// Turns of loops since it last waited or sent anything.
    pub(super) idle: Idle,
    /// When it last began to wait, if it has not gone on since.
    pub(super) waits_since: Option<Duration>,
    /// How long it has waited.
    pub(super) waited: Duration,
    /// How often something has failed.
    pub(super) failures: u64,
    /// When a pace or an arrival wants its next request sent.
    pub(super) due: Option<Duration>,
    /// The arrival that its next pass is for, as when that was due; none where users
    /// begin their passes by themselves.
    pub(super) arrival: Option<Duration>,
    /// The number of that arrival, from 0, and of the one that its pass is for.
    pub(super) turn: Option<u64>,
    /// The last answer of this round, where something reads it.
    pub(super) answer: Option<Box<LastAnswer>>,
    /// How things stood when its pass began, while it is in one.
    pub(super) pass: Option<Opened>,
    /// One for each set that it is in, the class's own rounds first.
    frames: Box<[Frame]>,
    /// One for each group that it is in.
    groups: Box<[Opened]>,
    pub(super) vars: Box<[Option<Value>]>,
    hands: Box<[Hand]>,
    pub(super) draws: Stream,
    pub(super) waits: Stream,
    pub(super) values: Stream,
    pub(super) picks: Stream,
    pub(super) session: Session,
}

/// Who a user is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
    pub(super) class: ClassId,
    pub(super) load: Option<LoadId>,
    pub(super) seat: Seat,
    pub(super) generation: u64,
    /// As templates see it.
    pub(super) number: UserNumber,
    /// What its random values follow from.
    pub(super) stream: u64,
    pub(super) retires_at: Duration,
}

/// Values of variables that a user is given when it starts, by slot; none without a
/// `setup`.
#[derive(Clone, Debug, Default)]
pub(super) struct Handed(Arc<[Option<Value>]>);

impl Handed {
    /// What a user holds.
    pub(super) fn of(user: &User) -> Handed {
        Handed(user.vars.iter().cloned().collect())
    }

    /// Gives them to a user that has none of its own yet.
    pub(super) fn give(&self, user: &mut User) {
        for (slot, value) in user.vars.iter_mut().zip(&*self.0) {
            slot.clone_from(value);
        }
    }
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

/// Where a user is in the rounds of a set.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame {
    /// Rounds that have begun.
    pub(super) rounds: u64,
    /// When the task or step began that a pace counts from.
    pub(super) began: Duration,
    /// The user's deeds when its round began.
    pub(super) deeds: Option<u64>,
}

/// How things stood when a group began.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Opened {
    pub(super) at: Duration,
    pub(super) waited: Duration,
    pub(super) failures: u64,
}

/// Turns of loops in which a user did nothing that takes time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Idle {
    /// The user's deeds at the last turn.
    deeds: u64,
    turns: u32,
}

/// After so many turns of loops that neither waited nor sent anything, a user lets
/// others go on: it is what a plan does in well under a millisecond.
const IDLE_TURNS: u32 = 100;

impl Idle {
    /// Another turn begins. Returns whether others are to go on first.
    pub(super) fn turn(&mut self, deeds: u64) -> bool {
        let turns = if self.deeds == deeds {
            self.turns + 1
        } else {
            0
        };
        let others = turns == IDLE_TURNS;
        *self = Idle {
            deeds,
            turns: if others { 0 } else { turns },
        };
        others
    }
}

/// What `response` means in templates.
#[derive(Debug)]
pub(super) struct LastAnswer {
    pub(super) response: Response,
    /// From sent to done.
    pub(super) time: Duration,
}

impl LastAnswer {
    /// One thing about it; `None` if there is no such thing.
    pub(super) fn value(&self, fact: Fact) -> Option<Value> {
        let response = &self.response;
        Some(match fact {
            Fact::Status => Value::Int(response.status.into()),
            Fact::Url => Value::text(response.url.as_str()),
            Fact::Path => Value::text(response.url.path()),
            Fact::Headers => {
                let header =
                    |(name, value)| (Arc::from(name), Value::text(String::from_utf8_lossy(value)));
                Value::Map(response.headers.iter().map(header).collect())
            }
            Fact::Body => Value::text(response.text().ok()?),
            Fact::Json => json::decode(response.json_bytes().ok()?)?,
            Fact::Time => Value::Float(self.time.as_secs_f64()),
        })
    }
}

/// What a user holds of a feed.
#[derive(Debug, Default)]
pub(super) struct Hand {
    /// The row of this pass, or why there is none; drawn when something first reads it.
    row: OnceCell<Result<Cells, NoRow>>,
    /// How many rows it has drawn before this pass: on its seat, where those who had
    /// that before it have drawn from the same rows.
    draws: u64,
}

impl Hand {
    /// How many rows it has drawn.
    fn drawn(&self) -> u64 {
        self.draws + u64::from(self.row.get().is_some())
    }
}

impl User {
    /// A new user on a seat, until then; `drawn` is what the one before it
    /// [left](User::drawn).
    pub(super) fn new(
        graph: &Arc<Graph>,
        protocol: &Protocol,
        seed: u64,
        (seat, generation): (Seat, u64),
        drawn: &[u64],
        retires_at: Duration,
    ) -> User {
        let number = number(graph, seat, generation);
        let class = graph.seats[seat as usize];
        let role = Role {
            class,
            load: graph.load_at(class),
            seat,
            generation,
            number,
            stream: number,
            retires_at,
        };
        let mut user = User::in_role(graph, protocol, seed, role);
        for (hand, drawn) in user.hands.iter_mut().zip(drawn) {
            hand.draws = *drawn;
        }
        user
    }

    /// A new user that is who the role says.
    pub(super) fn in_role(graph: &Arc<Graph>, protocol: &Protocol, seed: u64, role: Role) -> User {
        let Role {
            class,
            load,
            seat,
            generation,
            number,
            stream,
            retires_at,
        } = role;
        User {
            seat,
            generation,
            number,
            class,
            load,
            cursor: graph.class(class).entry,
            now: Duration::ZERO,
            retires_at,
            life: Life::Starting,
            leave_to: None,
            iteration: 0,
            deeds: 0,
            idle: Idle::default(),
            due: None,
            arrival: None,
            turn: None,
            answer: None,
            waits_since: None,
            waited: Duration::ZERO,
            failures: 0,
            pass: None,
            frames: vec![Frame::default(); graph.depths as usize].into(),
            groups: vec![Opened::default(); graph.group_depths as usize].into(),
            vars: vec![None; graph.vars.len()].into(),
            hands: (0..graph.feeds.len())
                .map(|_| Hand {
                    row: OnceCell::new(),
                    draws: 0,
                })
                .collect(),
            draws: Stream::of(seed, stream, Purpose::Draws),
            waits: Stream::of(seed, stream, Purpose::Waits),
            values: Stream::of(seed, stream, Purpose::Values),
            picks: Stream::of(seed, stream, Purpose::Picks),
            session: protocol.session(number, class),
        }
    }

    /// The row of this pass: drawn when something first reads it, which is while
    /// a template is rendered that sees the user as it is. `drawn` is told of that.
    pub(super) fn row(
        &self,
        graph: &Graph,
        seed: u64,
        feed: FeedId,
        drawn: impl FnOnce(),
    ) -> &Result<Cells, NoRow> {
        let hand = &self.hands[feed.index()];
        hand.row.get_or_init(|| {
            let (who, draw) = self.draws_as(graph, feed, hand.draws);
            let row = graph.feed(feed).draw(seed, who, draw);
            if row.is_ok() {
                drawn();
            }
            row
        })
    }

    /// As whom it draws from a feed, after so many draws of its own, and as which draw.
    fn draws_as(&self, graph: &Graph, feed: FeedId, draws: u64) -> (Drawer, u64) {
        let of_arrival = |n| graph.drawing.draw_of_arrival(feed, n);
        match self.turn.and_then(of_arrival) {
            Some(draw) => {
                let user = self.number;
                (
                    Drawer {
                        user,
                        rank: 0,
                        of: 1,
                    },
                    draw,
                )
            }
            None => (graph.drawing.drawer(feed, self.seat, self.number), draws),
        }
    }

    /// How many rows of each feed are gone for whoever comes to its seat after it.
    pub(super) fn drawn(&self, graph: &Graph) -> Box<[u64]> {
        let drawn = self.hands.iter().zip(&graph.feeds).map(|(hand, feed)| {
            if goes_on_with_seat(feed) {
                hand.drawn()
            } else {
                0
            }
        });
        drawn.collect()
    }

    /// What happens to it since it has used all rows of a feed that it reads at this
    /// time or later; `None` if there are more.
    pub(super) fn out_of_rows(&self, graph: &Graph, from: When) -> Option<AtEnd> {
        let feeds = graph.drawing.ending().iter().filter(|feed| {
            let drawn = self.hands[feed.index()].drawn();
            let (who, drawn) = self.draws_as(graph, **feed, drawn);
            graph.drawing.when(**feed, self.seat) >= from && graph.feed(**feed).is_over(who, drawn)
        });
        let ends = feeds.map(|feed| graph.feed(*feed).dealing().at_end);
        // Both can be over at the same time.
        ends.max_by_key(|end| *end == AtEnd::StopRun)
    }

    /// Where it is in the rounds of one of the sets that it is in.
    pub(super) fn frame(&mut self, depth: Depth) -> &mut Frame {
        &mut self.frames[depth.index()]
    }

    /// How things stood when the group began that is at this depth.
    pub(super) fn opened(&mut self, depth: GroupDepth) -> &mut Opened {
        &mut self.groups[depth.index()]
    }

    /// From here on it waits.
    pub(super) fn waits(&mut self) {
        self.waits_since = Some(self.now);
    }

    /// It goes on, if it waited.
    pub(super) fn goes_on(&mut self) {
        if let Some(since) = self.waits_since.take() {
            self.waited += self.now.saturating_sub(since);
        }
    }

    /// A new pass: new rows, one more iteration.
    pub(super) fn begin_pass(&mut self) {
        self.iteration += 1;
        for hand in &mut self.hands {
            hand.draws = hand.drawn();
            hand.row.take();
        }
    }
}

/// The number of the user on a seat: a function of both, so that workers need not
/// agree on it, and never used twice.
fn number(graph: &Graph, seat: Seat, generation: u64) -> UserNumber {
    u64::from(seat) + 1 + generation * graph.seats.len() as u64
}
