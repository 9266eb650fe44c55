//! Runs a graph: users live, requests are sent, numbers are collected.
//!
//! ```text
//!            ┌ worker ── its users, its recorder ┐
//! conductor ─┤                                   ├─ a Window each second ──▶ Series ──▶ Snapshot, RunRecord
//!            └ worker ── its users, its recorder ┘
//! ```
//!
//! A `worker` owns the users of its seats: nothing about them is shared, locked
//! or sent while they live, but for the places where they wait for users of other
//! workers (`meetings`). A `user` is data with a cursor into the graph; it is driven
//! from one wait to the next (`step`, which asks `rounds`, `flow`, `groups`, `ask`,
//! `beside` and `act`) and, while it waits, is nothing but an entry in its worker's
//! queue: no task, no timer of its own. `judge` decides what a response means, as a
//! pure function. The `conductor` starts the workers (`crew`), collects windows, hears
//! the stop signals, watches how the generator itself fares (`checkup`), and closes the books; before and after that it has one user
//! play the plan's `setup` and `teardown` (`scene`).
//!
//! # Time
//!
//! Time is tokio's, read through one [`Clock`]. Under a paused clock the same
//! engine runs 72 hours as fast as it can compute: then all workers share one
//! thread ([`Placement::Here`]), so that time jumps only when all of them wait.
//!
//! # Trying out
//!
//! Where a [`Witness`] is among the wires, it is told all that users do.
//!
//! # What grows
//!
//! Nothing with the hours: a seat holds one user, a user its variables (each at most
//! [`MAX_VALUE_BYTES`]) and one last answer, the queue one entry for each seat, and a
//! worker hands over a window each second or keeps adding to the one it has.
//!
//! # Stopping
//!
//! Each user knows from the profile when it retires. A signal moves that moment
//! to now for everyone (`phase`); a second one, or the end of the graceful stop,
//! cuts off what is still running and counts it as interrupted.
//!
//! # Breaking
//!
//! A panic while a user is played is caught, counted as `internal` and named; a new
//! user comes (`broken`). A panic of the worker itself ends the run.
//!
//! [`Clock`]: crate::base::clock::Clock
//! [`MAX_VALUE_BYTES`]: crate::base::value::MAX_VALUE_BYTES

mod act;
mod ask;
mod beside;
mod broken;
mod checkup;
mod conductor;
mod crew;
mod flow;
mod gate;
mod groups;
mod handing;
mod judge;
mod meetings;
mod phase;
mod queue;
mod rounds;
mod scene;
mod scope;
mod shared;
mod step;
mod user;
mod witness;
mod worker;

use std::{num::NonZeroU32, sync::Arc};

use tokio::sync::{mpsc, watch};

use crate::{
    exchange::mask::Secrets,
    graph::Graph,
    protocol::Protocol,
    stats::{Keeper, OnSaturation, RunRecord, Snapshot},
};

pub use beside::MAX_AT_ONCE;
pub use broken::note_panics;
pub use phase::StopSignal;
pub use witness::{Asked, Deed, Sent, Witness, Witnessed};

/// How to run, apart from what.
#[derive(Clone, Debug)]
pub struct Settings {
    /// All random things follow from this and the user's number.
    pub seed: u64,
    /// `run.id` in templates.
    pub run_id: Arc<str>,
    /// How many workers share the users.
    pub workers: NonZeroU32,
    pub placement: Placement,
    /// What the plan's `secrets` stand for; never shown.
    pub secrets: Secrets,
    /// What every wait is multiplied with. 1 is the plan as written.
    pub wait_scale: f64,
    /// Of the checked plan, for the record.
    pub fingerprint: String,
    /// Options that changed what of the plan is run, as typed, for the record.
    pub options: Vec<String>,
    /// Which program ran it, for the record.
    pub version: String,
    /// Whether a generator that was the bottleneck leaves no verdict.
    pub on_saturation: OnSaturation,
}

/// Where the workers live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Each on a thread of its own.
    Threads,
    /// All on the caller's thread: for a paused clock. The caller's runtime must
    /// run inside a [`tokio::task::LocalSet`].
    Here,
}

/// The wires of a run to the outside.
#[derive(Debug)]
pub struct Wires {
    /// Asks the run to end; the second one ends it at once.
    pub stops: mpsc::Receiver<StopSignal>,
    /// Gets a new snapshot each second. Nobody waits for whoever looks at it.
    pub snapshots: watch::Sender<Option<Arc<Snapshot>>>,
    /// Is told all that users do, where a plan is tried out.
    pub witness: Option<Witness>,
    /// Keeps what the run leaves while it goes on.
    pub keeper: Option<Box<dyn Keeper>>,
}

/// Runs a graph to its end.
///
/// # Errors
///
/// [`RunError`] for what keeps a run from starting, and for a worker that broke.
/// Everything else that goes wrong later is counted, and is in the record.
pub async fn run(
    graph: Arc<Graph>,
    protocol: Protocol,
    settings: Settings,
    wires: Wires,
) -> Result<RunRecord, RunError> {
    conductor::conduct(graph, protocol, settings, wires).await
}

/// What a run cannot do without.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("the plan names no target")]
    NoTarget,
    #[error("cannot start worker {number}")]
    Worker { number: u32, source: std::io::Error },
    /// Its users and their numbers are gone, and a record without them would be wrong.
    #[error("worker {number} broke: {why}")]
    Broken { number: u32, why: String },
}
