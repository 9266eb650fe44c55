//! What a response means: a pure decision.

use std::time::Duration;

use super::scope::UserScope;
use crate::{
    base::{ids::VarId, value::Value},
    exchange::{BodyUse, Failure, Response, Worth},
    extract::Page,
    graph::{Keeps, Request},
    template::RenderError,
};

/// What a response was found to be.
#[derive(Debug)]
pub(super) struct Judgement {
    /// How many expectations hold, of those in front.
    pub(super) held: usize,
    /// What was taken out of it, or the first thing that is broken. A variable
    /// without a value is one to unset.
    pub(super) extracted: Result<Vec<(VarId, Option<Value>)>, Failure>,
}

/// Judges one response: expectations in their fixed order, then extractions.
///
/// Pure: no clock, no IO, nothing shared. The first broken thing is the failure;
/// what was extracted counts only if nothing is broken.
pub(super) fn judge(
    request: &Request,
    response: &Response,
    took: Duration,
    scope: &mut UserScope<'_>,
) -> Judgement {
    if response.worth == Worth::Granted {
        let extracted = request.extracts.iter();
        let extracted = extracted.map(|(var, extractor)| (*var, Some(extractor.granted())));
        return Judgement {
            held: request.checks.len(),
            extracted: Ok(extracted.collect()),
        };
    }
    let mut held = 0;
    let extracted = outcome(request, response, took, scope, &mut held);
    Judgement { held, extracted }
}

fn outcome(
    request: &Request,
    response: &Response,
    took: Duration,
    scope: &mut UserScope<'_>,
    held: &mut usize,
) -> Result<Vec<(VarId, Option<Value>)>, Failure> {
    // The page is not `Send`: it is made here and must not outlive this call.
    let mut page = Page::new(response);
    if request
        .extracts
        .iter()
        .any(|(_, each)| each.reads_cookies())
    {
        page = page.with_cookies(scope.user.session.cookies(&response.url));
    }

    let mut operand = String::new();
    for check in &request.checks {
        operand.clear();
        let text = match &check.operand {
            None => "",
            Some(template) => match template.literal() {
                Some(literal) => literal,
                None => {
                    template
                        .render(scope, &mut operand)
                        .map_err(template_failure)?;
                    &operand
                }
            },
        };
        check.check.hold(response, took, &page, text)?;
        *held += 1;
    }

    let mut extracted = Vec::with_capacity(request.extracts.len());
    for (var, extractor) in &request.extracts {
        let value = extractor.extract(&page, &mut scope.user.picks)?;
        extracted.push((*var, value));
    }
    if request.keeps == Keeps::Answer && request.body_use == BodyUse::Keep {
        // A later step reads it, and could not say whose failure it is.
        page.open()?;
    }
    Ok(extracted)
}

/// A template that could not be rendered, as a failure of its request.
pub(super) fn template_failure(error: RenderError) -> Failure {
    Failure::from(error)
}
