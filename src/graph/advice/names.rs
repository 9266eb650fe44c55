//! Names that would make a row of the report for each id.

use url::Url;

use super::Known;
use crate::{
    graph::{
        codes, name,
        origins::{Origin, Origins, Sources, Whose},
    },
    plan::ast::{Request, StepKind, Text},
    source::{Diagnostic, Diagnostics},
};

/// What has many values, the plainest first.
const MANY: [(Origin, &str); 5] = [
    (Origin::UserId, "user"),
    (Origin::Iteration, "iteration"),
    (Origin::Draw, "value that is drawn"),
    (Origin::Time, "moment"),
    (Origin::Answer, "value that an answer has"),
];

pub(super) fn check<'a>(known: &Known<'a>, sources: &Sources<'a>, found: &mut Diagnostics) {
    let target = known.plan.target.as_ref().map(|target| &target.value);
    for step in known.plan.steps() {
        let (name, help) = match &step.kind {
            StepKind::Request(request) => match &request.name {
                Some(name) => (name, derived(request, target)),
                None => continue,
            },
            StepKind::Record(record) => (
                &record.name,
                "name it by what it is, not by which one it is".to_owned(),
            ),
            StepKind::Task(_)
            | StepKind::Wait(_)
            | StepKind::Set(_)
            | StepKind::Unset(_)
            | StepKind::Log(_)
            | StepKind::If(_)
            | StepKind::Repeat(_)
            | StepKind::For(_)
            | StepKind::Choose(_)
            | StepKind::Group(_)
            | StepKind::Parallel(_)
            | StepKind::Meet(_)
            | StepKind::Stop(_) => continue,
        };
        if let Some(what) = many(sources.origins(Whose::Anyone, &name.value)) {
            found.push_once(exploding(name, what).help(help));
        }
    }
}

fn many(origins: Origins) -> Option<&'static str> {
    let mut many = MANY.iter();
    many.find(|(origin, _)| origins.has(*origin))
        .map(|(_, what)| *what)
}

fn exploding(name: &Text, what: &str) -> Diagnostic {
    Diagnostic::warning(
        codes::EXPLODING_NAME,
        format!("this name makes a row for every {what}"),
    )
    .at(name.span, "another name each time")
}

fn derived(request: &Request, target: Option<&Url>) -> String {
    let name = name::of_aim(&request.aim, target).unwrap_or_default();
    format!("without `name` all of them are counted as `{name}`")
}
