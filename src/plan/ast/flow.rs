//! Steps that hold steps, or end something.

use super::{Step, Text};

/// `if: EXPR` with `then` and `else`.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// An expression.
    pub condition: Text,
    /// What is done where it holds.
    pub then: Vec<Step>,
    /// What is done where it does not; nothing if empty.
    pub otherwise: Vec<Step>,
}

/// What a `stop` ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The user, by way of `on_stop`.
    User,
    /// The whole run, as after a signal.
    Run,
}

impl Stop {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Stop::User => "user",
            Stop::Run => "run",
        }
    }
}
