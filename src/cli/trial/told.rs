//! What a request and its answer are, fit to be shown: secrets masked, nothing that
//! steers a terminal.

use std::time::Duration;

use crate::{
    base::printable::{cut, printable},
    base::value::Value,
    engine::{Asked, Sent},
    exchange::{
        ExampleAnswer, Failure, Phases, ShownRequest,
        curl::Follow,
        json,
        mask::{self, Known, MASK, Secrets},
    },
    graph::{Graph, Request, RequestName},
    source::Sources,
};

/// How many characters of a value are shown.
const MAX_VALUE_CHARS: usize = 200;

/// A request, and all that came of it.
#[derive(Debug)]
pub(super) struct Told {
    /// As in a report.
    pub(super) name: String,
    /// "flaskr/tasks.yaml:7"
    pub(super) place: String,
    /// `None` if it could not be worked out.
    pub(super) request: Option<ShownRequest>,
    pub(super) answer: Option<Answer>,
    pub(super) checks: Vec<(String, Held)>,
    /// Variables and what they were given, `None` if they were unset.
    pub(super) extracted: Vec<(String, Option<String>)>,
    /// Kind and detail.
    pub(super) failure: Option<(&'static str, String)>,
}

/// What came, if at least its head did.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) head: ExampleAnswer,
    /// Where the last redirect led, if there was one.
    pub(super) ended_at: Option<String>,
    pub(super) redirects: u32,
    pub(super) took: Duration,
    pub(super) phases: Phases,
    pub(super) received_bytes: u64,
}

/// Whether an expectation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    Yes,
    No,
    /// Something before it was wrong already.
    NotLookedAt,
}

impl Told {
    pub(super) fn of(asked: &Asked, graph: &Graph, sources: &Sources, secrets: &Secrets) -> Told {
        let request = graph.request(asked.request);
        let known = match &asked.sent {
            Some(sent) => Known::of(&sent.request, &sent.cookies, secrets),
            None => Known::secrets(secrets),
        };
        let extracted = asked.extracted.iter().map(|(var, value)| {
            let name = graph.vars[var.index()].to_string();
            let value = value
                .as_ref()
                .map(|value| shown_value(&name, value, &known));
            (name, value)
        });
        Told {
            name: name(request, graph),
            place: place(request, sources),
            request: asked.sent.as_ref().map(|sent| shown_request(sent, &known)),
            answer: asked
                .sent
                .as_ref()
                .and_then(|sent| answer(sent, asked.failure.as_ref(), &known)),
            checks: checks(request, asked),
            extracted: extracted.collect(),
            failure: asked.failure.as_ref().map(|failure| {
                let detail = mask::text(&known.hide(&failure.detail));
                (failure.kind.code(), printable(&detail).into_owned())
            }),
        }
    }
}

/// What a request is called: as in a report, where that is known before the run.
fn name(request: &Request, graph: &Graph) -> String {
    let name = match &request.name {
        RequestName::Known(row) => graph.row(*row).to_string(),
        RequestName::Templated(template) => template.outline(),
    };
    printable(&name).into_owned()
}

/// Where a request stands in the plan.
pub(super) fn place(request: &Request, sources: &Sources) -> String {
    let path = sources.get(request.place.file).path.display().to_string();
    let (line, _) = sources.line_and_column(request.place);
    format!("{}:{line}", printable(&path))
}

fn shown_request(sent: &Sent, known: &Known) -> ShownRequest {
    let follow = match sent.redirects {
        0 => Follow::No,
        _ => Follow::Yes,
    };
    ShownRequest::of(&sent.request, &sent.cookies, follow, known)
}

fn answer(sent: &Sent, failure: Option<&Failure>, known: &Known) -> Option<Answer> {
    let partial = failure.and_then(|failure| failure.partial.as_ref());
    let head = match (&sent.response, partial) {
        (Some(response), _) => ExampleAnswer::of(response, known),
        (None, Some(partial)) => ExampleAnswer::of_partial(partial, known),
        (None, None) => return None,
    };
    let response = sent.response.as_ref().filter(|_| sent.redirects > 0);
    Some(Answer {
        head,
        ended_at: response.map(|response| {
            let url = known.hide(&mask::url(&response.url));
            printable(&url).into_owned()
        }),
        redirects: sent.redirects,
        took: sent.timing.done.saturating_sub(sent.timing.sent),
        phases: sent.phases,
        received_bytes: sent.received_bytes,
    })
}

fn checks(request: &Request, asked: &Asked) -> Vec<(String, Held)> {
    let came = asked
        .sent
        .as_ref()
        .is_some_and(|sent| sent.response.is_some());
    let checks = (0..).zip(&request.checks).map(|(at, check)| {
        let mut text = check.check.to_string();
        if let Some(operand) = &check.operand {
            text = format!("{text} {}", operand.outline());
        }
        let held = if at < asked.held {
            Held::Yes
        } else if at == asked.held && came {
            Held::No
        } else {
            Held::NotLookedAt
        };
        (printable(&text).into_owned(), held)
    });
    checks.collect()
}

/// A value as templates print it, or as JSON.
pub(super) fn shown_value(name: &str, value: &Value, known: &Known) -> String {
    if mask::is_secret(name) {
        return MASK.to_owned();
    }
    let mut text = String::new();
    if value.print_into(&mut text).is_err() {
        text = String::from_utf8_lossy(&json::encode(value)).into_owned();
    }
    let text = mask::text(&known.hide(&text));
    cut(&printable(&text), MAX_VALUE_CHARS)
}
