//! Who is of which class: an exact split of places, interleaved.
//!
//! A run of 10 users at 9:1 has nine of one class and one of the other, and the
//! one is not the last to come: every prefix of the places has the right shares
//! too, so a ramp loads the target with the same mixture as the plateau.
//!
//! # What holds here
//!
//! - After any number of places, the number that a class has differs from its
//!   exact share by less than one. Always giving the next place to the class
//!   that is furthest behind does not keep that promise from seven classes on;
//!   the rule of R. Tijdeman ("The chairman assignment problem", 1980) does.
//! - The order in which classes are written means nothing, only their names and
//!   shares.
//! - Nothing is random, and whole numbers are all there is.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    error, fmt,
};

use super::ids::ClassId;

/// The most places that are split: the most users of a run.
///
/// Far beyond what one machine can play, and a split of it is 4 MB.
pub const MAX_PLACES: u32 = 1_000_000;

/// What a class asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    pub name: &'a str,
    pub portion: Portion,
}

/// How much of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portion {
    /// A share of the places that no count takes.
    Weight(u32),
    /// An exact number of places.
    Count(u32),
}

/// Gives each of `places` places to one of the classes that claim them.
///
/// The answer holds a class for each place; its id is its index in `claims`.
///
/// # Errors
///
/// [`NoSplit`] if counts and places do not fit together.
///
/// # Panics
///
/// Beyond [`MAX_PLACES`] places, which checked plans do not reach.
pub fn split(claims: &[Claim<'_>], places: u32) -> Result<Vec<ClassId>, NoSplit> {
    assert!(places <= MAX_PLACES, "plans are checked to stay below");
    let counted: u64 = claims.iter().map(|claim| count(claim.portion)).sum();
    let left = u64::from(places)
        .checked_sub(counted)
        .ok_or(NoSplit::TooManyCounted { counted })?;
    let weights: Vec<_> = claims.iter().map(|claim| weight(claim.portion)).collect();
    if left > 0 && weights.iter().all(|weight| *weight == 0) {
        return Err(NoSplit::NoClassForTheRest { left });
    }
    if counted == 0 {
        return Ok(interleave(claims, &weights, places));
    }

    let left = u32::try_from(left).expect("less than `places`");
    let mut numbers: Vec<_> = claims
        .iter()
        .map(|claim| u32::try_from(count(claim.portion)).expect("it came from an u32"))
        .collect();
    for class in interleave(claims, &weights, left) {
        numbers[class.index()] += 1;
    }
    Ok(interleave(claims, &numbers, places))
}

fn count(portion: Portion) -> u64 {
    match portion {
        Portion::Weight(_) => 0,
        Portion::Count(count) => u64::from(count),
    }
}

fn weight(portion: Portion) -> u32 {
    match portion {
        Portion::Weight(weight) => weight,
        Portion::Count(_) => 0,
    }
}

/// Tijdeman's rule. With n classes of which one asks for the share w/W, let
/// B = 1 − 1/(2n−2). Its (x+1)-th place must not come before k·w/W ≥ x+1−B, and
/// not after k·w/W = x+B; of those that may have place k, the one whose time
/// runs out first gets it. Then all keep their time.
fn interleave(claims: &[Claim<'_>], weights: &[u32], places: u32) -> Vec<ClassId> {
    let classes = weights.iter().filter(|weight| **weight > 0).count() as u128;
    // One class alone has no room to be early or late, and divides by nothing.
    let parts = (2 * classes).saturating_sub(2).max(1);
    let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();

    let turn = |class: usize, given: u32| -> (u32, Turn<'_>) {
        let weight = u128::from(weights[class]);
        let taken = u128::from(given) * parts;
        let opens = ((taken + 1) * total).div_ceil(weight * parts);
        let turn = Turn {
            closes: taken + parts - 1,
            weight,
            name: claims[class].name,
            class,
            given,
        };
        // What opens after the last place need not be told apart.
        (u32::try_from(opens).unwrap_or(u32::MAX), turn)
    };
    let mut closed: BinaryHeap<_> = (0..weights.len())
        .filter(|class| weights[*class] > 0)
        .map(|class| Reverse(turn(class, 0)))
        .collect();
    let mut open = BinaryHeap::new();

    let mut split = Vec::with_capacity(places as usize);
    for place in 1..=places {
        while closed.peek().is_some_and(|Reverse((at, _))| *at <= place) {
            let Reverse((_, turn)) = closed.pop().expect("it was just seen");
            open.push(Reverse(turn));
        }
        let Reverse(next) = open.pop().expect("some class is always behind its share");
        split.push(ClassId::at(next.class));
        closed.push(Reverse(turn(next.class, next.given + 1)));
    }
    split
}

/// The next place that a class is to get. The least is the most urgent; among
/// equals the class with the larger weight goes first, then the lesser name.
#[derive(Debug)]
struct Turn<'a> {
    /// The last moment, in units that become places when divided by `weight`.
    closes: u128,
    weight: u128,
    name: &'a str,
    class: usize,
    given: u32,
}

impl Ord for Turn<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.closes * other.weight)
            .cmp(&(other.closes * self.weight))
            .then_with(|| other.weight.cmp(&self.weight))
            .then_with(|| self.name.cmp(other.name))
    }
}

