//! Sends a request and says what became of it.

use std::{borrow::Cow, cell::RefCell, time::Duration};

use super::{
    judge::{Judgement, judge, template_failure},
    scope::UserScope,
    shared::Shared,
    user::{LastAnswer, User},
    witness::{Asked, Deed, Sent},
};
use crate::{
    base::{
        ids::{ClassId, NamerId, RequestId, RowId, VarId},
        redirects::hop_name,
        value::Value,
    },
    exchange::{
        self, Cookie, Evidence, Example, Exchange, Failure, FailureKind, Hop, Response, Underway,
        curl::Follow, mask::Secrets,
    },
    graph::{Keeps, Request, RequestName},
    protocol::Session,
    stats::{Recorder, Sample},
};

/// Sends one request and judges its answer. Returns whether all was as expected.
pub(super) async fn ask(user: &mut User, shared: &Shared, id: RequestId) -> bool {
    let Some(ready) = Ready::of(user, shared, id) else {
        return false;
    };
    user.answer = None;
    let exchange = ready.send(&user.session, shared).await;
    ready.land(exchange, user, shared)
}

/// A request that can be sent.
pub(super) struct Ready<'g> {
    id: RequestId,
    request: &'g Request,
    sent: Cow<'g, exchange::Request>,
    from: Asker,
    row: RowId,
    due: Option<Duration>,
    /// Those that go with it, where somebody wants to see them.
    cookies: Option<Vec<Cookie>>,
}

impl<'g> Ready<'g> {
    /// Works out a request. What cannot be worked out is counted as failed.
    pub(super) fn of(user: &mut User, shared: &'g Shared, id: RequestId) -> Option<Ready<'g>> {
        let request = shared.graph.request(id);
        let now = user.now;
        let due = user.due.take();
        let namer = shared.graph.request_as_namer(id);
        let row = match row(request, namer, user, shared, now) {
            Ok(row) => row,
            Err((row, failure)) => {
                unsent(id, row, now, failure, user, shared);
                return None;
            }
        };
        let sent = match &request.ready {
            Some(ready) => Cow::Borrowed(ready),
            None => match request.render(&shared.target, &mut shared.scope(user, now), page) {
                Ok(made) => Cow::Owned(made),
                Err(failure) => {
                    unsent(id, row, now, failure, user, shared);
                    return None;
                }
            },
        };
        user.deeds += 1;
        // Those of after the answer are others.
        let cookies = shared
            .witness
            .as_ref()
            .map(|_| user.session.cookies(&sent.url));
        Some(Ready {
            id,
            request,
            sent,
            from: (user.class, namer),
            row,
            due,
            cookies,
        })
    }

    /// Sends it. Dropped before the answer is there, it counts as interrupted.
    pub(super) async fn send(&self, session: &Session, shared: &Shared) -> Exchange {
        let in_flight = InFlight::new(&shared.recorder, self.from, self.row, self.due);
        let exchange = session
            .exchange(&self.sent, &shared.clock, in_flight.underway())
            .await;
        in_flight.landed();
        exchange
    }

    /// Judges the answer and counts it. Returns whether all was as expected.
    pub(super) fn land(self, exchange: Exchange, user: &mut User, shared: &Shared) -> bool {
        user.now = exchange.timing.done;
        let time = exchange.timing.done.saturating_sub(exchange.timing.sent);
        let (held, judgement) = judged(self.request, &exchange, time, user, shared);
        if let (Some(witness), Some(cookies)) = (&shared.witness, self.cookies) {
            let asked = Asked {
                request: self.id,
                sent: Some(sent(&self.sent, cookies, &exchange)),
                held,
                failure: judgement
                    .as_ref()
                    .err()
                    .map(|failure| failure.clone().into_owned()),
                extracted: judgement.as_ref().ok().cloned().unwrap_or_default(),
            };
            witness.tell(user, Deed::Asked(Box::new(asked)));
        }
        let mut recorder = shared.recorder.borrow_mut();
        let kind = judgement.as_ref().err().map(|failure| failure.kind);
        let row = record(
            &mut recorder,
            self.from,
            self.row,
            self.due,
            &exchange,
            kind,
        );
        let as_expected = match judgement {
            Ok(extracted) => {
                for (var, value) in extracted {
                    user.vars[var.index()] = value;
                }
                true
            }
            Err(failure) => {
                recorder.note_failure(row, exchange.timing.done, failure.kind, || {
                    example(&self.sent, user, &exchange, &failure, &shared.secrets)
                });
                false
            }
        };
        if let (Keeps::Answer, Ok(response)) = (self.request.keeps, exchange.outcome) {
            user.answer = Some(Box::new(LastAnswer { response, time }));
        }
        as_expected
    }
}

/// The last answer of a user, where a form can be taken from it.
fn page<'s>(scope: &'s UserScope<'_>) -> Option<&'s Response> {
    let answer = scope.user.answer.as_ref();
    answer.map(|answer| &answer.response)
}

/// How many expectations hold, and what was taken out or is broken.
#[expect(clippy::type_complexity, reason = "told apart where it is used, once")]
fn judged<'e>(
    request: &Request,
    exchange: &'e Exchange,
    time: Duration,
    user: &mut User,
    shared: &Shared,
) -> (usize, Result<Vec<(VarId, Option<Value>)>, Cow<'e, Failure>>) {
    match &exchange.outcome {
        Ok(response) => {
            let mut scope = shared.scope(user, exchange.timing.done);
            let Judgement { held, extracted } = judge(request, response, time, &mut scope);
            (held, extracted.map_err(Cow::Owned))
        }
        Err(failure) => (0, Err(Cow::Borrowed(failure))),
    }
}

