//! Before the first user: can this process have as many files open as connections
//! are needed?

use std::io::Write as _;

use super::super::{CliError, Context};
use crate::{
    engine::MAX_AT_ONCE,
    graph::{Graph, PerUser},
    health::FileLimit,
    protocol::http::MAX_IDLE_CONNECTIONS,
};

/// Files that are open without any user: terminal, demo, signals, reports and data.
const OF_THE_PROGRAM: u64 = 20;

/// Files of each worker: what it waits with.
const OF_A_WORKER: u64 = 4;

/// Says so if the limit of open files may be too low for the users of a plan.
///
/// # Errors
///
/// [`CliError::TooFewFiles`] if there cannot be one connection for each user.
pub(super) fn suffice(
    graph: &Graph,
    workers: u32,
    limit: FileLimit,
    ctx: &mut Context,
) -> Result<(), CliError> {
    let Some(files) = limit.files else {
        return Ok(());
    };
    let own = OF_THE_PROGRAM + OF_A_WORKER * u64::from(workers);
    let connections = graph.connections(PerUser {
        at_once: MAX_AT_ONCE,
        kept: MAX_IDLE_CONNECTIONS,
    });
    let least = own + connections.least;
    if least > files {
        return Err(CliError::TooFewFiles {
            users: connections.least,
            needed: least,
            limit: files,
        });
    }
    let most = own + connections.most;
    if most > files {
        let users = graph.seats.len();
        writeln!(
            ctx.stderr,
            "warning: {users} users may need up to {most} open files, and no more than {files} are allowed: each connection is one\n\
             help: {}",
            how_to_raise(most)
        )?;
        ctx.stderr.flush()?;
    }
    Ok(())
}

/// What can be done about a limit below what is needed, in a sentence without a full stop.
pub(in crate::cli) fn how_to_raise(needed: u64) -> String {
    format!(
        "raise the hard limit before: `ulimit -n {needed}` as root, `LimitNOFILE={needed}` in a unit \
         of systemd, `--ulimit nofile={needed}` of a container; or take fewer users"
    )
}
