//! A profile in words, as reports and forecasts show it.

use std::time::Duration;

use super::{Model, NO_END, Profile, Slope, Stage};
use crate::base::{
    duration,
    rate::{Rate, Spread},
};

/// The stages of the short form, in their order; text names none of them.
const PLAIN: [&str; 3] = ["ramp_up", "hold", "ramp_down"];

/// The stage in which a class that comes later is waited for.
pub const START_AFTER: &str = "start_after";

/// A profile in one line: `50 users, 2m ramp-up, 3d at full load`.
pub fn text(profile: &Profile) -> String {
    let (before, stages) = match profile.stages() {
        [first, stages @ ..] if *first.name == *START_AFTER => (Some(first.length()), stages),
        stages => (None, stages),
    };
    let mut parts = match stages.iter().all(is_plain) {
        true => plain(profile, stages),
        false => (stages.iter().map(|stage| staged(stage, profile.model))).collect(),
    };
    if let (Some(time), Some(first)) = (before, parts.first_mut()) {
        *first = format!("after {}: {first}", duration::text(time));
    }
    if let Model::Open { max_users, spread } = profile.model {
        if spread == Spread::Poisson {
            parts.push("at random".to_owned());
        }
        parts.push(format!("by at most {}", counted(max_users, "user")));
    }
    parts.join(", ")
}

/// Whether a stage is one of those of the short form.
pub(super) fn is_plain(stage: &Stage) -> bool {
    PLAIN.contains(&&*stage.name)
}

fn plain(profile: &Profile, stages: &[Stage]) -> Vec<String> {
    let mut parts = vec![level_text(profile.model, profile.peak())];
    for (limit, what) in [(profile.iterations, "in all"), (profile.per_user, "each")] {
        if let Some(limit) = limit {
            parts.push(format!("{} {what}", counted(limit, "iteration")));
        }
    }
    for stage in stages {
        let time = stage.length();
        if !time.is_zero() && time < NO_END {
            let what = match stage.slope() {
                Slope::Up => "ramp-up",
                Slope::Level => "at full load",
                Slope::Down => "ramp-down",
            };
            parts.push(format!("{} {what}", duration::text(time)));
        }
    }
    parts
}

fn staged(stage: &Stage, model: Model) -> String {
    let time = match stage.length() {
        Duration::ZERO => "at once".to_owned(),
        time => format!("over {}", duration::text(time)),
    };
    let (begin, end) = stage.levels();
    match stage.slope() {
        Slope::Up | Slope::Down => format!("to {} {time}", level_text(model, end)),
        Slope::Level if begin == 0 => format!("nobody for {}", duration::text(stage.length())),
        Slope::Level => format!("hold {}", duration::text(stage.length())),
    }
}

/// A level in the unit of its model: `50 users`, `200/s`.
pub fn level_text(model: Model, level: u64) -> String {
    match model {
        Model::Closed => counted(u32::try_from(level).unwrap_or(u32::MAX), "user"),
        Model::Open { .. } => Rate::of_millionths_per_hour(level).to_string(),
    }
}

fn counted(count: u32, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
