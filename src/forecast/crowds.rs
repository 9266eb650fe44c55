//! Who does what: users that have the same ways for life, and what each of them
//! is expected to do.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Bound, Caveats,
    course::{Course, Walker, repeated},
    draws::Drawn,
};
use crate::{
    base::ids::{ClassId, SettlementId, StepId},
    graph::{Graph, Node},
};

/// Users who do the same, for as long as they are there.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) class: ClassId,
    pub(super) chosen: Vec<Arc<str>>,
    /// Their seats.
    pub(super) seats: Vec<u32>,
    /// The share of them who come to do this, where chance decides.
    pub(super) chance: f64,
    /// Until their passes begin.
    pub(super) once: Course,
    /// Iterations that are over by then.
    pub(super) iterations_before: f64,
    /// One pass.
    pub(super) each: Course,
    /// How many passes each user begins until it stops by itself, if it does.
    pub(super) passes_each: Option<f64>,
    /// On the way out.
    pub(super) end: Course,
}

/// All users, by class and by what they do.
pub(super) fn groups(graph: &Graph, response_s: f64, caveats: &mut Caveats) -> Vec<Group> {
    let mut groups = Vec::new();
    let beside = graph.sent_beside();
    for (class, seats_by_ways) in crowds(graph) {
        for (ways, seats) in seats_by_ways {
            let mut walker = Walker {
                graph,
                seat: seats[0],
                response_s,
                beside: &beside,
                caveats,
                drawn: Drawn::default(),
            };
            for life in lives(&mut walker, class) {
                groups.push(Group {
                    class,
                    chosen: ways.iter().map(|way| name(graph, *way)).collect(),
                    seats: seats.clone(),
                    ..life
                });
            }
        }
    }
    groups
}

/// A settlement, and the way taken there.
type Way = (SettlementId, u32);

/// The seats of a class, by the ways that their users take for life.
type Crowds = BTreeMap<Vec<Way>, Vec<u32>>;

fn crowds(graph: &Graph) -> Vec<(ClassId, Crowds)> {
    let mut crowds: Vec<_> = (0..graph.classes.len())
        .map(|class| (ClassId::at(class), BTreeMap::new()))
        .collect();
    let settlements = settlements(graph);
    for (seat, class) in (0..).zip(&graph.seats) {
        let ways = settlements[class.index()].iter().filter_map(|id| {
            let rank = graph.ranks[seat as usize];
            let way = graph.settlements[id.index()].taken(rank, &graph.settlements)?;
            Some((*id, way))
        });
        let ways: Vec<Way> = ways.collect();
        let seats: &mut Vec<u32> = crowds[class.index()].1.entry(ways).or_default();
        seats.push(seat);
    }
    crowds
}

/// The settlements of each class, the outer ones first.
///
/// The steps of a class are laid out one after the other, the last ones first,
/// and where it begins is the last that is laid out.
fn settlements(graph: &Graph) -> Vec<Vec<SettlementId>> {
    let mut settlements = vec![Vec::new(); graph.classes.len()];
    let mut class = 0;
    for (index, node) in graph.nodes.iter().enumerate() {
        if let Node::Settled(id) = node {
            settlements[class].push(*id);
        }
        if graph.classes[class].entry == StepId::at(index) {
            class += 1;
            // What follows are scenes.
            if class == graph.classes.len() {
                break;
            }
        }
    }
    for of_class in &mut settlements {
        of_class.sort();
    }
    settlements
}

fn name(graph: &Graph, (settlement, way): Way) -> Arc<str> {
    graph.settlements[settlement.index()].name(way).clone()
}

/// What a user may come to do, each with its chance. Seats and names are not
/// filled in.
fn lives(walker: &mut Walker<'_>, class: ClassId) -> Vec<Group> {
    let graph = walker.graph;
    let stop = graph.class(class).stop;
    let (mut once, round) = start(walker, class);
    let Node::Round { next, .. } = graph.node(round) else {
        unreachable!("on_start is followed by the rounds of the class");
    };
    let mut each = walker.course(*next, Some(round));
    each.draws_once_in_a_pass();
    // What goes round inside a start is no iteration.
    once.iterations = 0.0;
    let life = |chance, once, iterations_before, each, end| Group {
        class,
        chosen: Vec::new(),
        seats: Vec::new(),
        chance,
        iterations_before,
        once,
        each,
        passes_each: None,
        end,
    };
    if each.stays.is_empty() {
        each.iterations += 1.0;
        // The sum of a geometric series.
        let passes_each = (each.gone > 0.0).then(|| 1.0 / (1.0 - each.comes_out));
        let life = life(1.0, once, 0.0, each, walker.way_out(stop));
        return vec![Group {
            passes_each,
            ..life
        }];
    }
    // The rounds go on until a set is met that is never left.
    let rounds = repeated(&each, None, false);
    once.add(&rounds, 1.0, Bound::Exact);
    once.time_s += rounds.time_s;
    let iterations = rounds.iterations;
    let mut stays = rounds.stays;
    stays.sort_by_key(|(set, _)| *set);
    let lives = stays.iter().map(|(set, chance)| {
        let Node::Again { next, leave, .. } = graph.node(*set) else {
            unreachable!("only sets are stayed in");
        };
        let mut each = walker.course(*next, Some(*set));
        each.draws_once_in_a_pass();
        each.iterations += 1.0;
        let end = walker.way_out(*leave);
        // The first round is a part of the iteration in which the set was entered.
        life(*chance, once.clone(), iterations, each, end)
    });
    lives.collect()
}

/// `on_start`, and the rounds that follow it.
fn start(walker: &mut Walker<'_>, class: ClassId) -> (Course, StepId) {
    let graph = walker.graph;
    let entry = graph.class(class).entry;
    // It was laid out before the steps that lead to it.
    let mut before = (0..=entry.0).rev().map(StepId);
    let started = before.find_map(|step| {
        let Node::Started { next } = graph.node(step) else {
            return None;
        };
        Some((step, *next))
    });
    let (started, round) = started.expect("every class has its rounds");
    (walker.start(class, entry, started), round)
}
