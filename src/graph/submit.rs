//! A form that is sent: compiled, filled in for a user, and taken from a page.

use std::sync::Arc;

use url::Url;

use super::{
    Part,
    reader::{LeafReader, Uses},
    requests::collect,
};
use crate::{
    base::method::Method,
    exchange::{Failure, FailureKind, Response, Worth, multipart::Value},
    extract::{self, Filling, Page, Selector, Submission},
    plan::ast,
    template::{RenderError, Scope},
};

/// Which form is sent, and what is filled in.
#[derive(Debug)]
pub struct Submit {
    pub form: Selector,
    /// The button that is pressed, in place of the first one.
    pub button: Option<Selector>,
    pub fields: Box<[Filled]>,
}

/// A field and its values; without any, it is left out.
#[derive(Debug)]
pub struct Filled {
    pub name: Arc<str>,
    pub values: Box<[Part]>,
}

/// What a user fills in, before the form has been looked for.
type Values = Vec<(Arc<str>, Vec<Value>)>;

impl Submit {
    /// Compiles it. It reads the last answer, as an expression with `response` does.
    pub(super) fn compile(
        submit: &ast::Submit,
        reader: &mut LeafReader<'_>,
        uses: &mut Uses,
    ) -> Option<Submit> {
        let place = submit.form.span;
        for answer in [
            reader.names.answer(),
            reader.names.answer_asked(),
            reader.names.body_asked(),
        ] {
            uses.reads.push((answer, place));
        }
        let form = reader.selector(&submit.form, place);
        let button = submit
            .button
            .as_ref()
            .map(|button| reader.selector(button, button.span));
        let mut fields = Some(Vec::with_capacity(submit.fields.len()));
        for (name, values) in &submit.fields {
            let values = Part::compile_all(values, reader, uses);
            let filled = values.map(|values| Filled {
                name: name.value.as_str().into(),
                values,
            });
            collect(&mut fields, filled);
        }
        Some(Submit {
            form: form?,
            button: button.map_or(Some(None), |button| button.map(Some))?,
            fields: fields?.into(),
        })
    }

    /// What a user fills in.
    ///
    /// # Errors
    ///
    /// [`RenderError`] of the first value that cannot be rendered.
    pub(super) fn values(&self, scope: &mut dyn Scope) -> Result<Values, RenderError> {
        let mut filled = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            let values = field.values.iter().map(|value| value.value(scope));
            filled.push((field.name.clone(), values.collect::<Result<_, _>>()?));
        }
        Ok(filled)
    }

    /// Takes the form from a page.
    ///
    /// # Errors
    ///
    /// Of kind `form`, or what is wrong with the body of the page.
    pub(super) fn take_from(
        &self,
        page: Option<&Response>,
        fields: &Values,
        boundary: u128,
        target: &Url,
    ) -> Result<Submission, Failure> {
        let Some(page) = page else {
            let detail = "there is no page to take the form from: the request before has no answer";
            return Err(Failure::new(FailureKind::Form, detail));
        };
        if page.worth == Worth::Granted {
            return Ok(Submission {
                method: Method::Post,
                url: page.url.clone(),
                body: None,
            });
        }
        let filling = Filling {
            form: &self.form,
            button: self.button.as_ref(),
            fields,
            boundary,
        };
        // The page is not `Send`: it is made here and must not outlive this call.
        let mut submission = extract::submission(&Page::new(page), &filling)?;
        keep_credentials(target, &mut submission.url);
        Ok(submission)
    }
}

/// The addresses of answers have no credentials, and those of the target stay with it.
fn keep_credentials(target: &Url, url: &mut Url) {
    if url.origin() == target.origin() && url.username().is_empty() && url.password().is_none() {
        let kept = url
            .set_username(target.username())
            .and_then(|()| url.set_password(target.password()));
        kept.expect("an http address has room for them");
    }
}
