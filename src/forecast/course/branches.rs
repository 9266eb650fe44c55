//! Ways of which a condition takes one: nobody knows how often which.

use super::{Bound, Course, Walker};
use crate::base::ids::StepId;

impl Walker<'_> {
    /// One of two ways that meet again at `after`.
    ///
    /// Each is counted as if it were taken, at most; what both have in common is
    /// certain. The time is that of the longer one.
    pub(super) fn either(&mut self, then: StepId, otherwise: StepId, after: StepId) -> Course {
        self.caveats.branches = true;
        let ways = [then, otherwise].map(|way| self.course(way, Some(after)));
        let [then, otherwise] = ways.map(|way| self.unless_gone(way));
        let mut either = Course {
            iterations: then.iterations.max(otherwise.iterations),
            ..Course::default()
        };
        for deed in then.deeds.keys().chain(otherwise.deeds.keys()) {
            let [one, other] = [&then, &otherwise].map(|way| way.deeds.get(deed).copied());
            let (one, other) = (one.unwrap_or_default(), other.unwrap_or_default());
            let bound = if one.mean == other.mean {
                one.bound.and(other.bound)
            } else {
                one.bound.and(other.bound).and(Bound::AtMost)
            };
            let times = either.deeds.entry(*deed).or_default();
            times.mean = one.mean.max(other.mean);
            times.bound = bound;
        }
        // Who stays in a set on one way only does not come to what follows; it is
        // taken that users do.
        let (likely, other) = match then.comes_out >= otherwise.comes_out {
            true => (then, otherwise),
            false => (otherwise, then),
        };
        either.comes_out = likely.comes_out;
        either.gone = likely.gone;
        either.time_s = likely.time_s;
        either.through = likely.through;
        either.stays = likely.stays;
        if other.comes_out > 0.0 {
            either.time_s = either.time_s.max(other.time_s);
            either.through = match (either.through, other.through) {
                (Some(one), Some(other)) => Some(one.or(other)),
                (way, None) | (None, way) => way,
            };
        }
        either
    }

    /// A part behind a condition. Where everybody would be gone in it, it is taken
    /// that nobody comes there: a forecast of users who all stop at once would tell
    /// nothing of the run.
    pub(super) fn unless_gone(&mut self, part: Course) -> Course {
        if part.gone == 0.0 {
            return part;
        }
        self.caveats.stops = true;
        Course {
            comes_out: 1.0,
            through: part.through.or(Some(super::Length::default())),
            gone: 0.0,
            time_s: 0.0,
            ..part
        }
    }
}
