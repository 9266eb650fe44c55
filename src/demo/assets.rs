//! What is the same for everyone: the style sheet, a greeting, the counts.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::routes::App;

const STYLE: &str = include_str!("static/style.css");

/// Stands for the style sheet's text, which changes with the version only.
const STYLE_TAG: &str = concat!("\"style-", env!("CARGO_PKG_VERSION"), "\"");

pub async fn hello() -> Html<&'static str> {
    Html("Hello, World!")
}

/// The style sheet, or "not modified" for a client that has it.
pub async fn style(request: HeaderMap) -> Response {
    let headers = [
        (header::CONTENT_DISPOSITION, "inline; filename=style.css"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::ETAG, STYLE_TAG),
        (header::ACCEPT_RANGES, "bytes"),
    ];
    let known = request.get(header::IF_NONE_MATCH);
    if known.is_some_and(|tag| tag.as_bytes() == STYLE_TAG.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let kind = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (headers, kind, STYLE).into_response()
}

/// What was served so far, and how much there is now.
pub async fn counts(State(app): State<App>) -> Response {
    let mut answer = Map::new();
    {
        let counts = app.counts();
        answer.insert("total".to_owned(), json!(counts.total()));
        answer.extend(counts.each().map(|(name, n)| (name.to_owned(), json!(n))));
    }
    {
        let blog = app.blog();
        answer.insert("users".to_owned(), json!(blog.users()));
        answer.insert("posts".to_owned(), json!(blog.posts()));
    }
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, Value::Object(answer).to_string()).into_response()
}
