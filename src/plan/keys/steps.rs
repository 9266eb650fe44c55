//! The keys of tasks, and of the steps that send nothing.

use super::{
    CHOOSE, DELETE, FOR, GET, GROUP, Group, HEAD, IF, Key, MEET, Names, Need, OPTIONS, PARALLEL,
    PATCH, POST, PUT, REPEAT, STOP, SUBMIT, Section, Shape,
    table::{CHOOSE_ONCE, SEQUENCE, TAGS, TASKS_DRAWN, WHEN},
};

/// A task as a mapping.
pub static TASK: Section = Section {
    name: "task_mapping",
    title: "a task",
    summary: "Steps with a name, or a set that is stayed in for some rounds.",
    keys: &[
        TAGS,
        Key::optional(
            "params",
            Shape::Params,
            "what whoever runs it hands over by `with`: names, or names and what they are if not given",
        ),
        Key::optional(
            "steps",
            Shape::FullList(&Shape::Step),
            "what the task does, once",
        ),
        Key::optional(
            "on_start",
            Shape::List(&Shape::Step),
            "steps when the set is entered",
        ),
        TASKS_DRAWN,
        SEQUENCE,
        CHOOSE_ONCE,
        Key::optional(
            "wait",
            Shape::Wait,
            "the time that a user thinks after each task of the set; the class's own if not given",
        ),
        Key::optional(
            "rounds",
            Shape::Rounds,
            "how often the set goes round: a number, or `forever`; 1 if not given",
        ),
        Key::optional(
            "until",
            Shape::Expression,
            "an expression, looked at after each round; the set is left once it holds",
        ),
        Key::optional(
            "on_stop",
            Shape::List(&Shape::Step),
            "steps when the set is left",
        ),
    ],
    groups: &[Group {
        keys: &["steps", "tasks", "sequence", "choose_once"],
        need: Need::Required,
    }],
    hints: &[],
};

/// A step that runs a task.
pub static RUN_TASK: Section = Section {
    name: "run_task",
    title: "a `task` step",
    summary: "Runs a task here.",
    keys: &[
        Key::required("task", Shape::TaskName, "the task's name", None),
        Key::optional(
            "with",
            Shape::Map(Names::Variable, &Shape::Literal),
            "arguments for the task's `params`",
        ),
        WHEN,
    ],
    groups: &[],
    hints: &[],
};

/// A step that waits.
pub static THINK: Section = Section {
    name: "think",
    title: "a `wait` step",
    summary: "Waits here.",
    keys: &[
        Key::required(
            "wait",
            Shape::StepWait,
            "`think` for the class's own wait, or a time",
            None,
        ),
        WHEN,
    ],
    groups: &[],
    hints: &[],
};

/// A step that gives variables new values.
pub static SET: Section = Section {
    name: "set",
    title: "a `set` step",
    summary: "Gives variables new values.",
    keys: &[
        Key::required(
            "set",
            Shape::FullMap(Names::Variable, &Shape::Literal),
            "variables and their new values",
            None,
        ),
        WHEN,
    ],
    groups: &[],
    hints: &[],
};

/// A step that takes variables away.
pub static UNSET: Section = Section {
    name: "unset",
    title: "an `unset` step",
    summary: "Takes variables away, as if they had never been set.",
    keys: &[
        Key::required(
            "unset",
            Shape::FullList(&Shape::VariableName),
            "the names of variables",
            None,
        ),
        WHEN,
    ],
    groups: &[],
    hints: &[],
};

/// A step that records a sample.
pub static RECORD: Section = Section {
    name: "record",
    title: "a `record` step",
    summary: "Adds a sample of one's own to the report; nothing is sent.",
    keys: &[
        Key::required(
            "record",
            Shape::Section(&RECORDED),
            "the sample",
            Some("{ type: log, name: ERROR }"),
        ),
        WHEN,
    ],
    groups: &[],
    hints: &[],
};

/// A sample of one's own.
pub static RECORDED: Section = Section {
    name: "recorded",
    title: "`record`",
    summary: "A sample of one's own.",
    keys: &[
        Key::required(
            "type",
            Shape::Text,
            "what kind of thing it is, where requests have their method",
            Some("log"),
        ),
        Key::required("name", Shape::Template, "what it is called", Some("ERROR")),
        Key::optional(
            "time",
            Shape::Wait,
            "how long it takes: slept, and recorded; none if not given",
        ),
        Key::optional(
            "ok",
            Shape::Literal,
            "whether it went well: true or false, or a template that gives one; true if not given",
        ),
    ],
    groups: &[],
    hints: &[],
};

/// A step that writes a line.
pub static LOG: Section = Section {
    name: "log",
    title: "a `log` step",
    summary: "Writes a line to the log of the run.",
    keys: &[
        Key::required("log", Shape::Template, "the line", None),
        WHEN,
    ],
    groups: &[],
    hints: &[],
};

/// The steps that are mappings; the first key of each tells which it is.
#[rustfmt::skip]
pub static STEPS: &[&Section] = &[
    &GET, &POST, &PUT, &PATCH, &DELETE, &HEAD, &OPTIONS, &SUBMIT,
    &RUN_TASK, &THINK, &SET, &UNSET, &RECORD, &LOG,
    &IF, &REPEAT, &FOR, &CHOOSE, &GROUP, &PARALLEL, &MEET, &STOP,
];
