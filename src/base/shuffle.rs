//! The order of a shuffled list, asked place by place.
//!
//! A shuffle that is written down takes room for each row and each user that goes
//! through them. This one is computed: a Feistel network over the next power of four,
//! walked until it lands inside the list, gives every place its own row, and needs
//! nothing but a key. Not for secrets.

use super::random::split_mix;

/// More than make the order look random; each takes two nanoseconds.
const ROUNDS: u64 = 8;

/// One order of the numbers below a length.
#[derive(Clone, Copy, Debug)]
pub struct Shuffle {
    key: u64,
    len: u64,
    half_bits: u32,
}

impl Shuffle {
    /// The order that belongs to a key.
    ///
    /// # Panics
    ///
    /// If there is nothing to shuffle, or more than 2^62 numbers.
    pub fn new(key: u64, len: u64) -> Shuffle {
        assert!(len > 0, "nothing to shuffle");
        assert!(len <= 1 << 62, "too many to shuffle");
        let bits = u64::BITS - (len - 1).leading_zeros();
        Shuffle {
            key,
            len,
            half_bits: bits.div_ceil(2).max(1),
        }
    }

    /// The number at a place. Each number is at one place.
    ///
    /// # Panics
    ///
    /// If there is no such place.
    pub fn at(&self, place: u64) -> u64 {
        assert!(place < self.len, "no such place");
        let mut number = place;
        // Four steps on average at most: the network is less than four times as wide.
        loop {
            number = self.through(number);
            if number < self.len {
                return number;
            }
        }
    }

    fn through(&self, number: u64) -> u64 {
        let mask = (1 << self.half_bits) - 1;
        let (mut left, mut right) = (number >> self.half_bits, number & mask);
        for round in 0..ROUNDS {
            let mixed = split_mix(split_mix(self.key ^ round) ^ right);
            (left, right) = (right, left ^ (mixed >> 32 & mask));
        }
        left << self.half_bits | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_its_place() {
        for len in [1, 2, 3, 4, 5, 16, 17, 1000, 4097] {
            for key in 0..20 {
                let shuffle = Shuffle::new(key, len);
                let mut there: Vec<_> = (0..len).map(|place| shuffle.at(place)).collect();
                there.sort_unstable();
                assert!(there.into_iter().eq(0..len), "{len} {key}");
            }
        }
    }

    #[test]
    fn every_number_comes_to_every_place_equally_often() {
        const LEN: u64 = 7;
        let mut counts = [[0_u32; LEN as usize]; LEN as usize];
        for key in 0..70_000 {
            let shuffle = Shuffle::new(split_mix(key), LEN);
            for place in 0..LEN {
                counts[place as usize][shuffle.at(place) as usize] += 1;
            }
        }
        // Five standard deviations of a binomial with p = 1/7 are 463.
        let even = |count: &u32| count.abs_diff(10_000) < 463;
        assert!(counts.iter().flatten().all(even), "{counts:?}");
    }

    #[test]
    fn each_key_has_an_order_of_its_own() {
        let order = |key| -> Vec<u64> {
            let shuffle = Shuffle::new(key, 100);
            (0..100).map(|place| shuffle.at(place)).collect()
        };
        assert_eq!(order(1), order(1));
        assert_ne!(order(1), order(2));
        assert_ne!(order(1), (0..100).collect::<Vec<_>>());
    }
}
