//! The keys of `find`: how much of a load the target holds.

use super::{Key, Section, Shape, load::LEVEL};
use crate::base::sought::Sought;

/// A search for the highest level that holds.
pub static FIND: Section = Section {
    name: "find",
    title: "`find`",
    summary: "Looks for the highest level at which the target keeps to its conditions.",
    keys: &[
        Key::required(
            "max",
            Shape::Choice(Sought::WORDS),
            "what there is to be as much of as possible",
            Some("arrivals"),
        ),
        Key::optional(
            "while",
            Shape::FullList(&Shape::Threshold),
            "what the target has to keep to; the plan's `thresholds` if not given",
        ),
        Key::required(
            "from",
            LEVEL,
            "the lowest level, which is tried first",
            Some("10/s"),
        ),
        Key::required(
            "to",
            LEVEL,
            "the highest level that is tried",
            Some("1000/s"),
        ),
        Key::optional(
            "settle",
            Shape::Duration,
            "the time of each try before anything counts, the first half of it the way up",
        ),
        Key::optional("hold", Shape::Duration, "the time of each try that counts"),
        Key::optional("cool_down", Shape::Duration, "the time between two tries"),
        Key::optional(
            "precision",
            Shape::Like(r"^[0-9]+(\.[0-9]+)?%$"),
            "how much higher the level that does not hold is at most: `5%`",
        ),
    ],
    groups: &[],
    hints: &[
        (
            "duration",
            "the time of each try that counts is called `hold`",
        ),
        (
            "thresholds",
            "what the target has to keep to is called `while`",
        ),
        ("until", "what the target has to keep to is called `while`"),
        ("min", "the lowest level is called `from`"),
        (
            "step",
            "levels are doubled and then halved; `precision` says when to end",
        ),
    ],
};
