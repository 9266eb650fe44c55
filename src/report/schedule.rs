//! The load as it was scheduled, for programs.

use serde_json::{Value, json};

use super::summary::us;
use crate::{
    base::rate::{Rate, Spread},
    profile::{Model, Profile, Stage},
    stats::{Schedule, ScheduledLoad},
};

pub(super) fn document(schedule: &Schedule) -> Value {
    let first = schedule.loads.first().map(|load| &load.profile);
    json!({
        "users": schedule.users(),
        "iterations": first.and_then(|profile| profile.iterations),
        "per_user": first.and_then(|profile| profile.per_user),
        "ramp_up_us": first.map(|profile| us(profile.ramp_up())),
        "duration_us": first.and_then(Profile::duration).map(us),
        "ramp_down_us": first.map(|profile| us(profile.ramp_down())),
        "graceful_stop_us": first.map(|profile| us(profile.graceful_stop)),
        "loads": schedule.loads.iter().map(load).collect::<Value>(),
    })
}

fn load(load: &ScheduledLoad) -> Value {
    let profile = &load.profile;
    let (model, max_users, spread) = match profile.model {
        Model::Closed => ("closed", None, None),
        Model::Open { max_users, spread } => {
            let spread = match spread {
                Spread::Even => "even",
                Spread::Poisson => "poisson",
            };
            ("open", Some(max_users), Some(spread))
        }
    };
    let stages = profile.stages().iter();
    json!({
        "class": load.class.as_deref(),
        "model": model,
        "max_users": max_users,
        "spread": spread,
        "stages": stages.map(|one| stage(one, profile)).collect::<Value>(),
    })
}

/// Users, or arrivals per second.
pub(super) fn level(level: u64, model: Model) -> Value {
    match model {
        Model::Closed => json!(level),
        Model::Open { .. } => json!(Rate::of_millionths_per_hour(level).per_second()),
    }
}

fn stage(stage: &Stage, profile: &Profile) -> Value {
    let (begin, end) = stage.levels();
    let level = |level: u64| self::level(level, profile.model);
    let ends = profile.has_end() || stage.to < profile.ends_at();
    json!({
        "name": *stage.name,
        "from_us": us(stage.from),
        "to_us": ends.then(|| us(stage.to)),
        "begin": level(begin),
        "end": level(end),
    })
}
