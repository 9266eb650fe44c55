//! One user's exchanges: cookies, redirects, the total timeout and the timing.

use std::{cell::RefCell, net::IpAddr, pin::pin, sync::Arc, time::Duration};

use url::Url;

use super::{
    Wires,
    cookies::Cookies,
    names::Names,
    redirect::{Hop, MAX_REDIRECTS},
    send::{Answer, Connections, Role, Terms},
    timer::Timer,
};
use crate::{
    base::{
        address::without_credentials, allowed::AllowedTargets, clock::Clock, duration,
        redirects::Redirects,
    },
    exchange::{
        self, BodyUse, Content, Cookie, Exchange, Failure, FailureKind, MAX_BEGINNING_BYTES,
        MAX_KEPT_BODY_BYTES, PhaseKind, Request, Response, Timing, Underway, Worth,
    },
};

/// One user's cookies and connections.
#[derive(Debug)]
pub struct HttpSession {
    connections: Connections,
    /// Never held across an await.
    cookies: RefCell<Cookies>,
    /// That of the last exchange, for the next one; taken while one is under way.
    timer: RefCell<Timer>,
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
    /// When the exchange that is counted began: the chain, or its last hop.
    sent: Duration,
    /// How many redirects have been followed.
    followed: u32,
}

impl HttpSession {
    pub(super) fn new(
        wires: Arc<Wires>,
        names: Arc<Names>,
        from: Option<IpAddr>,
        allowed: AllowedTargets,
    ) -> HttpSession {
        HttpSession {
            connections: Connections::new(wires, names, from, allowed),
            cookies: RefCell::default(),
            timer: RefCell::default(),
        }
    }

    /// Sends a request, follows its redirects, and reads the answer to its end.
    ///
    /// The request's timeout holds for all of that together. May be dropped at
    /// any await: the connection in use is closed, everything else stays. Several may be
    /// under way at the same time, each over a connection of its own.
    pub async fn exchange(
        &self,
        request: &Request,
        clock: &Clock,
        underway: &Underway,
    ) -> Exchange {
        let sent = clock.elapsed();
        let mut progress = Progress {
            sent,
            ..Progress::default()
        };
        let deadline = clock.instant(sent + request.timeouts.total);
        let terms = Terms {
            timeouts: &request.timeouts,
            clock,
            underway,
            role: Role::First,
        };
        let mut timer = self.timer.take();
        let outcome = {
            let following = pin!(self.follow(request, terms, &mut progress));
            timer.until(deadline, following).await
        };
        self.timer.replace(timer);
        let done = clock.elapsed();
        let first_byte = progress.first_byte.unwrap_or(done);
        if let Ok(Ok(_)) = &outcome {
            underway.took(PhaseKind::Receiving, done.saturating_sub(first_byte));
        }

        Exchange {
            timing: Timing {
                sent: progress.sent,
                first_byte,
                done,
            },
            phases: underway.take_phases(),
            received_bytes: progress.received_bytes,
            redirects: underway.redirects(),
            resent: underway.resent(),
            hops: underway.take_hops(),
            outcome: outcome.unwrap_or_else(|_| Err(too_late(request, &progress))),
        }
    }

    async fn follow(
        &self,
        request: &Request,
        mut terms: Terms<'_>,
        progress: &mut Progress,
    ) -> Result<Response, Failure> {
        let mut hop = Hop::first(request);
        loop {
            let cookie = self.cookies.borrow().header(&hop.url, hop.own_cookies());
            progress.in_body = false;
            let answer = self
                .connections
                .send(&hop, cookie.as_deref(), terms)
                .await?;
            let first_byte = answer.first_byte();
            terms.underway.took(PhaseKind::Waiting, answer.waited());
            progress.first_byte = Some(first_byte);
            progress.in_body = true;
            let head = answer.head();
            let come = head.headers.all("set-cookie");
            self.cookies.borrow_mut().store(come, &hop.url);

            let next = match request.redirects {
                Redirects::None => Ok(None),
                Redirects::Follow | Redirects::Each => {
                    hop.after(head.status, head.headers.first("location"))
                }
            };
            let next = match next {
                Ok(Some(next)) => next,
                Ok(None) => return read(answer, &hop, request.body_use, progress).await,
                Err(failure) => return Err(answer.fails(failure)),
            };
            // Read to its end, or the connection could not carry the next request.
            let count = |piece: &[u8]| {
                progress.received_bytes += piece.len() as u64;
                Ok(())
            };
            answer.read(count).await?;
            let received = terms.clock.elapsed().saturating_sub(first_byte);
            terms.underway.took(PhaseKind::Receiving, received);
            if progress.followed == MAX_REDIRECTS {
                return Err(too_many_redirects(&next.url));
            }
            terms.role = progress.follow(request.redirects, terms);
            hop = next;
        }
    }

