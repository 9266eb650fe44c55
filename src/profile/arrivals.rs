//! When arrivals are due: the open model.
//!
//! The n-th arrival, from 0, is due when n arrivals lie under the curve of the rate:
//! the inverse of its area. Areas of whole stages are exact, and what is left over of
//! one goes on in the next, so that `0.29/s` for 100 s is 29 arrivals however the
//! 100 s are cut into stages. Where the rate is 0 nobody arrives: who would be due
//! there is due when it rises again.

use std::time::Duration;

use super::{Model, NO_END, Profile, Stage};
use crate::base::{
    random::{Purpose, Stream},
    rate::Spread,
};

/// Twice the area of one arrival: a rate is in millionths per hour, a time in
/// nanoseconds, and a ramp is half of what it spans.
const ARRIVAL: u128 = 2 * 1_000_000 * 3_600_000_000_000;

/// The random instants of a run belong to no user: users are numbered from 1.
const NO_USER: u64 = 0;

impl Profile {
    /// How many arrivals there are in all; none where users are counted.
    pub fn arrivals(&self) -> u64 {
        if self.model == Model::Closed {
            return 0;
        }
        let in_time = self.area().div_ceil(ARRIVAL);
        let in_time = u64::try_from(in_time).unwrap_or(u64::MAX);
        self.iterations
            .map_or(in_time, |limit| in_time.min(limit.into()))
    }

    /// Until when arrivals come, where a time ends them and not their number.
    pub fn lasts_until(&self) -> Option<Duration> {
        let ends_first = self.arrivals() < self.iterations.map_or(u64::MAX, u64::from);
        (self.has_end() && ends_first).then(|| self.ends_at())
    }

    /// When the n-th arrival is due, from 0, where they come evenly.
    pub fn arrival(&self, n: u64) -> Option<Duration> {
        (n < self.arrivals()).then(|| self.instant(u128::from(n) * ARRIVAL))
    }

    /// All arrivals, in their order. Random ones follow from the seed.
    pub fn all_arrivals(&self, seed: u64) -> Arrivals {
        let total = self.arrivals();
        Arrivals {
            total,
            next: 0,
            spread: match self.model {
                Model::Closed
                | Model::Open {
                    spread: Spread::Even,
                    ..
                } => Spreading::Even,
                Model::Open {
                    spread: Spread::Poisson,
                    ..
                } => Spreading::Poisson {
                    at: 0.0,
                    end: (self.area() as f64 / ARRIVAL as f64).min(total as f64),
                    stream: Stream::of(seed, NO_USER, Purpose::Arrivals),
                    last: Duration::ZERO,
                },
            },
            profile: self.clone(),
        }
    }

    /// Twice the area below the whole curve.
    fn area(&self) -> u128 {
        self.stages().iter().map(area).sum()
    }

    /// The last moment up to which the area is no larger than this.
    fn instant(&self, wanted: u128) -> Duration {
        let mut before = 0;
        for stage in self.stages() {
            let area = area(stage);
            if before + area > wanted {
                return stage.from + within(stage, wanted - before);
            }
            before += area;
        }
        self.ends_at()
    }
}

/// Twice the area below a stage.
fn area(stage: &Stage) -> u128 {
    let (begin, end) = stage.levels();
    u128::from(begin + end) * stage.length().min(NO_END).as_nanos()
}

/// How long after its beginning a stage has come to an area that it has.
///
/// Exact where the rate stays. On a ramp the area is `2·begin·t + (end−begin)/T·t²`,
/// solved for t in the form that does not cancel; right to the rounding of a float,
/// which is less than a microsecond in a ramp of a day.
fn within(stage: &Stage, wanted: u128) -> Duration {
    let (begin, end) = stage.levels();
    if begin == end {
        return Duration::from_nanos_u128(wanted / (2 * u128::from(begin)));
    }
    let length_ns = stage.length().as_nanos() as f64;
    let (begin, end) = (begin as f64, end as f64);
    let wanted = wanted as f64;
    let steepness = (end - begin) / length_ns;
    let root = (begin * begin + steepness * wanted).max(0.0).sqrt();
    let time_ns = if wanted == 0.0 {
        0.0
    } else {
        (wanted / (begin + root)).min(length_ns)
    };
    Duration::from_nanos(time_ns as u64)
}

/// The arrivals of a profile, each with its number and when it is due; never earlier
/// than the one before it.
#[derive(Clone, Debug)]
pub struct Arrivals {
    profile: Profile,
    total: u64,
    next: u64,
    spread: Spreading,
}

#[derive(Clone, Debug)]
enum Spreading {
    Even,
    /// So many points, each anywhere below the curve, in ascending order. Without
    /// keeping them: the least of m points that lie evenly between here and the end
    /// leaves the part `U^(1/m)` of the way behind it (L. Devroye, "Non-Uniform Random
    /// Variate Generation", 1986, chapter V).
    Poisson {
        /// In arrivals, as `end`.
        at: f64,
        end: f64,
        stream: Stream,
        last: Duration,
    },
}

impl Iterator for Arrivals {
    type Item = (u64, Duration);

    fn next(&mut self) -> Option<(u64, Duration)> {
        if self.next == self.total {
            return None;
        }
        let n = self.next;
        self.next += 1;
        let due = match &mut self.spread {
            Spreading::Even => self.profile.instant(u128::from(n) * ARRIVAL),
            Spreading::Poisson {
                at,
                end,
                stream,
                last,
            } => {
                let left = (self.total - n) as f64;
                // Never 0, whose logarithm is none.
                let uniform = ((stream.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
                *at += (*end - *at) * -(uniform.ln() / left).exp_m1();
                let wanted = (*at * ARRIVAL as f64) as u128;
                // What is rounded up at the very end is still a part of it.
                let due = self.profile.instant(wanted).min(self.profile.ends_at());
                *last = due.max(*last);
                *last
            }
        };
        Some((n, due))
    }
}
