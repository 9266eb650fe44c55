//! The tables themselves, from the plan down to its leaves.

use super::{
    AUTH, BASIC, CHOOSE, DEFAULTS, DELETE, EXPECT, EXTRACT, FOR, GET, GROUP, Group, HEAD, IF, Key,
    LOG, MEET, MEETING, Names, Need, OPTIONS, PARALLEL, PATCH, POST, PUT, RECORD, RECORDED, REPEAT,
    RUN_TASK, SET, STOP, SUBMIT, Section, Shape, TASK, THINK, TLS, TURNS, UNSET, UPLOAD,
};
use crate::base::dealing::{AtEnd, Order, SharedBy};

static DATA_SOURCE_SHAPE: Shape = Shape::Section(&DATA_SOURCE);
static EXTRACT_SHAPE: Shape = Shape::Extraction;

const VERSION: Key = Key::required(
    "plan",
    Shape::Version,
    "the version of the format",
    Some("1"),
);
const INCLUDE: Key = Key::optional(
    "include",
    Shape::List(&Shape::Path),
    "files with tasks and data, relative to this one",
);
const DATA: Key = Key::optional(
    "data",
    Shape::Map(Names::Variable, &DATA_SOURCE_SHAPE),
    "rows that users draw, by the name that templates use",
);
const TASKS: Key = Key::optional(
    "tasks",
    Shape::Map(Names::Task, &Shape::Task),
    "named lists of steps",
);
pub(super) const TASKS_DRAWN: Key = Key::optional(
    "tasks",
    Shape::Drawn,
    "what it does: a task drawn by weight each round",
);
pub(super) const SEQUENCE: Key = Key::optional(
    "sequence",
    Shape::FullList(&Shape::Step),
    "what it does: these steps in order, again and again",
);
pub(super) const CHOOSE_ONCE: Key = Key::optional(
    "choose_once",
    Shape::Drawn,
    "what it does: one task for life, the users split exactly by weight",
);
pub(super) const WHEN: Key = Key::optional(
    "when",
    Shape::Expression,
    "an expression; the step is skipped, and counted, where it does not hold",
);
pub(super) const VARS: Key = Key::optional(
    "vars",
    Shape::Map(Names::Variable, &Shape::Literal),
    "variables, worked out once for each user when it starts",
);
pub(super) const TAGS: Key = Key::optional(
    "tags",
    Shape::FullList(&Shape::Like("^[A-Za-z0-9_.-]+$")),
    "words that `--only` and `--skip` of the command line know it by",
);
pub(super) const HEADERS: Key = Key::optional(
    "headers",
    Shape::Map(Names::Header, &Shape::Field),
    "request headers, name by name",
);
pub(super) const TIMEOUT: Key = Key::optional(
    "timeout",
    Shape::Timeout,
    "the longest a request may take, redirects included; or a limit for each of its parts",
);
pub(super) const REDIRECTS: Key = Key::optional(
    "redirects",
    Shape::Choice(&["follow", "each", "none"]),
    "what becomes of redirects: followed as a part of the request, each a request of its own, \
     or none followed; `follow` if not given",
);
pub(super) const EXPECTED: Key = Key::optional(
    "expect",
    Shape::Section(&EXPECT),
    "what the response has to be",
);
pub(super) const NAME: Key = Key::optional(
    "name",
    Shape::Template,
    "the request's name in reports, in place of method and path",
);
pub(super) const EXTRACTED: Key = Key::optional(
    "extract",
    Shape::Map(Names::Variable, &EXTRACT_SHAPE),
    "variables taken out of the response",
);

