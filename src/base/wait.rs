//! How long a user thinks.

use std::{fmt, time::Duration};

use super::{duration, random::Stream};

/// A wait as written in a plan: `none`, `5s`, `5s..10s`, `{ exponential: 7s }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// No wait at all.
    None,
    /// Always the same.
    Fixed(Duration),
    /// Uniform between the two, ends included. Invariant: `from <= to`.
    Uniform { from: Duration, to: Duration },
    /// Exponentially distributed with this mean.
    Exponential { mean: Duration },
    /// Normally distributed; what would be negative is no wait.
    Normal { mean: Duration, deviation: Duration },
    /// From the start of one task or step to the start of the next.
    Pacing(Duration),
}

impl Wait {
    /// Draws one wait. Of a pacing, that is its whole period: how much of it is
    /// left is known to whoever knows when it began.
    pub fn draw(self, stream: &mut Stream) -> Duration {
        match self {
            Wait::None => Duration::ZERO,
            Wait::Fixed(time) | Wait::Pacing(time) => time,
            Wait::Uniform { from, to } => {
                let span_ns = u64::try_from((to - from).as_nanos())
                    .expect("durations in plans are bounded to a few hundred years");
                from + Duration::from_nanos(stream.up_to(span_ns))
            }
            Wait::Exponential { mean } => mean.mul_f64(-above_zero(stream).ln()),
            Wait::Normal { mean, deviation } => {
                // Box and Muller's transformation: two uniform numbers make a normal one.
                let radius = (-2.0 * above_zero(stream).ln()).sqrt();
                let offset = radius * (std::f64::consts::TAU * above_zero(stream)).cos();
                let distance = deviation.mul_f64(offset.abs());
                if offset < 0.0 {
                    mean.saturating_sub(distance)
                } else {
                    mean + distance
                }
            }
        }
    }
}

impl Wait {
    /// How long it is on average, in seconds; a pacing is its whole period.
    pub fn mean_s(self) -> f64 {
        match self {
            Wait::None => 0.0,
            Wait::Fixed(time) | Wait::Pacing(time) | Wait::Exponential { mean: time } => {
                time.as_secs_f64()
            }
            Wait::Uniform { from, to } => f64::midpoint(from.as_secs_f64(), to.as_secs_f64()),
            Wait::Normal { mean, deviation } => {
                let (mean, deviation) = (mean.as_secs_f64(), deviation.as_secs_f64());
                if deviation == 0.0 {
                    return mean;
                }
                // What would be negative is nothing: E[max(0, X)] = μ Φ(z) + σ φ(z), z = μ ÷ σ.
                let z = mean / deviation;
                mean * normal_below(z) + deviation * normal_density(z)
            }
        }
    }
}

fn normal_density(z: f64) -> f64 {
    (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt()
}

/// The share of normally distributed numbers below a positive `z`: ½ + φ(z) Σ zⁿ ÷ n!!
/// over odd n.
fn normal_below(z: f64) -> f64 {
    /// Beyond it, what is missing to 1 is less than a float holds.
    const FAR: f64 = 9.0;
    if z > FAR {
        return 1.0;
    }
    let (mut sum, mut term, mut n) = (0.0, z, 1.0);
    while term > f64::EPSILON * sum {
        sum += term;
        n += 2.0;
        term *= z * z / n;
    }
    0.5 + normal_density(z) * sum
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wait::None => f.write_str("none"),
            Wait::Fixed(time) => f.write_str(&duration::text(*time)),
            Wait::Uniform { from, to } => {
                write!(f, "{}..{}", duration::text(*from), duration::text(*to))
            }
            Wait::Exponential { mean } => write!(f, "exponential {}", duration::text(*mean)),
            Wait::Normal { mean, deviation } => write!(
                f,
                "normal {} ± {}",
                duration::text(*mean),
                duration::text(*deviation)
            ),
            Wait::Pacing(period) => write!(f, "pacing {}", duration::text(*period)),
        }
    }
}

/// A number above 0 and up to 1, of which there is a logarithm.
fn above_zero(stream: &mut Stream) -> f64 {
    const STEPS: u64 = 1 << 53;
    (stream.up_to(STEPS - 1) + 1) as f64 / STEPS as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Purpose;

    const DRAWS: usize = 100_000;

    fn seconds(wait: Wait) -> Vec<f64> {
        let mut stream = Stream::of(1, 1, Purpose::Waits);
        (0..DRAWS)
            .map(|_| wait.draw(&mut stream).as_secs_f64())
            .collect()
    }

    fn share(of: &[f64], pick: impl Fn(f64) -> bool) -> f64 {
        of.iter().filter(|time| pick(**time)).count() as f64 / DRAWS as f64
    }

    #[test]
    fn exponential_waits_fall_off_as_they_should() {
        let mean = Duration::from_secs(7);
        let drawn = seconds(Wait::Exponential { mean });
        // A share of 100,000 draws is off by more than 0.008 once in a million.
        for (limit, beyond) in [(7.0, 0.3679), (14.0, 0.1353), (21.0, 0.0498)] {
            let found = share(&drawn, |time| time > limit);
            assert!((found - beyond).abs() < 0.008, "{limit}: {found}");
        }
    }

    #[test]
    fn normal_waits_lie_around_their_mean() {
        let (mean, deviation) = (Duration::from_secs(7), Duration::from_secs(1));
        let drawn = seconds(Wait::Normal { mean, deviation });
        for (limit, below) in [(5.0, 0.0228), (6.0, 0.1587), (7.0, 0.5), (8.0, 0.8413)] {
            let found = share(&drawn, |time| time < limit);
            assert!((found - below).abs() < 0.008, "{limit}: {found}");
        }
    }

    #[test]
    fn means_are_those_of_the_waits_that_are_drawn() {
        let seconds_of = Duration::from_secs;
        let normal = |mean, deviation| Wait::Normal {
            mean: seconds_of(mean),
            deviation: seconds_of(deviation),
        };
        let uniform = Wait::Uniform {
            from: seconds_of(5),
            to: seconds_of(10),
        };
        let mean = seconds_of(7);
        // The last three are known from tables of the normal distribution.
        let rows = [
            (Wait::None, 0.0),
            (Wait::Fixed(mean), 7.0),
            (Wait::Pacing(mean), 7.0),
            (uniform, 7.5),
            (Wait::Exponential { mean }, 7.0),
            (normal(7, 0), 7.0),
            (normal(0, 1), 0.398_942),
            (normal(1, 1), 1.083_315),
            (normal(60, 1), 60.0),
        ];
        for (wait, mean) in rows {
            assert!((wait.mean_s() - mean).abs() < 1e-6, "{wait}");
            let drawn = seconds(wait).iter().sum::<f64>() / DRAWS as f64;
            // Six deviations of the mean of so many exponential waits of 7 s.
            assert!((drawn - mean).abs() < 0.14, "{wait}: {drawn}");
        }
    }

    #[test]
    fn what_would_be_a_negative_wait_is_none() {
        let (mean, deviation) = (Duration::from_secs(1), Duration::from_secs(1));
        let none = share(&seconds(Wait::Normal { mean, deviation }), |time| {
            time == 0.0
        });
        assert!((none - 0.1587).abs() < 0.008, "{none}");
    }
}
