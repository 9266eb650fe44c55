//! What requests and other steps are called, when the plan gives them no name.

use std::sync::Arc;

use url::Url;

use super::{Request, RequestName};
use crate::{
    base::method::Method,
    graph,
    plan::ast::{Aim, Record, Step, StepKind},
    source::Sources,
    template::{Escape, Template},
};

/// Makes a name from the outline of a URL, in which variables stand as `{post_id}`.
///
/// Method and path as written; the query never, since its values would make
/// thousands of names; the host only where it is not the target's.
pub(super) fn derive(method: Method, outline: &str, target: Option<&Url>) -> String {
    let without_query = &outline[..outline.find(['?', '#']).unwrap_or(outline.len())];
    let place = match split_origin(without_query) {
        None if is_one_expression(without_query) => "{url}",
        None => without_query,
        Some((origin, path)) => {
            let path = if path.is_empty() { "/" } else { path };
            let same = target.is_some_and(|target| {
                Url::parse(origin).is_ok_and(|origin| origin.origin() == target.origin())
            });
            if same {
                path
            } else {
                let host = &origin[origin.find("//").map_or(0, |at| at + 2)..];
                let host = &host[host.rfind('@').map_or(0, |at| at + 1)..];
                return format!("{method} {host}{path}");
            }
        }
    };
    format!("{method} {place}")
}

/// The name of a request without one of its own; `None` if its URL is no template,
/// which is told elsewhere.
pub(super) fn of_aim(aim: &Aim, target: Option<&Url>) -> Option<String> {
    match aim {
        Aim::Url { method, url } => {
            let url = Template::parse(&url.value, Escape::Url).ok()?;
            Some(derive(*method, &url.outline(), target))
        }
        Aim::Form(form) => Some(submit(&form.form.value)),
    }
}

/// The name of a form that is sent, made of its selector. Thresholds have names in
/// double quotation marks, so there are none in it.
pub(super) fn submit(selector: &str) -> String {
    let words: Vec<&str> = selector.split_whitespace().collect();
    format!("submit {}", words.join(" ").replace('"', "'"))
}

/// What a step is called in the table of those that were skipped.
pub(super) fn of_step(step: &Step, target: Option<&Url>) -> String {
    match &step.kind {
        StepKind::Request(request) => match &request.name {
            Some(name) => name.value.clone(),
            None => of_aim(&request.aim, target).unwrap_or_default(),
        },
        StepKind::Task(call) => format!("task {}", call.name.value),
        StepKind::Wait(_) => "wait".to_owned(),
        StepKind::Set(variables) => {
            let names: Vec<_> = variables.iter().map(|each| each.name.as_str()).collect();
            format!("set {}", names.join(", "))
        }
        StepKind::Unset(names) => {
            let names: Vec<_> = names.iter().map(|name| name.as_str()).collect();
            format!("unset {}", names.join(", "))
        }
        StepKind::Record(record) => {
            let Record { kind, name, .. } = &**record;
            format!("{} {}", kind.value, name.value)
        }
        StepKind::Log(_) => "log".to_owned(),
        StepKind::If(branch) => format!("if {}", branch.condition.value),
        StepKind::Repeat(_) => "repeat".to_owned(),
        StepKind::For(each) => format!("for {}", each.item.value),
        StepKind::Choose(_) => "choose".to_owned(),
        StepKind::Group(group) => format!("group {}", group.name.value),
        StepKind::Parallel(_) => "parallel".to_owned(),
        StepKind::Meet(meet) => format!("meet {}", meet.name.value),
        StepKind::Stop(what) => format!("stop {}", what.word()),
    }
}

/// What the steps are called that can make names: their own names as written, and
/// where they stand.
pub(super) fn of_namers(
    requests: &[Request],
    records: &[graph::Record],
    rows: &[Arc<str>],
    sources: &Sources,
) -> Box<[Arc<str>]> {
    let place = |span| {
        let (line, _) = sources.line_and_column(span);
        format!("{}:{line}", sources.get(span.file).path.display())
    };
    let requests = requests.iter().map(|request| {
        let name = match &request.name {
            RequestName::Known(row) => &rows[row.index()],
            RequestName::Templated(template) => template.text(),
        };
        format!("{name} ({})", place(request.place)).into()
    });
    let records = records.iter().map(|record| {
        let name = record.name.text();
        format!("{} {name} ({})", record.kind, place(record.place)).into()
    });
    requests.chain(records).collect()
}

/// `http://host:port` and what follows it.
fn split_origin(url: &str) -> Option<(&str, &str)> {
    let host = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"))?;
    let length = url.len() - host.len() + host.find('/').unwrap_or(host.len());
    Some(url.split_at(length))
}

fn is_one_expression(outline: &str) -> bool {
    outline.starts_with('{') && outline.find('}') == Some(outline.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn names_are_method_and_path_as_written() {
        let target = Url::parse("http://127.0.0.1:5000").unwrap();
        let rows = [
            ("/",                                    "GET /"),
            ("/{post_id}/update",                    "GET /{post_id}/update"),
            ("/search?q={word}",                     "GET /search"),
            ("/a#b",                                 "GET /a"),
            ("{link}",                               "GET {url}"),
            ("{…}",                                  "GET {url}"),
            ("{base}/x",                             "GET {base}/x"),
            ("http://127.0.0.1:5000/login",          "GET /login"),
            ("http://127.0.0.1:5001/login",          "GET 127.0.0.1:5001/login"),
            ("https://user:secret@cdn.example/a.js", "GET cdn.example/a.js"),
            ("https://cdn.example",                  "GET cdn.example/"),
        ];
        for (outline, name) in rows {
            assert_eq!(derive(Method::Get, outline, Some(&target)), name, "{outline}");
        }
    }
}
