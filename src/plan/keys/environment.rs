//! The keys of an environment.

use super::{DEFAULTS, Key, LOAD, Section, Shape, table::VARS};

/// `staging: { target: https://staging.example }` under `environments`.
pub static ENVIRONMENT: Section = Section {
    name: "environment",
    title: "an environment",
    summary: "What differs where the plan runs: laid over the plan, key by key.",
    keys: &[
        Key::optional("target", Shape::BaseUrl, "in place of the plan's own"),
        VARS,
        Key::optional(
            "defaults",
            Shape::Section(&DEFAULTS),
            "laid over the plan's own, key by key",
        ),
        Key::optional(
            "load",
            Shape::Section(&LOAD),
            "laid over the plan's own, key by key",
        ),
        Key::optional(
            "thresholds",
            Shape::List(&Shape::Threshold),
            "in place of all that the plan has",
        ),
    ],
    groups: &[],
    hints: &[
        (
            "users",
            "the classes are the plan's own; how many users there are belongs under `load`",
        ),
        ("secrets", "they belong to the plan"),
    ],
};
