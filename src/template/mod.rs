//! Text with `{{ … }}` in it, compiled once and rendered for each user.
//!
//! ```text
//! text ──parse──▶ Template<String> ──resolve──▶ Template<Place> ──render──▶ text
//!                 (names)                       (slots)
//! ```
//!
//! A parsed template tells what it reads; whoever knows the plan's variables
//! turns each name into a [`Place`], and from then on no name is looked up
//! again. Literal text and plain variables are rendered without the expression
//! engine; only real expressions, and texts with `{% … %}`, go through it.
//!
//! # What holds here
//!
//! - Strict: a name that nothing has set is an error, never empty text.
//! - Nothing here asks the time or has randomness of its own: both come from
//!   the [`Scope`], so the same user renders the same text in every run.
//! - No text runs for ever: an expression has a budget of steps and bytes.
//! - What can be called is a closed list ([`FUNCTIONS`]); a name that is not in
//!   it is an error when the text is parsed, not when it is rendered.
//!
//! # What is not here
//!
//! HTML: nothing is ever escaped for it. And no other files: a text cannot
//! include one. Also no say in how the engine joins: `true ~ ''` is its `True`,
//! where `{{ true }}` and `true | string` are our `true`.
//!
//! This is the only room that names the expression engine.

use std::time::Duration;

use crate::base::{
    ids::{FeedId, VarId},
    random::Stream,
    value::Value,
};

mod bounds;
mod calls;
mod engine;
mod error;
mod escape;
mod expression;
mod fake;
mod functions;
mod lex;
mod names;
mod objects;
mod parse;
mod text;

#[cfg(test)]
mod tests;

pub use engine::FUNCTIONS;
pub use error::{RenderError, TemplateError};
pub use escape::Escape;
pub use expression::Condition;
pub use names::Read;
pub use text::Template;

/// Where a value comes from when a template is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A variable of the user.
    Var(VarId),
    /// A column of the row that the user draws from a feed.
    Column(FeedId, u32),
    RunId,
    RunSeed,
    UserId,
    UserClass,
    Iteration,
    /// A value that whoever runs the plan has supplied, by its place among those
    /// that the plan names.
    Secret(u32),
    /// Something about the last answer.
    Response(Fact),
}

/// What templates can read of the last answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    Status,
    Url,
    Path,
    /// By lower-case name.
    Headers,
    Body,
    Json,
    /// In seconds.
    Time,
}

/// What a user is, to a template.
pub trait Scope {
    /// The value at a place; `None` if nothing has set it.
    fn value(&self, place: Place) -> Option<Value>;

    /// Why there is no value at a place, where there is more to say than that nothing
    /// has set it.
    fn lack(&self, place: Place) -> Option<String> {
        let _ = place;
        None
    }

    /// The user's stream for values made by functions.
    fn stream(&mut self) -> &mut Stream;

    /// The calendar time, since 1970 in UTC: what `now()` formats.
    fn unix_now(&self) -> Duration;
}
