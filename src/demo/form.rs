//! The fields of a form that was posted.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header::CONTENT_TYPE},
};

use super::{answer::Refusal, routes::App};

/// The fields of an `application/x-www-form-urlencoded` body.
///
/// A body of any other kind has no fields, as in Flask, where asking for one
/// then is a bad request and no "unsupported media type".
#[derive(Debug, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The first field of this name, or the refusal of a form that lacks it.
    pub fn field(&self, name: &str) -> Result<&str, Refusal> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .ok_or(Refusal::BadRequest)
    }
}

impl FromRequest<App> for Form {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Form, Refusal> {
        if !is_form(request.headers()) {
            return Ok(Form::default());
        }
        let body = Bytes::from_request(request, app)
            .await
            .map_err(|_| Refusal::BadRequest)?;
        let fields = url::form_urlencoded::parse(&body).into_owned();
        Ok(Form(fields.collect()))
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| {
            kind.trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}
