//! Which thresholds can be judged.

use std::{collections::HashSet, sync::Arc};

use super::{acts::Acts, codes, requests::Requests};
use crate::{
    base::threshold::Threshold,
    plan::ast,
    source::{Diagnostic, Diagnostics, Sources, Span, nearest},
};

/// A threshold on a name that no request has would never see data. Returns those that
/// can be judged: what is left of a plan may lack the requests of some.
pub(super) fn thresholds(
    plan: &ast::Plan,
    known: &HashSet<Arc<str>>,
    requests: &Requests,
    acts: &Acts,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Vec<Threshold> {
    let any_name = requests.has_templated_names() || acts.has_templated_names();
    let mut judged = Vec::new();
    for threshold in &plan.thresholds {
        let unknown = threshold.of.as_ref().filter(|name| {
            let is_hop = requests.hops().contains(name.as_str());
            !any_name && !is_hop && !known.contains(name.as_str())
        });
        let Some(name) = unknown else {
            judged.push(threshold.value.clone());
            continue;
        };
        let place = match sources.slice(threshold.span).find(name.as_str()) {
            Some(at) => threshold.span.within(at..at + name.len()),
            None => threshold.span,
        };
        found.push(match plan.left_out.is_empty() {
            true if requests.rows().any(|row| **row == **name) => Diagnostic::error(
                codes::THRESHOLD_NAME,
                format!("only `setup` or `teardown` asks for `{name}`"),
            )
            .at(place, "what comes before and after the users is not judged"),
            true => unknown_name(name, place, known),
            false => Diagnostic::note(
                codes::THRESHOLD_NAME,
                format!("no request that is left is named `{name}`"),
            )
            .at(place, "so this threshold is not judged"),
        });
    }
    judged
}

fn unknown_name(name: &str, place: Span, known: &HashSet<Arc<str>>) -> Diagnostic {
    let near = nearest(name, known.iter().map(|name| &**name));
    let diagnostic = Diagnostic::error(
        codes::THRESHOLD_NAME,
        format!("no request is named `{name}`"),
    )
    .at(place, "this threshold would never have data")
    .did_you_mean(near);
    if near.is_some() {
        return diagnostic;
    }
    let mut list: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    list.sort();
    diagnostic.help(format!("the plan's requests are {}", list.join(", ")))
}
