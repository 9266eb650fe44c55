//! Listening, and stopping when asked.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::serve::ListenerExt;
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::oneshot,
    time::sleep,
};

use super::routes::{App, router};
use crate::base::rate::Rate;

/// How long requests may still take once the demo was asked to stop.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// How many connections may wait to be accepted.
///
/// A run may open thousands at once; those that do not fit would try again
/// after a second, and the run would report that second as ours.
const BACKLOG: u32 = 4096;

/// Listens on loopback; port 0 is any that is free.
///
/// To be called within a tokio runtime.
///
/// # Errors
///
/// What the operating system says, for the most part that the port is taken.
pub fn bind(port: u16) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    // Else a port would stay taken for a minute by the connections of the last run.
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    socket.listen(BACKLOG)
}

/// Serves an empty blog until `shutdown` is ready, `most` so many requests in a time.
///
/// Then it accepts no more, closes idle connections, and gives the requests
/// under way five seconds.
///
/// # Errors
///
/// If `listener` is not on loopback: what is unprotected is for this machine
/// alone.
pub async fn serve(
    listener: TcpListener,
    most: Option<Rate>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    if !listener.local_addr()?.ip().is_loopback() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the demo listens on loopback addresses only",
        ));
    }
    let listener = listener.tap_io(|stream| {
        // Small answers must not wait for the client's acknowledgement. Where
        // it cannot be set, they do: slow, not wrong.
        let _ = stream.set_nodelay(true);
    });
    let (asked, was_asked) = oneshot::channel();
    let serving =
        axum::serve(listener, router(App::limited_to(most))).with_graceful_shutdown(async move {
            shutdown.await;
            // Nobody waits any more if serving has already ended.
            let _ = asked.send(());
        });
    let too_late = async move {
        match was_asked.await {
            Ok(()) => sleep(STOP_WITHIN).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        ended = serving.into_future() => ended,
        () = too_late => Ok(()),
    }
}
