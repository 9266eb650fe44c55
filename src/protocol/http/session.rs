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
    base::{clock::Clock, duration},
    exchange::{BodyUse, Cookie, Exchange, Failure, FailureKind, Request, Response, Timing},
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
    redirects: u32,
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
        let mut progress = Progress::default();

        let sent = clock.elapsed();
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
                sent,
                first_byte: progress.first_byte.unwrap_or(done),
                done,
            },
            received_bytes: progress.received_bytes,
            redirects: progress.redirects,
            outcome: outcome.unwrap_or_else(|_| Err(too_late(request, &progress))),
        }
    }

    /// The cookies of the jar that go with a request to `url`.
    pub fn cookies(&self, url: &Url) -> Vec<Cookie> {
        self.cookies.sent_to(url)
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

        let Some(next) = hop.after(answer.status(), answer.header("location"))? else {
            return read(answer, hop.url, request.body_use, progress).await;
        };
        // Read to its end, or the connection could not carry the next request.
        count(&mut answer, progress).await?;
        if progress.redirects == MAX_REDIRECTS {
            return Err(Failure::new(
                FailureKind::TooManyRedirects,
                format!(
                    "more than {MAX_REDIRECTS} redirects, the last one to {}",
                    without_credentials(next.url)
                ),
            ));
        }
        progress.redirects += 1;
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
    } else if progress.redirects > 0 {
        format!(
            "no last answer after {} redirects within {within}",
            progress.redirects
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
