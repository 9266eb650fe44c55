//! How the generator fares: what its workers and the system say of it, second by second.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use super::{Placement, Settings};
use crate::{
    exchange::FailureKind,
    graph::Graph,
    health::{System, Watch},
    stats::{Generator, RunRecord, Warning, Window},
};

/// What the conductor knows of the generator.
pub(super) struct Checkup {
    watch: Watch,
    /// `None` where the clock is no real one: a second of it has nothing to do with
    /// a second of the machine.
    system: Option<System>,
}

impl Checkup {
    pub(super) fn of(graph: &Graph, settings: &Settings) -> Checkup {
        let system = match settings.placement {
            Placement::Threads => Some(System::new(addresses(graph))),
            Placement::Here => None,
        };
        let mut watch = Watch::new(system.as_ref().and_then(System::cores));
        if let Some(system) = &system {
            watch.before(&system.read());
        }
        Checkup { watch, system }
    }

    /// Hears how a worker fared.
    pub(super) fn hear(&mut self, window: &Window) {
        if let Some(strain) = window.strain() {
            self.watch.strain(&strain);
        }
    }

    /// Asks the system.
    pub(super) fn look(&mut self, at: Duration) {
        if let Some(system) = &self.system {
            self.watch.reading(at, &system.read());
        }
    }

    /// What there is to warn of.
    pub(super) fn warnings(&mut self, at: Duration) -> Arc<[Warning]> {
        self.watch.warnings(at).into()
    }

    /// How it stands.
    pub(super) fn so_far(&self, elapsed: Duration, settings: &Settings) -> Generator {
        let watch = self.watch.clone();
        watch.close(elapsed, 0, settings.on_saturation)
    }

    /// Writes into the record of a run what is known, and what that means for its verdict.
    pub(super) fn conclude(self, record: RunRecord, settings: &Settings) -> RunRecord {
        let unconnected = record
            .failures
            .iter()
            .filter(|failure| failure.kind == FailureKind::NoSocket)
            .map(|failure| failure.count)
            .sum();
        let generator = self
            .watch
            .close(record.elapsed, unconnected, settings.on_saturation);
        record.with_generator(generator)
    }
}

/// How many addresses of this machine connections come from; 0 where the system chooses.
fn addresses(graph: &Graph) -> usize {
    let classes = graph.classes.iter();
    let addresses: BTreeSet<_> = classes
        .flat_map(|class| class.connecting.from.iter())
        .collect();
    addresses.len()
}
