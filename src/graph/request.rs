//! A compiled request.

use std::{borrow::Cow, sync::Arc, time::Duration};

use url::Url;

use super::{Auth, NamedPart, Setter, name, submit::Submit};
use crate::{
    base::{
        ids::{RowId, VarId},
        method::Method,
        random::Stream,
        redirects::Redirects,
        timeouts::Timeouts,
        value::Value,
    },
    exchange::{
        self, Body, BodyUse, Charset, Encoded, Failure, FailureKind, HeaderText, Response, form,
        json, multipart,
    },
    expect,
    extract::Extractor,
    source::Span,
    template::{Place, RenderError, Scope, Template},
};

/// Everything about a request that is known before the run.
#[derive(Debug)]
pub struct Request {
    /// Where the plan says where it goes.
    pub place: Span,
    pub name: RequestName,
    pub aim: Aim,
    pub headers: Box<[Field]>,
    pub auth: Option<Auth>,
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

/// Where a request goes.
#[derive(Debug)]
pub enum Aim {
    Url {
        method: Method,
        /// A path, which follows the target, or an absolute URL.
        url: Template,
    },
    /// Where a form of the page last received says.
    Form(Submit),
}

impl Aim {
    /// Where it goes, as far as that is known before: `POST`, `submit form`.
    pub fn label(&self) -> Cow<'static, str> {
        match self {
            Aim::Url { method, .. } => method.as_str().into(),
            Aim::Form(submit) => name::submit(submit.form.source()).into(),
        }
    }
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
    /// Fields and files of a form.
    Multipart(Box<[NamedPart]>),
    /// A file as it is.
    File {
        /// By its ending.
        content_type: &'static str,
        /// One copy, however many send it.
        content: Arc<[u8]>,
    },
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
    /// Fills in what depends on the user; `page` gives its last answer, if there is
    /// one that is kept.
    ///
    /// # Errors
    ///
    /// Of kind `template` if a template cannot be rendered, or makes no URL or header;
    /// of kind `form` if there is no such form, or it cannot be filled in like that.
    pub fn render<S: Scope>(
        &self,
        target: &Url,
        scope: &mut S,
        page: impl FnOnce(&S) -> Option<&Response>,
    ) -> Result<exchange::Request, Failure> {
        // In the order in which a plan has them: functions of chance take turns.
        let (method, url, mut headers, body) = match &self.aim {
            Aim::Url { method, url } => {
                let url = self.address(url, target, scope)?;
                let headers = self.rendered_headers(scope)?;
                let payload = self.payload.as_ref();
                let body = payload.map(|payload| body(payload, scope)).transpose()?;
                (*method, url, headers, body)
            }
            Aim::Form(submit) => {
                let fields = submit.values(scope)?;
                let headers = self.rendered_headers(scope)?;
                let boundary = boundary(scope);
                let sent = submit.take_from(page(scope), &fields, boundary, target)?;
                (sent.method, sent.url, headers, sent.body)
            }
        };
        if let Some(auth) = &self.auth {
            headers.extend(auth.header(&url, target, scope)?);
        }
        Ok(exchange::Request {
            method,
            url,
            headers,
            body,
            timeouts: self.timeouts,
            body_use: self.body_use,
            redirects: self.redirects,
            encoded: Encoded::default(),
        })
    }

    fn address(
        &self,
        template: &Template,
        target: &Url,
        scope: &mut dyn Scope,
    ) -> Result<Url, RenderError> {
        let mut url = String::with_capacity(128);
        template.render(scope, &mut url)?;
        if template.literal().is_none() {
            refuse_dots(&url)?;
        }
        let mut url = absolute(target, &url)?;
        if !self.query.is_empty() {
            let fields = rendered(&self.query, scope)?;
            let fields = fields.iter().map(|(name, value)| (&**name, value));
            url.query_pairs_mut().extend_pairs(fields);
        }
        Ok(url)
    }

    fn rendered_headers(
        &self,
        scope: &mut dyn Scope,
    ) -> Result<Vec<(Arc<str>, HeaderText)>, RenderError> {
        let mut headers = Vec::with_capacity(self.headers.len());
        for field in &self.headers {
            let mut value = String::new();
            field.value.render(scope, &mut value)?;
            let value = HeaderText::new(value).map_err(|why| RenderError {
                message: format!("header `{}`: {why}", field.name),
            })?;
            headers.push((field.name.clone(), value));
        }
        Ok(headers)
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
            // Its boundary is another one each time.
            Some(Payload::Multipart(_)) => false,
            Some(Payload::File { .. }) => true,
        };
        let mut fields = self.headers.iter().chain(&self.query);
        let url = match &self.aim {
            Aim::Url { url, .. } => url.literal(),
            Aim::Form(_) => None,
        };
        if url.is_some()
            && self.auth.as_ref().is_none_or(Auth::is_literal)
            && fields.all(Field::is_literal)
            && payload
            && let Some(target) = target
        {
            // What fails here fails again for each user, and is counted there.
            let ready = self.render(target, &mut Nobody, |_| None).ok();
            self.ready = ready.map(|ready| exchange::Request {
                encoded: Encoded::to_keep(),
                ..ready
            });
        }
    }
}

impl Field {
    fn is_literal(&self) -> bool {
        self.value.literal().is_some()
    }
}

/// A number that nobody foresees.
fn boundary(scope: &mut dyn Scope) -> u128 {
    let stream = scope.stream();
    u128::from(stream.bits()) << 64 | u128::from(stream.bits())
}

/// A template that cannot be rendered, as a failure of its request.
impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Failure {
        Failure::new(FailureKind::Template, error.message)
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
            Body::new(Some(form::CONTENT_TYPE), form::encode(pairs))
        }
        Payload::Json(value) => {
            Body::new(Some(json::CONTENT_TYPE), json::encode(&value.make(scope)?))
        }
        Payload::Text(text) => {
            let mut bytes = String::new();
            text.render(scope, &mut bytes)?;
            Body::new(None, bytes)
        }
        Payload::Multipart(named) => {
            let mut parts = multipart::Parts::new(boundary(scope), Charset::UTF_8);
            for NamedPart { name, part } in named {
                match part.value(scope)? {
                    multipart::Value::Text(text) => parts.text(name, &text),
                    multipart::Value::File(file) => parts.file(name, &file),
                }
            }
            parts.finish()
        }
        Payload::File {
            content_type,
            content,
        } => Body::of_file(content_type, Arc::clone(content)),
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
