//! How often things are done by all users: courses, times load.

use super::{Amount, course::Deed, crowds::Group};
use crate::{
    base::rate::Rate,
    graph::{Graph, Load},
    profile::Model,
};

/// How many passes a group's users begin, all together, and how many users they
/// are on average.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turnout {
    pub(super) users: f64,
    /// Without a limit if `None`.
    pub(super) passes: Option<f64>,
    /// Passes per second at full load, where arrivals begin them.
    pub(super) rate: Option<f64>,
}

/// How many passes each group begins in the whole run.
pub(super) fn turnouts(groups: &[Group], graph: &Graph) -> Vec<Turnout> {
    let load_of = |group: &Group| graph.load_at(group.class);
    let mut turnouts: Vec<_> = groups
        .iter()
        .map(|group| match graph.load(group.class) {
            Some(load) if !load.turns.is_empty() => by_arrivals(group, load, graph),
            Some(load) => alone(group, load),
            None => unreachable!("every class has a load"),
        })
        .collect();
    for (at, load) in graph.loads.iter().enumerate() {
        if let (Model::Closed, Some(limit)) = (load.profile.model, load.profile.iterations) {
            let its = |group: &&Group| load_of(group).is_some_and(|load| load.index() == at);
            let members: Vec<&Group> = groups.iter().filter(its).collect();
            let places = (0..groups.len()).filter(|place| its(&&groups[*place]));
            let places: Vec<usize> = places.collect();
            let mut shares: Vec<Turnout> = places.iter().map(|place| turnouts[*place]).collect();
            share(&members, &mut shares, f64::from(limit));
            for (place, turnout) in places.into_iter().zip(shares) {
                turnouts[place] = turnout;
            }
        }
    }
    turnouts
}

/// What arrivals make a group do: each is one pass, if a user is free for it.
fn by_arrivals(group: &Group, load: &Load, graph: &Graph) -> Turnout {
    let turns = load.turns.iter().filter(|class| **class == group.class);
    let of_class = turns.count() as f64 / load.turns.len() as f64;
    let seats = f64::from(graph.users_of(group.class).max(1));
    let part = of_class * group.chance * group.seats.len() as f64 / seats;
    let rate = load.profile.peak_rate().map_or(0.0, Rate::per_second) * part;
    let bounded = load.profile.has_end() || load.profile.iterations.is_some();
    let busy = rate * group.each.time_s;
    Turnout {
        // As many as it takes, as long as that is not more than there can be.
        users: busy.min(group.seats.len() as f64 * group.chance),
        passes: bounded.then(|| load.profile.arrivals() as f64 * part),
        rate: Some(rate),
    }
}

/// What time and the limit on each user let a group do.
fn alone(group: &Group, load: &Load) -> Turnout {
    let profile = &load.profile;
    let users = group.seats.len() as f64 * group.chance;
    let in_time = profile.has_end().then_some(()).and_then(|()| {
        let there_s = group.seats.iter().flat_map(|seat| {
            let stays = profile.stays(load.place(*seat));
            stays.map(|stay| (stay.to - stay.from).as_secs_f64())
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
    Turnout {
        users,
        passes,
        rate: None,
    }
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
fn share(groups: &[&Group], turnouts: &mut [Turnout], limit: f64) {
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
    if let Some(rate) = turnout.rate {
        return Amount {
            rate: Some(rate * each),
            total: turnout.passes.map(|passes| around + passes * each),
        };
    }
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
