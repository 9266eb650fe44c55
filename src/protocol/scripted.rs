//! A target that answers from a function: for simulations and tests.
//!
//! It keeps the promises that a real one is held to: an answer that takes longer
//! than its request allows is a timeout, and a body that nobody looks at is
//! counted and not kept. Phases pass one after the other, and only those that came to
//! their end are told of.
//!
//! # What is not here
//!
//! Redirects, and the rules of cookies. An answer can say where a chain of
//! redirects would have ended, which is all that those who look at answers can see
//! of one; and it can put a cookie into the user's jar, from where it goes to
//! every address.

use std::{cell::RefCell, fmt, sync::Arc, time::Duration};

use crate::{
    base::{clock::Clock, duration, ids::UserNumber, redirects::Redirects},
    exchange::{
        BodyUse, Content, Cookie, Exchange, Failure, FailureKind, Hop, MAX_BEGINNING_BYTES,
        PhaseKind, Phases, Request, Response, Timing, Underway, Worth,
    },
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
    /// The connection that is opened for it, if one is, and the time for its body to
    /// come.
    pub phases: Phases,
    /// How long it lets wait for its first byte, once there is a connection.
    pub latency: Duration,
    pub outcome: Result<(u16, String), Failure>,
    /// Where it comes from, when that is not where the request went.
    pub redirected_to: Option<String>,
    /// Lower-case names, and values.
    pub headers: Vec<(String, String)>,
    /// What the user's jar holds from then on.
    pub cookies: Vec<Cookie>,
    pub worth: Worth,
}

impl Answer {
    /// An answer with a status and a body, at once.
    pub fn new(status: u16, body: impl Into<String>) -> Answer {
        Answer {
            phases: Phases::default(),
            latency: Duration::ZERO,
            outcome: Ok((status, body.into())),
            redirected_to: None,
            headers: Vec::new(),
            cookies: Vec::new(),
            worth: Worth::Content,
        }
    }

    /// No answer but a failure, at once.
    pub fn failed(failure: Failure) -> Answer {
        Answer {
            phases: Phases::default(),
            latency: Duration::ZERO,
            outcome: Err(failure),
            redirected_to: None,
            headers: Vec::new(),
            cookies: Vec::new(),
            worth: Worth::Content,
        }
    }

    /// The same answer, as if one redirect had led to it.
    ///
    /// `location` is relative to the request's address, or absolute.
    #[must_use]
    pub fn redirected_to(mut self, location: impl Into<String>) -> Answer {
        self.redirected_to = Some(location.into());
        self
    }

    /// The same answer with a header; its name is written in lower case.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Answer {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same answer, with a cookie for the user's jar.
    #[must_use]
    pub fn cookie(mut self, name: &str, value: &str) -> Answer {
        self.cookies.push(Cookie {
            name: name.into(),
            value: value.into(),
        });
        self
    }

    /// The same answer over a connection that is opened for it; each part of that takes
    /// so long, in this order.
    #[must_use]
    pub fn opening(mut self, parts: impl IntoIterator<Item = (PhaseKind, Duration)>) -> Answer {
        self.phases.connections += 1;
        for (kind, time) in parts {
            self.phases = self.phases.with(kind, time);
        }
        self
    }

    /// The same answer, whose body takes so long to come after its first byte.
    #[must_use]
    pub fn receiving(mut self, time: Duration) -> Answer {
        self.phases = self.phases.with(PhaseKind::Receiving, time);
        self
    }

    /// The same answer, which is as it is wanted whatever it says.
    #[must_use]
    pub fn granted(mut self) -> Answer {
        self.worth = Worth::Granted;
        self
    }

    /// The same answer, later.
    #[must_use]
    pub fn after(mut self, latency: Duration) -> Answer {
        self.latency = latency;
        self
    }
}

