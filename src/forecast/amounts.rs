//! How often things are done by all users: courses, times load.

use super::{Amount, course::Deed, crowds::Group};
use crate::profile::Profile;

/// How many passes a group's users begin, all together, and how many users they
/// are on average.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turnout {
    pub(super) users: f64,
    /// Without a limit if `None`.
    pub(super) passes: Option<f64>,
}

/// How many passes each group begins in the whole run.
pub(super) fn turnouts(groups: &[Group], profile: &Profile) -> Vec<Turnout> {
    let mut turnouts: Vec<_> = groups.iter().map(|group| alone(group, profile)).collect();
    if let Some(limit) = profile.iterations {
        share(groups, &mut turnouts, f64::from(limit));
    }
    turnouts
}

/// What time and the limit on each user let a group do.
fn alone(group: &Group, profile: &Profile) -> Turnout {
    let users = group.seats.len() as f64 * group.chance;
    let in_time = profile.duration.and_then(|_| {
        let there_s = group.seats.iter().map(|seat| {
            let there = profile
                .retires_at(*seat)
                .saturating_sub(profile.starts_at(*seat));
            there.as_secs_f64()
        });
        let passes = there_s.map(|there_s| passes_in(there_s - group.once.time_s, group));
        passes.sum::<Option<f64>>().map(|sum| sum * group.chance)
    });
    let limit = profile.per_user.map(|limit| {
        let left = (f64::from(limit) - group.iterations_before).max(0.0);
        left / group.each.iterations
    });
    let allowed = match (limit, group.passes_each) {
        (Some(limit), Some(passes)) => Some(limit.min(passes)),
        (limit, passes) => limit.or(passes),
    };
    let allowed = allowed.map(|each| users * each);
    let passes = match (in_time, allowed) {
        (Some(in_time), Some(allowed)) => Some(in_time.min(allowed)),
        (passes, None) | (None, passes) => passes,
    };
    Turnout { users, passes }
}

/// How many passes a user begins in a time; whoever is there begins one.
fn passes_in(time_s: f64, group: &Group) -> Option<f64> {
    if time_s <= 0.0 {
        Some(0.0)
    } else if group.each.time_s > 0.0 {
        Some((time_s / group.each.time_s).max(1.0))
    } else {
        None
    }
}

/// Shares out the iterations that all users have together: who is faster takes more.
fn share(groups: &[Group], turnouts: &mut [Turnout], limit: f64) {
    let before: f64 = (groups.iter().zip(&*turnouts))
        .map(|(group, turnout)| turnout.users * group.iterations_before)
        .sum();
    let limit = (limit - before).max(0.0);
    let wanted: Option<Vec<f64>> = match turnouts.iter().map(|turnout| turnout.passes).collect() {
        Some(passes) => Some(passes),
        None if turnouts.len() == 1 => Some(vec![f64::INFINITY]),
        None => {
            let rates = groups.iter().zip(&*turnouts).map(|(group, turnout)| {
                let rate = turnout.users / group.each.time_s;
                rate.is_finite().then_some(rate)
            });
            // So many that the limit is reached, in the right proportions.
            let rates: Option<Vec<f64>> = rates.collect();
            rates.map(|rates| rates.into_iter().map(|rate| rate * ENDLESS_S).collect())
        }
    };
    let Some(wanted) = wanted else { return };
    let iterations = |passes: &[f64]| -> f64 {
        let each = groups.iter().zip(passes);
        each.map(|(group, passes)| group.each.iterations * passes)
            .sum()
    };
    let all = iterations(&wanted);
    for ((turnout, group), wanted) in turnouts.iter_mut().zip(groups).zip(&wanted) {
        turnout.passes = Some(if all <= limit {
            *wanted
        } else if wanted.is_infinite() {
            limit / group.each.iterations
        } else {
            wanted * limit / all
        });
    }
}

/// Longer than any run takes to use up its iterations.
const ENDLESS_S: f64 = 1e12;

/// How often the users of a group do something.
pub(super) fn amount(deed: Deed, group: &Group, turnout: Turnout) -> Amount {
    let times = |course: &super::course::Course| course.deeds.get(&deed).map_or(0.0, |t| t.mean);
    let each = times(&group.each);
    let around = turnout.users * (times(&group.once) + times(&group.end));
    if each == 0.0 {
        return Amount {
            rate: Some(0.0),
            total: Some(around),
        };
    }
    let pass_s = group.each.time_s;
    // Where users stop by themselves there are fewer and fewer of them.
    let lasts = pass_s > 0.0 && group.passes_each.is_none();
    Amount {
        rate: lasts.then(|| turnout.users * each / pass_s),
        total: turnout.passes.map(|passes| around + passes * each),
    }
}

impl Amount {
    /// None of it.
    pub(super) const NOTHING: Amount = Amount {
        rate: Some(0.0),
        total: Some(0.0),
    };

    /// Both together; without a limit if one of them is.
    #[must_use]
    pub(super) fn plus(self, other: Amount) -> Amount {
        let sum = |a: Option<f64>, b: Option<f64>| Some(a? + b?);
        Amount {
            rate: sum(self.rate, other.rate),
            total: sum(self.total, other.total),
        }
    }

    /// What is left of it without another.
    #[must_use]
    pub(super) fn minus(self, other: Amount) -> Amount {
        let less = |a: Option<f64>, b: Option<f64>| Some(a? - b?);
        Amount {
            rate: less(self.rate, other.rate),
            total: less(self.total, other.total),
        }
    }
}