impl PartialOrd for Turn<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Turn<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Turn<'_> {}

/// Why places cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSplit {
    /// The exact numbers add up to more places than there are.
    TooManyCounted { counted: u64 },
    /// No class takes those that the exact numbers leave over.
    NoClassForTheRest { left: u64 },
}

impl fmt::Display for NoSplit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoSplit::TooManyCounted { counted } => {
                write!(f, "the exact numbers add up to {counted}")
            }
            NoSplit::NoClassForTheRest { left } => write!(f, "no class takes the other {left}"),
        }
    }
}

impl error::Error for NoSplit {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Portion::*, *};

    #[test]
    #[rustfmt::skip]
    fn shares_are_exact() {
        //  claims, places, numbers
        let rows: [(&[Portion], u32, &[u32]); 12] = [
            (&[Weight(9), Weight(1)],                     5, &[5, 0]),
            (&[Weight(9), Weight(1)],                     6, &[5, 1]),
            (&[Weight(9), Weight(1)],                    10, &[9, 1]),
            (&[Weight(4), Weight(4), Weight(3), Weight(2), Weight(1), Weight(8)],
                                                         22, &[4, 4, 3, 2, 1, 8]),
            (&[Weight(5), Weight(4), Weight(1)],         50, &[25, 20, 5]),
            (&[Weight(1), Weight(1), Weight(1)],          4, &[2, 1, 1]),
            (&[Weight(7)],                                3, &[3]),
            (&[Weight(0), Weight(7)],                     3, &[0, 3]),
            (&[Count(2), Weight(1), Weight(3)],          10, &[2, 2, 6]),
            (&[Count(10), Weight(1)],                    10, &[10, 0]),
            (&[Count(1), Count(0)],                       1, &[1, 0]),
            (&[Weight(1)],                                0, &[0]),
        ];
        for (portions, places, numbers) in rows {
            let split = split(&claims(portions), places).unwrap();
            assert_eq!(numbers_of(&split, portions.len()), numbers, "{portions:?} {places}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn classes_are_interleaved() {
        let rows: [(&[Portion], u32, &str); 4] = [
            (&[Weight(9), Weight(1)],            10, "aaaaabaaaa"),
            (&[Weight(1), Weight(2)],             6, "babbab"),
            (&[Weight(5), Weight(4), Weight(1)], 10, "abababacba"),
            (&[Count(2), Weight(1)],              8, "bbabbbab"),
        ];
        for (portions, places, order) in rows {
            let split = split(&claims(portions), places).unwrap();
            assert_eq!(letters(&split), order, "{portions:?} {places}");
        }
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        let rows: [(&[Portion], u32, NoSplit); 4] = [
            (
                &[Count(3), Weight(1)],
                2,
                NoSplit::TooManyCounted { counted: 3 },
            ),
            (&[Count(3)], 5, NoSplit::NoClassForTheRest { left: 2 }),
            (&[Weight(0)], 5, NoSplit::NoClassForTheRest { left: 5 }),
            (&[], 1, NoSplit::NoClassForTheRest { left: 1 }),
        ];
        for (portions, places, why) in rows {
            assert_eq!(split(&claims(portions), places), Err(why), "{portions:?}");
        }
    }

    /// The largest plan with the largest numbers stays below what overflows.
    #[test]
    fn a_million_places_among_the_largest_weights() {
        let names: Vec<_> = (0..500).map(|n| n.to_string()).collect();
        let claims: Vec<_> = names
            .iter()
            .map(|name| Claim {
                name,
                portion: Weight(u32::MAX),
            })
            .collect();
        let split = split(&claims, MAX_PLACES).unwrap();
        assert!(
            numbers_of(&split, 500)
                .iter()
                .all(|number| *number == 2_000)
        );
    }

    /// Giving each place to who is furthest behind leaves one of these classes
    /// 1.05 places short.
    #[test]
    fn nobody_falls_behind_by_a_place() {
        let weights = [1, 3, 3, 5, 5, 35, 51];
        within_one(&weights, 103);
    }

    fn within_one(weights: &[u32], places: u32) {
        let portions: Vec<_> = weights.iter().map(|weight| Weight(*weight)).collect();
        let split = split(&claims(&portions), places).unwrap();
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        let mut given = vec![0_i128; weights.len()];
        for (place, class) in (1..).zip(&split) {
            given[class.index()] += 1;
            for (weight, given) in weights.iter().zip(&given) {
                let off = place * i128::from(*weight) - given * total;
                assert!(off.abs() < total, "{weights:?} is {off}/{total} off");
            }
        }
    }

    proptest! {
        #[test]
        fn every_prefix_has_the_right_shares(
            weights in prop::collection::vec(1_u32..1_000, 1..20),
            places in 1_u32..2_000,
        ) {
            within_one(&weights, places);
        }

        #[test]
        fn the_order_of_the_claims_means_nothing(
            shares in prop::collection::btree_map("[a-c]{1,3}", (1_u32..20, any::<bool>()), 1..8),
            extra in 1_u32..50,
        ) {
            let mut claims: Vec<_> = shares
                .iter()
                .map(|(name, (number, counted))| Claim {
                    name,
                    portion: if *counted { Count(*number) } else { Weight(*number) },
                })
                .chain([Claim { name: "rest", portion: Weight(1) }])
                .collect();
            let names = |claims: &[Claim<'_>]| -> Vec<String> {
                let counted: u64 = claims.iter().map(|claim| count(claim.portion)).sum();
                let places = u32::try_from(counted).unwrap() + extra;
                let split = split(claims, places).unwrap();
                split.iter().map(|class| claims[class.index()].name.to_owned()).collect()
            };
            let forwards = names(&claims);
            claims.reverse();
            prop_assert_eq!(forwards, names(&claims));
        }
    }

    fn claims(portions: &[Portion]) -> Vec<Claim<'static>> {
        const NAMES: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];
        NAMES
            .iter()
            .zip(portions)
            .map(|(name, portion)| Claim {
                name,
                portion: *portion,
            })
            .chain(portions.iter().skip(NAMES.len()).map(|portion| Claim {
                name: "z",
                portion: *portion,
            }))
            .collect()
    }

    fn numbers_of(split: &[ClassId], classes: usize) -> Vec<u32> {
        let mut numbers = vec![0; classes];
        for class in split {
            numbers[class.index()] += 1;
        }
        numbers
    }

    fn letters(split: &[ClassId]) -> String {
        split
            .iter()
            .map(|class| ["a", "b", "c"][class.index()])
            .collect()
    }
}
