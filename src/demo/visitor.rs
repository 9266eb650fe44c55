//! Who is asking: the session cookie.
//!
//! The cookie is a user's number and secret. Like the signed cookie of the real
//! one it is kept by the client alone: logging out takes it from the client, and
//! a copy of it stays good. In the real one flash messages travel in it too, but
//! each is shown by the answer that makes it, so none ever does.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header::COOKIE, request::Parts},
};

use super::{
    answer::Refusal,
    blog::{Blog, Secret, User},
    routes::App,
};

/// The user who is logged in, if any.
#[derive(Clone, Debug)]
pub struct Visitor(pub Option<Arc<User>>);

/// A user who is logged in; anyone else is sent to the login page.
#[derive(Clone, Debug)]
pub struct LoggedIn(pub Arc<User>);

/// The header value that makes a client forget its session.
pub const FORGET_SESSION: HeaderValue = HeaderValue::from_static(
    "session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/",
);

/// The header value that logs a client in.
pub fn session_of(user: &User) -> HeaderValue {
    let secret = u128::from_be_bytes(user.secret);
    HeaderValue::try_from(format!(
        "session={}.{secret:032x}; HttpOnly; Path=/",
        user.id
    ))
    .expect("digits and ASCII letters are allowed in a header")
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visitor, Infallible> {
        Ok(Visitor(logged_in(&parts.headers, &app.blog())))
    }
}

impl FromRequestParts<App> for LoggedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<LoggedIn, Refusal> {
        logged_in(&parts.headers, &app.blog())
            .map(LoggedIn)
            .ok_or(Refusal::LoginFirst)
    }
}

fn logged_in(headers: &HeaderMap, blog: &Blog) -> Option<Arc<User>> {
    let cookies = headers.get_all(COOKIE);
    let session = cookies
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix("session="))?;
    let (id, secret) = session.split_once('.')?;
    let secret: Secret = u128::from_str_radix(secret, 16).ok()?.to_be_bytes();
    blog.user(id.parse().ok()?)
        .filter(|user| user.has_secret(&secret))
}
