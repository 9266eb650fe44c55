//! How long the parts of an exchange may take.

use std::time::Duration;

/// The limits of one exchange. Each is a failure kind of its own when it is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// The whole exchange: connecting, every hop of a redirect chain, every body.
    pub total: Duration,
    /// Making a connection: name, TCP and TLS together.
    pub connect: Duration,
    /// From a request that can be sent to the first byte of its answer; of each hop
    /// for itself. Without it only the total one holds.
    pub response: Option<Duration>,
}

impl Timeouts {
    /// What holds where a plan says nothing but how long a whole exchange may take.
    pub const fn of_total(total: Duration) -> Timeouts {
        Timeouts {
            total,
            connect: CONNECT_TIMEOUT,
            response: None,
        }
    }
}

/// How long a connection may take to come about, unless a plan says otherwise.
///
/// It runs within the total timeout, so it shows only where that one is longer.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
