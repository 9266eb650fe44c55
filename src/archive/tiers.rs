//! Seconds become tens of seconds, and those become minutes: pure arithmetic.
//!
//! Each is whole as soon as it can be, so that it is written once; a minute knows what
//! the worst ten seconds in it were like.

use std::time::Duration;

use crate::stats::{Fineness, Slice};

/// What is being added up.
#[derive(Debug, Default)]
pub(super) struct Tiers {
    tens: Option<Slice>,
    minute: Option<Slice>,
}

/// What has become whole.
#[derive(Debug, Default)]
pub(super) struct Whole {
    pub tens: Option<Slice>,
    pub minute: Option<Slice>,
}

impl Tiers {
    /// Adds the next second, or what has come in place of some.
    pub fn add(&mut self, second: &Slice) -> Whole {
        match &mut self.tens {
            None => self.tens = Some(second.clone()),
            Some(tens) => tens.add(second),
        }
        let next = number(second.to);
        let mut whole = Whole::default();
        let is_last = |length_s: u64, of: &Slice| number(of.from) / length_s != next / length_s;
        let Some(tens) = self.tens.take_if(|tens| is_last(10, tens)) else {
            return whole;
        };
        let of_minute = tens.clone().noting_extremes();
        match &mut self.minute {
            None => self.minute = Some(of_minute),
            Some(minute) => minute.add(&of_minute),
        }
        whole.tens = Some(tens.thinned(Fineness::Percent));
        let minute = self.minute.take_if(|minute| is_last(60, minute));
        whole.minute = minute.map(|minute| minute.thinned(Fineness::Rough));
        whole
    }
}

/// The second that begins nearest to a time: seconds end a little before or after they
/// are full.
fn number(at: Duration) -> u64 {
    (at + Duration::from_millis(500)).as_secs()
}
