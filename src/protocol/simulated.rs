//! A target that is nowhere: it takes as long as a model says, and is as the plan
//! expects it to be.
//!
//! # What is taken for granted
//!
//! Every expectation holds, and every extraction finds the text `1`: what a page of
//! the real target says nobody knows. A share of requests fails all the same, with
//! status 500.

use std::{
    fmt,
    str::FromStr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::scripted::{Answer, Scripted};
use crate::base::{
    duration, figures,
    random::{Stream, key},
    rate::Rate,
};

/// How a simulated target answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    pub latency: Latency,
    /// The share of requests that it answers with status 500, of 1.
    pub errors: f64,
    /// It answers no more than so many in a time; the others wait for their turn.
    pub max_rate: Option<Rate>,
}

/// How long answers take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latency {
    /// All of them as long.
    Constant(Duration),
    /// As those of most real targets: many are fast, a few take much longer. Half of
    /// them take up to `p50`, and one in a hundred more than `p99`.
    Lognormal { p50: Duration, p99: Duration },
}

/// Valid forms, for help texts.
pub const EXAMPLES: &str = "20ms, p50=20ms,p99=200ms";

/// The standard normal distribution is below it with 99 %.
const Z99: f64 = 2.326_347_874_040_841;

impl Latency {
    /// Draws the time of one answer.
    fn draw(self, stream: &mut Stream) -> Duration {
        match self {
            Latency::Constant(time) => time,
            Latency::Lognormal { p50, p99 } => {
                // ln X is normal, with mean ln p50 and as deviation what puts p99 where it is.
                let deviation = (p99.as_secs_f64() / p50.as_secs_f64()).ln() / Z99;
                let factor = (deviation * normal(stream)).exp();
                p50.mul_f64(factor.min(MOST))
            }
        }
    }
}

/// Answers per second of the slowest target: one in three hours.
const SLOWEST: f64 = 1e-4;

/// No answer takes so many times the half: it keeps a long time from overflowing.
const MOST: f64 = 1e6;

/// A number of the standard normal distribution (G. Box, M. Muller, 1958).
fn normal(stream: &mut Stream) -> f64 {
    let [u, v] = [(); 2].map(|()| ((stream.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64);
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

impl Model {
    /// The target. What it answers when to whom follows from the seed.
    pub fn target(self, seed: u64) -> Scripted {
        let distance = self.max_rate.map(|rate| {
            // A target that answers nothing would be none.
            Duration::from_secs_f64(1.0 / rate.per_second().max(SLOWEST))
        });
        let next_turn = Mutex::new(Duration::ZERO);
        let turn = move |now: Duration| {
            let Some(distance) = distance else {
                return Duration::ZERO;
            };
            let mut next = next_turn.lock().unwrap_or_else(PoisonError::into_inner);
            let at = (*next).max(now);
            *next = at + distance;
            at - now
        };
        Scripted::new(move |asked| {
            let at_ns = u64::try_from(asked.at.as_nanos()).unwrap_or(u64::MAX);
            let mut stream = Stream::keyed(key(&[seed, asked.user, at_ns]));
            let latency = self.latency.draw(&mut stream);
            let fails = (stream.bits() >> 11) as f64 / ((1_u64 << 53) as f64) < self.errors;
            let answer = if fails {
                Answer::new(500, "")
            } else {
                Answer::new(200, "").granted()
            };
            answer.after(turn(asked.at) + latency)
        })
    }
}

impl FromStr for Latency {
    type Err = String;

    fn from_str(text: &str) -> Result<Latency, String> {
        let time = |text: &str| duration::parse(text).map_err(|why| why.to_string());
        let Some((first, second)) = text.split_once(',') else {
            return time(text).map(Latency::Constant);
        };
        let of = |part: &str, name: &str| -> Result<Duration, String> {
            let part = part.trim();
            let value = part
                .strip_prefix(name)
                .and_then(|part| part.strip_prefix('='));
            value.map_or_else(|| Err(format!("`{part}` should be {name}=TIME")), time)
        };
        let (p50, p99) = (of(first, "p50")?, of(second, "p99")?);
        if p50.is_zero() || p99 < p50 {
            return Err("p50 is above 0, and p99 no less than it".to_owned());
        }
        Ok(Latency::Lognormal { p50, p99 })
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Latency::Constant(time) => f.write_str(&duration::text(*time)),
            Latency::Lognormal { p50, p99 } => {
                let [p50, p99] = [p50, p99].map(|time| duration::text(*time));
                write!(f, "p50={p50},p99={p99}")
            }
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "answers after {}", self.latency)?;
        if self.errors > 0.0 {
            write!(f, ", {} fail", figures::share(self.errors))?;
        }
        if let Some(rate) = self.max_rate {
            write!(f, ", at most {rate}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_are_read_and_print_back() {
        for text in ["20ms", "p50=20ms,p99=200ms"] {
            let latency: Latency = text.parse().unwrap();
            assert_eq!(latency.to_string(), text);
        }
        for wrong in [
            "",
            "20",
            "p50=20ms",
            "p99=1s,p50=2s",
            "p50=2s,p99=1s",
            "p50=0s,p99=1s",
        ] {
            assert!(wrong.parse::<Latency>().is_err(), "{wrong}");
        }
    }

    /// To 2 %: the percentiles of 100,000 draws.
    #[test]
    fn drawn_times_have_the_percentiles_of_their_model() {
        let latency: Latency = "p50=20ms,p99=200ms".parse().unwrap();
        let mut stream = Stream::keyed(1);
        let mut times: Vec<_> = (0..100_000).map(|_| latency.draw(&mut stream)).collect();
        times.sort_unstable();
        let near = |at: usize, ms: f64| {
            let time = times[at].as_secs_f64() * 1_000.0;
            assert!((time / ms - 1.0).abs() < 0.05, "{time} ms, not {ms}");
        };
        near(50_000, 20.0);
        near(99_000, 200.0);
    }
}
