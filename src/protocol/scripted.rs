//! A target that answers from a function: for simulations and tests.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    base::{clock::Clock, ids::UserNumber},
    exchange::{Exchange, Failure, Request, Response, Timing},
};

/// A target made of a function from a request to an answer.
#[derive(Clone)]
pub struct Scripted {
    script: Arc<Script>,
}

type Script = dyn Fn(&Asked<'_>) -> Answer + Send + Sync;

/// What a scripted target is asked.
#[derive(Debug)]
pub struct Asked<'a> {
    pub user: UserNumber,
    /// When, since the run began.
    pub at: Duration,
    pub request: &'a Request,
}

/// What a scripted target answers.
#[derive(Clone, Debug)]
pub struct Answer {
    pub latency: Duration,
    pub outcome: Result<(u16, String), Failure>,
}

impl Answer {
    /// An answer with a status and a body, at once.
    pub fn new(status: u16, body: impl Into<String>) -> Answer {
        Answer {
            latency: Duration::ZERO,
            outcome: Ok((status, body.into())),
        }
    }

    /// The same answer, later.
    #[must_use]
    pub fn after(mut self, latency: Duration) -> Answer {
        self.latency = latency;
        self
    }
}

impl Scripted {
    pub fn new(script: impl Fn(&Asked<'_>) -> Answer + Send + Sync + 'static) -> Scripted {
        Scripted {
            script: Arc::new(script),
        }
    }

    /// A target that gives everyone the same status and an empty body.
    pub fn always(status: u16) -> Scripted {
        Scripted::new(move |_| Answer::new(status, ""))
    }

    pub fn session(&self, user: UserNumber) -> ScriptedSession {
        ScriptedSession {
            script: self.clone(),
            user,
        }
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}

/// One user's session with a scripted target.
#[derive(Debug)]
pub struct ScriptedSession {
    script: Scripted,
    user: UserNumber,
}

impl ScriptedSession {
    /// Asks the script. The answer's latency passes on tokio's clock.
    pub async fn exchange(&mut self, request: &Request, clock: &Clock) -> Exchange {
        let sent = clock.elapsed();
        let answer = (self.script.script)(&Asked {
            user: self.user,
            at: sent,
            request,
        });
        if !answer.latency.is_zero() {
            tokio::time::sleep(answer.latency).await;
        }
        let done = clock.elapsed();
        let received_bytes = answer
            .outcome
            .as_ref()
            .map_or(0, |(_, body)| body.len() as u64);
        Exchange {
            timing: Timing {
                sent,
                first_byte: done,
                done,
            },
            received_bytes,
            redirects: 0,
            outcome: answer.outcome.map(|(status, body)| Response {
                status,
                url: request.url.clone(),
                headers: Vec::new(),
                body: body.into_bytes(),
            }),
        }
    }
}
