//! What a scripted target was sent, for those who compare it.

use std::sync::{Arc, Mutex};

use plan::{
    exchange::{Body, Request},
    protocol::scripted::{Answer, Scripted},
    source::MemoryLoader,
    stats::RunRecord,
};

use crate::running::{self, Run, compile_with};

/// A request as a server sees it: its line, its content type, its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub line: String,
    pub content_type: String,
    pub body: Vec<u8>,
}

impl Sent {
    pub fn of(request: &Request) -> Sent {
        let own = request.headers.iter();
        let own = own.filter(|(name, _)| **name == *"content-type");
        let own = own.map(|(_, value)| value.as_str()).next();
        let body = request.body.as_ref();
        let content_type = own.or(body.and_then(|body| body.content_type.as_deref()));
        let path = &request.url[url::Position::BeforePath..url::Position::AfterQuery];
        Sent {
            line: format!("{} {path}", request.method),
            content_type: content_type.unwrap_or("").to_owned(),
            body: body.map_or(Vec::new(), Body::to_vec),
        }
    }

    /// As text, with one word for the boundary of its parts, whoever chose it.
    pub fn text(&self) -> String {
        let (kind, boundary) = match self.content_type.split_once("boundary=") {
            Some((kind, boundary)) => (format!("{kind}boundary=BOUNDARY"), boundary),
            None => (self.content_type.clone(), ""),
        };
        let body = String::from_utf8_lossy(&self.body);
        let body = if boundary.is_empty() {
            body.into_owned()
        } else {
            body.replace(boundary, "BOUNDARY")
        };
        format!("{}\n{kind}\n{body}", self.line)
    }
}

/// A plan of one user and one pass, from the steps of its one task.
pub fn plan(steps: &str, more: &str) -> String {
    let steps = running::dedent(steps);
    let steps = steps.lines().map(|line| format!("    {line}\n"));
    format!(
        "plan: 1\ntarget: http://target\n{more}users: {{ visitor: {{ wait: 1s, tasks: [all] }} }}\ntasks:\n  all:\n{}load: {{ users: 1, per_user: 1 }}\n",
        steps.collect::<String>()
    )
}

/// Runs the steps of a task once; each path is answered with what `page` has for it.
pub async fn send(
    steps: &str,
    more: &str,
    page: impl Fn(&str) -> Answer + Send + Sync + 'static,
) -> (Vec<Sent>, RunRecord) {
    send_with(steps, more, MemoryLoader::new(), page).await
}

/// The same, with files that the plan names.
pub async fn send_with(
    steps: &str,
    more: &str,
    files: MemoryLoader,
    page: impl Fn(&str) -> Answer + Send + Sync + 'static,
) -> (Vec<Sent>, RunRecord) {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let seen = sent.clone();
    let target = Scripted::new(move |asked| {
        seen.lock().unwrap().push(Sent::of(asked.request));
        page(asked.request.url.path())
    });
    let record = Run::of(compile_with(&plan(steps, more), files), target)
        .go()
        .await;
    let sent = sent.lock().unwrap().clone();
    (sent, record)
}

/// A page, as servers send it.
pub fn html(page: &str) -> Answer {
    Answer::new(200, page).header("content-type", "text/html; charset=utf-8")
}

/// Why requests failed: name, kind, detail.
pub fn failures(record: &RunRecord) -> Vec<(String, String, String)> {
    let all = record.failures.iter();
    let told = all.map(|failure| {
        let example = failure.examples.first();
        (
            failure.name.to_string(),
            failure.kind.to_string(),
            example.map_or(String::new(), |example| example.detail.clone()),
        )
    });
    told.collect()
}
