//! Registering, logging in and out.

use axum::{
    extract::State,
    http::header::SET_COOKIE,
    response::{Html, IntoResponse, Response},
};

use super::{
    answer::{Refusal, flashed, redirect},
    blog::{RegisterError, Secret},
    form::Form,
    pages::Credentials,
    routes::App,
    visitor::{FORGET_SESSION, Visitor, session_of},
};

pub async fn register_form(State(app): State<App>, Visitor(visitor): Visitor) -> Html<String> {
    let pages = app.pages();
    Html(pages.credentials(Credentials::Register, visitor.as_ref(), None))
}

/// Adds a user, who is not logged in by that.
pub async fn register(
    State(app): State<App>,
    Visitor(visitor): Visitor,
    form: Form,
) -> Result<Response, Refusal> {
    let (name, password) = (form.field("username")?, form.field("password")?);
    let objection = if name.is_empty() {
        "Username is required.".to_owned()
    } else if password.is_empty() {
        "Password is required.".to_owned()
    } else {
        let mut secret = Secret::default();
        getrandom::fill(&mut secret).map_err(|_| Refusal::Broken)?;
        let registered = app.blog().register(name, password, secret);
        match registered {
            Ok(()) => return Ok(redirect("/auth/login")),
            Err(RegisterError::NameTaken) => format!("User {name} is already registered."),
            Err(RegisterError::Full) => return Err(Refusal::Full),
        }
    };
    let pages = app.pages();
    let page = pages.credentials(Credentials::Register, visitor.as_ref(), Some(&objection));
    Ok(flashed(visitor.as_deref(), page))
}

pub async fn login_form(State(app): State<App>, Visitor(visitor): Visitor) -> Html<String> {
    let pages = app.pages();
    Html(pages.credentials(Credentials::LogIn, visitor.as_ref(), None))
}

/// Begins a session. Who fails to, keeps the session they had.
pub async fn login(
    State(app): State<App>,
    Visitor(visitor): Visitor,
    form: Form,
) -> Result<Response, Refusal> {
    let (name, password) = (form.field("username")?, form.field("password")?);
    let user = app.blog().user_named(name);
    let objection = match user {
        None => "Incorrect username.",
        Some(user) if !user.has_password(password) => "Incorrect password.",
        Some(user) => return Ok(([(SET_COOKIE, session_of(&user))], redirect("/")).into_response()),
    };
    let pages = app.pages();
    let page = pages.credentials(Credentials::LogIn, visitor.as_ref(), Some(objection));
    Ok(flashed(visitor.as_deref(), page))
}

/// Ends a session, also one that there was not.
pub async fn logout() -> Response {
    ([(SET_COOKIE, FORGET_SESSION)], redirect("/")).into_response()
}