/// A plan file.
pub static PLAN: Section = Section {
    name: "plan",
    title: "a plan",
    summary: "Who visits, what they do, how many of them and for how long.",
    keys: &[
        VERSION,
        Key::optional("name", Shape::Text, "what the plan is called"),
        Key::optional("description", Shape::Text, "what it is for"),
        Key::optional(
            "target",
            Shape::BaseUrl,
            "the URL that the paths of requests are appended to",
        ),
        INCLUDE,
        VARS,
        Key::optional(
            "secrets",
            Shape::List(&Shape::VariableName),
            "names of values that whoever runs the plan supplies; templates read them as `secret.NAME`",
        ),
        DATA,
        Key::optional(
            "defaults",
            Shape::Section(&DEFAULTS),
            "what holds for every request that does not say otherwise",
        ),
        Key::optional(
            "setup",
            Shape::List(&Shape::Step),
            "steps of one user, once, before all others come; what it sets, all have",
        ),
        Key::optional(
            "teardown",
            Shape::List(&Shape::Step),
            "steps of one user, once, after all others have left; each is done whatever came of the one before",
        ),
        Key::optional(
            "users",
            Shape::FullMap(Names::Class, &Shape::Section(&CLASS)),
            "classes of users; a file without them is a fragment for others to include",
        ),
        TASKS,
        Key::optional(
            "load",
            Shape::Section(&super::LOAD),
            "how many users, for how long",
        ),
        Key::optional(
            "thresholds",
            Shape::List(&Shape::Threshold),
            "promises that decide whether the run passes",
        ),
        Key::optional(
            "environments",
            Shape::Map(Names::Class, &Shape::Section(&super::ENVIRONMENT)),
            "what differs where the plan runs; `--env NAME` lays one over the plan",
        ),
    ],
    groups: &[],
    hints: &[
        ("duration", "it belongs under `load`"),
        ("ramp_up", "it belongs under `load`"),
        ("ramp_down", "it belongs under `load`"),
        ("timeout", "it belongs under `defaults`"),
        ("headers", "they belong under `defaults`"),
        ("expect", "it belongs under `defaults`"),
        ("tls", "it belongs under `defaults`"),
        ("wait", "it belongs to a class, under `users`"),
    ],
};

/// A file for others to include.
pub static FRAGMENT: Section = Section {
    name: "fragment",
    title: "an included file",
    summary: "Tasks and data that several plans share.",
    keys: &[VERSION, INCLUDE, DATA, TASKS],
    groups: &[],
    hints: &[],
};

/// `accounts: { csv: accounts.csv, order: shuffled }`
pub static DATA_SOURCE: Section = Section {
    name: "data_source",
    title: "a data source",
    summary: "Rows for users to draw.",
    keys: &[
        Key::optional(
            "csv",
            Shape::Path,
            "a CSV file whose first row names the columns",
        ),
        Key::optional("json", Shape::Path, "a JSON file: a list of objects"),
        Key::optional(
            "jsonl",
            Shape::Path,
            "a file with a JSON object on each line",
        ),
        Key::optional(
            "rows",
            Shape::FullList(&Shape::FullMap(Names::Column, &Shape::Literal)),
            "the rows themselves, each a mapping of columns to values",
        ),
        Key::optional(
            "delimiter",
            Shape::Delimiter,
            "what separates the values of a CSV file, if no comma does: a sign, or `tab`",
        ),
        Key::optional(
            "order",
            Shape::Choice(&Order::WORDS),
            "the order in which rows are drawn: as they stand, mixed anew for each pass, or any row at any time",
        ),
        Key::optional(
            "share",
            Shape::Choice(&SharedBy::WORDS),
            "who goes through the rows: all users of the run together, or each user for itself",
        ),
        Key::optional(
            "at_end",
            Shape::Choice(&AtEnd::WORDS),
            "what happens to a user after its last row",
        ),
    ],
    groups: &[
        Group {
            keys: &["csv", "json", "jsonl", "rows"],
            need: Need::Required,
        },
        Group {
            keys: &["json", "delimiter"],
            need: Need::Optional,
        },
        Group {
            keys: &["jsonl", "delimiter"],
            need: Need::Optional,
        },
        Group {
            keys: &["rows", "delimiter"],
            need: Need::Optional,
        },
    ],
    hints: &[
        ("file", "say what it is: `csv`, `json` or `jsonl`"),
        ("separator", "it is called `delimiter`"),
    ],
};

