//! Reading, writing, changing and deleting posts.
//!
//! The order of the checks is that of the real one: is there such an address,
//! is someone logged in, is there such a post, is it theirs, are the fields
//! there, is there a title.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Path, State},
    http::request::Parts,
    response::{Html, Response},
};

use super::{
    answer::{Refusal, flashed, redirect},
    blog::{Post, PostId, User},
    form::Form,
    routes::App,
    visitor::{LoggedIn, Visitor},
};

const TITLE_REQUIRED: &str = "Title is required.";

/// A run of digits in the address, where the number of a post is expected.
#[derive(Clone, Copy, Debug)]
pub enum PostNumber {
    /// A number that a post can have.
    Of(PostId),
    /// A larger one than the real one's database can look for.
    Unthinkable,
}

pub async fn index(State(app): State<App>, Visitor(visitor): Visitor) -> Html<String> {
    let posts = app.blog().listing();
    Html(app.pages().index(visitor.as_ref(), posts))
}

pub async fn create_form(State(app): State<App>, LoggedIn(author): LoggedIn) -> Html<String> {
    Html(app.pages().new_post(&author, "", None))
}

pub async fn create(
    State(app): State<App>,
    LoggedIn(author): LoggedIn,
    form: Form,
) -> Result<Response, Refusal> {
    let (title, body) = (form.field("title")?, form.field("body")?);
    if title.is_empty() {
        let page = app.pages().new_post(&author, body, Some(TITLE_REQUIRED));
        return Ok(flashed(Some(&author), page));
    }
    app.blog().add_post(&author, title, body, app.unix())?;
    Ok(redirect("/"))
}

pub async fn update_form(
    State(app): State<App>,
    number: PostNumber,
    LoggedIn(author): LoggedIn,
) -> Result<Html<String>, Refusal> {
    let post = own_post(&app, number, &author)?;
    Ok(Html(app.pages().old_post(&author, post, "", None)))
}

pub async fn update(
    State(app): State<App>,
    number: PostNumber,
    LoggedIn(author): LoggedIn,
    form: Form,
) -> Result<Response, Refusal> {
    let post = own_post(&app, number, &author)?;
    let (title, body) = (form.field("title")?, form.field("body")?);
    if title.is_empty() {
        let pages = app.pages();
        let page = pages.old_post(&author, post, body, Some(TITLE_REQUIRED));
        return Ok(flashed(Some(&author), page));
    }
    app.blog().change_post(post.id, title, body)?;
    Ok(redirect("/"))
}

pub async fn delete(
    State(app): State<App>,
    number: PostNumber,
    LoggedIn(author): LoggedIn,
) -> Result<Response, Refusal> {
    let post = own_post(&app, number, &author)?;
    app.blog().delete_post(post.id);
    Ok(redirect("/"))
}

fn own_post(app: &App, number: PostNumber, user: &User) -> Result<Arc<Post>, Refusal> {
    match number {
        PostNumber::Of(id) => app
            .blog()
            .own_post(id, user.id)
            .map_err(|error| Refusal::of_post(id, error)),
        PostNumber::Unthinkable => Err(Refusal::Broken),
    }
}

impl FromRequestParts<App> for PostNumber {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<PostNumber, Refusal> {
        let Path(digits) = Path::<String>::from_request_parts(parts, app)
            .await
            .map_err(|_| Refusal::NoSuchPage)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::NoSuchPage);
        }
        // The database of the real one counts in signed numbers of 64 bits.
        Ok(match digits.parse::<i64>().map(i64::unsigned_abs) {
            Ok(id) => PostNumber::Of(id),
            Err(_) => PostNumber::Unthinkable,
        })
    }
}
