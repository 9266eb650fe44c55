//! How much load when.

use serde_json::Value;

use super::{Mapping, find::find};
use crate::{
    base::{duration, rate::Spread},
    plan::ast::{Change, Level, Load, Stage, Staircase},
};

pub(super) fn load(load: &Load) -> Mapping {
    let mut out = Mapping::new();
    out.time("start_after", load.start_after.as_ref());
    if let Some(users) = &load.users {
        out.put("users", **users);
    }
    if let Some(rate) = &load.arrivals {
        out.put("arrivals", rate.to_string());
    }
    if let Some(users) = &load.max_users {
        out.put("max_users", **users);
    }
    if let Some(spread) = &load.spread {
        out.put("spread", spread_word(**spread));
    }
    if let Some(stages) = &load.stages {
        out.put("stages", stages.iter().map(stage).collect::<Value>());
    }
    if let Some(steps) = &load.steps {
        out.mapping("steps", staircase(steps));
    }
    if let Some(wanted) = &load.find {
        out.mapping("find", find(wanted));
    }
    if let Some(iterations) = &load.iterations {
        out.put("iterations", **iterations);
    }
    if let Some(per_user) = &load.per_user {
        out.put("per_user", **per_user);
    }
    out.time("ramp_up", load.ramp_up.as_ref());
    out.time("duration", load.duration.as_ref());
    out.time("ramp_down", load.ramp_down.as_ref());
    out.time("graceful_stop", load.graceful_stop.as_ref());
    out
}

fn spread_word(spread: Spread) -> &'static str {
    match spread {
        Spread::Even => "even",
        Spread::Poisson => "poisson",
    }
}

fn stage(stage: &Stage) -> Value {
    let mut out = Mapping::new();
    if let Some(name) = &stage.name {
        out.put("name", name.as_str());
    }
    match &stage.change {
        Change::To { level, over } => {
            out.put("to", level_text(**level));
            out.put("over", duration::text(**over));
        }
        Change::Hold(time) => out.put("hold", duration::text(**time)),
        Change::Pause(time) => out.put("pause", duration::text(**time)),
    }
    if let Some(steady) = &stage.steady {
        out.put("steady", **steady);
    }
    Value::Object(out.0)
}

fn staircase(steps: &Staircase) -> Mapping {
    let mut out = Mapping::new();
    if let Some(from) = &steps.from {
        out.put("from", level_text(**from));
    }
    out.put("by", level_text(*steps.by));
    out.put("to", level_text(*steps.to));
    out.time("over", steps.over.as_ref());
    out.put("hold", duration::text(*steps.hold));
    out
}

pub(super) fn level_text(level: Level) -> String {
    match level {
        Level::Users(1) => "1 user".to_owned(),
        Level::Users(users) => format!("{users} users"),
        Level::Rate(rate) => rate.to_string(),
    }
}