/// A class of users.
pub static CLASS: Section = Section {
    name: "class",
    title: "a class of users",
    summary: "Users who do the same things.",
    keys: &[
        Key::optional(
            "weight",
            Shape::Whole(0),
            "its share of the users, compared with other classes; 1 if not given",
        ),
        Key::optional(
            "count",
            Shape::Whole(1),
            "the exact number of its users, in place of a share",
        ),
        Key::required(
            "wait",
            Shape::Wait,
            "the time that a user thinks after each task, `none` if you mean it",
            Some("5s..10s"),
        ),
        TAGS,
        VARS,
        Key::optional(
            "defaults",
            Shape::Section(&DEFAULTS),
            "what holds for every request of this class",
        ),
        Key::optional(
            "on_start",
            Shape::List(&Shape::Step),
            "steps of a user before its first task",
        ),
        TASKS_DRAWN,
        SEQUENCE,
        CHOOSE_ONCE,
        Key::optional(
            "on_stop",
            Shape::List(&Shape::Step),
            "steps of a user when it ends, if its start succeeded",
        ),
        Key::optional(
            "on_start_fail",
            Shape::Choice(&["new_user", "stop_user", "stop_run"]),
            "what happens to a user whose start failed; `new_user` if not given",
        ),
        Key::optional(
            "load",
            Shape::Section(&super::CLASS_LOAD),
            "a load of its own, in place of a share of the plan's",
        ),
    ],
    groups: &[
        Group {
            keys: &["weight", "count", "load"],
            need: Need::Optional,
        },
        Group {
            keys: &["tasks", "sequence", "choose_once"],
            need: Need::Required,
        },
    ],
    hints: &[
        ("users", "the number of users of a class is `count`"),
        ("think_time", "it is called `wait`"),
    ],
};

/// A wait that has a name.
pub static WAIT_FORM: Section = Section {
    name: "wait_form",
    title: "a wait as a mapping",
    summary: "A wait that follows a distribution, or a pace.",
    keys: &[
        Key::optional(
            "exponential",
            Shape::Duration,
            "the mean of exponential waits",
        ),
        Key::optional(
            "normal",
            Shape::Section(&NORMAL),
            "normally distributed waits, never below zero",
        ),
        Key::optional(
            "pacing",
            Shape::Duration,
            "the time from one start to the next, of a class or a set",
        ),
    ],
    groups: &[Group {
        keys: &["exponential", "normal", "pacing"],
        need: Need::Required,
    }],
    hints: &[],
};

/// Limits for the parts of a request.
pub static TIMEOUTS: Section = Section {
    name: "timeouts",
    title: "a timeout as a mapping",
    summary: "How long the parts of a request may take.",
    keys: &[
        Key::optional(
            "total",
            Shape::Duration,
            "all of it, redirects and bodies included; 30s if not given",
        ),
        Key::optional(
            "connect",
            Shape::Duration,
            "making a connection: name, TCP and TLS together; 10s if not given",
        ),
        Key::optional(
            "response",
            Shape::Duration,
            "from a request sent to the first byte of its answer; only the total if not given",
        ),
    ],
    groups: &[],
    hints: &[
        (
            "read",
            "the limit for the first byte of an answer is `response`",
        ),
        ("idle", "there are `total`, `connect` and `response`"),
    ],
};

/// What a normal distribution needs.
pub static NORMAL: Section = Section {
    name: "normal",
    title: "a normal distribution",
    summary: "Where waits lie, and how far apart.",
    keys: &[
        Key::required("mean", Shape::Duration, "the middle of all waits", None),
        Key::required("deviation", Shape::Duration, "the standard deviation", None),
    ],
    groups: &[],
    hints: &[],
};

/// All sections, for those who go through every key.
pub static SECTIONS: &[&Section] = &[
    &PLAN,
    &FRAGMENT,
    &DATA_SOURCE,
    &DEFAULTS,
    &AUTH,
    &BASIC,
    &TLS,
    &EXPECT,
    &CLASS,
    &TASK,
    &GET,
    &POST,
    &PUT,
    &PATCH,
    &DELETE,
    &HEAD,
    &OPTIONS,
    &SUBMIT,
    &UPLOAD,
    &RUN_TASK,
    &THINK,
    &SET,
    &UNSET,
    &RECORD,
    &RECORDED,
    &LOG,
    &IF,
    &REPEAT,
    &TURNS,
    &FOR,
    &CHOOSE,
    &GROUP,
    &PARALLEL,
    &MEET,
    &MEETING,
    &STOP,
    &WAIT_FORM,
    &TIMEOUTS,
    &NORMAL,
    &EXTRACT,
    &super::LOAD,
    &super::CLASS_LOAD,
    &super::STAGE,
    &super::STEPS_OF_LOAD,
    &super::FIND,
    &super::ENVIRONMENT,
];