impl Scripted {
    /// A target that answers what `script` says.
    pub fn new(script: impl Fn(&Asked<'_>) -> Answer + Send + Sync + 'static) -> Scripted {
        Scripted {
            script: Arc::new(script),
        }
    }

    /// A target that gives everyone the same status and an empty body.
    pub fn always(status: u16) -> Scripted {
        Scripted::new(move |_| Answer::new(status, ""))
    }

    /// A new session of a user.
    pub fn session(&self, user: UserNumber) -> ScriptedSession {
        ScriptedSession {
            script: self.clone(),
            user,
            jar: RefCell::default(),
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
    jar: RefCell<Vec<Cookie>>,
}

impl ScriptedSession {
    /// Asks the script. The answer's latency passes on tokio's clock.
    pub async fn exchange(
        &self,
        request: &Request,
        clock: &Clock,
        underway: &Underway,
    ) -> Exchange {
        let sent = clock.elapsed();
        let answer = (self.script.script)(&Asked {
            user: self.user,
            at: sent,
            request,
        });
        let mut course = Course {
            clock,
            end: sent + request.timeouts.total,
            at: sent,
        };
        let passed = course.pass(&answer, underway).await;
        let done = clock.elapsed();
        let (first_byte, answer) = match passed {
            Some(first_byte) => (first_byte, answer),
            None => (done, too_late(request)),
        };
        for cookie in &answer.cookies {
            let mut jar = self.jar.borrow_mut();
            jar.retain(|known| known.name != cookie.name);
            jar.push(cookie.clone());
        }
        if answer.redirected_to.is_some() {
            redirected(request.redirects, sent, underway);
        }
        Exchange {
            timing: Timing {
                sent,
                first_byte,
                done,
            },
            phases: underway.take_phases(),
            received_bytes: answer
                .outcome
                .as_ref()
                .map_or(0, |(_, body)| body.len() as u64),
            redirects: underway.redirects(),
            resent: underway.resent(),
            hops: underway.take_hops(),
            outcome: respond(answer, request),
        }
    }

    /// All cookies of the jar.
    pub fn cookies(&self) -> Vec<Cookie> {
        self.jar.borrow().clone()
    }
}

/// How an answer's time passes.
struct Course<'a> {
    clock: &'a Clock,
    /// When the request's time is over.
    end: Duration,
    /// How far it has come.
    at: Duration,
}

impl Course<'_> {
    /// Lets all of an answer's phases pass. Returns when its first byte had come;
    /// `None` if it did not end in time.
    async fn pass(&mut self, answer: &Answer, underway: &Underway) -> Option<Duration> {
        let opening = [PhaseKind::Dns, PhaseKind::Connect, PhaseKind::Tls];
        for _ in 0..answer.phases.connections {
            underway.count_connection();
        }
        for kind in opening {
            if let Some(time) = answer.phases.time(kind) {
                self.wait(time).await?;
                underway.took(kind, time);
            }
        }
        self.wait(answer.latency).await?;
        // Without an answer there is nothing that came to its end.
        if answer.outcome.is_ok() {
            underway.took(PhaseKind::Waiting, answer.latency);
        }
        let first_byte = self.clock.elapsed();
        let receiving = answer.phases.time(PhaseKind::Receiving);
        let receiving = receiving.unwrap_or_default();
        self.wait(receiving).await?;
        if answer.outcome.is_ok() {
            underway.took(PhaseKind::Receiving, receiving);
        }
        Some(first_byte)
    }

    async fn wait(&mut self, time: Duration) -> Option<()> {
        if time.is_zero() {
            return Some(());
        }
        let until = self.at + time;
        self.at = until.min(self.end);
        tokio::time::sleep_until(self.clock.instant(self.at)).await;
        (until <= self.end).then_some(())
    }
}

/// The redirect took no time.
fn redirected(redirects: Redirects, at: Duration, underway: &Underway) {
    match redirects {
        Redirects::Follow => underway.count_redirect(),
        Redirects::Each => underway.push_hop(Hop {
            timing: Timing {
                sent: at,
                first_byte: at,
                done: at,
            },
            phases: Phases::default(),
            received_bytes: 0,
        }),
        Redirects::None => {}
    }
}

fn too_late(request: &Request) -> Answer {
    let within = duration::text(request.timeouts.total);
    Answer::failed(Failure::new(
        FailureKind::TotalTimeout,
        format!("no answer within {within}"),
    ))
}

fn respond(answer: Answer, request: &Request) -> Result<Response, Failure> {
    let (mut status, mut body) = answer.outcome?;
    let mut redirected_to = answer.redirected_to;
    if request.redirects == Redirects::None && redirected_to.take().is_some() {
        (status, body) = (302, String::new());
    }
    let url = match &redirected_to {
        None => request.url.clone(),
        Some(location) => request.url.join(location).map_err(|error| {
            Failure::new(
                FailureKind::BadProtocol,
                format!("redirected to {location:?}: {error}"),
            )
        })?,
    };
    let looked_at = match request.body_use {
        BodyUse::Keep => false,
        BodyUse::Count => !(200..300).contains(&status),
    };
    let beginning = body
        .bytes()
        .take(if looked_at { MAX_BEGINNING_BYTES } else { 0 });
    Ok(Response {
        status,
        url,
        headers: answer.headers.into_iter().collect(),
        content: Content::default(),
        beginning: beginning.collect(),
        body_bytes: body.len() as u64,
        worth: answer.worth,
        body: match request.body_use {
            BodyUse::Keep => body.into_bytes(),
            BodyUse::Count => Vec::new(),
        },
    })
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::base::{method::Method, timeouts::Timeouts};

    #[tokio::test(start_paused = true)]
    async fn the_script_sees_who_asks_what_and_when() {
        let target = Scripted::new(|asked| {
            let body = format!("{} {} {:?}", asked.user, asked.request.url.path(), asked.at);
            Answer::new(200, body).after(Duration::from_secs(2))
        });
        let clock = Clock::start();
        let (one, two) = (target.session(1), target.session(2));
        let first = one
            .exchange(&request("/a"), &clock, &Underway::default())
            .await;
        let second = two
            .exchange(&request("/b"), &clock, &Underway::default())
            .await;

        assert_eq!(first.outcome.unwrap().text().unwrap(), "1 /a 0ns");
        assert_eq!(second.outcome.unwrap().text().unwrap(), "2 /b 2s");
        assert_eq!(second.timing, timing(2, 4));
        assert_eq!(second.received_bytes, 7);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_may_take_as_long_as_the_request_allows_and_no_longer() {
        let clock = Clock::start();
        for (latency_s, kind) in [(10, None), (11, Some(FailureKind::TotalTimeout))] {
            let latency = Duration::from_secs(latency_s);
            let target = Scripted::new(move |_| Answer::new(200, "x").after(latency));
            let began = clock.elapsed().as_secs();
            let exchange = target
                .session(1)
                .exchange(&request("/"), &clock, &Underway::default())
                .await;
            assert_eq!(exchange.timing, timing(began, began + 10));
            assert_eq!(exchange.outcome.err().map(|failure| failure.kind), kind);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_is_kept_only_where_it_is_asked_for() {
        let target = Scripted::new(|_| Answer::new(200, "four"));
        let mut asked = request("/");
        asked.body_use = BodyUse::Count;
        let exchange = target
            .session(1)
            .exchange(&asked, &Clock::start(), &Underway::default())
            .await;
        assert_eq!(exchange.received_bytes, 4);
        assert_eq!(exchange.outcome.unwrap().body, b"");
        assert_eq!(exchange.timing, timing(0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_can_come_from_elsewhere_or_fail() {
        let clock = Clock::start();
        let target = Scripted::new(|_| Answer::new(200, "").redirected_to("/auth/login"));
        let exchange = target
            .session(1)
            .exchange(&request("/create"), &clock, &Underway::default())
            .await;
        assert_eq!(exchange.redirects, 1);
        assert_eq!(exchange.outcome.unwrap().url.path(), "/auth/login");

        let refused = Failure::new(FailureKind::Refused, "nobody is there");
        let answer = Answer::failed(refused.clone());
        let target = Scripted::new(move |_| answer.clone());
        let exchange = target
            .session(1)
            .exchange(&request("/"), &clock, &Underway::default())
            .await;
        assert_eq!((exchange.received_bytes, exchange.redirects), (0, 0));
        assert_eq!(exchange.outcome.unwrap_err(), refused);
    }

    fn request(path: &str) -> Request {
        Request {
            method: Method::Get,
            url: Url::parse("http://scripted.test")
                .unwrap()
                .join(path)
                .unwrap(),
            headers: Vec::new(),
            body: None,
            timeouts: Timeouts::of_total(Duration::from_secs(10)),
            body_use: BodyUse::Keep,
            redirects: Redirects::Follow,
            encoded: crate::exchange::Encoded::default(),
        }
    }

    fn timing(sent_s: u64, done_s: u64) -> Timing {
        let done = Duration::from_secs(done_s);
        Timing {
            sent: Duration::from_secs(sent_s),
            first_byte: done,
            done,
        }
    }
}
