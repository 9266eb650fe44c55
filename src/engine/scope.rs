//! What templates see of a user.

use std::{cell::Cell, sync::Arc, time::Duration};

use super::user::User;
use crate::{
    base::{
        ids::FeedId,
        random::Stream,
        value::{MAX_VALUE_BYTES, Value},
    },
    exchange::mask::Secrets,
    feed::{Cells, NoRow},
    graph::{Graph, Variable},
    template::{Place, RenderError, Scope},
};

/// A user, and the facts of its run.
pub(super) struct UserScope<'a> {
    pub(super) user: &'a mut User,
    pub(super) graph: &'a Graph,
    pub(super) run_id: &'a Arc<str>,
    pub(super) secrets: &'a Secrets,
    pub(super) seed: u64,
    pub(super) unix_now: Duration,
    /// Counts the rows drawn, by source of data.
    pub(super) drawn: &'a [Cell<u64>],
}

impl Scope for UserScope<'_> {
    fn value(&self, place: Place) -> Option<Value> {
        match place {
            Place::Var(var) => self.user.vars[var.index()].clone(),
            Place::Column(feed, column) => {
                let row = self.row(feed);
                row.as_ref().ok()?[column as usize].clone()
            }
            Place::RunId => Some(Value::Text(self.run_id.clone())),
            Place::RunSeed => Some(whole(self.seed)),
            Place::UserId => Some(whole(self.user.number)),
            Place::UserClass => Some(Value::Text(self.graph.class(self.user.class).name.clone())),
            Place::Secret(at) => self.secrets.value(at).cloned().map(Value::Text),
            Place::Response(fact) => self.user.answer.as_ref()?.value(fact),
            Place::Iteration => Some(whole(self.user.iteration)),
        }
    }

    fn lack(&self, place: Place) -> Option<String> {
        let Place::Column(feed, _) = place else {
            return None;
        };
        let row = self.row(feed);
        let name = &self.graph.feed_names[feed.index()];
        Some(match row {
            Ok(_) => format!("this row of `{name}` has no such column"),
            Err(why) => format!("of `{name}`, {why}"),
        })
    }

    fn stream(&mut self) -> &mut Stream {
        &mut self.user.values
    }

    fn unix_now(&self) -> Duration {
        self.unix_now
    }
}

impl UserScope<'_> {
    /// The row of this pass.
    fn row(&self, feed: FeedId) -> &Result<Cells, NoRow> {
        self.user.row(self.graph, self.seed, feed, || {
            let drawn = &self.drawn[feed.index()];
            drawn.set(drawn.get() + 1);
        })
    }

    /// Works out the variables of a user that starts.
    ///
    /// # Errors
    ///
    /// [`RenderError`] of the first that cannot be worked out, with its name.
    pub(super) fn set_vars(&mut self) -> Result<(), RenderError> {
        self.set(&self.graph.class(self.user.class).vars)
    }

    /// Gives variables values, one after the other.
    ///
    /// # Errors
    ///
    /// As [`UserScope::set_vars`].
    pub(super) fn set(&mut self, variables: &[Variable]) -> Result<(), RenderError> {
        for variable in variables {
            let made = variable.value.make(self).and_then(|value| {
                if value.weight_bytes() <= MAX_VALUE_BYTES {
                    return Ok(value);
                }
                let most = MAX_VALUE_BYTES >> 20;
                Err(RenderError {
                    message: format!(
                        "more than {most} MiB, which is the most that a variable holds"
                    ),
                })
            });
            let value = made.map_err(|error| RenderError {
                message: format!(
                    "`{}`: {}",
                    self.graph.vars[variable.var.index()],
                    error.message
                ),
            })?;
            self.user.vars[variable.var.index()] = Some(value);
        }
        Ok(())
    }
}

/// Numbers beyond 2^63 keep their digits as text.
fn whole(number: u64) -> Value {
    i64::try_from(number).map_or_else(|_| Value::text(number.to_string()), Value::Int)
}
