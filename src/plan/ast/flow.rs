//! Steps that hold steps, or end something.

use std::time::Duration;

use super::{Literal, Step, Text};
use crate::source::Spanned;

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

/// `repeat: 3` or `repeat: { while: EXPR, max: N }`, with `do`.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    pub turns: Turns,
    pub steps: Vec<Step>,
}

/// How often steps are repeated.
#[derive(Clone, Debug, PartialEq)]
pub enum Turns {
    Count(Spanned<u32>),
    /// For as long as an expression holds, which is looked at before each turn.
    While {
        condition: Text,
        max: Spanned<u32>,
    },
}

/// `for: NAME` and `in: EXPR`, with `do`.
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    /// What the steps call the item whose turn it is; nobody else sees it.
    pub item: Text,
    pub items: Items,
    pub steps: Vec<Step>,
}

/// What a `for` goes through.
#[derive(Clone, Debug, PartialEq)]
pub enum Items {
    /// An expression that gives a list.
    Expression(Text),
    /// A list as written.
    List(Spanned<Vec<Spanned<Literal>>>),
}

/// `group: NAME` with `do`.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What it is called in reports; several of one name are one there.
    pub name: Text,
    pub steps: Vec<Step>,
}

/// `meet: { name, users, timeout }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Meet {
    /// Whoever comes to a step of this name waits for the same others.
    pub name: Text,
    /// How many go on together.
    pub users: Spanned<u32>,
    /// After so long a user goes on without the others.
    pub timeout: Spanned<Duration>,
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
