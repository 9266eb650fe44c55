//! The pages of the blog.
//!
//! Tags, classes, names and order are those of the real one; only the white
//! space between tags is not.

use std::{fmt, sync::Arc};

use minijinja::{
    Environment, Error, Output, State, UndefinedBehavior, Value, context,
    value::{Enumerator, Object},
};

use super::blog::{Post, User};

/// The templates, compiled.
#[derive(Debug)]
pub struct Pages(Environment<'static>);

/// What a form for a name and a password is for.
#[derive(Clone, Copy, Debug)]
pub enum Credentials {
    Register,
    LogIn,
}

/// The templates by name. Each is in a file of that name.
const TEMPLATES: [(&str, &str); 4] = [
    ("layout.html", include_str!("templates/layout.html")),
    ("index.html", include_str!("templates/index.html")),
    (
        "credentials.html",
        include_str!("templates/credentials.html"),
    ),
    ("post.html", include_str!("templates/post.html")),
];

impl Pages {
    /// Compiles the templates.
    pub fn new() -> Pages {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_formatter(write_escaped);
        for (name, source) in TEMPLATES {
            environment
                .add_template(name, source)
                .expect("the templates are ours and a test renders each");
        }
        Pages(environment)
    }

    /// Every post.
    pub fn index(&self, visitor: Option<&Arc<User>>, posts: Vec<Arc<Post>>) -> String {
        let posts: Vec<Value> = posts.into_iter().map(post_value).collect();
        self.render(
            "index.html",
            context! { heading => "Posts", visitor => visitor_value(visitor), posts, flash => () },
        )
    }

    /// The form for registering or logging in.
    pub fn credentials(
        &self,
        purpose: Credentials,
        visitor: Option<&Arc<User>>,
        flash: Option<&str>,
    ) -> String {
        let heading = match purpose {
            Credentials::Register => "Register",
            Credentials::LogIn => "Log In",
        };
        self.render(
            "credentials.html",
            context! { heading, visitor => visitor_value(visitor), flash },
        )
    }

    /// The form for a new post, with what was already typed.
    pub fn new_post(&self, author: &Arc<User>, body: &str, flash: Option<&str>) -> String {
        self.render(
            "post.html",
            context! { visitor => visitor_value(Some(author)), flash, title => "", body, post => () },
        )
    }

    /// The form for changing a post, with what was already typed.
    pub fn old_post(
        &self,
        author: &Arc<User>,
        post: Arc<Post>,
        typed_body: &str,
        flash: Option<&str>,
    ) -> String {
        let body = if typed_body.is_empty() {
            post.body.clone()
        } else {
            typed_body.into()
        };
        let title = post.title.clone();
        self.render(
            "post.html",
            context! {
                visitor => visitor_value(Some(author)), flash,
                title => Value::from(title), body => Value::from(body), post => post_value(post),
            },
        )
    }

    fn render(&self, name: &str, values: Value) -> String {
        self.0
            .get_template(name)
            .and_then(|template| template.render(values))
            .expect("the templates are ours and a test renders each")
    }
}

/// A post as templates see it: without copying it into a map first, since the
/// index shows hundreds.
#[derive(Debug)]
struct Shown(Arc<Post>);

impl Object for Shown {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let post = &self.0;
        Some(match key.as_str()? {
            "id" => Value::from(post.id),
            "author_id" => Value::from(post.author_id),
            "author" => Value::from(post.author.clone()),
            "title" => Value::from(post.title.clone()),
            "body" => Value::from(post.body.clone()),
            "created_on" => Value::from(date(post.created_unix_s)),
            _ => return None,
        })
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["id", "author_id", "author", "title", "body", "created_on"])
    }
}

fn post_value(post: Arc<Post>) -> Value {
    Value::from_object(Shown(post))
}

fn visitor_value(visitor: Option<&Arc<User>>) -> Value {
    visitor.map_or_else(
        || Value::from(()),
        |user| context! { id => user.id, name => Value::from(user.name.clone()) },
    )
}

fn date(unix_s: u64) -> String {
    i64::try_from(unix_s)
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .expect("a clock that is right, or wrong by less than 7,000 years")
        .strftime("%Y-%m-%d")
        .to_string()
}

/// Writes a value into a page as Jinja does, which differs from what minijinja
/// makes of quotes (`&#39;` and `&#34;`, not `&#x27;` and `&quot;`) and slashes.
fn write_escaped(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    let written = match value.as_str() {
        Some(text) if !value.is_safe() => write_text(out, text),
        Some(_) | None => write!(out, "{value}"),
    };
    written.map_err(Error::from)
}

fn write_text(out: &mut Output, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '\'', '"']) {
        out.write_str(&rest[..at])?;
        out.write_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'\'' => "&#39;",
            _ => "&#34;",
        })?;
        rest = &rest[at + 1..];
    }
    out.write_str(rest)
}
