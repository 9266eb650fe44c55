//! The stages of a load by name, for whoever looks at one of them alone.

use std::{sync::Arc, time::Duration};

use super::Profile;

/// A stage and its time, from the start of the run. Its end belongs to the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageSpan {
    pub name: Arc<str>,
    pub from: Duration,
    pub to: Duration,
}

impl Profile {
    /// All stages that take time, in their order.
    pub fn stages(&self) -> Vec<StageSpan> {
        let changes = [
            ("ramp_up", Duration::ZERO, self.ramp_up),
            ("hold", self.ramp_up, self.hold_ends_at()),
            ("ramp_down", self.hold_ends_at(), self.ends_at()),
        ];
        let stages = changes.into_iter().filter(|(_, from, to)| from < to);
        let stages = stages.map(|(name, from, to)| StageSpan {
            name: name.into(),
            from,
            to,
        });
        stages.collect()
    }
}
