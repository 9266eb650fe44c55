//! What a plan asks that this machine does not allow, as far as that can be seen.
//!
//! What is made when a user comes to it, and where redirects lead, is refused then:
//! as a failure `not_allowed`, with no connection made.

use url::Url;

use crate::{
    base::{address::without_credentials, allowed::AllowedTargets},
    plan::{
        ast::{Aim, Connecting, Plan, StepKind},
        rules::reading::BAD_VALUE,
    },
    source::{Diagnostic, Diagnostics, Span},
};

/// Tells of targets and URLs in a plan that may not be asked.
pub fn check(plan: &Plan, allowed: &AllowedTargets, found: &mut Diagnostics) {
    let of_environments = plan
        .environments
        .iter()
        .filter_map(|one| one.target.as_ref());
    for target in plan.target.iter().chain(of_environments) {
        refuse(&target.value, target.span, "the target", allowed, found);
    }
    let defaults = [&plan.defaults].into_iter();
    let defaults = defaults.chain(plan.users.iter().map(|class| &class.defaults));
    let defaults = defaults.chain(plan.environments.iter().map(|one| &one.defaults));
    for defaults in defaults {
        ways_elsewhere(&defaults.connecting, allowed, found);
    }
    for step in plan.steps() {
        if let StepKind::Request(request) = &step.kind
            && let Aim::Url { url: text, .. } = &request.aim
            && let Some(url) = absolute(&text.value)
        {
            refuse(&url, text.span, "the server of", allowed, found);
        }
    }
}

/// Whoever may not be asked may not stand in for somebody else either.
fn ways_elsewhere(connecting: &Connecting, allowed: &AllowedTargets, found: &mut Diagnostics) {
    if let Some(proxy) = &connecting.proxy
        && let Some(there) = &proxy.value
    {
        refuse(there.url(), proxy.span, "the proxy", allowed, found);
    }
    for (_, place) in &connecting.resolve {
        let urls = ["http", "https"].map(|scheme| Url::parse(&format!("{scheme}://{}/", **place)));
        let [plain, tls] = urls.map(|url| url.expect("a place can stand in a URL"));
        // Which of both it will be is a matter of who asks.
        if !allowed.permit(&tls) {
            refuse(&plain, place.span, "the place", allowed, found);
        }
    }
}

/// A URL whose server stands in the plan, whatever is templated behind it.
fn absolute(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once("://")?;
    let server = rest.split(['/', '?', '#']).next()?;
    if !matches!(scheme, "http" | "https") || server.contains("{{") {
        return None;
    }
    Url::parse(&format!("{scheme}://{server}/")).ok()
}

fn refuse(url: &Url, place: Span, what: &str, allowed: &AllowedTargets, found: &mut Diagnostics) {
    if allowed.permit(url) {
        return;
    }
    let url = without_credentials(url);
    let diagnostic = Diagnostic::error(
        BAD_VALUE,
        format!("{what} `{url}` may not be asked from here"),
    )
    .at(place, "not among `allow_targets`")
    .help(format!(
        "allowed are {allowed}; whoever runs plans here adds another to `allow_targets` of their configuration"
    ));
    found.push_once(diagnostic);
}
