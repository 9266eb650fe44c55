//! SIGINT, SIGTERM and SIGHUP.

use std::{fs, io};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc,
};

use crate::engine::StopSignal;

/// All of them, heard from when this is made; from then on they end nothing by
/// themselves.
pub(in crate::cli) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    /// `None` where whoever started us wants it ignored, as `nohup` does.
    hang_up: Option<Signal>,
}

impl Signals {
    /// Begins to hear.
    ///
    /// # Errors
    ///
    /// The system's.
    pub(in crate::cli) fn listen() -> io::Result<Signals> {
        let hang_up = SignalKind::hangup();
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: if is_ignored(hang_up) {
                None
            } else {
                Some(signal(hang_up)?)
            },
        })
    }

    /// Waits for the next one.
    pub(in crate::cli) async fn next(&mut self) -> StopSignal {
        let hang_up = async {
            match &mut self.hang_up {
                Some(signal) => signal.recv().await,
                None => None,
            }
        };
        tokio::select! {
            Some(()) = self.interrupt.recv() => StopSignal::Interrupt,
            Some(()) = self.terminate.recv() => StopSignal::Terminate,
            Some(()) = hang_up => StopSignal::HangUp,
            else => std::future::pending().await,
        }
    }

    /// Passes them on until the run is over.
    async fn pass_on(&mut self, stop: mpsc::Sender<StopSignal>) {
        loop {
            tokio::select! {
                signal = self.next() => if stop.send(signal).await.is_err() {
                    return;
                },
                () = stop.closed() => return,
            }
        }
    }

    /// Plays something that is told of each signal that comes until it is over.
    pub(in crate::cli) async fn during<T>(
        &mut self,
        stop: mpsc::Sender<StopSignal>,
        played: impl Future<Output = T>,
    ) -> T {
        let mut played = std::pin::pin!(played);
        tokio::select! {
            over = &mut played => over,
            () = self.pass_on(stop) => played.as_mut().await,
        }
    }
}

/// Whether a signal was ignored when the program began, as Linux tells it; elsewhere
/// none is taken to be.
fn is_ignored(kind: SignalKind) -> bool {
    let Ok(status) = fs::read_to_string("/proc/self/status") else {
        return false;
    };
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let bit = u32::try_from(kind.as_raw_value() - 1).unwrap_or_default();
    mask.is_some_and(|mask| mask.checked_shr(bit).is_some_and(|mask| mask & 1 == 1))
}
