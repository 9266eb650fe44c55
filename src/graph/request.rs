//! A compiled request.

use std::{sync::Arc, time::Duration};

use url::Url;

use crate::{
    base::{
        ids::{RowId, VarId},
        method::Method,
        random::Stream,
        value::Value,
    },
    exchange::{self, Body, BodyUse, HeaderText, form},
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
    pub form: Option<Box<[Field]>>,
    pub timeout: Duration,
    /// In the order in which they are held against the response.
    pub checks: Box<[Check]>,
    pub extracts: Box<[(VarId, Extractor)]>,
    pub body_use: BodyUse,
    /// The request itself, where nothing in it depends on the user.
    pub ready: Option<exchange::Request>,
}

/// Under which name a request is counted.
#[derive(Debug)]
pub enum RequestName {
    Known(RowId),
    /// A `name:` with a template in it.
    Templated(Template),
}

/// A header or a form field.
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
        let url = absolute(target, &url)?;

        let mut headers = Vec::with_capacity(self.headers.len());
        for field in &self.headers {
            let mut value = String::new();
            field.value.render(scope, &mut value)?;
            let value = HeaderText::new(value).map_err(|why| RenderError {
                message: format!("header `{}`: {why}", field.name),
            })?;
            headers.push((field.name.clone(), value));
        }

        let body = match &self.form {
            Some(fields) => Some(form_body(fields, scope)?),
            None => None,
        };
        Ok(exchange::Request {
            method: self.method,
            url,
            headers,
            body,
            timeout: self.timeout,
            body_use: self.body_use,
        })
    }
}

impl Request {
    /// Makes the request now if nothing in it depends on the user.
    pub(super) fn prepare(&mut self, target: Option<&Url>) {
        let mut templates = std::iter::once(&self.url)
            .chain(self.headers.iter().map(|field| &field.value))
            .chain(self.form.iter().flatten().map(|field| &field.value));
        if templates.all(|template| template.literal().is_some())
            && let Some(target) = target
        {
            // What fails here fails again for each user, and is counted there.
            self.ready = self.render(target, &mut Nobody).ok();
        }
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

fn form_body(fields: &[Field], scope: &mut dyn Scope) -> Result<Body, RenderError> {
    let mut pairs = Vec::with_capacity(fields.len());
    for field in fields {
        let mut value = String::new();
        field.value.render(scope, &mut value)?;
        pairs.push((&*field.name, value));
    }
    let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str()));
    Ok(Body {
        content_type: form::CONTENT_TYPE,
        bytes: form::encode(pairs),
    })
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
