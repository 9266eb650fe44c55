//! A request as a person wants to see it before it is sent for three days.

use super::{
    Cookie, Request,
    curl::{self, Curl, Follow, ShownBody},
    mask::Known,
};
use crate::base::printable::printable;

/// A request as it was sent, secrets masked, fit for a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownRequest {
    /// "POST http://127.0.0.1:5000/auth/login"
    pub line: String,
    /// "accept-language: pl"; the cookies among them.
    pub headers: Vec<String>,
    /// `None` without one.
    pub body: Option<String>,
    pub curl: Curl,
}

impl ShownRequest {
    /// The request, with the cookies that went with it.
    pub fn of(
        request: &Request,
        cookies: &[Cookie],
        follow: Follow,
        known: &Known,
    ) -> ShownRequest {
        let body = request.body.as_ref();
        let body = body.map(|body| match curl::shown(body, request, known) {
            ShownBody::None => String::new(),
            ShownBody::Text(text) | ShownBody::Piped(text) => printable(&text).into_owned(),
            ShownBody::LeftOut(bytes) => format!("({bytes} bytes, not shown)"),
        });
        ShownRequest {
            line: printable(&known.hide(&request.line())).into_owned(),
            // What `curl` is told to leave out is none of them.
            headers: curl::headers(request, cookies, known)
                .into_iter()
                .filter(|header| !header.ends_with([':', ';']))
                .collect(),
            body,
            curl: Curl::of(request, cookies, follow, known),
        }
    }
}
