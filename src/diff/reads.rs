//! What texts and tasks of a plan lead to.

use std::collections::BTreeSet;

use serde_json::Value;
use url::Url;

use super::{
    Document,
    meaning::{DRAWS, STEP_LISTS},
    path::in_step,
    steps::WRITING,
};
use crate::plan::STEPS_IN_STEPS;

/// The secrets that a text names, as an expression of a template does: `secret.word`,
/// `secret["word"]`.
pub(super) fn secrets(text: &str) -> BTreeSet<&str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = BTreeSet::new();
    for (at, word) in text.match_indices("secret") {
        if text[..at].ends_with(is_word) {
            continue;
        }
        let rest = text[at + word.len()..].trim_start();
        let Some(rest) = rest.strip_prefix(['.', '[']) else {
            continue;
        };
        let rest = rest.trim_start_matches([' ', '"', '\'']);
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if end > 0 {
            found.insert(&rest[..end]);
        }
    }
    found
}

/// Whether a task may change data of the target, itself or by those that it runs.
pub(super) fn writes(document: &Document, task: &str) -> bool {
    let mut open = vec![task.to_owned()];
    let mut met = BTreeSet::new();
    while let Some(task) = open.pop() {
        if !met.insert(task.clone()) {
            continue;
        }
        let Some(owner) = document
            .root
            .get("tasks")
            .and_then(|tasks| tasks.get(&task))
        else {
            continue;
        };
        let mut steps: Vec<&Value> = lists(owner, &STEP_LISTS).collect();
        open.extend(DRAWS.iter().flat_map(|key| names(owner.get(*key))));
        while let Some(step) = steps.pop() {
            if WRITING.iter().any(|key| step.get(*key).is_some()) {
                return true;
            }
            let runs = step.get("task").and_then(Value::as_str);
            open.extend(runs.map(str::to_owned));
            open.extend(names(step.get("choose")));
            steps.extend(lists(step, &STEPS_IN_STEPS));
        }
    }
    false
}

fn lists<'v>(owner: &'v Value, keys: &'v [&str]) -> impl Iterator<Item = &'v Value> {
    let lists = keys.iter().filter_map(|key| owner.get(*key)?.as_array());
    lists.flatten()
}

fn names(drawn: Option<&Value>) -> Vec<String> {
    match drawn {
        Some(Value::Object(drawn)) => drawn.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

/// Whether a text leads to a server that it did not lead to, and that is not the
/// plan's target. Headers and bodies may name any.
pub(super) fn is_elsewhere(path: &[&str], old: &str, new: &str, document: &Document) -> bool {
    let leads = matches!(
        in_step(path).unwrap_or(path),
        ["vars", ..]
            | ["users", _, "vars", ..]
            | ["tasks", _, "params", ..]
            | ["get" | "post" | "put" | "patch" | "delete" | "head" | "options"]
            | ["set" | "with", ..]
    );
    if !leads {
        return false;
    }
    let target = document.root.get("target").and_then(Value::as_str);
    match origin(new) {
        None => false,
        is => is != origin(old) && is != target.and_then(origin),
    }
}

/// Scheme, host and port, as far as a template leaves them to be known.
fn origin(text: &str) -> Option<String> {
    let begins = ["http://", "https://"];
    if !begins.iter().any(|begin| text.starts_with(begin)) {
        return None;
    }
    let end = text.find("//")? + 2;
    let host = text[end..].find('/').map_or(text, |at| &text[..end + at]);
    let parsed = Url::parse(host).map(|url| url.origin().ascii_serialization());
    Some(parsed.unwrap_or_else(|_| host.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn secrets_are_found_where_expressions_name_them() {
        let rows: [(&str, &[&str]); 7] = [
            ("{{ secret.word }}",               &["word"]),
            ("{{ secret['word'] }}",            &["word"]),
            ("a {{ secret.b }} {{secret . c}}", &["b", "c"]),
            ("secret.a == secret.b",            &["a", "b"]),
            ("{{ my_secret.word }}",            &[]),
            ("a secret",                        &[]),
            ("secretly.a",                      &[]),
        ];
        for (text, names) in rows {
            assert_eq!(secrets(text), names.iter().copied().collect(), "{text}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn origins_are_known_as_far_as_they_are_written() {
        let rows = [
            ("/path",                          None),
            ("http://a/b",                     Some("http://a")),
            ("http://a:80/b",                  Some("http://a")),
            ("https://a:8443",                 Some("https://a:8443")),
            ("http://{{ host }}/x",            Some("http://{{ host }}")),
        ];
        for (text, expected) in rows {
            assert_eq!(origin(text).as_deref(), expected, "{text}");
        }
    }
}
