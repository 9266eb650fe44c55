//! What part of a plan's meaning a path belongs to.

use super::{change::Area, path::in_step};

/// The area of what is at a path.
pub(super) fn area(names: &[&str]) -> Area {
    if let ["users" | "tasks" | "setup" | "teardown", ..] = names
        && let Some(within) = in_step(names)
    {
        return of_request(within).unwrap_or(Area::Steps);
    }
    match names {
        ["environments", ..] => Area::Environments,
        ["target", ..] => Area::Target,
        ["secrets", ..] => Area::Secrets,
        ["load", ..] => Area::Load,
        ["thresholds", ..] => Area::Thresholds,
        ["data", ..] => Area::Data,
        ["vars", ..] | ["users", _, "vars", ..] => Area::Variables,
        ["users", _] => Area::Users,
        ["users", _, "weight" | "count" | "tasks" | "choose_once", ..]
        | ["tasks", _, "tasks" | "choose_once", ..] => Area::Shares,
        ["users", _, "wait" | "load", ..] => Area::Load,
        ["defaults", within @ ..] | ["users", _, "defaults", within @ ..] => {
            of_request(within).unwrap_or(Area::Options)
        }
        ["users", _, "on_start_fail"] => Area::Options,
        ["users" | "tasks", _, "tags", ..] => Area::About,
        ["users" | "tasks" | "setup" | "teardown", ..] => Area::Steps,
        _ => Area::About,
    }
}

/// Of a key that requests and defaults have.
fn of_request(names: &[&str]) -> Option<Area> {
    match names {
        ["expect", ..] => Some(Area::Expectations),
        ["timeout", ..] => Some(Area::Limits),
        _ => None,
    }
}
