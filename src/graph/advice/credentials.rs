//! Passwords and tokens that stand in the plan.

use super::Known;
use crate::{
    graph::codes,
    plan::ast::{Auth, Literal, Plan, Step, Text, Variable},
    source::{Diagnostic, Diagnostics},
    template::{Escape, Template},
};

pub(super) fn check(known: &Known<'_>, found: &mut Diagnostics) {
    let plan = known.plan;
    let of_requests = plan.steps().filter_map(Step::request);
    let of_requests = of_requests.filter_map(|request| request.auth.as_ref());
    let of_classes = plan.users.iter();
    let of_classes = of_classes.filter_map(|class| class.defaults.auth.as_ref());
    let of_all = plan.defaults.auth.as_ref();
    for auth in of_all.into_iter().chain(of_classes).chain(of_requests) {
        let (what, proof) = match &auth.value {
            Auth::None => continue,
            Auth::Basic { password, .. } => ("password", password),
            Auth::Bearer(token) => ("token", token),
        };
        if let Some(place) = written(plan, proof) {
            found.push_once(readable(what, proof, &place));
        }
    }
}

/// Where it stands, if nothing else is in it: here, or in `vars`.
enum Written<'a> {
    Here,
    In(&'a Variable),
}

fn written<'a>(plan: &'a Plan, text: &Text) -> Option<Written<'a>> {
    let template = Template::parse(text, Escape::None).ok()?;
    if !template.calls().is_empty() {
        return None;
    }
    let mut reads = template.reads().iter();
    let Some(read) = reads.next() else {
        // An empty password says that the name alone is enough.
        return (!text.is_empty()).then_some(Written::Here);
    };
    let of_classes = plan.users.iter().flat_map(|class| &class.vars);
    let mut vars = plan.vars.iter().chain(of_classes);
    let variable = vars.find(|variable| *variable.name.value == *read.path)?;
    let is_plain = match &variable.value.value {
        Literal::Plain(_) => true,
        Literal::Text(text) => {
            let template = Template::parse(text, Escape::None).ok()?;
            template.calls().is_empty() && template.reads().is_empty()
        }
        Literal::List(_) | Literal::Map(_) => false,
    };
    (is_plain && reads.next().is_none()).then_some(Written::In(variable))
}

fn readable(what: &str, proof: &Text, place: &Written<'_>) -> Diagnostic {
    let message = format!("this {what} stands in the plan");
    let diagnostic = Diagnostic::warning(codes::WRITTEN_SECRET, message);
    let (diagnostic, name) = match place {
        Written::Here => {
            let label = "whoever reads the plan can use it";
            (diagnostic.at(proof.span, label), what)
        }
        Written::In(variable) => {
            let diagnostic = diagnostic.at(proof.span, "it is always the same");
            let label = "and whoever reads the plan can use it";
            let diagnostic = diagnostic.at(variable.value.span, label);
            (diagnostic, variable.name.as_str())
        }
    };
    diagnostic.help(format!(
        "let whoever runs the plan supply it: `secrets: [{name}]`, and `{{{{ secret.{name} }}}}` here"
    ))
}
