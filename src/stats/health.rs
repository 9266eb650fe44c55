//! What is known of the machine that made the load.

use super::pulse::Timekeeping;

/// The generator itself, as a run found it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Generator {
    pub timekeeping: Timekeeping,
}
