//! Before the first user: is the target there?
//!
//! A run against nobody is a table of refused connections that says nothing about
//! a target. So somebody has to listen before the first user starts; whoever
//! leaves later is data.

use std::{cell::RefCell, io::Write as _, path::PathBuf, pin::pin, time::Duration};

use tokio::time::{sleep, sleep_until, timeout_at};
use url::Url;

use super::{
    super::{CliError, Context},
    signals::Signals,
};
use crate::{
    base::{address::without_credentials, clock::Clock, duration},
    engine::StopSignal,
    exchange::{Failure, FailureKind},
    graph::Graph,
    protocol::Protocol,
};

/// The time between two attempts while a target is waited for.
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(200);

/// When it is first said that a target is waited for: what is there at once needs no word.
const SAID_AFTER: Duration = Duration::from_secs(1);

/// The time between two lines that say so.
const SAID_EVERY: Duration = Duration::from_secs(10);

/// What to do about a target that nobody waited for.
const HELP: &str =
    "start it, name another with `--target URL`, or wait for it with `--wait-for-target 30s`";

/// What to do about one that did not come in the time it was given.
const HELP_AFTER_WAITING: &str = "start it, or name another with `--target URL`";

/// How a target is waited for.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Waiting<'a> {
    /// How long at most; nothing for one attempt.
    pub(in crate::cli) most: Duration,
    pub(in crate::cli) told: Told,
    /// The reports that nothing is written to if nobody comes.
    pub(in crate::cli) reports: &'a [PathBuf],
}

/// Whether somebody is told that there is a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Told {
    OnStderr,
    Nobody,
}

/// What came of it.
pub(in crate::cli) enum Reached {
    /// The run can begin.
    Yes,
    /// A signal came first.
    Stopped(StopSignal),
}

/// Waits until somebody listens where the requests of a plan go.
///
/// # Errors
///
/// [`CliError::Unreachable`] if nobody does.
pub(in crate::cli) async fn reach(
    protocol: &Protocol,
    graph: &Graph,
    waiting: Waiting<'_>,
    signals: &mut Signals,
    ctx: &mut Context,
) -> Result<Reached, CliError> {
    let target = match &graph.target {
        Some(target) if asks(graph, target) => target,
        Some(_) | None => return Ok(Reached::Yes),
    };
    let clock = Clock::start();
    let last = RefCell::new(None);
    let mut trying = pin!(keep_trying(protocol, target, waiting.most, &clock, &last));
    let mut said_at = SAID_AFTER;
    let result = loop {
        tokio::select! {
            biased;
            signal = signals.next() => return Ok(Reached::Stopped(signal)),
            result = &mut trying => break result,
            () = sleep_until(clock.instant(said_at)) => {
                if waiting.told == Told::OnStderr {
                    say(&progress(target, said_at, waiting.most, last.borrow().as_ref()), ctx);
                }
                said_at += SAID_EVERY;
            }
        }
    };
    match result {
        Ok(()) => {
            if said_at > SAID_AFTER && waiting.told == Told::OnStderr {
                say(&format!("{} is there", without_credentials(target)), ctx);
            }
            Ok(Reached::Yes)
        }
        Err(failure) => Err(CliError::Unreachable {
            target: without_credentials(target).to_string(),
            within: Some(waiting.most).filter(|most| !most.is_zero()),
            why: failure.detail,
            help: if waiting.most.is_zero() {
                HELP
            } else {
                HELP_AFTER_WAITING
            },
            reports: waiting.reports.to_vec(),
        }),
    }
}

/// Whether any request goes to the target, as far as that is known beforehand.
fn asks(graph: &Graph, target: &Url) -> bool {
    graph.requests.iter().any(|request| {
        let ready = request.ready.as_ref();
        ready.is_none_or(|ready| ready.url.origin() == target.origin())
    })
}

/// Tries once at least, and again until there is no time left. `last` is the last
/// failure, for whoever looks on.
async fn keep_trying(
    protocol: &Protocol,
    target: &Url,
    most: Duration,
    clock: &Clock,
    last: &RefCell<Option<Failure>>,
) -> Result<(), Failure> {
    if most.is_zero() {
        return protocol.reach(target).await;
    }
    let attempts = async {
        while let Err(failure) = protocol.reach(target).await {
            last.replace(Some(failure));
            sleep(BETWEEN_ATTEMPTS).await;
        }
    };
    timeout_at(clock.instant(most), attempts)
        .await
        .map_err(|_| last.take().unwrap_or_else(silent))
}

/// The failure of a first attempt that took longer than there was time.
fn silent() -> Failure {
    Failure::new(FailureKind::ConnectTimeout, "no connection came about")
}

fn progress(target: &Url, waited: Duration, most: Duration, why: Option<&Failure>) -> String {
    let mut text = format!("waiting for {}", without_credentials(target));
    if !most.is_zero() {
        let (waited, most) = (duration::text(waited), duration::text(most));
        text.push_str(&format!(", {waited} of {most}"));
    }
    if let Some(failure) = why {
        text.push_str(&format!(": {}", failure.detail));
    }
    text
}

fn say(text: &str, ctx: &mut Context) {
    // Whoever cannot be told can still be waited for.
    let _ = writeln!(ctx.stderr, "{text}").and_then(|()| ctx.stderr.flush());
}
