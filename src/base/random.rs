//! Seeded randomness: who does what is a function of seed and user number.
//!
//! Every user has one [`Stream`] per [`Purpose`], so that a value drawn for a
//! form field never shifts which task comes next, and an answer of the target
//! never shifts either. Threads and machines do not enter into it.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::ids::UserNumber;

/// What a stream of random numbers is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Which task comes next.
    Draws = 1,
    /// How long a wait is.
    Waits = 2,
    /// Values made by the functions of templates.
    Values = 3,
    /// Which of several matches an extraction takes.
    Picks = 4,
    /// When random arrivals are due.
    Arrivals = 5,
}

/// A reproducible stream of random numbers (PCG64 MCG, value-stable).
#[derive(Clone, Debug)]
pub struct Stream(Pcg64Mcg);

impl Stream {
    /// The stream of one user for one purpose.
    pub fn of(seed: u64, user: UserNumber, purpose: Purpose) -> Stream {
        Stream::keyed(key(&[seed, user, purpose as u64]))
    }

    /// The stream that belongs to a key.
    pub fn keyed(key: u64) -> Stream {
        let high = split_mix(key);
        let low = split_mix(high);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&high.to_le_bytes());
        bytes[8..].copy_from_slice(&low.to_le_bytes());
        Stream(Pcg64Mcg::from_seed(bytes))
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// The same numbers for libraries that make things out of them.
    pub fn source(&mut self) -> &mut (impl Rng + use<>) {
        &mut self.0
    }

    /// A whole number from 0 to `most`, both included, each equally likely.
    pub fn up_to(&mut self, most: u64) -> u64 {
        if most == u64::MAX {
            return self.bits();
        }
        // Lemire's multiplication with rejection: exact, and nearly always one draw.
        let range = most + 1;
        loop {
            let product = u128::from(self.bits()) * u128::from(range);
            let low = product as u64;
            if low >= range.wrapping_neg() % range {
                return (product >> 64) as u64;
            }
        }
    }
}

/// One key made of several numbers, in this order.
pub fn key(parts: &[u64]) -> u64 {
    // A round of SplitMix64 for each keeps the keys of neighbours apart.
    parts.iter().fold(0, |state, part| split_mix(state ^ part))
}

/// A number that stands for a name wherever one is needed.
pub fn key_of(name: &str) -> u64 {
    name.bytes().fold(name.len() as u64, |state, byte| {
        split_mix(state ^ u64::from(byte))
    })
}

/// One step of SplitMix64 (Steele, Lea, Flood 2014).
pub(super) fn split_mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_user_draws_the_same_numbers() {
        let draw = |user, purpose| {
            let mut stream = Stream::of(7, user, purpose);
            [(); 4].map(|()| stream.up_to(999))
        };
        assert_eq!(draw(1, Purpose::Draws), draw(1, Purpose::Draws));
        assert_ne!(draw(1, Purpose::Draws), draw(2, Purpose::Draws));
        assert_ne!(draw(1, Purpose::Draws), draw(1, Purpose::Waits));
    }

    #[test]
    fn every_number_up_to_the_most_comes_equally_often() {
        let mut counts = [0_u32; 7];
        let mut stream = Stream::of(1, 1, Purpose::Values);
        for _ in 0..70_000 {
            counts[usize::try_from(stream.up_to(6)).expect("at most 6")] += 1;
        }
        // Five standard deviations of a binomial with p = 1/7 are 463.
        assert!(
            counts.iter().all(|n| n.abs_diff(10_000) < 463),
            "{counts:?}"
        );
    }

    #[test]
    fn a_range_of_one_number_is_that_number() {
        assert_eq!(Stream::of(1, 1, Purpose::Waits).up_to(0), 0);
    }
}
