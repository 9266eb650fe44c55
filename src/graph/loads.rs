//! How much load when: what a plan says of it becomes profiles.

use std::{ops::Range, sync::Arc, time::Duration};

use crate::{
    base::{ids::ClassId, rate::Spread},
    plan::{
        CheckedPlan, SeatsOfLoad,
        ast::{self, Change},
    },
    profile::{DEFAULT_GRACEFUL_STOP, Model, Profile, START_AFTER, Stages},
};

/// A load, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// The class that has it for itself; `None` for that of all the others.
    pub class: Option<ClassId>,
    pub profile: Profile,
    /// Of the graph's seats.
    pub seats: Range<u32>,
    /// Of the open model: the classes of arrivals, one after the other and round again.
    pub turns: Box<[ClassId]>,
}

impl Load {
    /// The class of the n-th arrival, from 0.
    pub fn class_of_arrival(&self, n: u64) -> ClassId {
        let turns = self.turns.len() as u64;
        self.turns[usize::try_from(n % turns).expect("less than a number of turns")]
    }

    /// The stays of a seat are those of its place in its load.
    pub fn place(&self, seat: u32) -> u32 {
        seat - self.seats.start
    }
}

/// The loads of a plan, and the class of each of their seats.
pub(super) fn of(plan: &CheckedPlan) -> (Vec<Load>, Vec<ClassId>) {
    let graceful_stop = plan.plan().load.graceful_stop.as_ref();
    let graceful_stop = graceful_stop.map_or(DEFAULT_GRACEFUL_STOP, |time| time.value);
    let mut seats = Vec::new();
    let mut loads = Vec::new();
    for of_load in plan.seating() {
        let SeatsOfLoad {
            load,
            class,
            seats: classes,
            turns,
        } = of_load;
        let first = seat(seats.len());
        seats.extend(classes);
        loads.push(Load {
            class,
            profile: profile(load, graceful_stop),
            seats: first..seat(seats.len()),
            turns: turns.into(),
        });
    }
    (loads, seats)
}

fn seat(number: usize) -> u32 {
    u32::try_from(number).expect("loads are checked to have fewer seats")
}

fn profile(load: &ast::Load, graceful_stop: Duration) -> Profile {
    let model = match &load.max_users {
        Some(users) if load.is_open() => Model::Open {
            max_users: users.value,
            spread: load
                .spread
                .as_ref()
                .map_or(Spread::Even, |spread| spread.value),
        },
        Some(_) | None => Model::Closed,
    };
    let mut stages = Stages::default();
    if let Some(after) = load.start_after.as_ref().filter(|time| !time.is_zero()) {
        stages.hold(START_AFTER, after.value);
    }
    match load.each_stage() {
        Some(listed) => staged(&listed, &mut stages),
        None => plain(load, &mut stages),
    }
    let mut profile = Profile::new(model, stages);
    profile.iterations = load.iterations.as_ref().map(|limit| limit.value);
    profile.per_user = load.per_user.as_ref().map(|limit| limit.value);
    profile.graceful_stop = graceful_stop;
    profile
}

/// One level with its ramps.
fn plain(load: &ast::Load, stages: &mut Stages) {
    let time = |field: &Option<crate::source::Spanned<Duration>>| {
        field.as_ref().map_or(Duration::ZERO, |time| time.value)
    };
    let level = load
        .levels()
        .first()
        .map_or(0, |level| ast::amount(level.value));
    stages.to("ramp_up", level, time(&load.ramp_up));
    match &load.duration {
        Some(duration) => stages.hold("hold", duration.value),
        None => stages.hold_without_end("hold"),
    }
    if load.duration.is_some() && load.ramp_down.is_some() {
        stages.to("ramp_down", 0, time(&load.ramp_down));
    }
}

fn staged(listed: &[ast::Stage], stages: &mut Stages) {
    for (number, stage) in (1..).zip(listed) {
        let name: Arc<str> = match &stage.name {
            Some(name) => name.as_str().into(),
            None => format!("stage {number}").into(),
        };
        match &stage.change {
            Change::To { level, over } => stages.to(name, ast::amount(level.value), over.value),
            Change::Hold(time) => stages.hold(name, time.value),
            Change::Pause(time) => stages.pause(name, time.value),
        }
    }
}
