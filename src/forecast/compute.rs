//! The door: a graph becomes a forecast.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::{
    Amount, Bound, Caveats, Crowd, Forecast, Row, Visit,
    amounts::{Turnout, amount, turnouts},
    course::{Course, Deed},
    crowds::{Group, groups},
    draws::draws,
    growth,
};
use crate::{
    base::ids::ClassId,
    graph::{Graph, RequestName},
};

/// Works out what a plan will do if every answer takes `response`.
pub fn forecast(graph: &Graph, response: Duration) -> Forecast {
    let mut caveats = Caveats::default();
    let groups = groups(graph, response.as_secs_f64(), &mut caveats);
    let turnouts = turnouts(&groups, graph);

    let mut amounts: BTreeMap<Deed, (Amount, Bound)> = BTreeMap::new();
    for (group, turnout) in groups.iter().zip(&turnouts) {
        for (deed, bound) in deeds(group) {
            let known = amounts
                .entry(deed)
                .or_insert((Amount::NOTHING, Bound::Exact));
            known.0 = known.0.plus(amount(deed, group, *turnout));
            known.1 = known.1.and(bound);
        }
    }
    let draws = draws(graph, &amounts);
    amounts.retain(|deed, _| deed.is_counted());
    let (mut rows, total) = rows(graph, &amounts, &groups);
    if caveats.branches {
        // Of ways that exclude each other nobody knows which part each has.
        rows.iter_mut().for_each(|row| row.share = None);
    }
    Forecast {
        plan: graph.name.clone(),
        loads: graph.loads.to_vec(),
        find: graph.find,
        response,
        classes: (graph.classes.iter().enumerate())
            .map(|(index, class)| (class.name.clone(), graph.users_of(ClassId::at(index))))
            .collect(),
        insecure: graph.insecure().collect(),
        crowds: (groups.iter().zip(&turnouts))
            .map(|(group, turnout)| crowd(graph, group, *turnout))
            .collect(),
        rows,
        total,
        draws,
        growth: growth::guess(graph, &amounts),
        caveats,
    }
}

/// Everything that the users of a group do.
fn deeds(group: &Group) -> BTreeMap<Deed, Bound> {
    let mut deeds: BTreeMap<Deed, Bound> = BTreeMap::new();
    for course in [&group.once, &group.each, &group.end] {
        for (deed, times) in &course.deeds {
            let bound = deeds.entry(*deed).or_default();
            *bound = bound.and(times.bound);
        }
    }
    deeds
}

/// Under which name something is counted; in one that is made up when it is
/// counted, variables stand as in paths.
pub(super) fn name(graph: &Graph, deed: Deed) -> Arc<str> {
    match deed {
        Deed::Request(id) => match &graph.request(id).name {
            RequestName::Known(row) => graph.row(*row).clone(),
            RequestName::Templated(name) => name.outline().into(),
        },
        Deed::Record(id) => {
            let record = &graph.records[id.index()];
            format!("{} {}", record.kind, record.name.outline()).into()
        }
        Deed::Draw(feed) => graph.feed_names[feed.index()].clone(),
    }
}

fn rows(
    graph: &Graph,
    amounts: &BTreeMap<Deed, (Amount, Bound)>,
    groups: &[Group],
) -> (Vec<Row>, Amount) {
    let mut by_name: BTreeMap<Arc<str>, (Amount, Bound)> = BTreeMap::new();
    let mut total = Amount::NOTHING;
    for (deed, (amount, bound)) in amounts {
        let row = by_name
            .entry(name(graph, *deed))
            .or_insert((Amount::NOTHING, Bound::Exact));
        *row = (row.0.plus(*amount), row.1.and(*bound));
        total = total.plus(*amount);
    }
    let unlimited = by_name.values().any(|(amount, _)| amount.total.is_none());
    // Without a limit there are shares only where all do the same.
    let passes: Option<BTreeMap<Arc<str>, f64>> = match groups {
        [group] if unlimited => Some(times_by_name(graph, &group.each)),
        _ => None,
    };
    let all: Option<f64> = match &passes {
        Some(passes) => Some(passes.values().sum()),
        None => total.total,
    };
    let rows = by_name.into_iter().map(|(name, (amount, bound))| {
        let part = match &passes {
            Some(passes) => Some(passes.get(&name).copied().unwrap_or(0.0)),
            None => amount.total,
        };
        let share = part.zip(all).filter(|(_, all)| *all > 0.0);
        Row {
            share: share.map(|(part, all)| part / all),
            name,
            amount,
            bound,
        }
    });
    (rows.collect(), total)
}

fn times_by_name(graph: &Graph, course: &Course) -> BTreeMap<Arc<str>, f64> {
    let mut times: BTreeMap<Arc<str>, f64> = BTreeMap::new();
    let counted = course.deeds.iter().filter(|(deed, _)| deed.is_counted());
    for (deed, done) in counted {
        *times.entry(name(graph, *deed)).or_default() += done.mean;
    }
    times
}

fn crowd(graph: &Graph, group: &Group, turnout: Turnout) -> Crowd {
    let [once, each, end] =
        [&group.once, &group.each, &group.end].map(|course| times_by_name(graph, course));
    let mut bounds: BTreeMap<Arc<str>, Bound> = BTreeMap::new();
    let counted = deeds(group)
        .into_iter()
        .filter(|(deed, _)| deed.is_counted());
    for (deed, bound) in counted {
        let known = bounds.entry(name(graph, deed)).or_default();
        *known = known.and(bound);
    }
    Crowd {
        class: group.class,
        chosen: group.chosen.clone(),
        users: turnout.users,
        pass_s: group.each.time_s,
        passes: turnout.passes,
        visits: bounds
            .into_iter()
            .map(|(name, bound)| Visit {
                once: once.get(&name).copied().unwrap_or(0.0),
                each: each.get(&name).copied().unwrap_or(0.0),
                end: end.get(&name).copied().unwrap_or(0.0),
                bound,
                name,
            })
            .collect(),
    }
}
