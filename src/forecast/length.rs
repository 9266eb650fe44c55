//! How long something takes: at least, on average, at most.

use std::{
    iter::Sum,
    ops::{Add, Mul},
};

use crate::base::wait::Wait;

/// A time that is known as far as it can be, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Length {
    pub(super) min_s: f64,
    pub(super) mean_s: f64,
    /// Infinite where there is no limit.
    pub(super) max_s: f64,
}

impl Length {
    /// Always the same.
    pub(super) fn fixed(seconds: f64) -> Length {
        Length {
            min_s: seconds,
            mean_s: seconds,
            max_s: seconds,
        }
    }

    pub(super) fn of(wait: Wait) -> Length {
        let mean_s = wait.mean_s();
        match wait {
            Wait::None | Wait::Fixed(_) | Wait::Pacing(_) => Length::fixed(mean_s),
            Wait::Uniform { from, to } => Length {
                min_s: from.as_secs_f64(),
                mean_s,
                max_s: to.as_secs_f64(),
            },
            Wait::Normal { deviation, .. } if deviation.is_zero() => Length::fixed(mean_s),
            Wait::Exponential { .. } | Wait::Normal { .. } => Length {
                min_s: 0.0,
                mean_s,
                max_s: f64::INFINITY,
            },
        }
    }

    /// One of both, nobody knows which; on average the longer one.
    pub(super) fn or(self, other: Length) -> Length {
        Length {
            min_s: self.min_s.min(other.min_s),
            mean_s: self.mean_s.max(other.mean_s),
            max_s: self.max_s.max(other.max_s),
        }
    }

    /// The longer of this and a pace. Exact where all of it is on one side of the
    /// pace; where it [straddles](Length::straddles) that, the real mean is more.
    pub(super) fn paced(self, period_s: f64) -> Length {
        Length {
            min_s: self.min_s.max(period_s),
            mean_s: self.mean_s.max(period_s),
            max_s: self.max_s.max(period_s),
        }
    }

    /// Whether it is sometimes shorter than a pace and sometimes longer.
    pub(super) fn straddles(self, period_s: f64) -> bool {
        self.min_s < period_s && period_s < self.max_s
    }
}

impl Add for Length {
    type Output = Length;

    fn add(self, other: Length) -> Length {
        Length {
            min_s: self.min_s + other.min_s,
            mean_s: self.mean_s + other.mean_s,
            max_s: self.max_s + other.max_s,
        }
    }
}

/// So many of them, one after the other.
impl Mul<f64> for Length {
    type Output = Length;

    fn mul(self, times: f64) -> Length {
        // Zero times an infinite time is no time, which floats do not know.
        let part = |seconds: f64| if times == 0.0 { 0.0 } else { seconds * times };
        Length {
            min_s: part(self.min_s),
            mean_s: part(self.mean_s),
            max_s: part(self.max_s),
        }
    }
}

impl Sum for Length {
    fn sum<I: Iterator<Item = Length>>(lengths: I) -> Length {
        lengths.fold(Length::default(), Length::add)
    }
}