/// Counts a request that could not be worked out.
fn unsent(
    id: RequestId,
    row: RowId,
    now: Duration,
    failure: Failure,
    user: &User,
    shared: &Shared,
) {
    let what = shared.graph.request(id).aim.label();
    shared.record_unsent((user.class, row), now, &failure, &what);
    if let Some(witness) = &shared.witness {
        let deed = Deed::Asked(Box::new(Asked {
            request: id,
            sent: None,
            held: 0,
            failure: Some(failure),
            extracted: Vec::new(),
        }));
        witness.tell(user, deed);
    }
}

/// An exchange for a witness.
fn sent(request: &exchange::Request, cookies: Vec<Cookie>, exchange: &Exchange) -> Sent {
    Sent {
        request: request.clone(),
        cookies,
        timing: exchange.timing,
        phases: exchange.phases,
        redirects: exchange.redirects,
        received_bytes: exchange.received_bytes,
        response: exchange.outcome.as_ref().ok().cloned(),
    }
}

/// The class that asks, and whose the names of hops are.
pub(super) type Asker = (ClassId, NamerId);

/// Counts an exchange and the hops that came before it. Returns the row it went into.
fn record(
    recorder: &mut Recorder,
    (class, namer): Asker,
    first: RowId,
    due: Option<Duration>,
    exchange: &Exchange,
    failure: Option<FailureKind>,
) -> RowId {
    let (row, due) = record_hops(recorder, (class, namer), first, due, &exchange.hops);
    let sample = Sample {
        row,
        due: since(due, exchange.timing.sent),
        timing: exchange.timing,
        phases: exchange.phases,
        received_bytes: exchange.received_bytes,
        redirects: exchange.redirects,
        resent: exchange.resent,
        failure,
    };
    recorder.record_of(class, &sample);
    row
}

/// What a failed exchange looked like.
///
/// The cookies are those that the user holds after it: what the answer has just set or
/// taken away is seen so. Keeping those of before would cost every request.
fn example(
    sent: &exchange::Request,
    user: &User,
    exchange: &Exchange,
    failure: &Failure,
    secrets: &Secrets,
) -> Example {
    let cookies = user.session.cookies(&sent.url);
    let follow = if exchange.redirects > 0 || !exchange.hops.is_empty() {
        Follow::Yes
    } else {
        Follow::No
    };
    let evidence = Evidence {
        request: sent,
        cookies: &cookies,
        follow,
        response: exchange.outcome.as_ref().ok(),
        secrets,
    };
    Example::of(&evidence, failure)
}

/// Counts the hops of a chain, each under a name of its own. Returns the row of the
/// last hop, and when that was due.
fn record_hops(
    recorder: &mut Recorder,
    (class, namer): Asker,
    first: RowId,
    mut due: Option<Duration>,
    hops: &[Hop],
) -> (RowId, Option<Duration>) {
    let mut row = first;
    for (redirect, hop) in (1..).zip(hops) {
        let sample = Sample {
            row,
            due: since(due.take(), hop.timing.sent),
            timing: hop.timing,
            phases: hop.phases,
            received_bytes: hop.received_bytes,
            redirects: 0,
            resent: 0,
            failure: None,
        };
        recorder.record_of(class, &sample);
        row = recorder.row_made_by(&hop_name(&recorder.name(first), redirect), namer);
    }
    (row, due)
}

/// From when on a response time counts: what was due later than it was sent was
/// not late.
fn since(due: Option<Duration>, sent: Duration) -> Duration {
    due.map_or(sent, |due| due.min(sent))
}

/// The row of a request; made now where its name has a template in it.
fn row(
    request: &Request,
    namer: NamerId,
    user: &mut User,
    shared: &Shared,
    now: Duration,
) -> Result<RowId, (RowId, Failure)> {
    match &request.name {
        RequestName::Known(row) => Ok(*row),
        RequestName::Templated(template) => {
            let mut name = String::new();
            let rendered = template.render(&mut shared.scope(user, now), &mut name);
            let mut recorder = shared.recorder.borrow_mut();
            match rendered {
                Ok(()) => Ok(recorder.row_made_by(&shared.secrets.hide(&name), namer)),
                Err(error) => Err((recorder.row("(name)"), template_failure(error))),
            }
        }
    }
}

/// A sample under way. Dropped before it has landed, it counts as interrupted, and
/// what it had done by then is counted too; unless the program itself broke, which
/// is counted where it is caught.
pub(super) struct InFlight<'a> {
    recorder: &'a RefCell<Recorder>,
    /// Whose the names of its hops are.
    from: Asker,
    row: RowId,
    due: Option<Duration>,
    underway: Underway,
    landed: bool,
}

impl<'a> InFlight<'a> {
    pub(super) fn new(
        recorder: &'a RefCell<Recorder>,
        from: Asker,
        row: RowId,
        due: Option<Duration>,
    ) -> InFlight<'a> {
        InFlight {
            recorder,
            from,
            row,
            due,
            underway: Underway::default(),
            landed: false,
        }
    }

    /// Where an exchange says how far it is.
    pub(super) fn underway(&self) -> &Underway {
        &self.underway
    }

    pub(super) fn landed(mut self) {
        self.landed = true;
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if !self.landed && !std::thread::panicking() {
            let mut recorder = self.recorder.borrow_mut();
            let hops = self.underway.take_hops();
            let (row, _) = record_hops(&mut recorder, self.from, self.row, self.due, &hops);
            let (redirects, resent) = (self.underway.redirects(), self.underway.resent());
            recorder.interrupted(row, redirects, resent, &self.underway.take_phases());
        }
    }
}
