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
    fn what_would_be_a_negative_wait_is_none() {
        let (mean, deviation) = (Duration::from_secs(1), Duration::from_secs(1));
        let none = share(&seconds(Wait::Normal { mean, deviation }), |time| {
            time == 0.0
        });
        assert!((none - 0.1587).abs() < 0.008, "{none}");
    }
}
