//! One user's exchanges: cookies, redirects, the total timeout and the timing.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout_at;
use url::Url;

use super::{
    cookies::Cookies,
    redirect::{Hop, MAX_REDIRECTS},
    send::{Answer, Connections},
    tls::Tls,
};
use crate::{
    base::{clock::Clock, duration, redirects::Redirects},
    exchange::{self, BodyUse, Cookie, Exchange, Failure, FailureKind, Request, Response, Timing},
};

/// The largest body that is kept in memory for expectations and extractions, in bytes.
///
/// A thousand users who each hold a page of this size would end the run; the
/// page of a real application is a hundred times smaller. Bodies that nobody
/// looks at have no bound: they are counted and dropped as they come.
pub const MAX_KEPT_BODY_BYTES: usize = 64 << 20;

/// One user's cookies and connections.
#[derive(Debug)]
pub struct HttpSession {
    tls: Arc<Tls>,
    /// Made at the first request: most of a run's users wait for their turn.
    connections: Option<Connections>,
    cookies: Cookies,
}

/// What is known of an exchange while it goes on.
///
/// It lives outside of the part that a timeout drops.
#[derive(Debug, Default)]
struct Progress {
    first_byte: Option<Duration>,
    /// A head has come, and the body of the last answer is being read.
    in_body: bool,
    received_bytes: u64,
    /// How many redirects have been followed.
    followed: u32,
    /// When the exchange that is counted began: the chain, or its last hop.
    sent: Duration,
    /// Hops that are exchanges of their own.
    hops: Vec<exchange::Hop>,
}

impl HttpSession {
    pub(super) fn new(tls: Arc<Tls>) -> HttpSession {
        HttpSession {
            tls,
            connections: None,
            cookies: Cookies::default(),
        }
    }

    /// Sends a request, follows its redirects, and reads the answer to its end.
    ///
    /// The request's timeout holds for all of that together. May be dropped at
    /// any await: the connection in use is closed, everything else stays.
    pub async fn exchange(&mut self, request: &Request, clock: &Clock) -> Exchange {
        let connections = self
            .connections
            .get_or_insert_with(|| Connections::new(&self.tls));
        let sent = clock.elapsed();
        let mut progress = Progress {
            sent,
            ..Progress::default()
        };
        let deadline = clock.instant(sent + request.timeout);
        let chain = follow(
            connections,
            &mut self.cookies,
            request,
            clock,
            &mut progress,
        );
        let outcome = timeout_at(deadline, chain).await;
        let done = clock.elapsed();

        Exchange {
            timing: Timing {
                sent: progress.sent,
                first_byte: progress.first_byte.unwrap_or(done),
                done,
            },
            received_bytes: progress.received_bytes,
            resent: 0,
            redirects: match request.redirects {
                Redirects::Follow => progress.followed,
                // None, or each an exchange of its own.
                Redirects::Each | Redirects::None => 0,
            },
            outcome: outcome.unwrap_or_else(|_| Err(too_late(request, &progress))),
            hops: progress.hops,
        }
    }

    /// The cookies of the jar that go with a request to `url`.
    pub fn cookies(&self, url: &Url) -> Vec<Cookie> {
        self.cookies.sent_to(url)
    }
}

impl Progress {
    /// A redirect has been read to its end, and is being followed.
    fn follow(&mut self, redirects: Redirects, clock: &Clock) {
        self.followed += 1;
        if redirects != Redirects::Each {
            return;
        }
        let done = clock.elapsed();
        self.hops.push(exchange::Hop {
            timing: Timing {
                sent: self.sent,
                first_byte: self.first_byte.take().unwrap_or(done),
                done,
            },
            received_bytes: std::mem::take(&mut self.received_bytes),
        });
        self.sent = done;
    }
}

async fn follow(
    connections: &Connections,
    cookies: &mut Cookies,
    request: &Request,
    clock: &Clock,
    progress: &mut Progress,
) -> Result<Response, Failure> {
    let mut hop = Hop::first(request);
    loop {
        let cookie = cookies.header(&hop.url, hop.own_cookies());
        progress.in_body = false;
        let mut answer = connections.send(&hop, cookie, clock).await?;
        progress.first_byte = Some(answer.head_at());
        progress.in_body = true;
        cookies.store(answer.headers("set-cookie"), &hop.url);

        let next = match request.redirects {
            Redirects::None => None,
            Redirects::Follow | Redirects::Each => {
                hop.after(answer.status(), answer.header("location"))?
            }
        };
        let Some(next) = next else {
            return read(answer, hop.url, request.body_use, progress).await;
        };
        // Read to its end, or the connection could not carry the next request.
        count(&mut answer, progress).await?;
        if progress.followed == MAX_REDIRECTS {
            return Err(Failure::new(
                FailureKind::TooManyRedirects,
                format!(
                    "more than {MAX_REDIRECTS} redirects, the last one to {}",
                    without_credentials(next.url)
                ),
            ));
        }
        progress.follow(request.redirects, clock);
        hop = next;
    }
}

async fn read(
    mut answer: Answer,
    url: Url,
    body_use: BodyUse,
    progress: &mut Progress,
) -> Result<Response, Failure> {
    let before_bytes = progress.received_bytes;
    let body = match body_use {
        BodyUse::Count => {
            count(&mut answer, progress).await?;
            Vec::new()
        }
        BodyUse::Keep => keep(&mut answer, progress).await?,
    };
    Ok(Response {
        status: answer.status(),
        url: without_credentials(url),
        headers: answer.into_headers(),
        body,
        beginning: Vec::new(),
        body_bytes: progress.received_bytes - before_bytes,
    })
}

async fn count(answer: &mut Answer, progress: &mut Progress) -> Result<(), Failure> {
    while let Some(chunk) = answer.chunk().await? {
        progress.received_bytes += chunk.as_ref().len() as u64;
    }
    Ok(())
}

async fn keep(answer: &mut Answer, progress: &mut Progress) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::with_capacity(answer.announced_bytes().min(MAX_PROMISED_BYTES));
    while let Some(chunk) = answer.chunk().await? {
        let chunk = chunk.as_ref();
        progress.received_bytes += chunk.len() as u64;
        if body.len() + chunk.len() > MAX_KEPT_BODY_BYTES {
            return Err(Failure::new(
                FailureKind::BodyTooLarge,
                format!(
                    "the body has more than {} MiB, which is the most that is kept to look at",
                    MAX_KEPT_BODY_BYTES >> 20
                ),
            ));
        }
        body.extend_from_slice(chunk);
    }
    Ok(body)
}

/// How much memory is taken because a head says that a body will need it, in bytes.
const MAX_PROMISED_BYTES: usize = 1 << 20;

fn too_late(request: &Request, progress: &Progress) -> Failure {
    let within = duration::text(request.timeout);
    let detail = if progress.in_body {
        format!("the answer began but did not end within {within}")
    } else if progress.followed > 0 {
        format!(
            "no last answer after {} redirects within {within}",
            progress.followed
        )
    } else {
        format!("no answer within {within}")
    };
    Failure::new(FailureKind::TotalTimeout, detail)
}

/// The address without user and password: it is shown in reports.
fn without_credentials(mut url: Url) -> Url {
    if !url.username().is_empty() || url.password().is_some() {
        url.set_username("")
            .and_then(|()| url.set_password(None))
            .expect("an address with a user can be one without");
    }
    url
}
