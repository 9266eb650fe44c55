//! Answers that are not pages of the blog: redirects and refusals.
//!
//! Their texts are those of Werkzeug, the library beneath Flask, because plans
//! look for them.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use super::{
    blog::{Full, PostError, PostId, User},
    visitor::{FORGET_SESSION, session_of},
};

/// Why a request is not answered with what it asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Only for those who are logged in: a redirect to the login page.
    LoginFirst,
    /// A field of the form is missing.
    BadRequest,
    /// Someone else's post.
    Forbidden,
    /// No page has this address.
    NoSuchPage,
    /// The address is that of a post, and there is none.
    NoSuchPost(PostId),
    /// The page exists, for other methods.
    MethodNotAllowed(&'static str),
    /// The body exceeds [`MAX_BODY_BYTES`](super::MAX_BODY_BYTES).
    TooLarge,
    /// The real one would have raised an exception.
    Broken,
    /// A bound of what is stored was reached.
    Full,
}

impl From<Full> for Refusal {
    fn from(Full: Full) -> Refusal {
        Refusal::Full
    }
}

impl Refusal {
    /// What becomes of a request for a post that may not be had.
    pub fn of_post(id: PostId, error: PostError) -> Refusal {
        match error {
            PostError::Unknown => Refusal::NoSuchPost(id),
            PostError::NotTheAuthor => Refusal::Forbidden,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Refusal::LoginFirst => redirect("/auth/login"),
            Refusal::BadRequest => refuse(
                StatusCode::BAD_REQUEST,
                "The browser (or proxy) sent a request that this server could not understand.",
            ),
            Refusal::Forbidden => refuse(
                StatusCode::FORBIDDEN,
                "You don&#39;t have the permission to access the requested resource. \
                 It is either read-protected or not readable by the server.",
            ),
            Refusal::NoSuchPage => refuse(
                StatusCode::NOT_FOUND,
                "The requested URL was not found on the server. If you entered the URL \
                 manually please check your spelling and try again.",
            ),
            Refusal::NoSuchPost(id) => refuse(
                StatusCode::NOT_FOUND,
                &format!("Post id {id} doesn&#39;t exist."),
            ),
            Refusal::MethodNotAllowed(allow) => {
                let mut response = refuse(
                    StatusCode::METHOD_NOT_ALLOWED,
                    "The method is not allowed for the requested URL.",
                );
                let allow = HeaderValue::from_static(allow);
                response.headers_mut().insert(header::ALLOW, allow);
                response
            }
            Refusal::TooLarge => refuse(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The data value transmitted exceeds the capacity limit.",
            ),
            Refusal::Broken => refuse(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The server encountered an internal error and was unable to complete your \
                 request. Either the server is overloaded or there is an error in the \
                 application.",
            ),
            Refusal::Full => refuse(
                StatusCode::SERVICE_UNAVAILABLE,
                "The server is temporarily unable to service your request due to maintenance \
                 downtime or capacity problems. Please try again later.",
            ),
        }
    }
}

/// Sends the client to another page of the blog.
///
/// 302 as Flask up to 3.1 does, and not 303; `location` has no host in it.
pub fn redirect(location: &'static str) -> Response {
    let page = format!(
        "<!doctype html>\n\
         <html lang=en>\n\
         <title>Redirecting...</title>\n\
         <h1>Redirecting...</h1>\n\
         <p>You should be redirected automatically to the target URL: \
         <a href=\"{location}\">{location}</a>. If not, click the link.\n"
    );
    let location = [(header::LOCATION, location)];
    (StatusCode::FOUND, location, Html(page)).into_response()
}

/// A page that shows a flash message, for whoever is logged in.
///
/// Making a message and showing it touches the session, and Flask sends a
/// session that was touched: once more, or as one to forget if nothing is left.
pub fn flashed(visitor: Option<&User>, page: String) -> Response {
    let session = visitor.map_or(FORGET_SESSION, session_of);
    ([(header::SET_COOKIE, session)], Html(page)).into_response()
}

/// Tells which methods a page knows.
pub fn options(allow: &'static str) -> Response {
    let headers = [
        (header::ALLOW, allow),
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LENGTH, "0"),
    ];
    (headers, Body::empty()).into_response()
}

fn refuse(status: StatusCode, explanation: &str) -> Response {
    let reason = status.canonical_reason().unwrap_or_default();
    // The one name on which the two libraries differ.
    let reason = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Request Entity Too Large",
        _ => reason,
    };
    let page = format!(
        "<!doctype html>\n\
         <html lang=en>\n\
         <title>{} {reason}</title>\n\
         <h1>{reason}</h1>\n\
         <p>{explanation}</p>\n",
        status.as_u16()
    );
    (status, Html(page)).into_response()
}
