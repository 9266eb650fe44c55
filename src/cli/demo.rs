//! `plan demo`: serves the built-in blog, to try plans on.
//!
//! `plan run --demo` starts this command too, with `--child`: see
//! [`demo::Child`].

use std::{
    io::{self, Read, Write},
    thread,
};

use clap::Args;
use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

use super::overrides::rate;
use crate::{base::rate::Rate, demo};

/// Serves a small blog on this machine, to try plans on.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DemoArgs {
    /// The port to listen on; 0 takes one that is free.
    #[arg(long, value_name = "N", default_value_t = 5000)]
    pub port: u16,

    /// Serves so many requests in a time and no more, such as 400/s: the others wait.
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub max_rate: Option<Rate>,

    /// Prints the bare address, and ends with standard input instead of a signal.
    #[arg(long, hide = true)]
    pub child: bool,
}

const EXAMPLES: &str = "\
Examples:
  plan demo
  plan demo --port 8080
  plan demo --max-rate 400/s   a target that can be brought to its limit

GET /__counts tells what it has served so far.";

/// Why the demo could not be served.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Another program listens on that port.
    #[error(
        "port {port} is taken; choose another one with --port, or --port 0 for any that is free"
    )]
    PortTaken { port: u16 },
    /// The port cannot be listened on for another reason.
    #[error("cannot listen on port {port}")]
    Listen { port: u16, source: io::Error },
    /// The runtime, a signal handler or standard output failed.
    #[error("cannot serve the demo")]
    Serve(#[from] io::Error),
}

/// Runs the command until it is told to end.
///
/// # Errors
///
/// If it cannot listen, or cannot print where.
pub fn run(args: &DemoArgs, stdout: &mut dyn Write) -> Result<(), DemoError> {
    // One thread is enough for thousands of requests a second, and leaves the
    // other cores to the load generator.
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = listen(args.port)?;
        let address = listener.local_addr()?;
        let told_to_end = told_to_end(args)?;
        if args.child {
            writeln!(stdout, "http://{address}")?;
        } else {
            writeln!(stdout, "flaskr demo on http://{address} (Ctrl-C stops it)")?;
        }
        stdout.flush()?;
        Ok(demo::serve(listener, args.max_rate, told_to_end).await?)
    })
}

fn listen(port: u16) -> Result<tokio::net::TcpListener, DemoError> {
    demo::bind(port).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => DemoError::PortTaken { port },
        _ => DemoError::Listen { port, source },
    })
}

/// Ready when the demo is to end.
fn told_to_end(args: &DemoArgs) -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let end_of_input = args.child.then(end_of_input);
    Ok(async move {
        if let Some(end_of_input) = end_of_input {
            // A signal from the terminal reaches parent and child alike, and
            // the parent still needs its target to end its run in order. Now
            // that they are received above, signals have no other effect.
            // An error is the end of the thread that reads: the end of input too.
            let _ = end_of_input.await;
        } else {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
        }
    })
}

/// Ready when nobody holds the other end of standard input any more.
fn end_of_input() -> oneshot::Receiver<()> {
    let (ended, end) = oneshot::channel();
    // A thread of our own, since the runtime would wait for one of its own
    // before it ends.
    thread::spawn(move || {
        let mut ignored = [0; 64];
        let mut input = io::stdin().lock();
        while matches!(input.read(&mut ignored), Ok(1..)) {}
        let _ = ended.send(());
    });
    end
}
