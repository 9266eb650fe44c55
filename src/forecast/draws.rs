//! How many rows of data are drawn, and whether there are enough.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::{Amount, Bound, course::Deed};
use crate::{
    base::{
        dealing::{AtEnd, Dealing, Order, SharedBy},
        ids::FeedId,
    },
    graph::Graph,
    source::Span,
};

/// What is drawn from a source of data.
#[derive(Clone, Debug, PartialEq)]
pub struct Draws {
    pub name: Arc<str>,
    /// Where the plan names it.
    pub place: Span,
    pub rows: u64,
    pub dealing: Dealing,
    /// How many users draw from it.
    pub users: u32,
    /// By all of them.
    pub amount: Amount,
    pub bound: Bound,
}

/// The feeds that somebody has drawn from, as far as there are 64 of them: of others
/// a row more may be counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Drawn(u64);

impl Drawn {
    /// All there can be.
    pub(super) const ALL: Drawn = Drawn(u64::MAX);

    fn bit(feed: FeedId) -> u64 {
        1_u64.checked_shl(feed.0).unwrap_or(0)
    }

    pub(super) fn has(self, feed: FeedId) -> bool {
        self.0 & Drawn::bit(feed) != 0
    }

    /// The same and one feed more.
    pub(super) fn and(self, feed: FeedId) -> Drawn {
        Drawn(self.0 | Drawn::bit(feed))
    }

    /// What either has.
    pub(super) fn with(self, other: Drawn) -> Drawn {
        Drawn(self.0 | other.0)
    }

    /// What both have.
    pub(super) fn both(self, other: Drawn) -> Drawn {
        Drawn(self.0 & other.0)
    }
}

/// What is drawn from each source of data.
pub(super) fn draws(graph: &Graph, amounts: &BTreeMap<Deed, (Amount, Bound)>) -> Vec<Draws> {
    let feeds = graph.feeds.iter().zip(&graph.feed_names);
    let feeds = feeds.zip(&graph.feed_places).enumerate();
    let draws = feeds.map(|(index, ((feed, name), place))| {
        let id = FeedId::at(index);
        let known = amounts.get(&Deed::Draw(id));
        let (amount, bound) = known.copied().unwrap_or((Amount::NOTHING, Bound::Exact));
        Draws {
            name: name.clone(),
            place: *place,
            rows: feed.rows(),
            dealing: feed.dealing(),
            users: graph.drawing.number_of(id),
            amount,
            bound,
        }
    });
    draws.collect()
}

impl Draws {
    /// How many rows are needed for each to be used once: of all users, or of each.
    pub fn needed(&self) -> Option<f64> {
        let of = match self.dealing.shared_by {
            SharedBy::Run => 1.0,
            SharedBy::User => f64::from(self.users.max(1)),
        };
        self.amount.total.map(|total| total / of)
    }

    /// Whether the rows are used up before the end: that they are, for certain.
    pub fn are_too_few(&self) -> bool {
        let certain = match self.bound {
            Bound::Exact | Bound::AtLeast => true,
            Bound::AtMost | Bound::Unclear => false,
        };
        let needed = self.needed().unwrap_or(0.0).round();
        self.dealing.order != Order::Random && certain && needed > self.rows as f64
    }

    /// How long they last at full load; `None` where nobody draws, or as fast as it can,
    /// or where there is no last row.
    pub fn last(&self) -> Option<Duration> {
        if self.dealing.order == Order::Random {
            return None;
        }
        let rate = self.amount.rate.filter(|rate| *rate > 0.0)?;
        let share = match self.dealing.shared_by {
            SharedBy::Run => 1.0,
            SharedBy::User => f64::from(self.users.max(1)),
        };
        Duration::try_from_secs_f64(self.rows as f64 * share / rate).ok()
    }

    /// What comes after the last row.
    pub fn then(&self) -> &'static str {
        match (self.dealing.order, self.dealing.at_end) {
            (Order::Random, _) => "any row again",
            (_, AtEnd::Wrap) => "from the first",
            (_, AtEnd::StopUser) => "users leave",
            (_, AtEnd::StopRun) => "the run ends",
            (_, AtEnd::Fail) => "steps fail",
        }
    }
}
