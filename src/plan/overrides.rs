//! What the command line changes, between reading and checking.

use std::time::Duration;

use url::Url;

use super::{Edits, ast::Plan, selection::Selection};
use crate::{
    base::{allowed::AllowedTargets, rate::Rate},
    source::{Span, Spanned},
};

mod load;

/// Options of the command line that stand in for keys of the plan.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Made in the tree of the plan's file, before all others.
    pub edits: Edits,
    pub target: Option<Url>,
    pub users: Option<u32>,
    pub rate: Option<Rate>,
    pub duration: Option<Duration>,
    pub ramp_up: Option<Duration>,
    pub ramp_down: Option<Duration>,
    /// The servers that may be asked. Not a part of the plan: it is held to them.
    pub allowed: AllowedTargets,
    /// What is run of the plan. Not written into it here, since it can fail.
    pub selection: Selection,
}

impl Overrides {
    /// Writes all but the edits into the plan, as if its author had.
    ///
    /// A value keeps the place of what it replaces; where the plan said
    /// nothing, messages point at its beginning.
    ///
    /// # Errors
    ///
    /// In words for whoever typed it, where the plan's load leaves open what would be
    /// changed.
    pub fn apply(&self, plan: &mut Plan) -> Result<(), String> {
        put(&mut plan.target, self.target.clone(), plan.top);
        load::apply(self, plan)
    }
}

fn put<T>(field: &mut Option<Spanned<T>>, value: Option<T>, top: Span) {
    if let Some(value) = value {
        let span = field.as_ref().map_or(top, |old| old.span);
        *field = Some(Spanned::new(value, span));
    }
}
