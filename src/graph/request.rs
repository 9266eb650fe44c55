//! A compiled request.

use std::{sync::Arc, time::Duration};

use url::Url;

use super::Setter;
use crate::{
    base::{
        ids::{RowId, VarId},
        method::Method,
        random::Stream,
        redirects::Redirects,
        timeouts::Timeouts,
        value::Value,
    },
    exchange::{self, Body, BodyUse, HeaderText, form, json},
    expect,
    extract::Extractor,
    source::Span,
    template::{Place, RenderError, Scope, Template},
};

/// Everything about a request that is known before the run.
#[derive(Debug)]
pub struct Request {
    pub method: Method,
    /// Where the plan says so: its URL.
    pub place: Span,
    pub name: RequestName,
    /// A path, which follows the target, or an absolute URL.
    pub url: Template,
    pub headers: Box<[Field]>,
    /// Added to what the URL has.
    pub query: Box<[Field]>,
    pub payload: Option<Payload>,
    pub redirects: Redirects,
    pub timeouts: Timeouts,
    /// In the order in which they are held against the response.
    pub checks: Box<[Check]>,
    pub extracts: Box<[(VarId, Extractor)]>,
    pub body_use: BodyUse,
    pub keeps: Keeps,
    /// The request itself, where nothing in it depends on the user.
    pub ready: Option<exchange::Request>,
}

/// Whether what is read later has anything of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    Nothing,
    /// `response.…` in a later step; the body only where [`BodyUse`] says so.
    Answer,
}

/// Under which name a request is counted.
#[derive(Debug)]
pub enum RequestName {
    Known(RowId),
    /// A `name:` with a template in it.
    Templated(Template),
}

/// What a request sends after its head.
#[derive(Debug)]
pub enum Payload {
    Form(Box<[Field]>),
    Json(Setter),
    Text(Template),
}

/// A header, or a field of a form or of a query.
#[derive(Debug)]
pub struct Field {
    pub name: Arc<str>,
    pub value: Template,
}

/// An expectation, with the text it compares with where there is one.
#[derive(Debug)]
pub struct Check {
    pub check: expect::Check,
    pub operand: Option<Template>,
}

impl Request {
    /// Fills in what depends on the user.
    ///
    /// # Errors
    ///
    /// [`RenderError`] if a template cannot be rendered, or makes no URL or header.
    pub fn render(
        &self,
        target: &Url,
        scope: &mut dyn Scope,
    ) -> Result<exchange::Request, RenderError> {
        let mut url = String::with_capacity(128);
        self.url.render(scope, &mut url)?;
        if self.url.literal().is_none() {
            refuse_dots(&url)?;
        }
        let mut url = absolute(target, &url)?;
        if !self.query.is_empty() {
            let fields = rendered(&self.query, scope)?;
            let fields = fields.iter().map(|(name, value)| (&**name, value));
            url.query_pairs_mut().extend_pairs(fields);
        }

        let mut headers = Vec::with_capacity(self.headers.len());
        for field in &self.headers {
            let mut value = String::new();
            field.value.render(scope, &mut value)?;
            let value = HeaderText::new(value).map_err(|why| RenderError {
                message: format!("header `{}`: {why}", field.name),
            })?;
            headers.push((field.name.clone(), value));
        }

        let body = match &self.payload {
            Some(payload) => Some(body(payload, scope)?),
            None => None,
        };
        Ok(exchange::Request {
            method: self.method,
            url,
            headers,
            body,
            timeouts: self.timeouts,
            body_use: self.body_use,
            redirects: self.redirects,
        })
    }
}

impl Request {
    /// Something later reads the answer, and maybe its body.
    pub(super) fn keep(&mut self, body: BodyUse) {
        self.keeps = Keeps::Answer;
        if body == BodyUse::Keep {
            self.body_use = body;
            if let Some(ready) = &mut self.ready {
                ready.body_use = body;
            }
        }
    }

    /// Makes the request now if nothing in it depends on the user.
    pub(super) fn prepare(&mut self, target: Option<&Url>) {
        let payload = match &self.payload {
            None => true,
            Some(Payload::Form(fields)) => fields.iter().all(Field::is_literal),
            Some(Payload::Json(value)) => value.is_constant(),
            Some(Payload::Text(text)) => text.literal().is_some(),
        };
        let mut fields = self.headers.iter().chain(&self.query);
        if self.url.literal().is_some()
            && fields.all(Field::is_literal)
            && payload
            && let Some(target) = target
        {
            // What fails here fails again for each user, and is counted there.
            self.ready = self.render(target, &mut Nobody).ok();
        }
    }
}

impl Field {
    fn is_literal(&self) -> bool {
        self.value.literal().is_some()
    }
}

/// The scope of templates that read nothing.
struct Nobody;

impl Scope for Nobody {
    fn value(&self, _place: Place) -> Option<Value> {
        None
    }

    fn stream(&mut self) -> &mut Stream {
        unreachable!("literal text draws nothing")
    }

    fn unix_now(&self) -> Duration {
        unreachable!("literal text asks for no time")
    }
}

fn body(payload: &Payload, scope: &mut dyn Scope) -> Result<Body, RenderError> {
    Ok(match payload {
        Payload::Form(fields) => {
            let fields = rendered(fields, scope)?;
            let pairs = fields.iter().map(|(name, value)| (&**name, value.as_str()));
            Body {
                content_type: Some(form::CONTENT_TYPE),
                bytes: form::encode(pairs),
            }
        }
        Payload::Json(value) => Body {
            content_type: Some(json::CONTENT_TYPE),
            bytes: json::encode(&value.make(scope)?),
        },
        Payload::Text(text) => {
            let mut bytes = String::new();
            text.render(scope, &mut bytes)?;
            Body {
                content_type: None,
                bytes: bytes.into_bytes(),
            }
        }
    })
}

/// Names and values of fields, in their order.
fn rendered(
    fields: &[Field],
    scope: &mut dyn Scope,
) -> Result<Vec<(Arc<str>, String)>, RenderError> {
    let rendered = fields.iter().map(|field| {
        let mut value = String::new();
        field.value.render(scope, &mut value)?;
        Ok((field.name.clone(), value))
    });
    rendered.collect()
}

/// A value is one segment of a path; as `.` or `..` it would lead elsewhere.
fn refuse_dots(url: &str) -> Result<(), RenderError> {
    let path = url.split(['?', '#']).next().unwrap_or("");
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err(RenderError {
            message: format!("`{path}` has a segment that leads elsewhere: `.` or `..`"),
        });
    }
    Ok(())
}

/// A rendered URL, put behind the target where it is a path.
fn absolute(target: &Url, rendered: &str) -> Result<Url, RenderError> {
    let parsed = if rendered.starts_with('/') {
        Url::parse(&format!(
            "{}{rendered}",
            target.as_str().trim_end_matches('/')
        ))
    } else {
        Url::parse(rendered)
    };
    match parsed {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(url) => Err(RenderError {
            message: format!("`{url}` is not an http or https URL"),
        }),
        Err(why) => Err(RenderError {
            message: format!("`{rendered}` is not a URL: {why}"),
        }),
    }
}
