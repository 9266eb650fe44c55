//! Who has which seats: a place for every user that can be there at one time.

use super::shares;
use crate::{
    base::{ids::ClassId, split::split},
    plan::ast::{Class, Load, Plan},
};

/// The seats of one load: those of the plan, or of a class that has its own.
#[derive(Clone, Debug)]
pub struct SeatsOfLoad<'a> {
    pub load: &'a Load,
    /// Whose it is alone.
    pub class: Option<ClassId>,
    /// The class of each seat. In the open model there are as many seats as users are
    /// there at most, for each class in turn: who arrives is of the class whose turn it
    /// is, wherever there is room.
    pub seats: Vec<ClassId>,
    /// Of the open model: the classes of arrivals, one after the other and round again.
    pub turns: Vec<ClassId>,
}

/// All loads of a plan: its own first, if any class takes part in that.
pub(super) fn of(plan: &Plan) -> Vec<SeatsOfLoad<'_>> {
    let shared = shared(plan);
    let own = (plan.users.iter().enumerate()).filter_map(|(index, class)| {
        let load = class.load.as_ref()?;
        let users = load.most_users().map_or(0, |users| *users);
        let class = ClassId::at(index);
        Some(SeatsOfLoad {
            load,
            class: Some(class),
            seats: vec![class; users as usize],
            turns: match load.is_open() {
                true => vec![class],
                false => Vec::new(),
            },
        })
    });
    shared.into_iter().chain(own).collect()
}

/// Those of the classes that share the plan's load.
fn shared(plan: &Plan) -> Option<SeatsOfLoad<'_>> {
    if !has_sharers(plan) {
        return None;
    }
    let load = &plan.load;
    let users = load.most_users()?;
    let claims = shares::claims(plan);
    if load.is_open() {
        let turns = split(&claims, shares::period(&claims)).ok()?;
        let classes: Vec<ClassId> = (0..plan.users.len())
            .map(ClassId::at)
            .filter(|class| turns.contains(class))
            .collect();
        let seats = (0..*users).flat_map(|_| classes.iter().copied());
        return Some(SeatsOfLoad {
            load,
            class: None,
            seats: seats.collect(),
            turns,
        });
    }
    let seats = split(&claims, *users).expect("counts were checked against the users");
    Some(SeatsOfLoad {
        load,
        class: None,
        seats,
        turns: Vec::new(),
    })
}

/// Whether any class takes part in the plan's own load.
pub(super) fn has_sharers(plan: &Plan) -> bool {
    let shares = |class: &Class| class.load.is_none();
    plan.users.iter().any(shares)
}
