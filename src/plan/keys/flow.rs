//! The keys of steps that hold steps, or end something.

use super::{Key, Section, Shape, table::WHEN};

const STEPS_WITHIN: Shape = Shape::FullList(&Shape::Step);

/// A step that goes one of two ways.
pub static IF: Section = Section {
    name: "if",
    title: "an `if` step",
    summary: "Goes one of two ways.",
    keys: &[
        Key::required("if", Shape::Expression, "an expression", None),
        Key::required("then", STEPS_WITHIN, "steps where it holds", None),
        Key::optional("else", STEPS_WITHIN, "steps where it does not hold"),
        WHEN,
    ],
    groups: &[],
    hints: &[
        ("do", "the steps of an `if` are its `then`"),
        ("elif", "put another `if` into the `else`"),
        ("elseif", "put another `if` into the `else`"),
    ],
};

/// A step that is done again and again.
pub static REPEAT: Section = Section {
    name: "repeat",
    title: "a `repeat` step",
    summary: "Does the same steps again and again.",
    keys: &[
        Key::required(
            "repeat",
            Shape::Turns,
            "how often: a number, or `{ while: EXPR, max: N }`",
            Some("3"),
        ),
        Key::required("do", STEPS_WITHIN, "what is repeated", None),
        WHEN,
    ],
    groups: &[],
    hints: &[("while", "write `repeat: { while: …, max: 100 }`")],
};

/// A repetition with a condition.
pub static TURNS: Section = Section {
    name: "turns",
    title: "`repeat` as a mapping",
    summary: "Repeats for as long as something holds.",
    keys: &[
        Key::required(
            "while",
            Shape::Expression,
            "an expression, looked at before each turn",
            None,
        ),
        Key::required(
            "max",
            Shape::Whole(0),
            "how many turns there are at most",
            Some("100"),
        ),
    ],
    groups: &[],
    hints: &[("until", "write `while: not (…)`")],
};

/// A step that is done for each item of a list.
pub static FOR: Section = Section {
    name: "for",
    title: "a `for` step",
    summary: "Does the same steps for each item of a list.",
    keys: &[
        Key::required(
            "for",
            Shape::VariableName,
            "the name of the item; only the steps in `do` see it",
            None,
        ),
        Key::required(
            "in",
            Shape::Items,
            "an expression that gives a list, or a list",
            None,
        ),
        Key::required("do", STEPS_WITHIN, "what is done for each item", None),
        WHEN,
    ],
    groups: &[],
    hints: &[],
};

/// A step that runs one of some tasks.
pub static CHOOSE: Section = Section {
    name: "choose",
    title: "a `choose` step",
    summary: "Runs one of some tasks, drawn by weight.",
    keys: &[
        Key::required(
            "choose",
            Shape::Drawn,
            "tasks and their weights, or a list of tasks",
            None,
        ),
        WHEN,
    ],
    groups: &[],
    hints: &[],
};

/// A step that times others.
pub static GROUP: Section = Section {
    name: "group",
    title: "a `group` step",
    summary: "Times steps together, with the waits in them and without.",
    keys: &[
        Key::required("group", Shape::Text, "its name in the report", None),
        Key::required("do", STEPS_WITHIN, "what is timed", None),
        WHEN,
    ],
    groups: &[],
    hints: &[("name", "the name of a group is what stands after `group:`")],
};

/// A step that sends requests side by side.
pub static PARALLEL: Section = Section {
    name: "parallel",
    title: "a `parallel` step",
    summary: "Sends requests side by side, as a browser loads what a page needs.",
    keys: &[
        Key::required("parallel", STEPS_WITHIN, "requests, and nothing else", None),
        WHEN,
    ],
    groups: &[],
    hints: &[],
};

/// A step that waits for other users.
pub static MEET: Section = Section {
    name: "meet",
    title: "a `meet` step",
    summary: "Waits until so many users have come here; then all of them go on at once.",
    keys: &[
        Key::required(
            "meet",
            Shape::Section(&MEETING),
            "whom to wait for",
            Some("{ name: sale, users: 10, timeout: 1m }"),
        ),
        WHEN,
    ],
    groups: &[],
    hints: &[],
};

/// Whom a user waits for.
pub static MEETING: Section = Section {
    name: "meeting",
    title: "`meet`",
    summary: "A meeting of users.",
    keys: &[
        Key::required(
            "name",
            Shape::Text,
            "users of all classes meet who come to a step of this name",
            Some("sale"),
        ),
        Key::required(
            "users",
            Shape::Whole(2),
            "how many go on together",
            Some("10"),
        ),
        Key::required(
            "timeout",
            Shape::Duration,
            "after so long a user goes on without the others",
            Some("1m"),
        ),
    ],
    groups: &[],
    hints: &[],
};

/// A step that ends the user or the run.
pub static STOP: Section = Section {
    name: "stop",
    title: "a `stop` step",
    summary: "Ends the user, or the whole run.",
    keys: &[
        Key::required(
            "stop",
            Shape::Choice(&["user", "run"]),
            "`user` ends the user, by way of its `on_stop`; `run` ends all of them",
            Some("user"),
        ),
        WHEN,
    ],
    groups: &[],
    hints: &[],
};
