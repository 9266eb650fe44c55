//! Weighted choices: drawn each time from a cumulative table, or once for life
//! from an exact split.

use std::sync::Arc;

use crate::base::{
    ids::{SettlementId, StepId},
    random::Stream,
    split::{Claim, Portion, split},
};

/// Ways to go on, each with its weight.
#[derive(Debug)]
pub struct Choice {
    /// Sum of the weights up to and including this way. Invariant: rising, not empty.
    ways: Box<[(u64, StepId)]>,
}

impl Choice {
    /// A choice among `(weight, step)`; ways of weight 0 are never taken.
    ///
    /// # Panics
    ///
    /// If no way has a weight: the check of plans sees to that.
    pub fn new(ways: impl IntoIterator<Item = (u32, StepId)>) -> Choice {
        let mut sum = 0;
        let ways: Box<[_]> = ways
            .into_iter()
            .filter(|(weight, _)| *weight > 0)
            .map(|(weight, step)| {
                sum += u64::from(weight);
                (sum, step)
            })
            .collect();
        assert!(!ways.is_empty(), "a choice needs a way with a weight");
        Choice { ways }
    }

    /// Takes a way.
    pub fn draw(&self, stream: &mut Stream) -> StepId {
        let (total, last) = self.ways[self.ways.len() - 1];
        if self.ways.len() == 1 {
            return last;
        }
        let drawn = stream.up_to(total - 1);
        self.ways[self.ways.partition_point(|(sum, _)| *sum <= drawn)].1
    }

    /// The ways and their weights.
    pub fn ways(&self) -> impl Iterator<Item = (u64, StepId)> {
        let before = std::iter::once(0).chain(self.ways.iter().map(|(sum, _)| *sum));
        self.ways
            .iter()
            .zip(before)
            .map(|((sum, step), before)| (sum - before, *step))
    }
}

/// Who stays with which way for life.
///
/// The users who come here are counted through; the k-th has the k-th place of an
/// interleaved exact split, so that any first so many of them have the right shares.
#[derive(Debug)]
pub struct Settlement {
    /// By place: the way, and how many before it have the same.
    places: Box<[(u32, u32)]>,
    /// By way. Invariant: as many as the ways that places name.
    steps: Box<[StepId]>,
    /// By way: the task it leads to.
    names: Box<[Arc<str>]>,
    /// The settlement whose users come here, and the way on which they do; without
    /// one, all users of the class do.
    parent: Option<(SettlementId, u32)>,
}

impl Settlement {
    /// Splits `users` among `(name, weight)`.
    ///
    /// `None` where no way has a weight: the check of plans has told of that.
    pub fn new(
        ways: &[(&str, u32)],
        users: u32,
        parent: Option<(SettlementId, u32)>,
    ) -> Option<Settlement> {
        let claims: Vec<Claim<'_>> = ways
            .iter()
            .map(|(name, weight)| Claim {
                name,
                portion: Portion::Weight(*weight),
            })
            .collect();
        if ways.iter().all(|(_, weight)| *weight == 0) {
            return None;
        }
        let mut taken = vec![0_u32; ways.len()];
        let places = split(&claims, users).ok()?.into_iter().map(|way| {
            let rank = taken[way.index()];
            taken[way.index()] += 1;
            (way.0, rank)
        });
        Some(Settlement {
            places: places.collect(),
            steps: Box::default(),
            names: ways.iter().map(|(name, _)| (*name).into()).collect(),
            parent,
        })
    }

    /// How many users take a way.
    pub fn users_of(&self, way: u32) -> u32 {
        let users = self.places.iter().filter(|(taken, _)| *taken == way);
        u32::try_from(users.count()).expect("users are numbered with u32")
    }

    /// Says where the ways lead.
    pub(super) fn lead(&mut self, steps: Vec<StepId>) {
        self.steps = steps.into();
    }

    /// Where the ways lead.
    pub fn ways(&self) -> impl Iterator<Item = StepId> {
        self.steps.iter().copied()
    }

    /// What a way is called.
    pub fn name(&self, way: u32) -> &Arc<str> {
        &self.names[way as usize]
    }

    /// The way of the user that is the `rank`-th of its class, from 0; `None` if it
    /// is not one of those who come here.
    pub fn taken(&self, rank: u32, all: &[Settlement]) -> Option<u32> {
        if let Some((parent, way)) = self.parent
            && all[parent.index()].taken(rank, all) != Some(way)
        {
            return None;
        }
        Some(self.places[self.place(rank, all) as usize].0)
    }

    /// Where the user goes that is the `rank`-th of its class, from 0.
    ///
    /// # Panics
    ///
    /// If it is not one of those who come here.
    pub fn way(&self, rank: u32, all: &[Settlement]) -> StepId {
        let (way, _) = self.places[self.place(rank, all) as usize];
        self.steps[way as usize]
    }

    /// Its place among those who come here.
    fn place(&self, rank: u32, all: &[Settlement]) -> u32 {
        match self.parent {
            None => rank,
            Some((parent, _)) => {
                let parent = &all[parent.index()];
                parent.places[parent.place(rank, all) as usize].1
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Purpose;

    #[test]
    fn ways_are_taken_by_their_weights() {
        let choice = Choice::new([
            (4, StepId(0)),
            (0, StepId(1)),
            (1, StepId(2)),
            (5, StepId(3)),
        ]);
        assert_eq!(
            choice.ways().collect::<Vec<_>>(),
            [(4, StepId(0)), (1, StepId(2)), (5, StepId(3))]
        );

        let mut counts = [0_u32; 4];
        let mut stream = Stream::of(1, 1, Purpose::Draws);
        for _ in 0..100_000 {
            counts[choice.draw(&mut stream).index()] += 1;
        }
        // Five standard deviations of a binomial with p = 1/2 are 791.
        for (count, expected) in counts.iter().zip([40_000_u32, 0, 10_000, 50_000]) {
            assert!(count.abs_diff(expected) < 791, "{counts:?}");
        }
        assert_eq!(counts[1], 0);
    }

    #[test]
    fn users_settle_in_exact_shares_at_every_level() {
        let (a, b) = (StepId(1), StepId(2));
        let mut outer = Settlement::new(&[("a", 1), ("b", 1)], 8, None).unwrap();
        outer.lead(vec![a, b]);
        let mut inner = Settlement::new(
            &[("x", 1), ("y", 1)],
            outer.users_of(0),
            Some((SettlementId(0), 0)),
        )
        .unwrap();
        inner.lead(vec![StepId(3), StepId(4)]);
        let all = [outer, inner];
        let ways: Vec<u32> = (0..8)
            .map(|rank| match all[0].way(rank, &all) {
                way if way == a => all[1].way(rank, &all).0,
                way => way.0,
            })
            .collect();
        // Half of those on the first way take each way of the second split.
        assert_eq!(ways, [3, 2, 4, 2, 3, 2, 4, 2]);

        let taken = |rank| all[1].taken(rank, &all).map(|way| &**all[1].name(way));
        assert_eq!([0, 1, 2].map(taken), [Some("x"), None, Some("y")]);
    }
}
