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
//! engine; only real expressions go through it.
//!
//! # What holds here
//!
//! - Strict: a name that nothing has set is an error, never empty text.
//! - Nothing here asks the time or has randomness of its own: both come from
//!   the [`Scope`], so the same user renders the same text in every run.
//!
//! This is the only room that names the expression engine.

use std::{fmt, ops::Range, time::Duration};

use crate::base::{
    ids::{FeedId, VarId},
    random::Stream,
    value::Value,
};

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
}

/// What a user is, to a template.
pub trait Scope {
    /// The value at a place; `None` if nothing has set it.
    fn value(&self, place: Place) -> Option<Value>;

    /// The user's stream for values made by functions.
    fn stream(&mut self) -> &mut Stream;

    /// The calendar time, since 1970 in UTC: what `now()` formats.
    fn unix_now(&self) -> Duration;
}

/// How values are written between the literal parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// As they are.
    None,
    /// For a URL: percent-encoded as one segment in the path, and as one
    /// component after `?`. A value marked `| raw`, or one that the whole text
    /// begins with (`{{ base }}/x`), stays as it is.
    Url,
}

/// A compiled text. `N` is how it names what it reads: [`String`] as parsed,
/// [`Place`] when resolved.
#[derive(Clone, Debug)]
pub struct Template<N = Place> {
    _todo: Vec<N>,
}

/// One variable that a template reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// With its dots: `post_id`, `user.id`, `accounts.email`.
    pub path: String,
    /// The bytes of the template's text where it is read.
    pub range: Range<usize>,
    /// Whether the expression copes with its absence (`| default(…)`, `is defined`).
    pub guarded: bool,
}

impl Template<String> {
    /// Compiles a text.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] for the first thing that is wrong with it: syntax, an
    /// unknown function or filter.
    pub fn parse(text: &str, escape: Escape) -> Result<Template<String>, TemplateError> {
        todo!("{text} {escape:?}")
    }

    /// What it reads, in order.
    pub fn reads(&self) -> &[Read] {
        todo!()
    }

    /// How it reads in the name of a request: a bare variable as `{post_id}`, any
    /// other expression as `{…}`.
    pub fn outline(&self) -> String {
        todo!()
    }

    /// Turns names into places. `place` answers a dotted path with the place of
    /// its value and how many segments of the path that place covers.
    /// Returns `None` if it has no answer for one of them.
    pub fn resolve(
        self,
        place: impl FnMut(&str) -> Option<(Place, usize)>,
    ) -> Option<Template<Place>> {
        let _ = place;
        todo!()
    }
}

impl Template<Place> {
    /// The text, if nothing in it is computed.
    pub fn literal(&self) -> Option<&str> {
        todo!()
    }

    /// Appends the rendered text to `out`.
    ///
    /// # Errors
    ///
    /// [`RenderError`] if a value is missing, has no text, or a function fails.
    pub fn render(&self, scope: &mut dyn Scope, out: &mut String) -> Result<(), RenderError> {
        let _ = (scope, out);
        todo!()
    }

    /// The rendered value: of a text that is one `{{ … }}` alone, with its type;
    /// of any other, text.
    ///
    /// # Errors
    ///
    /// As [`Template::render`].
    pub fn value(&self, scope: &mut dyn Scope) -> Result<Value, RenderError> {
        let _ = scope;
        todo!()
    }
}

/// Why a text is not a template, and which part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// Bytes of the text.
    pub range: Range<usize>,
    pub message: String,
    pub help: Option<String>,
}

/// Why a template could not be rendered for a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderError {
    pub message: String,
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RenderError {}
