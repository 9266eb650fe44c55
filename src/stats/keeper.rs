//! Whoever keeps what a run leaves while it goes on.

use std::{fmt, sync::Arc};

use super::{Ended, Generator, RunMeta, SceneTotals, Series, Slice, Snapshot};

/// Keeps what a run leaves while it goes on.
///
/// It is called where the windows of all workers come together, once a second, and never
/// where requests are made. Whatever goes wrong in keeping is its own affair: a run goes
/// on.
pub trait Keeper: fmt::Debug + Send {
    /// All is set up; the load begins.
    fn begin(&mut self, beginning: Beginning<'_>);

    /// Another second is over.
    fn keep(&mut self, second: Second<'_>);

    /// Why not all is kept, once that is so.
    fn trouble(&self) -> Option<Arc<str>>;
}

/// What is known before the first user comes.
#[derive(Debug)]
pub struct Beginning<'a> {
    pub meta: &'a RunMeta,
    /// In which nothing was counted yet.
    pub series: &'a Series,
    pub setup: Option<&'a SceneTotals>,
}

/// What is known of a second, and after it.
#[derive(Debug)]
pub struct Second<'a> {
    pub slice: Slice,
    /// All of the run so far, this second included.
    pub series: &'a Series,
    pub snapshot: &'a Arc<Snapshot>,
    /// As it stands.
    pub generator: Generator,
    /// Why the run ends, once it does.
    pub ended: Ended,
}
