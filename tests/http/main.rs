//! What asking over HTTP must do, against a server that misbehaves on demand.
//!
//! Only the door is used: a protocol's session and its exchange. Another engine
//! below it must pass all of this unchanged.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

#[path = "../certified/mod.rs"]
mod certified;
#[path = "../faults/mod.rs"]
mod faults;
#[path = "../running/mod.rs"]
mod running;

mod addresses;
mod bodies;
mod connections;
mod cookies;
mod early;
mod failures;
mod forms;
mod framing;
mod heads;
mod http2;
mod jars;
mod limits;
mod locations;
mod mutations;
mod phases;
mod reach;
mod redirects;
mod requests;
mod resending;
mod rounds;
mod server;
mod tls;
mod versions;

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use plan::{
    base::{clock::Clock, ids::ClassId, method::Method, redirects::Redirects, timeouts::Timeouts},
    exchange::{
        Body, BodyUse, Exchange, FailureKind, HeaderText, Request, Response, Underway, form,
        header_name,
    },
    protocol::{Protocol, Session, http::Http},
};
use url::Url;

/// What all users start from. Reading whom this machine trusts takes longer than most
/// of these tests.
static HTTP: LazyLock<Http> = LazyLock::new(Http::default);

/// A user, and the clock that it lives by.
struct User {
    session: Session,
    clock: Clock,
}

impl User {
    fn new() -> User {
        User {
            session: Protocol::Http(HTTP.clone()).session(1, ClassId::at(0)),
            clock: Clock::start(),
        }
    }

    async fn ask(&mut self, request: &Request) -> Exchange {
        let underway = Underway::default();
        self.session.exchange(request, &self.clock, &underway).await
    }

    async fn get(&mut self, url: Url) -> Exchange {
        self.ask(&get(url)).await
    }

    /// What its jar holds for an address: `name=value`, with commas.
    fn cookies(&self, url: &Url) -> String {
        let cookies = self.session.cookies(url);
        let cookies = cookies
            .iter()
            .map(|cookie| format!("{}={}", cookie.name, cookie.value));
        cookies.collect::<Vec<_>>().join(", ")
    }
}

fn request(method: Method, url: Url) -> Request {
    Request {
        method,
        url,
        headers: Vec::new(),
        body: None,
        timeouts: Timeouts::of_total(Duration::from_secs(5)),
        body_use: BodyUse::Keep,
        redirects: Redirects::Follow,
        encoded: plan::exchange::Encoded::default(),
    }
}

fn get(url: Url) -> Request {
    request(Method::Get, url)
}

/// A form with `a=1`.
fn post(url: Url) -> Request {
    with_form(request(Method::Post, url))
}

fn with_form(mut request: Request) -> Request {
    request.body = Some(Body::new(
        Some(form::CONTENT_TYPE),
        form::encode([("a", "1")]),
    ));
    request
}

fn with_header(mut request: Request, name: &str, value: &str) -> Request {
    let name = header_name(name).unwrap();
    let value = HeaderText::new(value).unwrap();
    request.headers.push((name, value));
    request
}

fn within_ms(mut request: Request, ms: u64) -> Request {
    request.timeouts.total = Duration::from_millis(ms);
    request
}

fn counted(mut request: Request) -> Request {
    request.body_use = BodyUse::Count;
    request
}

/// The response of an exchange that must have one.
fn response(exchange: &Exchange) -> &Response {
    match &exchange.outcome {
        Ok(response) => response,
        Err(failure) => panic!("failed: {failure:?}"),
    }
}

/// Status and body of an exchange that must have an answer.
fn answer(exchange: &Exchange) -> (u16, String) {
    let response = response(exchange);
    let text = String::from_utf8_lossy(&response.body);
    (response.status, text.into_owned())
}

/// Kind and text of an exchange that must have failed.
fn failure(exchange: &Exchange) -> (FailureKind, &str) {
    match &exchange.outcome {
        Ok(response) => panic!("answered: {response:?}"),
        Err(failure) => (failure.kind, &failure.detail),
    }
}

/// Time for the other side to notice that a connection has ended.
async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

fn headers(pairs: &[(&str, &str)]) -> Vec<(Arc<str>, HeaderText)> {
    pairs
        .iter()
        .map(|(name, value)| (header_name(name).unwrap(), HeaderText::new(*value).unwrap()))
        .collect()
}
