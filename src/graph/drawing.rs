//! Who draws rows from which feed, and where.
//!
//! A feed that all share is dealt to those who read it and to nobody else: a class
//! that never does, or users who have settled for a task that does not, would leave
//! every row lying that was meant for them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Load, Node, Settlement, flow::Flow, vars::Names};
use crate::{
    base::{
        dealing::{AtEnd, Order, SharedBy},
        ids::{ClassId, FeedId, SettlementId, StepId, UserNumber},
    },
    feed::{Drawer, Feed},
};

/// Who draws from each feed, and where.
#[derive(Debug, Default)]
pub struct Drawing {
    /// By feed.
    drawers: Box<[Drawers]>,
    /// By feed: that of those that arrivals draw from, in their order.
    by_arrival: Box<[Option<ByArrival>]>,
    steps: BTreeMap<StepId, Box<[FeedId]>>,
    /// By class: what its variables are made of.
    vars: Box<[Box<[FeedId]>]>,
    /// Feeds whose end is the end of a user, or of the run.
    ending: Box<[FeedId]>,
}

/// Those who draw from a feed.
#[derive(Debug)]
struct Drawers {
    /// By seat: its rank among those who draw.
    seats: Box<[(u32, When)]>,
    number: u32,
}

/// Arrivals of one load that draw from a feed.
#[derive(Debug)]
struct ByArrival {
    /// How many of the first of them do, for each number up to where the classes of
    /// arrivals come round again.
    before: Box<[u32]>,
}

/// When a user reads rows of a feed first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    #[default]
    Never,
    /// On its way out.
    AtEnd,
    /// Before its rounds begin, and not in them.
    AtStart,
    InRounds,
}

/// What a class is, as far as it matters here.
pub(super) struct Life<'a> {
    pub(super) entry: StepId,
    pub(super) stop: StepId,
    /// What its variables are made of.
    pub(super) vars: &'a BTreeSet<FeedId>,
}

impl Drawing {
    /// Finds out who draws from what.
    pub(super) fn of(
        lives: &[Life<'_>],
        (seats, ranks): (&[ClassId], &[u32]),
        feeds: &[Feed],
        flow: &Flow<'_>,
        names: &Names,
    ) -> Drawing {
        if feeds.is_empty() {
            return Drawing::default();
        }
        let steps = (0..).map(StepId).zip(flow.nodes).filter_map(|(id, node)| {
            let reads = &flow.uses(node)?.reads;
            let feeds: BTreeSet<_> = reads
                .iter()
                .filter_map(|(var, _)| names.as_feed(*var))
                .collect();
            (!feeds.is_empty()).then(|| (id, feeds.into_iter().collect()))
        });
        let steps = steps.collect();
        let ways = Ways {
            nodes: flow.nodes,
            settlements: flow.settlements,
            steps: &steps,
        };
        let when = ways.of_seats(lives, seats, ranks, feeds.len());
        let by_feed = (0..feeds.len()).map(|feed| {
            let mut number = 0;
            let seats = when.iter().map(|when| {
                let rank = number;
                number += u32::from(when[feed] != When::Never);
                (rank, when[feed])
            });
            Drawers {
                seats: seats.collect(),
                number,
            }
        });
        let ends = |feed: &FeedId| {
            let dealing = feeds[feed.index()].dealing();
            dealing.ends() && dealing.at_end != AtEnd::Fail
        };
        Drawing {
            by_arrival: Box::default(),
            drawers: by_feed.collect(),
            vars: lives
                .iter()
                .map(|life| life.vars.iter().copied().collect())
                .collect(),
            ending: names.feeds().filter(ends).collect(),
            steps,
        }
    }

    /// The same, where rows that all share are drawn by the arrivals of one load alone:
    /// these are dealt in the order in which they are due, to whomever. Dealt to users,
    /// most rows would be meant for those that there are never so many arrivals for.
    pub(super) fn with_arrivals(
        self,
        loads: &[Load],
        seats: &[ClassId],
        feeds: &[Feed],
    ) -> Drawing {
        let by_arrival = self.drawers.iter().zip(feeds).map(|(drawers, feed)| {
            let dealing = feed.dealing();
            if dealing.shared_by == SharedBy::User || dealing.order == Order::Random {
                return None;
            }
            let drawing = (0..)
                .zip(&drawers.seats)
                .filter(|(_, (_, when))| *when != When::Never);
            let drawing: Vec<(u32, When)> =
                drawing.map(|(seat, (_, when))| (seat, *when)).collect();
            let (first, _) = drawing.first()?;
            let load = loads.iter().find(|load| load.seats.contains(first))?;
            let is_its =
                |(seat, when): &(u32, When)| load.seats.contains(seat) && *when == When::InRounds;
            if load.turns.is_empty() || !drawing.iter().all(is_its) {
                return None;
            }
            let classes: BTreeSet<ClassId> = drawing
                .iter()
                .map(|(seat, _)| seats[*seat as usize])
                .collect();
            let mut before = vec![0];
            for class in &load.turns {
                let last = before.last().copied().unwrap_or(0);
                before.push(last + u32::from(classes.contains(class)));
            }
            Some(ByArrival {
                before: before.into(),
            })
        });
        Drawing {
            by_arrival: by_arrival.collect(),
            ..self
        }
    }

    /// Which draw that of the n-th arrival is, where arrivals draw in their order.
    pub fn draw_of_arrival(&self, feed: FeedId, n: u64) -> Option<u64> {
        let before = &self.by_arrival.get(feed.index())?.as_ref()?.before;
        let (all, first) = before
            .split_last()
            .map(|(all, first)| (u64::from(*all), first))?;
        let turns = first.len() as u64;
        let within = usize::try_from(n % turns).expect("less than a number of turns");
        Some(n / turns * all + u64::from(first[within]))
    }

    /// A user as one of those who draw from a feed.
    pub fn drawer(&self, feed: FeedId, seat: u32, user: UserNumber) -> Drawer {
        let drawers = &self.drawers[feed.index()];
        let (rank, _) = drawers.of(seat);
        Drawer {
            user,
            rank,
            of: drawers.number.max(1),
        }
    }

    /// How many users draw from a feed.
    pub fn number_of(&self, feed: FeedId) -> u32 {
        self.drawers[feed.index()].number
    }

    /// When the user of a seat first reads a feed.
    pub fn when(&self, feed: FeedId, seat: u32) -> When {
        self.drawers[feed.index()].of(seat).1
    }

    /// Feeds whose end is the end of a user, or of the run.
    pub fn ending(&self) -> &[FeedId] {
        &self.ending
    }

    /// What a step reads.
    pub fn at(&self, step: StepId) -> &[FeedId] {
        self.steps.get(&step).map_or(&[], |feeds| feeds)
    }

    /// What the variables of a class are made of.
    pub fn at_start(&self, class: ClassId) -> &[FeedId] {
        self.vars.get(class.index()).map_or(&[], |feeds| feeds)
    }
}

impl Drawers {
    /// Whoever has no seat of the load draws as the first of them would.
    fn of(&self, seat: u32) -> (u32, When) {
        self.seats.get(seat as usize).copied().unwrap_or_default()
    }
}

/// Whether the draws of a seat go on when a new user takes it.
pub fn goes_on_with_seat(feed: &Feed) -> bool {
    match feed.dealing().shared_by {
        // The next row, and not the one that has just failed.
        SharedBy::Run => true,
        SharedBy::User => false,
    }
}

/// The graph, to be gone through.
struct Ways<'a> {
    nodes: &'a [Node],
    settlements: &'a [Settlement],
    steps: &'a BTreeMap<StepId, Box<[FeedId]>>,
}