    /// Its user waits: gives back what is of no use until the next exchange.
    pub fn rest(&self) {
        self.timer.take();
    }

    /// The cookies of the jar that go with a request to `url`.
    pub fn cookies(&self, url: &Url) -> Vec<Cookie> {
        self.cookies.borrow().sent_to(url)
    }
}

impl Progress {
    /// A redirect has been read to its end, and is being followed. Returns what the
    /// next request is.
    fn follow(&mut self, redirects: Redirects, terms: Terms<'_>) -> Role {
        self.followed += 1;
        match redirects {
            Redirects::Each => {
                let done = terms.clock.elapsed();
                terms.underway.push_hop(exchange::Hop {
                    timing: Timing {
                        sent: self.sent,
                        first_byte: self.first_byte.take().unwrap_or(done),
                        done,
                    },
                    phases: terms.underway.take_phases(),
                    received_bytes: std::mem::take(&mut self.received_bytes),
                });
                self.sent = done;
                Role::First
            }
            Redirects::Follow | Redirects::None => Role::Redirected,
        }
    }
}

fn too_many_redirects(last: &Url) -> Failure {
    Failure::new(
        FailureKind::TooManyRedirects,
        format!(
            "more than {MAX_REDIRECTS} redirects, the last one to {}",
            without_credentials(last)
        ),
    )
}

async fn read(
    answer: Answer<'_>,
    hop: &Hop<'_>,
    body_use: BodyUse,
    progress: &mut Progress,
) -> Result<Response, Failure> {
    let before_bytes = progress.received_bytes;
    let (mut body, mut beginning) = (Vec::new(), Vec::new());
    let (head, max_bytes) = (answer.head(), MAX_BEGINNING_BYTES);
    let kept = match body_use {
        BodyUse::Keep => {
            body.reserve(head.announced_bytes().min(MAX_PROMISED_BYTES));
            Kept::Whole
        }
        BodyUse::Count if (200..300).contains(&head.status) => Kept::Nothing,
        BodyUse::Count => Kept::Beginning,
    };
    let reader = |piece: &[u8]| {
        progress.received_bytes += piece.len() as u64;
        match kept {
            Kept::Whole if body.len() + piece.len() > MAX_KEPT_BODY_BYTES => {
                return Err(body_too_large());
            }
            Kept::Whole => body.extend_from_slice(piece),
            Kept::Beginning if beginning.len() < max_bytes => {
                let missing = max_bytes - beginning.len();
                beginning.extend_from_slice(&piece[..piece.len().min(missing)]);
            }
            Kept::Beginning | Kept::Nothing => {}
        }
        Ok(())
    };
    match answer.read(reader).await {
        Ok(head) => Ok(Response {
            status: head.status,
            url: without_credentials(&hop.url),
            headers: head.headers,
            body,
            content: Content::default(),
            beginning,
            body_bytes: progress.received_bytes - before_bytes,
            worth: Worth::Content,
        }),
        Err(mut failure) => {
            if let Some(partial) = &mut failure.partial {
                body.truncate(max_bytes);
                partial.beginning = if body.is_empty() { beginning } else { body };
            }
            Err(failure)
        }
    }
}

/// What is kept of a body.
enum Kept {
    Whole,
    /// What the example of a failure shows of it.
    Beginning,
    Nothing,
}

fn body_too_large() -> Failure {
    Failure::new(
        FailureKind::BodyTooLarge,
        format!(
            "the body has more than {} MiB, which is the most that is kept to look at",
            MAX_KEPT_BODY_BYTES >> 20
        ),
    )
}

/// How much memory is taken because a head says that a body will need it, in bytes.
const MAX_PROMISED_BYTES: usize = 1 << 20;

fn too_late(request: &Request, progress: &Progress) -> Failure {
    let within = duration::text(request.timeouts.total);
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
