//! How long a user thinks.

use std::{fmt, time::Duration};

use super::{duration, random::Stream};

/// A wait as written in a plan: `none`, `5s`, `5s..10s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// No wait at all.
    None,
    /// Always the same.
    Fixed(Duration),
    /// Uniform between the two, ends included. Invariant: `from <= to`.
    Uniform { from: Duration, to: Duration },
}

impl Wait {
    /// Draws one wait.
    pub fn draw(self, stream: &mut Stream) -> Duration {
        match self {
            Wait::None => Duration::ZERO,
            Wait::Fixed(time) => time,
            Wait::Uniform { from, to } => {
                let span_ns = u64::try_from((to - from).as_nanos())
                    .expect("durations in plans are bounded to a few hundred years");
                from + Duration::from_nanos(stream.up_to(span_ns))
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
        }
    }
}
