//! The keys of `load`: how much, for how long.

use super::{Group, Key, Need, Section, Shape};

/// `50/s`, as `base` reads it.
const RATE: Shape = Shape::Like(r"^[0-9]+(\.[0-9]{1,6})?/(s|m|h)$");

/// A number of users or a rate.
pub(super) const LEVEL: Shape = Shape::Like(r"^([0-9]+ users?|[0-9]+(\.[0-9]{1,6})?/(s|m|h))$");

/// How arrivals lie in their time.
pub const SPREADS: &[&str] = &["even", "poisson"];

const USERS: Key = Key::optional("users", Shape::Whole(1), "the number of users at full load");
const ARRIVALS: Key = Key::optional(
    "arrivals",
    RATE,
    "how many users arrive in a time, each for one iteration: `50/s`",
);
const MAX_USERS: Key = Key::optional(
    "max_users",
    Shape::Whole(1),
    "with arrivals: so many users are there at most, and who finds none free is dropped",
);
const SPREAD: Key = Key::optional(
    "spread",
    Shape::Choice(SPREADS),
    "whether arrivals come evenly or at random",
);
const STAGE_LIST: Key = Key::optional(
    "stages",
    Shape::FullList(A_STAGE),
    "levels one after the other, in place of one with its ramps",
);
const A_STAGE: &Shape = &Shape::Section(&STAGE);
const STAIRCASE: Key = Key::optional(
    "steps",
    Shape::Section(&STEPS_OF_LOAD),
    "stages at equal distances",
);
const FIND: Key = Key::optional(
    "find",
    Shape::Section(&super::FIND),
    "looks for the highest level that the target holds, try by try",
);
const ITERATIONS: Key = Key::optional(
    "iterations",
    Shape::Whole(1),
    "the passes of all users together, after which the run ends",
);
const PER_USER: Key = Key::optional(
    "per_user",
    Shape::Whole(1),
    "the passes of each user, after which it leaves",
);
const RAMP_UP: Key = Key::optional(
    "ramp_up",
    Shape::Duration,
    "the time over which the load rises",
);
const DURATION: Key = Key::optional(
    "duration",
    Shape::Duration,
    "the time at full load; ramps are added to it",
);
const RAMP_DOWN: Key = Key::optional(
    "ramp_down",
    Shape::Duration,
    "the time over which the load falls",
);

/// Keys that say different things of the same: what a load is, and what goes with it.
macro_rules! groups {
    ($($find:literal)?) => {
        &[
            one_of(&["users", "arrivals", "stages", "steps" $(, $find)?]),
            one_of(&["users", "max_users"]),
            one_of(&["users", "spread"]),
            one_of(&["arrivals", "per_user"]),
            one_of(&["stages", "ramp_up"]),
            one_of(&["stages", "duration"]),
            one_of(&["stages", "ramp_down"]),
            one_of(&["stages", "iterations"]),
            one_of(&["stages", "per_user"]),
            one_of(&["steps", "ramp_up"]),
            one_of(&["steps", "duration"]),
            one_of(&["steps", "ramp_down"]),
            one_of(&["steps", "iterations"]),
            one_of(&["steps", "per_user"]),
            $(
                one_of(&[$find, "ramp_up"]),
                one_of(&[$find, "duration"]),
                one_of(&[$find, "ramp_down"]),
                one_of(&[$find, "iterations"]),
                one_of(&[$find, "per_user"]),
            )?
        ]
    };
}

const fn one_of(keys: &'static [&'static str]) -> Group {
    Group {
        keys,
        need: Need::Optional,
    }
}

const HINTS: &[(&str, &str)] = &[
    ("spawn_rate", "users come evenly over `ramp_up`"),
    ("run_time", "it is called `duration`"),
    ("vus", "they are called `users`"),
    ("rate", "it is called `arrivals`"),
    ("arrival_rate", "it is called `arrivals`"),
    ("phases", "they are called `stages`"),
    ("capacity", "what looks for it is called `find`"),
    (
        "find",
        "it is about all classes together: it belongs under the `load` of the plan",
    ),
];

/// How much load, for how long.
pub static LOAD: Section = Section {
    name: "load",
    title: "`load`",
    summary: "How many users or arrivals, for how long.",
    keys: &[
        USERS,
        ARRIVALS,
        MAX_USERS,
        SPREAD,
        STAGE_LIST,
        STAIRCASE,
        FIND,
        ITERATIONS,
        PER_USER,
        RAMP_UP,
        DURATION,
        RAMP_DOWN,
        Key::optional(
            "graceful_stop",
            Shape::Duration,
            "the time that tasks get to finish when the run ends",
        ),
    ],
    groups: groups!("find"),
    hints: HINTS,
};

/// The load of a class.
pub static CLASS_LOAD: Section = Section {
    name: "class_load",
    title: "the `load` of a class",
    summary: "How much of one class, in place of a share of the plan's load.",
    keys: &[
        Key::optional(
            "start_after",
            Shape::Duration,
            "so long after the start of the run",
        ),
        USERS,
        ARRIVALS,
        MAX_USERS,
        SPREAD,
        STAGE_LIST,
        STAIRCASE,
        ITERATIONS,
        PER_USER,
        RAMP_UP,
        DURATION,
        RAMP_DOWN,
    ],
    groups: groups!(),
    hints: HINTS,
};

/// A part of a load in which its level goes one way.
pub static STAGE: Section = Section {
    name: "stage",
    title: "a stage",
    summary: "A level that is gone to or held.",
    keys: &[
        Key::optional("name", Shape::Text, "what thresholds and reports call it"),
        Key::optional("to", LEVEL, "the level at its end: `100 users` or `50/s`"),
        Key::optional(
            "over",
            Shape::Duration,
            "the time of the way there; 0s jumps",
        ),
        Key::optional("hold", Shape::Duration, "the time at the level that it has"),
        Key::optional(
            "pause",
            Shape::Duration,
            "a time with nobody, before it goes on at the level that it had",
        ),
        Key::optional(
            "steady",
            Shape::Truth,
            "whether it is the hold that `--duration` is about",
        ),
    ],
    groups: &[
        Group {
            keys: &["to", "hold", "pause"],
            need: Need::Required,
        },
        one_of(&["hold", "over"]),
        one_of(&["pause", "over"]),
        one_of(&["to", "steady"]),
        one_of(&["pause", "steady"]),
    ],
    hints: &[
        (
            "duration",
            "the way to a level is `over`, the time at it `hold`",
        ),
        ("target", "the level is called `to`"),
        ("users", "write `to: 100 users`"),
        ("arrivals", "write `to: 50/s`"),
    ],
};

/// Stages at equal distances.
pub static STEPS_OF_LOAD: Section = Section {
    name: "load_steps",
    title: "`steps` of a load",
    summary: "Up to each level, and a hold there.",
    keys: &[
        Key::optional(
            "from",
            LEVEL,
            "the first level; as much as `by` if not given",
        ),
        Key::required("by", LEVEL, "how much each step adds", Some("10 users")),
        Key::required("to", LEVEL, "the last level", Some("100 users")),
        Key::optional(
            "over",
            Shape::Duration,
            "the time of each way up; none if not given",
        ),
        Key::required(
            "hold",
            Shape::Duration,
            "the time at each level",
            Some("5m"),
        ),
    ],
    groups: &[],
    hints: &[("duration", "the time at each level is called `hold`")],
};
