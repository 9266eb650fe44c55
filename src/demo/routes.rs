//! Which address is answered by what.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};

use super::{
    accounts,
    answer::{self, Refusal},
    assets,
    blog::Blog,
    counts::Counts,
    pace::Pace,
    pages::Pages,
    posts,
};
use crate::base::{clock::Clock, rate::Rate};

/// The largest body of a request, in bytes. Larger ones are answered with 413.
pub const MAX_BODY_BYTES: usize = 2 << 20;

/// What all requests share.
#[derive(Clone, Debug)]
pub struct App {
    // Std mutexes, since nothing is awaited while one is held: pages are
    // rendered from what was taken out.
    blog: Arc<Mutex<Blog>>,
    counts: Arc<Mutex<Counts>>,
    pages: Arc<Pages>,
    pace: Option<Arc<Pace>>,
    clock: Clock,
}

impl App {
    /// An empty blog that serves at most so many requests in a time.
    pub fn limited_to(most: Option<Rate>) -> App {
        App {
            pace: most.and_then(Pace::of).map(Arc::new),
            blog: Arc::default(),
            counts: Arc::default(),
            pages: Arc::new(Pages::new()),
            clock: Clock::start(),
        }
    }

    /// Users and posts. Not to be held across an `.await`.
    pub fn blog(&self) -> MutexGuard<'_, Blog> {
        self.blog
            .lock()
            .expect("nothing that holds the blog panics")
    }

    /// The templates.
    pub fn pages(&self) -> &Pages {
        &self.pages
    }

    /// The time since the beginning of 1970.
    pub fn unix(&self) -> Duration {
        self.clock.unix(self.clock.elapsed())
    }

    /// What was served. Not to be held across an `.await`.
    pub fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts
            .lock()
            .expect("nothing that holds the counts panics")
    }
}

/// The whole of what is served.
pub fn router(app: App) -> Router {
    const FORM: &str = "OPTIONS, HEAD, GET, POST";
    const PAGE: &str = "OPTIONS, HEAD, GET";
    const DEED: &str = "OPTIONS, POST";
    Router::new()
        .route("/", only(get(posts::index), PAGE))
        .route("/hello", only(get(assets::hello), PAGE))
        .route("/static/style.css", only(get(assets::style), PAGE))
        .route(
            "/auth/register",
            only(get(accounts::register_form).post(accounts::register), FORM),
        )
        .route(
            "/auth/login",
            only(get(accounts::login_form).post(accounts::login), FORM),
        )
        .route("/auth/logout", only(get(accounts::logout), PAGE))
        .route(
            "/create",
            only(get(posts::create_form).post(posts::create), FORM),
        )
        .route(
            "/{id}/update",
            only(get(posts::update_form).post(posts::update), FORM),
        )
        .route("/{id}/delete", only(post(posts::delete), DEED))
        .fallback(async || Refusal::NoSuchPage)
        .layer(middleware::from_fn_with_state(app.clone(), take_in))
        // After the layer, so that asking for the counts does not change them.
        .route("/__counts", get(assets::counts))
        .with_state(app)
}

/// Adds what Flask does for every address: `OPTIONS`, and 405 for the others.
fn only(methods: MethodRouter<App>, allow: &'static str) -> MethodRouter<App> {
    methods
        .options(async move || answer::options(allow))
        .fallback(async move || Refusal::MethodNotAllowed(allow))
}

/// Counts a request, reads all of it and marks its answer.
async fn take_in(
    State(app): State<App>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let route = route.as_ref().map(MatchedPath::as_str);
    app.counts().add(request.method(), route);
    if let Some(pace) = &app.pace {
        pace.turn().await;
    }

    // The body is read even where nobody looks at it: a connection with half a
    // body left in it could not be used again.
    let (parts, body) = request.into_parts();
    let mut response = match to_bytes(body, MAX_BODY_BYTES).await {
        Ok(body) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(_) => Refusal::TooLarge.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Cookie"));
    response
}
