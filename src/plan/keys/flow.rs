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
