//! Which thresholds can be judged, and when.

use std::{collections::HashSet, sync::Arc};

use super::{acts::Acts, codes, requests::Requests};
use crate::{
    base::threshold::{Judged, Of},
    plan::ast,
    profile::StageSpan,
    source::{Diagnostic, Diagnostics, Sources, Span, nearest},
};

/// What thresholds can name.
pub(super) struct There<'a> {
    /// Request names that users have.
    pub rows: &'a HashSet<Arc<str>>,
    pub requests: &'a Requests<'a>,
    pub acts: &'a Acts,
    pub stages: &'a [StageSpan],
}

/// A threshold on what is not there would never see data. Returns those that can be
/// judged: what is left of a plan may lack what some are about.
pub(super) fn thresholds(
    plan: &ast::Plan,
    there: &There<'_>,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Vec<Judged> {
    let mut judged = Vec::new();
    for threshold in &plan.thresholds {
        let wrong = |what, name: &str, known| Wrong {
            what,
            name: name.to_owned(),
            known,
        };
        let stage = threshold.stage.as_deref();
        let span = stage.map(|name| there.stages.iter().find(|stage| *stage.name == *name));
        let unknown = match (&threshold.of, stage, span) {
            (_, Some(stage), Some(None)) => {
                let known = there.stages.iter().map(|stage| stage.name.to_string());
                Some(wrong(What::Stage, stage, known.collect()))
            }
            (Of::All, ..) => None,
            (Of::Name(name), ..) => (!is_requested(name, there)).then(|| {
                let known = there.rows.iter().map(ToString::to_string);
                wrong(What::Request, name, known.collect())
            }),
            (Of::Group(name), ..) => {
                let known: Vec<_> = there.acts.groups().map(str::to_owned).collect();
                (!known.contains(name)).then(|| wrong(What::Group, name, known))
            }
            (Of::Class(name), ..) => {
                let known = plan.users.iter().map(|class| class.name.value.clone());
                let known: Vec<_> = known.collect();
                (!known.contains(name)).then(|| wrong(What::Class, name, known))
            }
        };
        let Some(unknown) = unknown else {
            judged.push(Judged {
                threshold: threshold.value.clone(),
                within: span.flatten().map(|stage| stage.from..stage.to),
            });
            continue;
        };
        let name = unknown.name.as_str();
        let place = match sources.slice(threshold.span).rfind(name) {
            Some(at) => threshold.span.within(at..at + name.len()),
            None => threshold.span,
        };
        found.push(unknown.diagnostic(place, plan, there));
    }
    judged
}

fn is_requested(name: &str, there: &There<'_>) -> bool {
    there.requests.has_templated_names()
        || there.acts.has_templated_names()
        || there.requests.hops().contains(name)
        || there.rows.contains(name)
}

/// What a threshold names that is not there.
struct Wrong {
    what: What,
    name: String,
    known: Vec<String>,
}

#[derive(Clone, Copy)]
enum What {
    Request,
    Group,
    Class,
    Stage,
}

impl Wrong {
    fn diagnostic(mut self, place: Span, plan: &ast::Plan, there: &There<'_>) -> Diagnostic {
        let Wrong { what, name, .. } = &self;
        let only_in_scenes =
            matches!(what, What::Request) && there.requests.rows().any(|row| **row == **name);
        let (none, of_the_plan) = match what {
            What::Request => ("no request", "requests"),
            What::Group => ("no group", "groups"),
            What::Class => ("no class", "classes"),
            What::Stage => ("no stage of the load", "stages"),
        };
        // A stage is not left out with tasks and classes.
        if !plan.left_out.is_empty() && !matches!(what, What::Stage) {
            return Diagnostic::note(
                codes::THRESHOLD_NAME,
                format!("{none} that is left is named `{name}`"),
            )
            .at(place, "so this threshold is not judged");
        }
        if only_in_scenes {
            return Diagnostic::error(
                codes::THRESHOLD_NAME,
                format!("only `setup` or `teardown` asks for `{name}`"),
            )
            .at(place, "what comes before and after the users is not judged");
        }
        let message = format!("{none} is named `{name}`");
        let near = nearest(name, self.known.iter().map(String::as_str));
        let diagnostic = Diagnostic::error(codes::THRESHOLD_NAME, message)
            .at(place, "this threshold would never have data")
            .did_you_mean(near);
        if near.is_some() {
            return diagnostic;
        }
        // Stages have an order of their own.
        if !matches!(what, What::Stage) {
            self.known.sort();
        }
        let known: Vec<_> = self.known.iter().map(|name| format!("`{name}`")).collect();
        match known.as_slice() {
            [] => diagnostic.help(format!("the plan has no {of_the_plan}")),
            known => diagnostic.help(format!("the plan's {of_the_plan} are {}", known.join(", "))),
        }
    }
}