/// What a user has for life: a settlement, and the way taken there.
type Taken = Vec<(SettlementId, u32)>;

impl Ways<'_> {
    /// By seat and feed.
    fn of_seats(
        &self,
        lives: &[Life<'_>],
        seats: &[ClassId],
        ranks: &[u32],
        feeds: usize,
    ) -> Vec<Box<[When]>> {
        let settlements: Vec<_> = lives.iter().map(|life| self.settlements_of(life)).collect();
        let mut known: BTreeMap<(ClassId, Taken), Box<[When]>> = BTreeMap::new();
        let of_seat = |(class, rank): (&ClassId, &u32)| {
            let taken = settlements[class.index()].iter().filter_map(|id| {
                let way = self.settlements[id.index()].taken(*rank, self.settlements)?;
                Some((*id, way))
            });
            known
                .entry((*class, taken.collect()))
                .or_insert_with(|| self.when(&lives[class.index()], *rank, feeds))
                .clone()
        };
        seats.iter().zip(ranks).map(of_seat).collect()
    }

    fn settlements_of(&self, life: &Life<'_>) -> Vec<SettlementId> {
        let seen = self.seen([life.entry], None, &BTreeSet::new());
        let settlement = |id: &StepId| {
            let Node::Settled(settlement) = self.nodes[id.index()] else {
                return None;
            };
            Some(settlement)
        };
        seen.iter().filter_map(settlement).collect()
    }

    /// When a user of a class reads each feed.
    fn when(&self, life: &Life<'_>, rank: u32, feeds: usize) -> Box<[When]> {
        let mut when = vec![When::Never; feeds].into_boxed_slice();
        let mut note = |feed: &FeedId, at: When| {
            let known = &mut when[feed.index()];
            *known = at.max(*known);
        };
        let starts = |id: &StepId| matches!(self.nodes[id.index()], Node::Started { .. });
        let whole = self.seen([life.entry], Some(rank), &BTreeSet::new());
        let started: BTreeSet<_> = whole.iter().copied().filter(starts).collect();
        // A step that fails may lead out, and what is done there is no round.
        let leaves = whole.iter().filter_map(|id| self.nodes[id.index()].leave());
        let leaves = leaves.chain([life.stop]);
        let out = self.seen(leaves, Some(rank), &started);
        let start = self.seen([life.entry], Some(rank), &started);
        let firsts = started.iter().filter_map(|id| {
            let Node::Started { next } = self.nodes[id.index()] else {
                return None;
            };
            Some(next)
        });
        let rounds = self.seen(firsts, Some(rank), &out);
        life.vars.iter().for_each(|feed| note(feed, When::AtStart));
        for (steps, at) in [
            (out, When::AtEnd),
            (start, When::AtStart),
            (rounds, When::InRounds),
        ] {
            let feeds = steps.iter().filter_map(|id| self.steps.get(id)).flatten();
            feeds.for_each(|feed| note(feed, at));
        }
        when
    }

    /// The steps that a user can come to, without going beyond some; `rank` is its
    /// place in its class, without one it takes every way.
    fn seen(
        &self,
        from: impl IntoIterator<Item = StepId>,
        rank: Option<u32>,
        beyond: &BTreeSet<StepId>,
    ) -> BTreeSet<StepId> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<StepId> = from.into_iter().collect();
        while let Some(id) = open.pop() {
            if beyond.contains(&id) || !seen.insert(id) {
                continue;
            }
            match (&self.nodes[id.index()], rank) {
                (Node::Settled(settlement), Some(rank)) => {
                    let settlement = &self.settlements[settlement.index()];
                    open.push(settlement.way(rank, self.settlements));
                }
                (node, _) => open.extend(node.successors(self.settlements)),
            }
        }
        seen
    }
}
