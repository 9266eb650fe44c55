//! Weighted choice as a cumulative table.

use crate::base::{ids::StepId, random::Stream};

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
}
