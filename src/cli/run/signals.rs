//! SIGINT and SIGTERM.

use std::io;

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc,
};

use crate::engine::StopSignal;

/// Both, heard from when this is made; from then on they end nothing by themselves.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Begins to hear.
    ///
    /// # Errors
    ///
    /// The system's.
    pub(super) fn listen() -> io::Result<Signals> {
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the next one.
    pub(super) async fn next(&mut self) -> StopSignal {
        tokio::select! {
            Some(()) = self.interrupt.recv() => StopSignal::Interrupt,
            Some(()) = self.terminate.recv() => StopSignal::Terminate,
            else => std::future::pending().await,
        }
    }

    /// Passes them on until the run is over.
    pub(super) async fn pass_on(mut self, stop: mpsc::Sender<StopSignal>) {
        while stop.send(self.next().await).await.is_ok() {}
    }
}
